"""Faults of the settings and where each stands: newsletter.toml, `.env` or the environment."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from newsletter.errors import SettingsError

DOTENV = ".env"
_ENVIRONMENT = "environment"


Variables = Mapping[str, str]
"""Of the environment, by name."""


class Fault(NamedTuple):
    """`where` is a file or the environment; `what` is on one line, and has no secret in it."""

    where: str
    what: str


class Origin(NamedTuple):
    """Where variables come from: the environment goes before the file in the folder."""

    folder: Path
    environ: Variables

    def fault(self, name: str, what: str) -> Fault:
        """A fault of a variable, at the place where it is set, or would be."""
        here = self.environ.get(name) or self.environ.get(f"{name}_FILE")
        return self.in_environment(what) if here else self.in_file(what)

    def in_file(self, what: str) -> Fault:
        return Fault(str(self.folder / DOTENV), what)

    def in_environment(self, what: str) -> Fault:
        return Fault(_ENVIRONMENT, what)


def settings_error(
    path: Path, in_settings: Sequence[str], elsewhere: Sequence[Fault]
) -> SettingsError:
    """All faults as one error: of one place, or of the folder, and then each says of which.

    `path` is that of newsletter.toml, which the first ones stand in.
    """
    faults = [*(Fault(str(path), what) for what in in_settings), *elsewhere]
    places = list(dict.fromkeys(fault.where for fault in faults))
    step = "mend them and try again"
    if len(places) == 1:
        return SettingsError([fault.what for fault in faults], where=places[0], next_step=step)
    told = [f"{Path(fault.where).name}: {fault.what}" for fault in faults]
    return SettingsError(told, where=str(path.parent), next_step=step)
