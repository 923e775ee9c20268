"""`newsletter subscribers`: the group of commands about the list."""

from collections.abc import Callable, Mapping

import typer

from newsletter.cli.people.adding import add
from newsletter.cli.people.counting import count
from newsletter.cli.people.export import export
from newsletter.cli.people.files import import_, sync
from newsletter.cli.people.finding import find
from newsletter.cli.people.forgetting import forget
from newsletter.cli.people.history import history
from newsletter.cli.people.leaving import remove, resubscribe, unsubscribe
from newsletter.cli.people.listing import list_
from newsletter.cli.people.show import show
from newsletter.cli.people.suppressing import suppress, unsuppress

COMMANDS: Mapping[str, Callable[..., None]] = {
    "add": add,
    "list": list_,
    "find": find,
    "show": show,
    "remove": remove,
    "unsubscribe": unsubscribe,
    "resubscribe": resubscribe,
    "suppress": suppress,
    "unsuppress": unsuppress,
    "forget": forget,
    "import": import_,
    "sync": sync,
    "export": export,
    "count": count,
    "history": history,
}
"""For the group `newsletter subscribers`, in the order of its help."""

app = typer.Typer(
    help="The list: who is on it, who came and who left.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

for name, command in COMMANDS.items():
    app.command(name)(command)
