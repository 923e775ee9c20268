"""docs/reference/: commands, states and errors, each page made of what the code says of them."""

import ast
import re
from collections.abc import Iterable, Iterator
from enum import StrEnum
from inspect import getdoc
from pathlib import Path

from newsletter import errors
from newsletter.books import states
from newsletter.cli.commands import GROUPS
from newsletter.cli.reference import Command, Parameter
from newsletter.cli.wording import command_for
from newsletter.errors import Act, NewsletterError, Remedy
from newsletter.subscribers import SubscriberState, SuppressionKind

_SUBJECT = "…"
_STATES_OF = (
    ("A delivery", "Delivery"),
    ("A run: one sending of an issue to its audience", "Run"),
    ("A slot", "Slot"),
)


def commands_page(commands: Iterable[Command]) -> str:
    known = list(commands)
    parts = [
        "# Commands\n",
        "Made from the program by `make reference`: what `newsletter COMMAND --help` says of each.",
        "Exit statuses stand where they say more than 0, done, and 2, could not run:",
        "[all of them](../programs.md#exit-statuses).\n",
    ]
    for group in GROUPS:
        parts.append(f"## {group}\n")
        parts += [_command(each) for each in known if each.group == group]
    return "\n".join(parts)


def _command(command: Command) -> str:
    lines = [f"### newsletter {command.name}", "", *_paragraphs(command)]
    lines += ["```sh", command.example or command.usage, "```", ""]
    if command.arguments or command.options:
        lines += ["| option | |", "|---|---|"]
        lines += [_parameter(each) for each in (*command.arguments, *command.options)] + [""]
    if command.has_own_statuses:
        words = "; ".join(f"{status.value} {means}" for status, means in command.statuses.items())
        lines += [f"Exit status: {words}.", ""]
    return "\n".join(lines)


def _paragraphs(command: Command) -> Iterator[str]:
    for each in command.paragraphs:
        yield _plain(each)
        yield ""
    if command.commands:
        yield f"Its commands are {', '.join(f'`{name}`' for name in command.commands)}."
        yield ""


def _parameter(parameter: Parameter) -> str:
    names = ", ".join(f"`{name}`" for name in parameter.names)
    value = f" `{_cell(parameter.value)}`" if parameter.value else ""
    facts = f" ({_plain(parameter.facts)})" if parameter.facts else ""
    return f"| {names}{value} | {_plain(parameter.words)}{facts} |"


def _plain(text: str) -> str:
    """Words that Markdown leaves as they are; what stands in backquotes is code already."""
    parts = re.split(r"(`[^`]*`)", _cell(text))
    parts[::2] = (re.sub(r"([<*_\[\]])", r"\\\1", part) for part in parts[::2])
    return "".join(parts)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def states_page() -> str:
    said = _docstrings(Path(str(states.__file__)))
    parts = [
        "# States\n",
        "Made from the program by `make reference`: every state, and what leads from one to",
        "another. There are no others. The [glossary](../glossary.md) has the words, and",
        "[Running it](../operators.md#the-states-of-a-delivery) what to do about each.\n",
    ]
    for title, name in _STATES_OF:
        members: type[StrEnum] = getattr(states, f"{name}State")
        own = " ".join(f"{getdoc(members)}".split())
        parts.append(f"## {title}\n\n{own}\n\nStates: {_words(members)}.\n")
        parts.append(_events(getattr(states, f"{name}Events"), said))
    for title, kind in (("A subscriber", SubscriberState), ("A suppression", SuppressionKind)):
        own = " ".join(f"{getdoc(kind)}".split())
        parts.append(f"## {title}\n\n{own}\n\nStates: {_words(kind)}.\n")
    return "\n".join(parts)


def _events(events: type[object], said: dict[str, str]) -> str:
    lines = ["| what happens | from | to | |", "|---|---|---|---|"]
    for name, event in vars(events).items():
        if isinstance(event, states.Event):
            words = said.get(f"{events.__name__}.{name}", "")
            word = name.lower().replace("_", " ")
            lines.append(f"| {word} | {_words(event.before)} | {_words(event.after)} | {words} |")
    return "\n".join(lines) + "\n"


def _words(members: Iterable[StrEnum]) -> str:
    known = list(members)
    order = list(type(known[0]))
    return ", ".join(f"`{state}`" for state in sorted(known, key=order.index))


def _docstrings(module: Path) -> dict[str, str]:
    """`Class.NAME` to the text below the line that gives it, on one line."""
    found = {}
    for node in ast.parse(module.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ClassDef):
            for line, below in zip(node.body, node.body[1:], strict=False):
                match line, below:
                    case (
                        ast.Assign(targets=[ast.Name(id=name)]),
                        ast.Expr(value=ast.Constant(value=str(text))),
                    ):
                        found[f"{node.name}.{name}"] = " ".join(text.split())
    return found


def errors_page() -> str:
    parts = [
        "# Errors\n",
        "Made from the program by `make reference`. An error is one line on standard error, with",
        "exit status 2: where, what happened, and what to do next.\n",
        "```",
        "error: issues/2026-12-04.md: no such file; give the path of an issue file",
        "```\n",
        "## The family\n",
        "Everything that can go wrong is one of these; a traceback is a fault of ours.\n",
        "| error | what it means |",
        "|---|---|",
    ]
    parts += [f"| {'&nbsp;' * 4 * depth}`{name}` | {words} |" for name, words, depth in _family()]
    parts += [
        "\n## What mends it\n",
        "Where a command mends an error, its last words are that command. `…` stands for what the",
        "error is about: an issue, a person, a file.\n",
        "| to | type |",
        "|---|---|",
    ]
    parts += [
        f"| {act.value} | `{command_for(Remedy(act, _SUBJECT))}` |"
        for act in Act
        if act is not Act.ADD_EXTRA
    ]
    return "\n".join(parts).replace(f"'{_SUBJECT}'", _SUBJECT) + "\n"


def _family(
    kind: type[NewsletterError] = NewsletterError, depth: int = 0
) -> Iterator[tuple[str, str, int]]:
    yield kind.__name__, f"{getdoc(kind)}".partition("\n\n")[0].replace("\n", " "), depth
    for each in kind.__subclasses__():
        if each.__module__ == errors.__name__:
            yield from _family(each, depth + 1)
