"""The words of letters to readers, in the publication's language; English unless said otherwise.

A publication writes its own in [letters] of newsletter.toml. `{name}` and the like are filled in
wherever they stand; nothing that a reader typed is ever among them.
"""

from dataclasses import dataclass, fields
from string import Formatter

from newsletter.errors import MessageError


@dataclass(frozen=True, kw_only=True, slots=True)
class LetterWords:
    """Each a paragraph of its own, with the fields in braces that its English has.

    Raises MessageError for any other, which would have no value when the letter is written.
    """

    confirm_subject: str = "Please confirm: {name}"
    hello: str = "Hello,"
    confirm_asked: str = "Someone, probably you, entered this address to get {name}. {promise}"
    confirm_press: str = "To confirm, open this page and press the button:"
    confirm_until: str = "The link lasts until {date}, {time} ({zone})."
    confirm_not_you: str = (
        "Was it not you? Then there is nothing to do: we will not write again,"
        " and we forget the address when the link ends."
    )
    leave: str = "To leave at any time, open this page and press the button:"

    def __post_init__(self) -> None:
        for field in fields(self):
            _check(field.name, getattr(self, field.name), known=_fields_of(str(field.default)))

    def filled(self, name: str, /, **values: str) -> str:
        """One of the texts with its values."""
        text: str = getattr(self, name)
        return text.format_map(values)


def _fields_of(text: str) -> set[str]:
    return {field for _, field, _, _ in Formatter().parse(text) if field is not None}


def _check(name: str, text: str, *, known: set[str]) -> None:
    try:
        found = _fields_of(text)
    except ValueError:
        found = {"{"}
    for field in sorted(found - known):
        named = ", ".join(f"{{{each}}}" for each in sorted(known))
        raise MessageError(
            f"{{{field}}} means nothing there",
            where=f"letters {name}",
            next_step=f"use {named}" if named else "write it without braces",
        )
