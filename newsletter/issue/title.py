"""What a title says of the number of stories: "The five biggest ..." says five."""

import re

NUMBER_WORDS = (
    *("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven"),
    *("twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen"),
    *("nineteen", "twenty"),
)

_VALUES = {word: number for number, word in enumerate(NUMBER_WORDS, start=2)}
_COUNT = re.compile(
    rf"(?<![\w$£€.,-])({'|'.join(NUMBER_WORDS)}|[2-9]|1\d|20)(?=\s|-[a-z]+est\b)", re.IGNORECASE
)
_THINGS = re.compile(
    r"(?:[\s-]+(?!(?:of|in|on|at|for|from|by|to|with|the|this|other|more)\b)[\w&'’/]+){0,8}?"
    r"\s+(?:stories|things|headlines|items|reads|takeaways)\b",
    re.IGNORECASE,
)


def title_count(title: str) -> int | None:
    """The number of stories a title announces, or None where it announces none.

    A theme may hold a number of its own, so a number is believed only where it counts "stories" or
    the like: nothing but a few describing words may stand between the two.

    >>> title_count("Two mergers and the five biggest retail news stories of the week")
    5
    >>> title_count("The four-day week, and this week's stories")
    """
    for match in _COUNT.finditer(title):
        if _THINGS.match(title, match.end()):
            return _value(match[1])
    return None


def _value(word: str) -> int:
    return int(word) if word.isdigit() else _VALUES[word.lower()]
