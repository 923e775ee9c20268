"""Every command as a record, read off the commands themselves: the manual page and the reference of
the docs are made from it. It loads every command, so nothing that is to be quick imports it.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import typer

from newsletter.cli.app import app, load_command
from newsletter.cli.commands import COMMANDS, GROUPS
from newsletter.cli.examples import EXAMPLES
from newsletter.cli.exit_status import Meanings, is_special, meanings_of
from newsletter.cli.guided import summary_of


@dataclass(frozen=True, kw_only=True, slots=True)
class Parameter:
    """An argument or an option.

    `names` are `--yes` and `-y`, or an argument's name; of a switch with an opposite both, the one
    after the other. `value` is what follows it (`DATE`, `<text|json>`), empty for a switch.
    `facts` are its default, its range and whether it is required, as `--help` has them.
    """

    names: tuple[str, ...]
    value: str
    words: str
    facts: str
    choices: tuple[str, ...]
    is_required: bool
    is_repeatable: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Command:
    """A command, or a group of commands, as its `--help` tells it.

    `path` is `("dkim", "show")`, `group` the heading that it stands under in `newsletter --help`.
    `options` are without `--help`, which all have. `statuses` has every exit status;
    `has_own_statuses` says whether they are worth telling.
    """

    path: tuple[str, ...]
    group: str
    summary: str
    paragraphs: tuple[str, ...]
    usage: str
    arguments: tuple[Parameter, ...]
    options: tuple[Parameter, ...]
    example: str
    statuses: Meanings
    has_own_statuses: bool
    commands: tuple[str, ...]

    @property
    def name(self) -> str:
        """`dkim show`."""
        return " ".join(self.path)


def reference_file(commands: Iterable[Command]) -> str:
    """What the package brings along as `reference.json`, so that `completing` loads no command.

    A command a line, so that a change shows which.
    """
    lines = (
        f"{json.dumps(command.name)}: {json.dumps(asdict(command), ensure_ascii=False)}"
        for command in commands
    )
    return "{\n" + ",\n".join(lines) + "\n}\n"


def all_commands() -> Iterator[Command]:
    """Every command in the order of the help; those of a group after the group."""
    root = typer.main.get_command(app).make_context("newsletter", [], resilient_parsing=True)
    for group, commands in GROUPS.items():
        for name in commands:
            yield from _with_its_own(load_command(name), (name,), group, root)


def _with_its_own(
    command: Any, path: tuple[str, ...], group: str, parent: Any
) -> Iterator[Command]:
    context = typer.Context(command, info_name=path[-1], parent=parent)
    inside: Mapping[str, Any] = getattr(command, "commands", {})
    yield _command(command, path, group, context, tuple(inside))
    for name, each in inside.items():
        yield from _with_its_own(each, (*path, name), group, context)


def _command(
    command: Any, path: tuple[str, ...], group: str, context: Any, inside: tuple[str, ...]
) -> Command:
    name, help_ = " ".join(path), command.get_help_option(context)
    parameters = [one for one in command.get_params(context) if not one.hidden and one != help_]
    return Command(
        path=path,
        group=group,
        summary=COMMANDS.get(name) or f"{summary_of(command).rstrip('.')}.",
        paragraphs=_paragraphs(command.help or ""),
        usage=" ".join([context.command_path, *command.collect_usage_pieces(context)]),
        arguments=tuple(_parameter(one, context) for one in parameters if _is_argument(one)),
        options=tuple(_parameter(one, context) for one in parameters if not _is_argument(one)),
        example=EXAMPLES.get(name, ""),
        statuses=meanings_of(name),
        has_own_statuses=is_special(name),
        commands=inside,
    )


def _is_argument(parameter: Any) -> bool:
    return bool(parameter.param_type_name == "argument")


def _parameter(parameter: Any, context: Any) -> Parameter:
    shown, told = parameter.get_help_record(context)
    words = parameter.help or ""
    is_switch = getattr(parameter, "is_flag", False)
    names = (shown,) if _is_argument(parameter) else (*parameter.opts, *parameter.secondary_opts)
    return Parameter(
        names=names,
        value="" if is_switch or _is_argument(parameter) else parameter.make_metavar(ctx=context),
        words=words,
        facts=told.removeprefix(words).strip().strip("[]"),
        choices=tuple(map(str, getattr(parameter.type, "choices", ()))),
        is_required=bool(parameter.required),
        is_repeatable=bool(getattr(parameter, "multiple", False) or parameter.nargs == -1),
    )


def _paragraphs(text: str) -> tuple[str, ...]:
    """Each on one line."""
    return tuple(" ".join(each.split()) for each in text.split("\n\n") if each.strip())
