r"""The manual page newsletter(1), from the records of the commands, in man(7)'s macros.

A hyphen that is typed is `\-` there, so that it can be copied from the page (groff_char(7)).
"""

from collections.abc import Iterable, Iterator, Sequence
from textwrap import wrap

from newsletter.cli.exit_status import EVERYWHERE, Meanings
from newsletter.cli.reference import Command, Parameter

_LINE = 72
"""Characters: escapes make it longer, and mandoc wants no line of more than 80."""

_FILES = {
    "newsletter.toml": "The settings of a publication; its folder is the publication.",
    ".env": "Transport, database and secrets, where the environment does not have them.",
    "issues/": "The issues, each a Markdown file named by its day.",
    "templates/": "Templates of your own, which go before ours.",
    "newsletter.db": "List and books, where no other database is named.",
}


def man_page(commands: Sequence[Command]) -> str:
    """The same commands give the same page; it has no date, and no version but the package's."""
    return "\n".join(_lines(commands)) + "\n"


def _lines(commands: Sequence[Command]) -> Iterator[str]:
    yield '.TH NEWSLETTER 1 "" newsletter "Newsletters as code"'
    yield from (".SH NAME", r"newsletter \- write, check, send and prove newsletters as code")
    yield from (
        ".SH SYNOPSIS",
        ".B newsletter",
        r"\fICOMMAND\fR [\fIOPTION\fR...] [\fIARGUMENT\fR...]",
    )
    yield ".SH DESCRIPTION"
    yield _text(
        "An issue of a newsletter is a text file, checked like code, approved by its digest, and "
        "delivered so that at any moment it can be said, name by name, who has it and who does "
        "not. Commands work on the publication of this folder, or of the nearest one above that "
        "has a newsletter.toml."
    )
    yield ".PP"
    yield _text("Every command has --help; newsletter itself has --version.")
    group = ""
    for command in commands:
        if command.group != group:
            group = command.group
            yield f".SH {group.upper()}"
        yield from _command(command)
    yield ".SH EXIT STATUS"
    yield from _statuses(EVERYWHERE)
    yield ".PP"
    yield _text("Commands that say more by it have their own table above.")
    yield ".SH FILES"
    for name, words in _FILES.items():
        yield from _item(rf"\fI{_escaped(name)}\fR", words)


def _command(command: Command) -> Iterator[str]:
    yield f".SS {_quoted(command.usage)}"
    for number, paragraph in enumerate(command.paragraphs):
        if number:
            yield ".PP"
        yield _text(paragraph)
    for argument in command.arguments:
        yield from _item(rf"\fI{_escaped(argument.names[0])}\fR", _told(argument))
    for option in command.options:
        yield from _item(_option(option), _told(option))
    if command.has_own_statuses:
        yield from (".PP", "Exit status:")
        yield from _statuses(command.statuses)
    if command.example:
        yield from (".PP", "Example:", ".PP", ".RS 4", ".nf", _line(command.example), ".fi", ".RE")


def _option(option: Parameter) -> str:
    names = ", ".join(rf"\fB{_escaped(name)}\fR" for name in option.names)
    return rf"{names} \fI{_escaped(option.value)}\fR" if option.value else names


def _told(parameter: Parameter) -> str:
    facts = f" [{parameter.facts}]" if parameter.facts else ""
    return f"{parameter.words}{facts}"


def _statuses(meanings: Meanings) -> Iterable[str]:
    for status, meaning in meanings.items():
        yield from _item(rf"\fB{status:d}\fR", meaning)


def _item(head: str, words: str) -> Iterable[str]:
    yield from (".TP", head, _text(words))


def _text(words: str) -> str:
    r"""Lines of text: one that begins with a dot or an apostrophe would be a macro without `\&`.

    >>> _text(".env")
    '\\&.env'
    """
    lines = wrap(words, _LINE, break_long_words=False, break_on_hyphens=False)
    return "\n".join(map(_line, lines))


def _line(words: str) -> str:
    said = _escaped(words)
    return rf"\&{said}" if said.startswith((".", "'")) else said


def _escaped(words: str) -> str:
    return words.replace("\\", r"\e").replace("-", r"\-")


def _quoted(words: str) -> str:
    """As one argument of a macro."""
    return '"{}"'.format(_escaped(words).replace('"', r"\(dq"))
