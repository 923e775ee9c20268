"""`newsletter completion`: has a shell complete commands, options and names of issues."""

import os
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from typer.completion import (  # type: ignore[attr-defined] # it only borrows them itself
    get_completion_script,
)
from typer.completion import install as install_script  # type: ignore[attr-defined] # as above

from newsletter.cli.commands import COMPLETING, PROGRAM
from newsletter.cli.console import faint, good, say, say_whole
from newsletter.errors import NewsletterError

app = typer.Typer(
    help="Have your shell complete commands, options and names of issues.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


class Shell(StrEnum):
    BASH = "bash"
    ZSH = "zsh"
    FISH = "fish"


ShellOption = Annotated[
    Shell | None, typer.Option("--shell", help="Which shell; yours, by $SHELL.", show_default=False)
]


_AUTOLOADED = """if [ "$funcstack[1]" = "_{program}" ]; then
  _{program}_completion
else
  compdef _{program}_completion {program}
fi
"""
"""zsh reads the script at the first Tab, and Typer's only defines a function then: it has to be
called as well, or that first Tab does nothing."""


@app.command("install")
def install(shell: ShellOption = None) -> None:
    """Install it for your shell: a script of its own, and for bash and zsh a line that reads it.

    That line is added to ~/.bashrc or ~/.zshrc. Safe to repeat.
    """
    chosen = _shell(shell)
    try:
        _, path = install_script(chosen.value, prog_name=PROGRAM, complete_var=COMPLETING)
        path.write_text(_script(chosen))
    except (OSError, UnicodeError) as error:
        raise NewsletterError(
            f"completion could not be installed: {error}",
            where=str(Path.home()),
            next_step="print the script with `newsletter completion show`, and put it in yourself",
        ) from error
    say(good(f"{chosen.value} completes `{PROGRAM}` from now on, by {path}."))
    say(faint("Open a new terminal for it."))


@app.command("show")
def show(shell: ShellOption = None) -> None:
    """Print the script, to put it in yourself."""
    say_whole(_script(_shell(shell)))


def _script(shell: Shell) -> str:
    script = get_completion_script(prog_name=PROGRAM, complete_var=COMPLETING, shell=shell.value)
    if shell is Shell.ZSH:
        last = f"compdef _{PROGRAM}_completion {PROGRAM}"
        script = script.replace(last, _AUTOLOADED.format(program=PROGRAM))
    return f"{script.rstrip()}\n"


def _shell(said: Shell | None) -> Shell:
    """Which shell is meant. Raises NewsletterError where that is none we know."""
    name = Path(os.environ.get("SHELL", "")).name
    if said is not None:
        return said
    if name in set(Shell):
        return Shell(name)
    known = ", ".join(Shell)
    raise NewsletterError(
        f"there is no completion for {name}" if name else "$SHELL does not say which shell you use",
        next_step=f"add --shell with one of {known}",
    )
