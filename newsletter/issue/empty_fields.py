"""What becomes of the words round a merge field that has nothing to say: "Hello , welcome".

One rule for the e-mail's two parts, the web page, the preheader and the files of a preview. It
knows characters, and of HTML the tags that may stand close round a field; who has no value is left
to whoever fills it in.
"""

import re
from dataclasses import dataclass

_MARKS = r"(?:<(?:strong|em|s)\b[^<>]*>)*"
_BEFORE = re.compile(rf"(?P<comma>,?)(?P<space>[ \u00a0]+)(?P<tags>{_MARKS})\Z")
_SOFT = re.compile(r"(?P<space> \n)\Z")
_CLOSING = re.compile(r"(?:</(?:strong|em|s)>)*")
_STOPS = ",.!?;:…،؛؟。、!"
_LEADING = re.compile(rf"(?P<stops>[{_STOPS}]+)(?P<space> +)(?P<first>\w?)")
_BLOCK_START = re.compile(r"(?:\A|\n|<(?:p|div|li|td|h[1-6]|br)\b[^<>]*>)\s*\Z")


@dataclass(frozen=True, kw_only=True, slots=True)
class Seam:
    """How many characters go on either side of a field with nothing to say, and what for them."""

    before: int = 0
    after: int = 0
    instead: str = ""


def seam(before: str, after: str, *, begins: bool = True) -> Seam:
    """What to do where `before`, nothing and `after` meet.

    `begins` says that an empty `before` is the beginning of a paragraph.

    >>> seam("Hello ", ", welcome"), seam("Hello, ", "!")
    (Seam(before=1, after=0, instead=''), Seam(before=2, after=0, instead=''))
    """
    closing = _CLOSING.match(after)
    rest = after[closing.end() if closing else 0 :]
    if soft := _SOFT.search(before):
        return _over_a_soft_line_end(soft, rest, after)
    if found := _BEFORE.search(before):
        cut = found["space"] + found["tags"]
        if not rest or rest[0] in f"\n<{_STOPS}":
            cut = found["comma"] + cut
        elif re.match(r"\w", rest):
            return Seam()
        return Seam(before=len(cut), instead=found["tags"])
    is_start = begins if not before else _BLOCK_START.search(before) is not None
    if is_start and rest == after and (found := _LEADING.match(rest)):
        return Seam(after=found.end(), instead=found["first"].upper())
    return Seam()


def _over_a_soft_line_end(soft: re.Match[str], rest: str, after: str) -> Seam:
    """RFC 3676: the space at the end of the line before is the one between two words."""
    found = _LEADING.match(rest)
    if rest != after or not found:
        return Seam()
    end = found.end("space")
    return Seam(before=len(soft[0]), after=end, instead=f"{found['stops']} \n")


def without(mark: str, text: str, *, begins: bool = True) -> str:
    """The text with nothing where the mark stood, and no sign that there was one.

    >>> without("X", "Hello X, here is X.")
    'Hello, here is.'
    """
    done, *others = text.split(mark)
    for after in others:
        found = seam(done, after, begins=begins)
        done = done[: len(done) - found.before] + found.instead + after[found.after :]
    return done
