"""What a title says of the number of stories: "The five biggest ..." says five."""

import re

NUMBER_WORDS = (
    *("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven"),
    *("twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen"),
    *("nineteen", "twenty"),
)

_VALUES = {word: number for number, word in enumerate(NUMBER_WORDS, start=2)}
_COUNT = re.compile(
    rf"(?<![\w$£€.,])({'|'.join(NUMBER_WORDS)}|[2-9]|1\d|20)(?![\w%.,]*\d)\b", re.IGNORECASE
)
_SUPERLATIVE = re.compile(
    r"[ -]*(?:biggest|best|most|top|key|main|largest|greatest|hottest|latest|must|things)\b",
    re.IGNORECASE,
)
_THINGS = re.compile(r"\b(?:stories|things|headlines|items|news|reads|takeaways)\b", re.IGNORECASE)


def title_count(title: str) -> int | None:
    """The number of stories a title announces, or None where it announces none.

    A theme may hold a number of its own, so the number that "biggest", "most" or the like follows
    is believed; without such a word, only the last number before "stories" or the like.

    >>> title_count("Two mergers and the five biggest retail news stories of the week")
    5
    >>> title_count("The week in retail technology")
    """
    found = list(_COUNT.finditer(title))
    for match in found:
        if _SUPERLATIVE.match(title, match.end()):
            return _value(match[1])
    things = _THINGS.search(title)
    before = [match for match in found if things and match.end() <= things.start()]
    return _value(before[-1][1]) if before else None


def _value(word: str) -> int:
    return int(word) if word.isdigit() else _VALUES[word.lower()]
