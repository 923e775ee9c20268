"""The same word twice, one straight after the other; a name may be doubled, a few words may."""

import re
from collections.abc import Collection, Iterator
from operator import eq
from string import ascii_letters

from newsletter.check.diagnostic import Finding, Severity
from newsletter.check.prose import OBJECT, Prose, passages, read
from newsletter.check.rule import Context, Rule
from newsletter.issue import Issue

_EDGE = rf"\w'’.{OBJECT}-"
_DOUBLED = re.compile(
    rf"(?<![{_EDGE}])([^\W\d_]++(?:['’-][^\W\d_]++)*+)\s++(\1)(?![\w'’{OBJECT}-])", re.IGNORECASE
)
_APOSTROPHE = "’".encode()
_SIGN_LEADS = b"\xc2\xe2"
_TAILS = b"-" + b"".join(sign.encode()[1:] for sign in "“”‘„«»–—…\u00a0\u202f")
_LETTERS = bytes(
    byte if chr(byte) in "'" + ascii_letters or (byte >= 128 and byte not in _SIGN_LEADS) else 32
    for byte in range(256)
)
"""UTF-8 bytes of letters stay; those that signs begin with become spaces, and _TAILS go away."""


def check(issue: Issue, context: Context) -> Iterator[Finding]:
    if not issue.stories or not _may_have_any(issue.source.text):
        return
    allowed = {word.lower() for word in context.house.typography.doubled}
    for passage in passages(issue):
        for part in passage:
            if not _may_have_any(part.markdown):
                continue
            for prose in read(issue.source, part):
                yield from _doubled(prose, allowed)


def _doubled(prose: Prose, allowed: Collection[str]) -> Iterator[Finding]:
    for match in _DOUBLED.finditer(prose.text):
        if match[1].lower() not in allowed and not _is_name(match[2]):
            yield Finding(
                span=prose.span(match.start(), match.end()),
                message=f"“{match[2]}” is there twice",
                hint="leave one out",
            )


def _may_have_any(text: str) -> bool:
    """A quick look with as little as possible: most texts have no doubled word."""
    plain = text.encode().replace(_APOSTROPHE, b"'").lower()
    words = plain.translate(_LETTERS, _TAILS).split()
    return any(map(eq, words, words[1:]))


def _is_name(second: str) -> bool:
    """As in "Bora Bora", and in "the The" before a name that begins so; but not in "The the"."""
    return second[0].isupper()


RULE = Rule(
    code="T003",
    slug="doubled-word",
    summary="No word is written twice in a row.",
    severity=Severity.WARNING,
    check=check,
)
