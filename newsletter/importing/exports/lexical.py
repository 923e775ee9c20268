"""The state of Ghost's editor since 2023 (Lexical, as JSON) to HTML, for the reader of pages.

Text, headings, quotes, lists and links as they are; cards as the words, pictures and links in them.
What is HTML in a card is untrusted, and is left to that reader as everything else is.
"""

import json
from collections.abc import Callable, Mapping
from html import escape
from typing import Any

from newsletter.importing.exports.markdown_page import markdown_html

Node = Mapping[str, Any]

_MARKS = ((1, "strong"), (2, "em"), (4, "s"), (32, "sub"), (64, "sup"))
"""Bits of a text's `format`, and what each means; underlining is for links, code is plain."""

_DEEPEST = 60


def lexical_html(text: str) -> str:
    """The body; "" where it is no such state.

    >>> lexical_html('{"root": {"children": [{"type": "paragraph", "children": '
    ...              '[{"type": "text", "text": "Hi", "format": 1}]}]}}')
    '<p><strong>Hi</strong></p>'
    """
    try:
        state = json.loads(text)
        root = state["root"]
    except (ValueError, RecursionError, TypeError, KeyError):
        return ""
    return _children(root, 0) if isinstance(root, dict) else ""


def _children(node: Node, depth: int) -> str:
    inner = node.get("children")
    if not isinstance(inner, list) or depth > _DEEPEST:
        return ""
    return "".join(_node(each, depth + 1) for each in inner if isinstance(each, dict))


def _node(node: Node, depth: int) -> str:
    kind = str(node.get("type") or "").removeprefix("extended-")
    if kind in {"text", "tk"}:
        return _text(node)
    if kind == "linebreak":
        return "<br>"
    if (name := _ELEMENTS.get(kind)) is not None:
        return f"<{name}>{_children(node, depth)}</{name}>"
    if kind == "heading":
        level = str(node.get("tag"))
        name = level if level in {"h1", "h2", "h3", "h4", "h5", "h6"} else "h2"
        return f"<{name}>{_children(node, depth)}</{name}>"
    if kind == "list":
        name = "ol" if node.get("listType") == "number" else "ul"
        start = f' start="{node["start"]}"' if isinstance(node.get("start"), int) else ""
        return f"<{name}{start if name == 'ol' else ''}>{_children(node, depth)}</{name}>"
    if kind in {"link", "autolink"}:
        return f'<a href="{_said(node, "url")}">{_children(node, depth)}</a>'
    return card_html(kind, node) or _children(node, depth)


def card_html(kind: str, node: Node) -> str:
    """A card, by its kind and values; "" for a kind that is not known."""
    card = _CARDS.get(kind)
    return card(node) if card else ""


def _text(node: Node) -> str:
    words = _said(node, "text")
    marks = node.get("format")
    if isinstance(marks, int):
        for bit, name in _MARKS:
            words = f"<{name}>{words}</{name}>" if marks & bit else words
    return words


def _said(node: Node, name: str) -> str:
    """A value as text of a page."""
    value = node.get(name)
    return escape(value) if isinstance(value, str) else ""


def _raw(node: Node, name: str) -> str:
    """A value that is HTML already."""
    value = node.get(name)
    return value if isinstance(value, str) else ""


def _image(node: Node) -> str:
    shown = f'<img src="{_said(node, "src")}" alt="{_said(node, "alt")}">'
    if address := _said(node, "href"):
        shown = f'<a href="{address}">{shown}</a>'
    caption = _raw(node, "caption")
    return f"<figure>{shown}{f'<figcaption>{caption}</figcaption>' if caption else ''}</figure>"


def _gallery(node: Node) -> str:
    images = node.get("images")
    found = images if isinstance(images, list) else []
    return "".join(_image(each) for each in found if isinstance(each, dict))


def _bookmark(node: Node) -> str:
    about = node.get("metadata")
    title = _said(about, "title") if isinstance(about, dict) else ""
    return _link(_said(node, "url"), title)


def _link(address: str, words: str) -> str:
    return f'<p><a href="{address}">{words or address}</a></p>' if address else ""


def _button(node: Node) -> str:
    return _link(_said(node, "buttonUrl"), _said(node, "buttonText"))


def _embed(node: Node) -> str:
    """What is embedded, as a link to it."""
    return _link(_said(node, "url"), _raw(node, "caption"))


def _titled(title: str, *texts: str) -> Callable[[Node], str]:
    """A card with a heading and paragraphs, each by the name of its value; a button may follow."""

    def write(node: Node) -> str:
        heading = f"<h3>{_raw(node, title)}</h3>" if _raw(node, title) else ""
        body = "".join(f"<div>{_raw(node, text)}</div>" for text in texts if _raw(node, text))
        return heading + body + _button(node)

    return write


def _file(node: Node) -> str:
    return _link(_said(node, "src"), _said(node, "fileTitle") or _said(node, "title"))


_ELEMENTS = {
    "paragraph": "p",
    "quote": "blockquote",
    "aside": "blockquote",
    "listitem": "li",
}
_CARDS: Mapping[str, Callable[[Node], str]] = {
    "image": _image,
    "gallery": _gallery,
    "bookmark": _bookmark,
    "button": _button,
    "embed": _embed,
    "markdown": lambda node: markdown_html(_raw(node, "markdown")),
    "html": lambda node: _raw(node, "html"),
    "email": lambda node: _raw(node, "html"),
    "email-cta": lambda node: _raw(node, "html") + _button(node),
    "callout": lambda node: f"<p>{_raw(node, 'calloutText')}</p>",
    "toggle": _titled("heading", "content"),
    "header": _titled("heading", "subheading"),
    "product": _titled("productTitle", "productDescription"),
    "call-to-action": _titled("", "textValue"),
    "codeblock": lambda node: f"<pre>{_said(node, 'code')}</pre>",
    "video": _file,
    "audio": _file,
    "file": _file,
    "signup": lambda _: '<form class="kg-signup-card">Sign up</form>',
    "paywall": lambda _: "",
    "horizontalrule": lambda _: "<hr>",
}
