"""Nodes of an issue to the Markdown that reads as those nodes again.

What looks like a mark in the words is escaped. Where marks cannot be set so that they are read as
marks (bold that ends in mid-word, after a full stop), the words are written without them.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

from newsletter.issue import (
    Code,
    Emphasis,
    Heading,
    Image,
    Inline,
    LineBreak,
    Link,
    ListNode,
    Lowered,
    Node,
    Paragraph,
    Quote,
    Raised,
    Strong,
    Struck,
    Text,
    parse_inlines,
    plain_inlines,
)

_MARK = re.compile(
    r"\\(?=[!-/:-@\[-`{-~]|$)"  # a backslash before a sign
    r"|[*`]"
    r"|(?<![^\W_])_|_(?![^\W_])"  # an underscore but in mid-word
    r"|\](?=\()"
    r"|<(?=[A-Za-z/?])"
    r"|(?<=\{)[{%#]"  # a merge field of somebody else's
    r"|~(?=~)|(?<=~)~"  # what strikes words out, and what lowers or raises them
    r"|(?<=[^\W\d_])~(?=[\w+\u2212–-])|(?<=[\w)\]”’])\^(?=[\w+\u2212–-])"
)
_ENTITY = re.compile(r"&(?=#?\w{1,40};)|<(?=!)")
_NOT_IN_ALT = str.maketrans(
    {"[": "(", "]": ")", "\\": "", "`": "’", "<": "", ">": "", "{": "(", "}": ")"}
)
"""An alt text is read as it stands, escapes and all, so it is written without need of any."""

_BRACES = re.compile(r"(?<=\{)[{%#]")
_CLOSING_MARKS = re.compile(r"(\s)(#+)$")
_MARK_IN_LINK = re.compile(rf"{_MARK.pattern}|[\[\]]")
_LINE_START = re.compile(r"^( *)(?:(\d{1,9})([.)])(?=\s|$)|([#+-](?=[#\s-]|$)|>))", re.MULTILINE)


def write_block(node: Node) -> str:
    """One block, without an empty line in it."""
    match node:
        case Paragraph(inlines=inlines):
            return _sound(_escaped_starts(_inlines(inlines)), inlines)
        case Heading(level=level, inlines=inlines):
            return f"{'#' * level} {write_inlines(inlines)}"
        case Quote(nodes=nodes):
            return "\n>\n".join(_indented(write_block(inner), "> ", "> ") for inner in nodes)
        case ListNode(start=start, items=items):
            return "\n".join(
                _item("- " if start is None else f"{start + place}. ", item)
                for place, item in enumerate(items)
            )


def write_inlines(inlines: Sequence[Inline]) -> str:
    """Words on one line, as for a title or a headline."""
    line = [Text(text=" ") if isinstance(each, LineBreak) else each for each in inlines]
    text = _sound(_inlines(line), line)
    return _CLOSING_MARKS.sub(r"\1\\\2", re.sub("[ \n]+", " ", text))


def _sound(text: str, inlines: Sequence[Inline]) -> str:
    """The text if it reads as the words again, else the words without bold and italic."""
    if not any(isinstance(inline, Strong | Emphasis | Struck | Link) for inline in inlines):
        return text
    if plain_inlines(parse_inlines(text)) == plain_inlines(inlines):
        return text
    return _escaped_starts(_inlines(_without_marks(inlines)))


def _without_marks(inlines: Iterable[Inline]) -> list[Inline]:
    bare: list[Inline] = []
    for inline in inlines:
        match inline:
            case Strong(children=children) | Emphasis(children=children):
                bare += _without_marks(children)
            case Link(href=href, children=children, span=span):
                inner = tuple(_without_marks(children))
                bare.append(Link(href=href, children=inner, span=span))
            case Struck() | Raised() | Lowered():  # as tags, which are read wherever they stand
                bare.append(replace(inline, children=tuple(_without_marks(inline.children))))
            case _:
                bare.append(inline)
    return bare


def _item(marker: str, nodes: Sequence[Node]) -> str:
    """A list item; a blank line in it would end the list, so its paragraphs are lines."""
    indent = " " * len(marker)
    parts = [write_block(node) for node in nodes]
    text = parts[0]
    for (before, node), part in zip(pairwise(nodes), parts[1:], strict=True):
        has_break = isinstance(before, Paragraph) and isinstance(node, Paragraph)
        text += ("\\\n" if has_break else "\n") + part
    return _indented(text, marker, indent)


def _indented(text: str, first: str, others: str) -> str:
    return first + text.replace("\n", f"\n{others}")


def _inlines(inlines: Iterable[Inline], marks: re.Pattern[str] = _MARK) -> str:
    text = ""
    for inline in inlines:
        if isinstance(inline, Link) and text.endswith("!"):
            text = f"{text[:-1]}\\!"  # with a bracket behind it, it would make a picture
        written = _inline(inline, marks)
        if text.endswith("{") and written.startswith(("{", "%", "#")):
            written = f"\\{written}"
        text += written
    return text


def _inline(inline: Inline, marks: re.Pattern[str]) -> str:
    match inline:
        case Text(text=text) | Code(text=text):
            return _entities(marks.sub(_with_backslash, text))
        case Strong(children=children):
            return f"**{_inlines(children, marks)}**"
        case Emphasis(children=children):
            return f"*{_inlines(children, marks)}*"
        case Struck(children=children):
            return f"<s>{_inlines(children, marks)}</s>"
        case Raised(children=children):
            return f"<sup>{_inlines(children, marks)}</sup>"
        case Lowered(children=children):
            return f"<sub>{_inlines(children, marks)}</sub>"
        case Link(href=href, children=children):
            return f"[{_inlines(children, _MARK_IN_LINK)}]({_entities(href)})"
        case Image(src=src, alt=alt, caption=caption):
            words = alt.translate(_NOT_IN_ALT)
            title = _BRACES.sub(r"\\\g<0>", caption.replace("\\", "\\\\").replace('"', '\\"'))
            return f"![{words}]({_entities(src)}" + (f' "{_entities(title)}")' if caption else ")")
        case LineBreak():
            return "\\\n"


def _with_backslash(match: re.Match[str]) -> str:
    return f"\\{match[0]}"


def _entities(text: str) -> str:
    """What would be read as an entity or a comment; a comment heeds no backslash."""
    return _ENTITY.sub(lambda match: "&amp;" if match[0] == "&" else "&lt;", text)


def _escaped_starts(text: str) -> str:
    """Signs at the beginning of a line that would open a list, a quote, a heading or a break."""
    return _LINE_START.sub(_escaped_start, text)


def _escaped_start(match: re.Match[str]) -> str:
    space, digits, stop, sign = match.groups()
    return f"{space}{digits}\\{stop}" if digits else f"{space}\\{sign}"
