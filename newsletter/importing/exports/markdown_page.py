"""Markdown of another system to HTML, for the reader of pages: CommonMark with tables, HTML in it,
struck words and footnotes. The only file here that knows markdown-it.
"""

import re
from functools import cache
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

MAX_CHARACTERS = 1_000_000
"""A book; more of it is read as plain text."""

_MAX_NESTING = 20
_NOTE = re.compile(r"^\[\^([\w-]{1,40})\]:[ \t]+(.+(?:\n(?:    |\t).+)*)\n?", re.MULTILINE)
_NOTE_MARK = re.compile(r"\[\^([\w-]{1,40})\]")


@cache
def _markdown_it() -> "MarkdownIt":
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": True, "maxNesting": _MAX_NESTING})
    return parser.enable(["table", "strikethrough"])


def markdown_html(text: str) -> str:
    r"""The text as HTML, which is as untrusted as it was.

    >>> markdown_html("Hi *there*")
    '<p>Hi <em>there</em></p>\n'
    """
    if len(text) > MAX_CHARACTERS:
        return text_html(text)
    notes = dict(_NOTE.findall(text))
    if notes:
        text = _NOTE_MARK.sub(lambda mark: _mark(mark, notes), _NOTE.sub("", text))
    return str(_markdown_it().render(text)) + _foot(notes)


def text_html(text: str) -> str:
    """Plain text as HTML: paragraphs between empty lines, and their line ends."""
    paragraphs = re.split(r"\n[ \t]*\n", text.replace("\r\n", "\n"))
    lines = ("<br>".join(map(escape, each.strip().split("\n"))) for each in paragraphs)
    return "".join(f"<p>{each}</p>" for each in lines if each)


def _mark(mark: re.Match[str], notes: dict[str, str]) -> str:
    """A mark of a note; what leads nowhere stays as it is."""
    name = mark[1]
    place = [*notes].index(name) + 1 if name in notes else 0
    return f'<sup><a href="#footnote-{name}">{place}</a></sup>' if place else mark[0]


def _foot(notes: dict[str, str]) -> str:
    if not notes:
        return ""
    render = _markdown_it().render
    items = (f'<li id="footnote-{name}">{render(note)}</li>' for name, note in notes.items())
    return f"<hr><ol>{''.join(items)}</ol>"
