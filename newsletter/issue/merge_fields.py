"""Merge fields: the one thing in an issue that differs from reader to reader.

`{{ first_name | default("there") }}` is all there is: a field of a closed list, to which a
publication adds the attributes that it names, and what to say where a reader has none. It is read
with a whitelist over Jinja2's own syntax tree and is never evaluated as a template, so that no
subscriber's value can become code. A field found becomes a placeholder: a mark that survives
Markdown, MJML and URLs, and that `newsletter.message` fills. Each rendering has a tag of its own in
its marks, so that no text can hold one, however it is spelt.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from newsletter.errors import RenderError

if TYPE_CHECKING:
    from jinja2 import Environment

EDITORS_FIELDS = ("first_name",)
"""What an editor may ask for, whatever a publication adds. The frame has fields of its own (the
unsubscribe token)."""

_RESERVED = "_token"
"""The end of the frame's own fields, which no attribute may pass for."""

MAX_LENGTH = 200
"""Characters of one expression; deep nesting in a longer one would exhaust Jinja2's parser."""

_NAME = r"(?!(?:and|else|false|if|in|is|none|not|or|true)\b)[a-z_][a-z0-9_]{0,39}"
_SHORT = re.compile(rf"""\{{\{{ *({_NAME}) *(?:\| *default\("([^"\\\n\r{{}}]*)"\) *)?\}}\}}""")
"""How everybody writes it: what Jinja2 makes of that is known, and takes 50 ms to load."""

MARK = re.compile(r"zz[0-9a-f]{32}SLOT[0-9]{1,6}zz")
"""Any rendering's mark: good for laying lines out, never for saying whose value goes there."""

_TAG = re.compile(r"(?<=zz)[0-9a-f]{32}(?=S[A-Z]+[0-9]{1,6}zz)")
_OPENING = re.compile(r"\{[{%#]")
_CLOSING = {"{{": "}}", "{%": "%}", "{#": "#}"}


@dataclass(frozen=True, kw_only=True, slots=True)
class MergeField:
    """A field as found in a text, from `start` up to `end`; `fault` says why it is none."""

    field: str
    default: str | None
    start: int
    end: int
    fault: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Placeholder:
    """The `mark` where a reader's value goes; `default` is None where all must have a value."""

    mark: str
    field: str
    default: str | None


@dataclass
class PlaceholderTable:
    """Hands out placeholders; the same field with the same default has the same one.

    `tag` is 32 hexadecimal digits that nobody who wrote the text could know; `known` are the fields
    there are.
    """

    tag: str
    known: Collection[str] = EDITORS_FIELDS
    _placeholders: dict[tuple[str, str | None], Placeholder] = field(default_factory=dict)

    def mark(self, field: str, default: str | None) -> str:
        """The mark to write: ASCII letters and digits, so that no stage touches it."""
        key = (field, default)
        if key not in self._placeholders:
            mark = f"zz{self.tag}SLOT{len(self._placeholders) + 1}zz"
            self._placeholders[key] = Placeholder(mark=mark, field=field, default=default)
        return self._placeholders[key].mark

    @property
    def placeholders(self) -> tuple[Placeholder, ...]:
        return tuple(self._placeholders.values())


def is_field_name(name: str) -> bool:
    """Whether it may be the name of a field that a publication adds."""
    return re.fullmatch(_NAME, name) is not None and not name.endswith(_RESERVED)


def untagged(text: str) -> str:
    """The text with its marks as short as they will be, for counting columns and octets."""
    return _TAG.sub("", text) if "zz" in text else text


def find_merge_fields(text: str, known: Collection[str] = EDITORS_FIELDS) -> Iterator[MergeField]:
    """Every pair of template braces in a text, each understood or with its fault.

    A field that is none of those `known` is a fault.
    """
    for start, end in _braces(text):
        name, default, fault = _understand(text[start:end])
        if name and not fault and name not in known:
            fault = f"there is no merge field “{name}”"
        yield MergeField(field=name, default=default, start=start, end=end, fault=fault)


def _braces(text: str) -> Iterator[tuple[int, int]]:
    """Where braces open and close; those that never close are found too, a comment's aside.

    The last closing ones are found once, so that a text of opening ones alone takes no longer.
    """
    last = {opening: text.rfind(closing) for opening, closing in _CLOSING.items()}
    at = 0
    while match := _OPENING.search(text, at):
        start, inside = match.span()
        is_closed = inside <= last[match[0]]
        at = text.find(_CLOSING[match[0]], inside) + 2 if is_closed else inside
        if is_closed or match[0] != "{#":
            yield start, at


def _understand(expression: str) -> tuple[str, str | None, str]:
    """Field, default and fault of one expression."""
    if len(expression) <= MAX_LENGTH and (match := _SHORT.fullmatch(expression)):
        return match[1], match[2], ""
    return _parsed(expression)


@lru_cache(maxsize=256)
def _parsed(expression: str) -> tuple[str, str | None, str]:
    """The same by Jinja2's parser and our whitelist, whatever the expression."""
    from jinja2 import TemplateError, nodes  # heavy, and most issues have no braces at all

    if len(expression) > MAX_LENGTH:
        return "", None, f"{expression[:20]}… is not a merge field"
    if re.search("[“”‘’]", expression.replace("\\", "")) and not re.search("[\"']", expression):
        return "", None, f"{expression} needs straight quotation marks"
    try:
        tree = _grammar().parse(expression)
    except TemplateError as error:
        return "", None, f"{expression} cannot be read: {error.message}"
    match tree.body:
        case [nodes.Output(nodes=[nodes.Name(name=str(name))])]:
            return name, None, ""
        case [
            nodes.Output(
                nodes=[
                    nodes.Filter(
                        name="default",
                        node=nodes.Name(name=str(name)),
                        args=[nodes.Const(value=str(default))],
                        kwargs=[],
                        dyn_args=None,
                        dyn_kwargs=None,
                    )
                ]
            )
        ]:
            return name, default, ""
        case _:
            return "", None, f"{expression} is not a merge field"


@cache
def _grammar() -> "Environment":
    from jinja2 import Environment

    # Only .parse() is ever called: nothing is compiled, loaded or rendered here.
    return Environment(autoescape=True)


def put_placeholders(markdown: str, table: PlaceholderTable) -> str:
    """Replace every merge field by its placeholder. Raises RenderError for a bad one.

    >>> table = PlaceholderTable(tag="0" * 32)
    >>> put_placeholders('Hi {{ first_name | default("there") }}!', table)
    'Hi zz00000000000000000000000000000000SLOT1zz!'
    """
    if "{" not in markdown:
        return markdown
    parts, done = [], 0
    for found in find_merge_fields(markdown, table.known):
        if found.fault:
            raise RenderError(
                found.fault, next_step='write {{ first_name | default("there") }}, or no braces'
            )
        parts += [markdown[done : found.start], table.mark(found.field, found.default)]
        done = found.end
    return "".join([*parts, markdown[done:]])
