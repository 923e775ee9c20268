"""How the number of a story is written at the head of its line: `1.`, `(1)`, `2️⃣`, `Story 3:`, `#4`.

This reads one line by itself and says how sure the form is; whether the line is a headline is for
`newsletter.issue.headlines` to decide, which sees all of them.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

MAX_NUMBER = 30
"""No round-up has more stories; a larger number opens a sentence."""

SURE = "sure"
BARE = "bare"
ROMAN = "roman"
_SIGN = "sign"

_LEAD = r"[\s\u00ad\u200b\u2060\ufeff]{0,4}"
_CLOSED = r"(?:(?:\*\*|__)\s+)?"
"""Behind a number that alone is bold, as word processors export it."""

_MARK = re.compile(rf"{_LEAD}(?:(#{{1,6}})\s+|(#{{2,6}})(?=[^#\s]))?(\*\*(?!\*)|__(?!_))?")
_AFTER = (
    r"(?:\\?[.)\]]{1,2}[:-]?(?![\d.])\s*|\s+\\?[.)]\s+|\s*:\s+|\s*(?:[–—|/]|\\?-)\s++(?!\d)"
    r"|[．）：、。｡]\s*)"
)
"""What parts a number from the words; the full stop may be escaped, as converters do."""

_KINDS = (
    "story|stories|headline|item|news|topic|article|number|geschichte|meldung|nachricht|thema|"
    "artikel|nummer|histoire|actu|actualité|sujet|numéro|historia|noticia|artículo|número|storia|"
    "notizia|articolo|numero|verhaal|nieuws|bericht|notícia|história|artigo|nyhet|wiadomość"
)
_SIGNS = r"n[or]\.?|n[º°]|nú?m\.|№"
_SINGLE = "①-⑳⑴-⒇⒈-⒛❶-❿➀-➓Ⅰ-Ⅻⅰ-ⅻ㈠-㈩"
_ROMANS = r"[IVX]{1,6}|[ivx]{1,6}"

_NUMERAL = re.compile(
    rf"(?:"
    rf"\\?[(\[（【]\s?(?:(?P<enclosed>\d{{1,3}})|(?P<roman_enclosed>{_ROMANS}))\s?\\?[)\]）】]"
    rf"(?!\()(?:[.:]|\s?[–—-](?=\s))?\s*"
    rf"|(?P<keycap>(?:\d\ufe0f?\u20e3){{1,2}}|🔟)(?:\s?[.:)–—-](?=\s))?\s*"
    rf"|(?P<single>[{_SINGLE}])(?:{_AFTER}|\s*)"
    rf"|(?P<ideograph>[一二三四五六七八九十])[、．]\s*"
    rf"|(?:{_KINDS})\s*(?:\\?#|{_SIGNS})?\s?(?P<counted>\d{{1,2}})(?:{_AFTER})"
    rf"|(?:{_SIGNS})\s?(?P<signed>\d{{1,2}})(?:{_AFTER}|\s+)"
    rf"|\\?#\s?(?P<hashed>\d{{1,2}})(?:{_AFTER}|\s+)"
    rf"|(?P<plain>\d{{1,3}}){_AFTER}"
    rf"|(?P<bare>\d{{1,2}})\s++(?![-–—|/:.,)%*])"
    rf"|(?P<roman>{_ROMANS})(?:\\?[.)]\s+|\s*[:–—]\s+)"
    rf"|(?P<word>[^\W\d_]{{2,14}})\s+(?P<worded>\d{{1,2}})\s*[:–—]\s+"
    rf"){_CLOSED}(?=\S)",
    re.IGNORECASE,
)
_MAY_OPEN = re.compile(
    rf"{_LEAD}(?:[^\w\s“‘\"'>!-]|\d|[{_SINGLE}]|[一二三四五六七八九十][、．]|__"
    rf"|[^\W\d_]{{1,14}}[\W_]{{0,4}}\d|[IVXivx]{{1,6}}\s?[\\.):–—])"
)
_HAS_SEPARATOR = re.compile(r"\d[^\w\s*]")
_BEGINS = re.compile(r"\W{0,6}(?:\d{1,2}(?![\d%.,:/-]*\d)(?!\w)(?!%)|[①-⓿❶-➓])")


@dataclass(frozen=True, slots=True)
class Mark:
    """What stands at the beginning of a line: `level` of a heading, 0 for none, and the bold.

    `begin` is where the words begin, the mark of the bold included, and `end` where without it.
    Where `has_space` is false the space behind the number signs was forgotten.
    """

    level: int
    has_space: bool
    is_bold: bool
    begin: int
    end: int


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number at the head of a line, and where the words behind it begin (an offset).

    A number of the kind SURE can hardly be anything else. Those of another kind (`5 Headline`,
    `V. Headline`) are believed where they fit, or where several are alike.
    """

    value: int
    kind: str
    end: int


def may_open_a_story(line: str) -> bool:
    """Quickly told of nearly every line of a text: it has neither mark nor number at its head."""
    return _MAY_OPEN.match(line) is not None


def read_mark(line: str) -> Mark:
    """The mark of a heading, also where the space behind it was forgotten, and of bold."""
    match = _MARK.match(line)
    assert match is not None  # all of it may be absent
    level = len(match[1] or match[2] or "")
    begin = match.end() - len(match[3] or "")
    return Mark(level, match[2] is None, match[3] is not None, begin, match.end())


def read_numeral(line: str, start: int) -> Numeral | None:
    """The number at an offset of a line.

    >>> read_numeral("Story 3: Tills rest", 0)
    Numeral(value=3, kind='sure', end=9)
    """
    match = _NUMERAL.match(line, start)
    if match is None or match.lastgroup is None:
        return None
    name = match.lastgroup
    value = _VALUES.get(name, int)(match[name])
    return Numeral(value, _kind(name, match), match.end()) if value is not None else None


def begins_with_number(words: str) -> bool:
    """Whether words open with what may be the number of a story: "7 Tills", "3.", "③ Tills"."""
    return _BEGINS.match(words) is not None


def _kind(name: str, match: re.Match[str]) -> str:
    if name in {"roman", "roman_enclosed"}:
        return ROMAN
    if name == "bare":
        return BARE
    if name == "worded":
        return f"word {match['word'].lower()}"
    if name in {"signed", "hashed"} and not _HAS_SEPARATOR.search(match[0]):
        return f"{_SIGN} {name}"
    return SURE


def _numeric(character: str) -> int | None:
    value = unicodedata.numeric(character, 0)
    return int(value) or None


def _keycap(text: str) -> int:
    return 10 if text == "🔟" else int("".join(re.findall(r"\d", text)))


@cache
def _roman(text: str) -> int | None:
    """The value of a Roman number as it should be written, up to MAX_NUMBER."""
    upper = text.upper()
    tens = ("", "X", "XX", "XXX")
    ones = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")
    written = {tens[n // 10] + ones[n % 10]: n for n in range(1, MAX_NUMBER + 1)}
    return written.get(upper)


_VALUES: dict[str, Callable[[str], int | None]] = {
    "keycap": _keycap,
    "single": _numeric,
    "ideograph": _numeric,
    "roman": _roman,
    "roman_enclosed": _roman,
}
