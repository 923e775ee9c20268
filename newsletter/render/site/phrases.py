"""A sentence of ours with places in it: what it may hold, and how it becomes HTML.

`{date}` is a value, `**so**` is strong, `` `id` `` is code, and `[words](place)` is a link to where
the page says that this place is. All else is plain words. Which sentences there are is told in
`words`.
"""

import re
from collections.abc import Mapping
from html import escape

from newsletter.errors import RenderError
from newsletter.render.html import Html

_TOKEN = re.compile(r"\*\*(.+?)\*\*|`([^`]+)`|\[([^\[\]]+)\]\((\w+)\)|\{(\w*)\}")
_LINK = re.compile(r"\[[^\[\]]+\]\((\w+)\)")
_FIELD = re.compile(r"\{(\w*)\}")


def phrase_html(pattern: str, values: Mapping[str, str]) -> Html:
    """The sentence with its places filled, every value escaped, in quotation marks too.

    >>> phrase_html("For **{address}**: [go](there)", {"address": "a<b", "there": "/x"})
    'For <strong>a&lt;b</strong>: <a href="/x">go</a>'
    """
    parts: list[str] = []
    done = 0
    for found in _TOKEN.finditer(pattern):
        parts += [escape(pattern[done : found.start()]), _put(found, values)]
        done = found.end()
    return Html("".join([*parts, escape(pattern[done:])]))


def phrase_text(pattern: str, values: Mapping[str, str]) -> str:
    """A sentence without marks and links, as plain text."""
    return _FIELD.sub(lambda found: values[found[1]], pattern)


def _put(found: re.Match[str], values: Mapping[str, str]) -> str:
    strong, code, words, place, field = found.groups()
    if strong:
        return f"<strong>{phrase_html(strong, values)}</strong>"
    if code:
        return f"<code>{escape(code)}</code>"
    if words:
        return f'<a href="{escape(values[place])}">{phrase_html(words, values)}</a>'
    return _isolated(values[field])


def _isolated(value: str) -> str:
    """An address runs from left to right, and so it stays among words that run the other way."""
    return f"<bdi>{escape(value)}</bdi>" if "@" in value else escape(value)


def check_phrase(name: str, value: str, default: str) -> None:
    """Held to the English one: it may say less, but no link may go, and no place is made up.

    Raises RenderError.
    """
    if not value.strip():
        raise RenderError("the word is empty", where=f"site words {name}", next_step="write one")
    for links, found, known in (
        (True, _LINK.findall(value), _LINK.findall(default)),
        (False, _FIELD.findall(value), _FIELD.findall(default)),
    ):
        kind = "link" if links else "field"
        if unknown := [one for one in found if one not in known]:
            step = f"it may hold {', '.join(known)}" if known else "take it out"
            what = f"“{unknown[0]}” is not a {kind} of this sentence"
            raise RenderError(what, where=f"site words {name}", next_step=step)
        if links and (missing := [one for one in known if one not in found]):
            raise RenderError(
                f"{value!r} has no link to “{missing[0]}”",
                where=f"site words {name}",
                next_step=f"put [words]({missing[0]}) in",
            )
