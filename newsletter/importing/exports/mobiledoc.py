"""The document of Ghost's editor before 2023 (Mobiledoc 0.3, as JSON) to HTML, for the reader of
pages: its sections, each a list of markers whose marks are opened and closed one inside another.

Cards have the names of Lexical's nodes, and mostly their values.
"""

import json
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

from newsletter.importing.exports.lexical import card_html

_TAGS = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "aside"})
_MARKS = frozenset({"strong", "b", "em", "i", "a", "s", "sub", "sup", "code", "u"})
_RENAMED = {"card-markdown": "markdown", "hr": "horizontalrule", "code": "codeblock"}


def mobiledoc_html(text: str) -> str:
    """The body; "" where it is no such document.

    >>> mobiledoc_html('{"markups": [["em"]], "sections": [[1, "p", [[0, [0], 1, "Hi"]]]]}')
    '<p><em>Hi</em></p>'
    """
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return ""
    if not isinstance(document, dict):
        return ""
    return "".join(_sections(document))


def _sections(document: Mapping[str, Any]) -> Iterator[str]:
    for section in _list(document.get("sections")):
        match section:
            case [1, str(tag), list(markers), *_]:
                name = tag.lower() if tag.lower() in _TAGS else "p"
                yield f"<{name}>{_markers(markers, document)}</{name}>"
            case [2, str(source), *_]:
                yield f'<img src="{escape(source)}" alt="">'
            case [3, str(tag), list(items), *_]:
                name = "ol" if tag.lower() == "ol" else "ul"
                inner = "".join(f"<li>{_markers(_list(i), document)}</li>" for i in items)
                yield f"<{name}>{inner}</{name}>"
            case [10, int(place), *_]:
                yield _card(place, document)


def _card(place: int, document: Mapping[str, Any]) -> str:
    cards = _list(document.get("cards"))
    match cards[place : place + 1] if place >= 0 else []:
        case [[str(name), dict(payload), *_]]:
            return card_html(_RENAMED.get(name, name), payload)
        case _:
            return ""


def _markers(markers: list[Any], document: Mapping[str, Any]) -> str:
    """Each opens some marks, says its words, and closes so many of those that are open."""
    written, opened = "", list[str]()
    for marker in markers:
        match marker:
            case [int(kind), list(opens), int(closes), value]:
                for place in opens:
                    name, tag = _mark(place, document)
                    written += tag
                    opened.append(name)
                written += _words(kind, value, document)
                for _ in range(min(closes, len(opened))):
                    written += f"</{opened.pop()}>"
    return written + "".join(f"</{name}>" for name in reversed(opened))


def _mark(place: object, document: Mapping[str, Any]) -> tuple[str, str]:
    """The name of a mark and its opening tag; one that is not known shows nothing."""
    markups = _list(document.get("markups"))
    match markups[place : place + 1] if isinstance(place, int) and place >= 0 else []:
        case [["a", ["href", str(address), *_], *_]]:
            return "a", f'<a href="{escape(address)}">'
        case [[str(name), *_]] if name in _MARKS:
            return name, f"<{name}>"
        case _:
            return "span", "<span>"


def _words(kind: int, value: object, document: Mapping[str, Any]) -> str:
    """Words, or an atom of the document, which is a line break or its own text."""
    if kind == 0:
        return escape(value) if isinstance(value, str) else ""
    atoms = _list(document.get("atoms"))
    match atoms[value : value + 1] if isinstance(value, int) and value >= 0 else []:
        case [["soft-return", *_]]:
            return "<br>"
        case [[_, str(text), *_]]:
            return escape(text)
        case _:
            return ""


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
