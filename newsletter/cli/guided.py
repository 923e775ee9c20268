"""Commands whose help ends in their exit statuses, where they have their own, and an example."""

from typing import Any

from typer import BadParameter
from typer.core import TyperCommand, TyperGroup

from newsletter.cli.examples import EXAMPLES
from newsletter.cli.exit_status import is_special, meanings_of

_LARGEST = 100_000_000
"""Of people, minutes or whatever is counted. An option may have a bound of its own below it."""

_SENTENCE = 300
"""Characters of a command's first sentence that the help of its group has room for."""


class GuidedCommand(TyperCommand):
    """A command by itself, or one of a group."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """As Typer does; a number that nobody means is a fault of its option, and no more."""
        rest = super().parse_args(ctx, args)
        for param in self.params:
            value = ctx.params.get(param.name or "")
            if isinstance(value, int) and abs(value) > _LARGEST:
                raise BadParameter(f"{value} is more than {_LARGEST:,}.", ctx=ctx, param=param)
        return rest

    def format_epilog(self, ctx: Any, formatter: Any) -> None:
        _write_guide(path_of(ctx), formatter)


class GuidedGroup(TyperGroup):
    """A group of commands, each listed by its first sentence, and by all of it."""

    def format_epilog(self, ctx: Any, formatter: Any) -> None:
        _write_guide(path_of(ctx), formatter)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        names = self.list_commands(ctx)
        with formatter.section("Commands"):
            formatter.write_dl([(name, summary_of(self.commands[name])) for name in names])


def summary_of(command: Any) -> str:
    """Its first sentence."""
    return str(command.get_short_help_str(_SENTENCE))


def path_of(ctx: Any) -> str:
    """`dkim show`: the command as it is typed, without `newsletter`."""
    names: list[str] = []
    while ctx.parent is not None:
        names.insert(0, ctx.info_name)
        ctx = ctx.parent
    return " ".join(names)


def _write_guide(path: str, formatter: Any) -> None:
    if is_special(path):
        with formatter.section("Exit status"):
            formatter.write_dl(
                [(f"{status:d}", says) for status, says in meanings_of(path).items()]
            )
    if path in EXAMPLES:
        with formatter.section("Example"):
            formatter.write(f"{'':{formatter.current_indent}}{EXAMPLES[path]}\n")
