"""Words, for comparing what was read with what was written: how many are missing, and on which line
of the result the next one stands. How they are marked plays no part.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"[{_CJK}]|[^\W_{_CJK}]+")
_ADDRESS = re.compile(r"\]\((?:[^()\s\"]|\([^()\s]*\))*")
_MARKS = re.compile(r"</?(?:s|sup|sub)>|[*_~^\\`]|&(?:amp|lt);")
_AHEAD = 40
"""Words that may stand in the result alone, such as a title of the page's own."""


def words_in(text: str) -> list[str]:
    """The words without their marks, case and shapes; each character of Chinese is a word.

    >>> words_in("It’s **10⁶** parcels")
    ['it', 's', '106', 'parcels']
    """
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold())


def words_with_starts(text: str) -> tuple[list[int], list[str]]:
    """The same words, and where in the text each begins."""
    starts: list[int] = []
    words: list[str] = []
    for match in _WORD.finditer(text):
        for word in words_in(match[0]):
            starts.append(match.start())
            words.append(word)
    return starts, words


def missing(source: Iterable[str], result: Iterable[str]) -> int:
    """How many words of one are not in the other."""
    return (Counter(source) - Counter(result)).total()


@dataclass(frozen=True, kw_only=True, slots=True)
class PlacedWord:
    """A word of a text, on a line of it."""

    word: str
    line: int


def placed_words(markdown: str) -> Iterator[PlacedWord]:
    """The words of an issue's text, addresses of links and pictures not among them."""
    for number, line in enumerate(markdown.splitlines(), start=1):
        for word in words_in(_MARKS.sub("", _ADDRESS.sub(" ", line))):
            yield PlacedWord(word=word, line=number)


def lines_at(
    places: Sequence[int], walked: Sequence[str], written: Sequence[PlacedWord]
) -> list[int]:
    """The lines where so many words have been walked past, for places in rising order.

    Both texts have their words in the same order, some of them only in one. A word further on is
    the same one only where the word behind it is the same, too.
    """
    lines: list[int] = []
    at, line = 0, 1
    for count in range(len(walked) + 1):
        while len(lines) < len(places) and places[len(lines)] <= count:
            lines.append(line)
        if len(lines) == len(places):
            break
        ahead = _found(walked[count : count + 2], written, at)
        if ahead is not None:
            at, line = ahead + 1, written[ahead].line
    return lines + [line] * (len(places) - len(lines))


def _found(words: Sequence[str], written: Sequence[PlacedWord], at: int) -> int | None:
    """Where the first of two words stands, from `at` on and not too far away."""
    for ahead in range(at, min(at + _AHEAD, len(written))):
        if words and written[ahead].word == words[0]:
            after = written[ahead + 1 : ahead + 2]
            if ahead == at or [each.word for each in after] == [*words[1:]]:
                return ahead
    return None
