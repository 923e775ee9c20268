"""The publication of this folder, opened for a command that acts."""

from collections.abc import Sequence

from newsletter.cli.console import show_warning
from newsletter.cli.publication import settings_here
from newsletter.cli.wording import command_for
from newsletter.publishing.publication import Publication
from newsletter.wiring import publication_of


def publication_here(
    *, with_environment: bool = True, quietly: bool = False, needs: Sequence[str] = ()
) -> Publication:
    """The publication here or above, in the hands of whoever called the command.

    Raises SettingsError for faults in its settings, all of them at once. `quietly` is for a command
    that runs unwatched, every few minutes perhaps, or that says by itself what is worth a look.
    `needs` are variables that it cannot do without.
    """
    settings = settings_here(with_environment=with_environment, quietly=quietly, needs=needs)
    return publication_of(settings, word=command_for, warn=show_warning)
