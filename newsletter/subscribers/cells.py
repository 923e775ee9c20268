"""One cell of a table of people: a flag, tags, attributes, and what is no formula.

Nothing here guesses. Moments are `instants`'s, and what a column means is `columns`'s.
"""

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache

from newsletter.subscribers.standing_words import FLAGS

MAX_FIRST_NAME = 200
"""Characters: as many as a message will show."""

MAX_VALUE = 200
"""Characters of an attribute's value."""

MAX_WORD = 40
"""Characters of a tag, and of an attribute's name."""

CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")

_NOTHING = frozenset({"", "-", "null", "none", "nil", "n/a", "nan", "never"})
_ZEROS = re.compile(r"[0:. -]*")
_BETWEEN_TAGS = re.compile(r"[,;|\n]")
_FORMULA = re.compile(r"""[\s'"]*[=+\-@\t\r\n＝＋－＠]""")
_INNER_FORMULA = re.compile(rf";(?={_FORMULA.pattern})")
_NEUTRALISED = re.compile(rf";'(?={_FORMULA.pattern})")
_BLANKS = re.compile(r"[\s\-./]+")


def is_nothing(text: str) -> bool:
    """Whether a cell says that there is nothing to say: empty, `null`, `0000-00-00`."""
    return not text or text.lower() in _NOTHING or _ZEROS.fullmatch(text) is not None


def parse_flag(text: str) -> bool | None:
    """Yes or no, in any language; None for a cell that says neither.

    >>> parse_flag("FALSCH"), parse_flag("Oui"), parse_flag("perhaps")
    (False, True, None)
    """
    return FLAGS.get(text.lower())


def word_of(text: str) -> str:
    """A tag or an attribute's name as the list has it; "" where nothing is left of it.

    >>> word_of("Job Title")
    'job_title'
    """
    folded = unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())
    joined = _BLANKS.sub(lambda gap: gap[0] if gap[0] == "-" else "_", folded.strip())
    kept = "".join(one for one in joined if one.isalnum() or one in "-_")
    return kept.strip("-_")[:MAX_WORD].rstrip("-_")


@lru_cache(maxsize=4096)  # few tags, many people
def parse_tags(text: str) -> tuple[str, ...]:
    """Tags between commas, semicolons or bars, or as a JSON list; in order, each once.

    >>> parse_tags('"VIP","Early Bird"')
    ('early_bird', 'vip')
    """
    if is_nothing(text):
        return ()
    found = _listed(text) if text[0] == "[" else _BETWEEN_TAGS.split(text)
    return tuple(sorted({word for each in found if (word := word_of(each))}))


def _listed(text: str) -> Iterable[str]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return _BETWEEN_TAGS.split(text)
    if not isinstance(found, list):
        return []
    return [str(each.get("name", "")) if isinstance(each, dict) else str(each) for each in found]


def parse_attributes(text: str) -> Mapping[str, str] | None:
    """A JSON object's names and values, flattened one level; None where it is no JSON object.

    >>> parse_attributes('{"city": "Leeds", "job": {"title": "Editor"}}')
    {'city': 'Leeds', 'job_title': 'Editor'}
    """
    if is_nothing(text):
        return {}
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict):
        return None
    flat: dict[str, str] = {}
    for name, value in found.items():
        deeper = value.items() if isinstance(value, dict) else [("", value)]
        for inner, each in deeper:
            word, said = word_of(f"{name} {inner}"), _as_text(each)
            if word and said:
                flat[word] = said
    return flat


def _as_text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return ""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    # JSON can name half a character, which no database takes.
    return one_line(text.encode("utf-8", "replace").decode("utf-8"))


def one_line(text: str) -> str:
    """The text with a blank for each line break or tab."""
    return text if text.isprintable() else re.sub(r"[\r\n\t\v\f\x85\u2028\u2029]+", " ", text)


def neutralised(text: str) -> str:
    """The cell as a spreadsheet shows it and never runs it: an apostrophe before a formula.

    A semicolon within begins a cell of its own where a spreadsheet parts cells by those.

    >>> neutralised("=1+1"), neutralised("Ada;=1+1"), neutralised("Ada")
    ("'=1+1", "Ada;'=1+1", 'Ada')
    """
    if ";" in text:
        text = _INNER_FORMULA.sub(";'", text)
    return f"'{text}" if _FORMULA.match(text) else text


def original(text: str) -> str:
    """What `neutralised` was given."""
    if ";'" in text:
        text = _NEUTRALISED.sub(";", text)
    return text[1:] if text[:1] == "'" and _FORMULA.match(text, 1) else text
