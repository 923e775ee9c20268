"""The command `newsletter`: its subcommands, and the one place where an error becomes text.

A subcommand's module is imported when it is called, so that `--help` loads none of them; what it
needs to show is in the table of `commands`, and a test holds the table to the commands.
"""

import builtins
import errno
import gc
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from importlib import import_module
from keyword import iskeyword
from typing import Annotated, Any, NoReturn, cast

import typer

from newsletter import __version__
from newsletter.cli.commands import COMMANDS, COMPLETING, GROUPS
from newsletter.cli.console import (
    bad,
    no_room,
    note,
    open_closed_streams,
    say,
    say_no_more,
    show_error,
)
from newsletter.cli.exit_status import ExitStatus
from newsletter.cli.guided import GuidedCommand, GuidedGroup
from newsletter.cli.shown import shown
from newsletter.errors import NewsletterError, OutputError

_UsageError = cast("type[typer.BadParameter]", typer.BadParameter.__bases__[0])
"""Click's, or that of Typer's own copy of it: Typer knows which."""

_PLAIN: Mapping[str, Any] = {
    "add_completion": False,
    "rich_markup_mode": None,
    "pretty_exceptions_enable": False,
}


_UNHEARD = 141
"""128 and the number of SIGPIPE: what a shell says of a program whose reader went away."""

_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO})

_OBJECTS = 50_000
"""New objects after which Python looks for cycles among them: after each 700, its default, the
look costs a tenth of a short command and finds nothing. Some megabytes, for what runs for hours."""


class LazyGroup(GuidedGroup):
    """The group of all commands, each loaded by name."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 - the signature is click's
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002 - as above
        return load_command(cmd_name) if cmd_name in COMMANDS else None

    def resolve_command(self, ctx: Any, args: Any) -> Any:
        """Typer suggests near names among the commands it has: of a slip it has to see all."""
        if args and args[0] not in COMMANDS:
            self.commands.update(dict.fromkeys(COMMANDS, cast("Any", None)))
        return super().resolve_command(ctx, args)

    def make_context(self, *args: Any, **kwargs: Any) -> Any:
        with _plain_usage():
            return super().make_context(*args, **kwargs)

    def invoke(self, ctx: Any) -> Any:
        with _plain_usage():
            return super().invoke(ctx)

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002 - as above
        widest = max(map(len, COMMANDS))
        for group, commands in GROUPS.items():
            with formatter.section(group):
                formatter.write_dl([(f"{name:{widest}}", line) for name, line in commands.items()])

    def format_epilog(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002 - as above
        formatter.write_paragraph()
        formatter.write_text("`newsletter COMMAND --help` has an example of each.")


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
    own_name = f"{name}_" if iskeyword(name) or hasattr(builtins, name) else name
    module = import_module(f"newsletter.cli.{own_name}")
    if hasattr(module, "app"):
        return _guided(module.app)
    single = typer.Typer(**_PLAIN)
    single.command(name, cls=GuidedCommand)(getattr(module, own_name))
    return typer.main.get_command(single)


def _guided(group: typer.Typer) -> Any:
    """The group of commands that a module has, with help as all others have it."""
    group.info.cls = GuidedGroup
    for each in group.registered_commands:
        each.cls = GuidedCommand
    return typer.main.get_command(group)


app = typer.Typer(
    name="newsletter",
    cls=LazyGroup,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    **_PLAIN,
)


def _version(asked: bool) -> None:
    if asked:
        from newsletter.installation import this_commit

        known = this_commit()
        say(f"newsletter {__version__}" + (f" ({known})" if known else ""))
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    """Newsletters as code: write an issue as text, check it, render it, deliver it, prove it."""
    del version


def _leave_unheard() -> NoReturn:
    """`| head` has seen enough: what is left to say or to do is left, and the status says so."""
    _leave(_UNHEARD)


def _leave(status: int) -> NoReturn:
    with suppress(OutputError):
        say_no_more()
    sys.exit(status)


def _say_the_rest() -> None:
    try:
        say_no_more()
    except OutputError as error:
        show_error(error)
        sys.exit(ExitStatus.COULD_NOT_RUN)


def main() -> None:
    """Run the command. Our errors are one line; a traceback is a bug of ours."""
    gc.set_threshold(_OBJECTS)
    open_closed_streams()
    try:
        if COMPLETING in os.environ:
            from newsletter.cli.completing import complete  # a shell asks: no command is run

            complete()
        app()
    except NewsletterError as error:
        show_error(error)
        sys.exit(ExitStatus.COULD_NOT_RUN)
    except BrokenPipeError:
        _leave_unheard()
    except SystemExit as end:
        if isinstance(end.__context__, BrokenPipeError):  # Typer has made a 1 of it
            _leave_unheard()
        _say_the_rest()
        raise
    except OSError as error:
        if error.errno not in _NO_ROOM:
            raise
        show_error(no_room(error))
        _leave(ExitStatus.COULD_NOT_RUN)
    except MemoryError:
        note(f"{bad('error:')} there is not enough memory")
        sys.exit(ExitStatus.COULD_NOT_RUN)
