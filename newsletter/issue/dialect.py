"""What we understand beyond CommonMark: `~~struck~~`, `m^2^`, `CO~2~`, and HTML's tags for these.

Rules for markdown-it-py's inline parser. Raised and lowered words stand directly behind what they
belong to and hold no space (as Pandoc has it), so that "~10 to ~20" and "^_^" stay what they are.
"""

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import StateInline

_LONGEST = 500
"""Characters between two tags. It bounds the cost of tags that are never closed."""

_RAISED = re.compile(r"(?<=[\w)\]”’])\^([\w+\u2212–-]{1,20})\^(?!\w)")
_LOWERED = re.compile(r"(?<=[^\W\d_])~([\w+\u2212–-]{1,20})~(?!~)")
_SHIFTS = {"^": ("sup", _RAISED), "~": ("sub", _LOWERED)}
_OPENING = re.compile(r"<(sup|sub|s|del|strike)>", re.IGNORECASE)
_TOKENS = {"sup": "sup", "sub": "sub", "s": "s", "del": "s", "strike": "s"}


def add_dialect(parser: "MarkdownIt") -> None:
    parser.enable("strikethrough")
    parser.inline.ruler.before("strikethrough", "shift", _shift)
    parser.inline.ruler.before("autolink", "tags", _tags)


def _shift(state: "StateInline", silent: bool) -> bool:  # noqa: FBT001 - markdown-it's signature
    """Raised or lowered words; their token is called as in HTML."""
    if (known := _SHIFTS.get(state.src[state.pos])) is None:
        return False
    name, pattern = known
    match = pattern.match(state.src, state.pos, state.posMax)
    if match is None:
        return False
    if not silent:
        state.push(f"{name}_open", name, 1)
        state.push("text", "", 0).content = match[1]
        state.push(f"{name}_close", name, -1)
    state.pos = match.end()
    return True


def _tags(state: "StateInline", silent: bool) -> bool:  # noqa: FBT001 - markdown-it's signature
    """`<sup>words</sup>`, with marks inside if there are any."""
    if state.src[state.pos] != "<" or not (opening := _OPENING.match(state.src, state.pos)):
        return False
    limit = min(state.posMax, opening.end() + _LONGEST)
    closing = re.compile(f"</{opening[1]}>", re.IGNORECASE).search(state.src, opening.end(), limit)
    if closing is None or closing.start() == opening.end():
        return False
    if not silent:
        name, end = _TOKENS[opening[1].lower()], state.posMax
        state.push(f"{name}_open", name, 1)
        state.pos, state.posMax = opening.end(), closing.start()
        state.md.inline.tokenize(state)
        state.push(f"{name}_close", name, -1)
        state.posMax = end
    state.pos = closing.end()
    return True
