"""A reader's own words made harmless: cleaned, cut, kept to their own direction.

A value may hold anything; what goes out of here is one line of whole characters that changes
nothing round it. Where it stands in a message, and how it is encoded there, is left to `part`.
UAX #9 (directions), UAX #29 (characters as seen), RFC 3676 (white space at a line's end).
"""

import html
import re
import unicodedata
from functools import lru_cache

from newsletter.errors import MessageError
from newsletter.issue import Placeholder
from newsletter.message.encoding import quoted_printable_value
from newsletter.message.scan import scan_value

MAX_VALUE = 100
"""Characters of one reader's value; what is longer is cut (no first name is, an attack may be)."""
MAX_DEFAULT = 200
"""Characters of a default, which is the editor's; no merge field is longer."""
MAX_MARKS = 4
"""Marks above and below one letter: what stands higher covers the lines round it."""

_TOKEN_FIELD = "_token"  # noqa: S105 - the end of a field's name, not a secret
_TOKEN = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._~-]{0,499}")
_PLAIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9 ._~-]{0,73}[A-Za-z0-9._~-])?")
"""A value that is itself in HTML, in plain text and in quoted-printable, whatever stands round."""

# Embeddings, overrides and isolates reach to the end of the paragraph where nothing closes them
# (UAX #9, 2.1 to 2.5), so all of them go; the marks U+200E, U+200F and U+061C reach nowhere, and
# names are rightly written with them. The deprecated U+206A to U+206F, the annotations U+FFF9 to
# U+FFFB and the language tag go as well.
_DIRECTING = "\u202a-\u202e\u2066-\u2069"
_REMOVED = re.compile(
    f"[\\x00-\\x08\\x0e-\\x1b\\x7f-\\x84\\x86-\\x9f{_DIRECTING}\u206a-\u206f\ufff9-\ufffb"
    "\\ud800-\\udfff\ufdd0-\ufdef\U000e0001\u00ad\u200b\u2060\ufeff"
    + "".join(
        f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000)
    )
    + "]"
)
_OVERRIDES = re.compile(f"[{_DIRECTING}]")
_RIGHT_TO_LEFT = re.compile(
    "[\u0590-\u08ff\u200f\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
_BLANK = "\u115f\u1160\u2800\u3164\uffa0"
"""Letters that look like nothing."""
_JOINING = re.compile("[\u200d\ufe00-\ufe0f\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]")
_ISOLATE, _END_OF_ISOLATE = "\u2068", "\u2069"


def is_token(field: str) -> bool:
    return field.endswith(_TOKEN_FIELD)


def token(name: str, value: str, where: str) -> str:
    """A token is taken whole or not at all: a cleaned one would be a dead link."""
    if _TOKEN.fullmatch(value) is None:
        raise MessageError(
            f"the field {name} is not a token of 1 to 500 URL-safe characters",
            where=where,
            next_step="make it from the secret key",
        )
    return value


def has_right_to_left(text: str) -> bool:
    """Whether any letter or mark there runs from right to left."""
    return not text.isascii() and _RIGHT_TO_LEFT.search(text) is not None


def merged_value(
    placeholder: Placeholder, raw: str, where: str, *, among_right_to_left: bool = False
) -> tuple[bytes, bytes]:
    """A placeholder's value as it stands in the text part, and in the HTML part; encoded.

    Raises MessageError for a damaged token, and where there is neither value nor default.
    """
    of_ours = is_token(placeholder.field)
    if of_ours:
        raw = token(placeholder.field, raw, where)
    if _PLAIN.fullmatch(raw) and (of_ours or ("  " not in raw and not among_right_to_left)):
        plain = raw.encode("ascii")
        return plain, plain
    value = raw
    if not of_ours:
        value = isolated(clean(raw) or _default(placeholder, where), is_among=among_right_to_left)
    encoded = quoted_printable_value(value), quoted_printable_value(html.escape(value))
    for merged in encoded:
        scan_value(merged, where=where)
    return encoded


def is_empty(default: str | None) -> bool:
    """Whether a reader without a value of their own is shown nothing at all."""
    return default is not None and not clean(default, at_most=MAX_DEFAULT)


def _default(placeholder: Placeholder, where: str) -> str:
    if placeholder.default is None:
        raise MessageError(
            f"the field {placeholder.field} has neither a value nor a default",
            where=where,
            next_step=f"give the reader a {placeholder.field}, or the field a default",
        )
    return clean(placeholder.default, at_most=MAX_DEFAULT)


@lru_cache(maxsize=1024)
def clean(value: str, *, at_most: int = MAX_VALUE) -> str:
    r"""One line of visible characters, no white space at its ends; "" where nothing is visible.

    >>> clean("\u202eAda\r\nBcc: all\u2069 ")
    'Ada Bcc: all'
    """
    value = " ".join(_REMOVED.sub("", value[: at_most * 10]).split())
    if value.isascii():
        return _cut(value, at_most)
    value = _few_marks(value[_start(value) :])
    return _cut(value, at_most) if any(map(_is_visible, value)) else ""


def clean_name(name: str) -> str:
    """A display-name for a header, which holds no control character any more."""
    return _cut(_OVERRIDES.sub("", name), MAX_VALUE)


def isolated(value: str, *, is_among: bool = False) -> str:
    """A value whose direction may differ from the text's, in an isolate of its own.

    Else the text's punctuation and numbers after it would run its way (UAX #9, 2.7, which WHATWG
    HTML has as <bdi>). Characters, for they do in a text, in an attribute and where a mail program
    takes the tag out; only where they are needed, for an old font may show them. `is_among` is
    true where the text itself runs from right to left.
    """
    if value and (is_among or has_right_to_left(value)):
        return f"{_ISOLATE}{value}{_END_OF_ISOLATE}"
    return value


def _is_visible(character: str) -> bool:
    category = unicodedata.category(character)
    is_something = category[0] in "LNPS" or category in {"Cn", "Co"}
    return is_something and character not in _BLANK


def _start(value: str) -> int:
    """Where the first character begins that is no part of what stands before the value.

    A mark there would sit on our own letter, or join a tag's `>` when it is normalised.
    """
    return next(
        (at for at, one in enumerate(value) if one != " " and not _is_part(one)),
        len(value),
    )


def _is_part(character: str) -> bool:
    is_mark = unicodedata.category(character).startswith("M")
    return is_mark or _JOINING.match(character) is not None


def _few_marks(value: str) -> str:
    """Without the marks above and below one letter that are too many for any language."""
    kept: list[str] = []
    marks = 0
    for character in value:
        is_stacked = unicodedata.combining(character) >= 200 or (
            unicodedata.category(character) == "Me"
        )
        marks = marks + 1 if is_stacked else 0
        if marks <= MAX_MARKS:
            kept.append(character)
    return "".join(kept)


def _cut(value: str, at_most: int) -> str:
    """At most so many characters, the last an ellipsis where some are gone; none is halved."""
    if len(value) <= at_most:
        return value
    end = at_most - 1
    while end and (_is_part(value[end]) or value[end - 1] == "\u200d"):
        end -= 1
    return value[: end or at_most - 1].rstrip() + "…"
