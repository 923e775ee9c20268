"""`newsletter bounces`: the group of commands about what comes back."""

from collections.abc import Callable, Mapping

import typer

from newsletter.cli.returned import explain, list_, read, show

COMMANDS: Mapping[str, Callable[..., None]] = {
    "read": read,
    "list": list_,
    "show": show,
    "explain": explain,
}
"""For the group `newsletter bounces`, in the order of its help."""

app = typer.Typer(
    help="What comes back: bounces, complaints, unsubscribes by mail.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

for name, command in COMMANDS.items():
    app.command(name)(command)
