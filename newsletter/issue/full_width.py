"""What CommonMark does not know of Chinese, Japanese and Korean, which part words otherwise.

Chinese and Japanese have no spaces, so a line end between two of their letters is none (CSS Text 3,
4.1.3). And stars mark what they stand round, though a full-width bracket stands beside a letter;
to CommonMark 0.31, 6.2, such stars open and close nothing.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING
from unicodedata import category, east_asian_width

if TYPE_CHECKING:
    from markdown_it.rules_inline import StateInline
    from markdown_it.rules_inline.state_inline import Scanned
    from markdown_it.token import Token

_NEAR = 12
"""Tokens to look at for the words beside a line end; marks alone are between them."""
_HANGUL = (("\u1100", "\u11ff"), ("\u3130", "\u318f"), ("\ua960", "\ua97f"), ("\uac00", "\ud7ff"))


def has_no_space(before: str, after: str) -> bool:
    """Whether no space stands between two such characters where a line ends."""
    return _is_unspaced(before) and _is_unspaced(after)


@lru_cache(maxsize=4096)
def _is_unspaced(character: str) -> bool:
    """Full-width, and no emoji; Korean is written with spaces."""
    if not is_wide(character) or category(character) == "So":
        return False
    return not any(first <= character <= last for first, last in _HANGUL)


def is_wide(character: str) -> bool:
    return not character.isascii() and east_asian_width(character) in "WF"


def settle_line_ends(tokens: Sequence["Token"]) -> None:
    """Give each soft line end what is shown for it: a space, or nothing."""
    for at, token in enumerate(tokens):
        if token.type == "softbreak":
            above = reversed(tokens[max(at - _NEAR, 0) : at])
            before = next((one.content for one in above if one.content), "")
            after = next((one.content for one in tokens[at + 1 : at + _NEAR] if one.content), "")
            token.content = "" if has_no_space(before[-1:] or " ", after[:1] or " ") else " "


def mark_stars(state: "StateInline", silent: bool) -> bool:  # noqa: FBT001 - as markdown-it has it
    """The parser's own rule for emphasis, but for what may open and close beside wide letters."""
    from markdown_it.rules_inline.emphasis import tokenize

    if state.src[state.pos] == "*" and not state.src.isascii():
        state.scanDelims = lambda start, can_split: _scan(state, start, can_split)  # type: ignore[assignment, method-assign]
    return tokenize(state, silent)


def _scan(state: "StateInline", start: int, can_split: bool) -> "Scanned":  # noqa: FBT001
    scanned = type(state).scanDelims(state, start, can_split)
    end = start + scanned.length
    before, after = state.src[start - 1 : start] or " ", state.src[end : end + 1] or " "
    if not can_split or not (is_wide(before) or is_wide(after)):
        return scanned
    return scanned._replace(can_open=not after.isspace(), can_close=not before.isspace())
