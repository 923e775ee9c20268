"""The command `newsletter`: its subcommands, and the one place where an error becomes text.

A subcommand's module is imported when it is called, so that `--help` loads none of them; what it
needs to show is in the table here, and a test holds the table to the commands.
"""

import gc
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from keyword import iskeyword
from typing import Annotated, Any, cast

import typer
from typer.core import TyperGroup

from newsletter import __version__
from newsletter.cli.console import bad, note, say, show_error
from newsletter.cli.exit_status import ExitStatus
from newsletter.cli.shown import shown
from newsletter.errors import NewsletterError

COMMANDS: Mapping[str, str] = {
    "init": "Lay out a new publication.",
    "new": "Lay out the next issue, with blanks to fill.",
    "import": "Turn a paste, a page or a .docx into an issue.",
    "show": "Print an issue as it was understood.",
    "check": "Hold issues to the house format.",
    "rules": "List the rules of the check, or explain one of them.",
    "fmt": "Write issues in the canonical form.",
    "render": "Write an issue's .html, .txt and .eml.",
    "templates": "Templates: list them, copy one, compare yours with ours.",
    "approve": "Approve an issue as it is.",
    "schedule": "Put an issue in the next free slot.",
    "scheduled": "List the slots.",
    "unschedule": "Take an issue out of its slot.",
    "due": "Send what is due, once.",
    "run": "Keep the schedule until told to stop.",
    "log": "Print the log: approvals, overrides, schedules, sends, alerts.",
    "send": "Deliver an issue, once, to everyone on the list.",
    "pause": "Stop sending an issue until it is resumed.",
    "resume": "Lift a pause, so that sending may continue.",
    "cancel": "End the sending of an issue for good.",
    "status": "Say who has an issue and who does not.",
    "dkim": "DKIM: make a key, print its DNS record.",
    "doctor": "Say what is wrong with the publication, on one page.",
    "backup": "Write the whole publication into one file, also while it sends.",
    "restore": "Bring a backup back, and hold whatever may have gone out since.",
    "resolve": "Settle deliveries in doubt: sent, and no reply came.",
    "report": "Report on the sending of an issue.",
    "subscribers": "The list: import, count or suppress subscribers.",
    "transports": "List what can carry messages: schemes and presets.",
    "inbox": "Receive messages on this machine, to look at them.",
    "lsp": "Serve an editor: the check as you type.",
    "demo": "Do the main job with the example publication.",
}
"""Name and one line of each; the module is `newsletter.cli.<name>`, with a function of that name
or, for a group of commands, an `app`. Where Python keeps the name for itself, both end in `_`."""

_UsageError = cast("type[typer.BadParameter]", typer.BadParameter.__bases__[0])
"""Click's, or that of Typer's own copy of it: Typer knows which."""

_PLAIN: Mapping[str, Any] = {
    "add_completion": False,
    "rich_markup_mode": None,
    "pretty_exceptions_enable": False,
}


_OBJECTS = 50_000
"""New objects after which Python looks for cycles among them: after each 700, its default, the
look costs a tenth of a short command and finds nothing. Some megabytes, for what runs for hours."""


class LazyGroup(TyperGroup):
    """The group of all commands, each loaded by name."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 - the signature is click's
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002 - as above
        return load_command(cmd_name) if cmd_name in COMMANDS else None

    def make_context(self, *args: Any, **kwargs: Any) -> Any:
        with _plain_usage():
            return super().make_context(*args, **kwargs)

    def invoke(self, ctx: Any) -> Any:
        with _plain_usage():
            return super().invoke(ctx)

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002 - as above
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@contextmanager
def _plain_usage() -> Iterator[None]:
    """What the library says of a wrong option quotes it; it is shown as all else is."""
    try:
        yield
    except _UsageError as error:
        error.message = shown(error.message)
        raise


def load_command(name: str) -> Any:
    """The click command of a name in COMMANDS."""
    own_name = f"{name}_" if iskeyword(name) else name
    module = import_module(f"newsletter.cli.{own_name}")
    if hasattr(module, "app"):
        return typer.main.get_command(module.app)
    single = typer.Typer(**_PLAIN)
    single.command(name)(getattr(module, own_name))
    return typer.main.get_command(single)


app = typer.Typer(
    name="newsletter",
    cls=LazyGroup,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    **_PLAIN,
)


def _version(asked: bool) -> None:
    if asked:
        say(f"newsletter {__version__}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    """Newsletters as code: write an issue as text, check it, render it, deliver it, prove it."""
    del version


def main() -> None:
    """Run the command. Our errors are one line; a traceback is a bug of ours."""
    gc.set_threshold(_OBJECTS)
    try:
        app()
    except NewsletterError as error:
        show_error(error)
        sys.exit(ExitStatus.COULD_NOT_RUN)
    except BrokenPipeError:  # `| head` has seen enough
        sys.stderr.close()
        sys.exit(ExitStatus.DONE)
    except MemoryError:
        note(f"{bad('error:')} there is not enough memory")
        sys.exit(ExitStatus.COULD_NOT_RUN)
