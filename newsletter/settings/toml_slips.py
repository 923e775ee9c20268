"""What is wrong with a text that is not TOML, and what mends it: the usual slips, by their line.

What the parser says is the last resort: it names what it expected, and not what to write.
"""

import re
import tomllib
from typing import NamedTuple

_AT = re.compile(r"\(at line (\d+), column (\d+)\)")
_IS_THERE = ("Cannot overwrite a value", "twice", "Cannot mutate")
_BARE = re.compile(r"[^\W\d][^\"'\[\]{}#]*|\d[\w.:+-]*[/:-][\w.:+-]*")
_PLAIN_KEY = re.compile(r"""(?:(?:^|\s*\.\s*)(?:[\w-]+|"[^"]*"|'[^']*'))+""")
_HEAD = re.compile(r"\[([^\[\]]*)\]\s*(#.*)?\Z")
_GROUPED = re.compile(r"\d{1,3}(?:[, '’]\d{3})+|0\d+")
_SHORT_DATE = re.compile(r"\b\d{4}-(?:\d-\d{1,2}|\d\d-\d)\b")
_ANY_DATE = re.compile(r"\b\d{4}-\d\d-\d\d\b")
_TRUTH = re.compile(r"\b(True|TRUE|False|FALSE|yes|Yes|no|No|on|On|off|Off)\b")
_OPEN = re.compile(
    r"""=\s*(\[[^\]"'#]*|\[(?:[^\]"']|"[^"]*"|'[^']*')*|\"{3}.*|'{3}.*)\s*(#.*)?\Z"""
)


class Slip(NamedTuple):
    """Where it is: `number` counts lines from 1, 0 where the parser names none; `line` is its text
    without blanks round it, and `said` the parser's words.
    """

    text: str
    number: int
    line: str
    said: str

    @property
    def before(self) -> list[str]:
        return [each.strip() for each in self.text.splitlines()[: max(self.number - 1, 0)]]


def not_toml(text: str, error: tomllib.TOMLDecodeError) -> str:
    """The fault with its line and, where it is one of the usual slips, how to mend it."""
    slip = _slip(text, str(error))
    place = f"line {slip.number}, “{slip.line[:60]}”" if slip.line else "the file"
    return f"{place} is not TOML: {_step(slip) or slip.said}"


def _slip(text: str, said: str) -> Slip:
    lines = text.splitlines()
    if found := _AT.search(said):
        number = int(found[1])
    else:  # at the end of the document: what was begun there is on the last line that opens it
        begun = (place for place, line in enumerate(lines, 1) if _OPEN.search(line))
        number = max(begun, default=0)
    line = lines[number - 1].strip() if 0 < number <= len(lines) else ""
    return Slip(text, number, line, said)


def _step(slip: Slip) -> str:
    """What mends it, in the usual cases; "" where nobody can tell."""
    if not slip.line:
        return ""
    if slip.line.startswith("["):
        return _of_a_head(slip)
    key, equals, value = (part.strip() for part in slip.line.partition("="))
    if not equals:
        return "write `key = value`, or begin the line with # for a note"
    if any(words in slip.said for words in _IS_THERE):
        return _is_set(key, slip)
    if not _PLAIN_KEY.fullmatch(key):
        return f'put the key in quotes: "{key}" = …' if '"' not in key else ""
    return _of_a_value(key, value)


def _of_a_head(slip: Slip) -> str:
    head = _HEAD.match(slip.line)
    if head and any(words in slip.said for words in _IS_THERE):
        return _is_there(head[1].strip(), slip)
    if "]" not in slip.line:
        return "the bracket is not closed"
    return "" if head else "let what follows the bracket begin a line of its own"


def _is_there(name: str, slip: Slip) -> str:
    """A section is begun once in TOML; where it was begun is what one looks for."""
    last = name.rpartition(".")[2].strip()
    for number, line in enumerate(slip.before, 1):
        head = _HEAD.match(line)
        if head and head[1].strip() == name:
            return f"[{name}] begins on line {number} already; put its lines there"
    for number, line in enumerate(slip.before, 1):
        if re.match(rf"{re.escape(last)}\s*[.=]", line):
            return f"{last} is set on line {number} already; put all of it there, or all of it here"
    return f"{last} is set further up already; put all of it there, or all of it here"


def _is_set(key: str, slip: Slip) -> str:
    """A key without quotes that has a dot in it is a key within another: gmail.com is com, of
    gmail.
    """
    for number, line in reversed(list(enumerate(slip.before, 1))):
        if dotted := re.match(rf"({re.escape(key)}\.[\w.-]+)\s*=", line):
            return f'put the key on line {number} in quotes: "{dotted[1]}" = …'
    return f"{key} stands there twice; keep one"


def _of_a_value(key: str, value: str) -> str:
    if not value or value.startswith("#"):
        return "there is no value behind the ="
    if value[0] in "“”„‘’«":
        return f'put straight quotation marks round it: {key} = "…"'
    if re.search(r"\s//", value):
        return "a note begins with #, and not with //"
    if value[0] in "\"'":
        return _of_a_text(value)
    if truth := _TRUTH.search(re.sub(r"\"[^\"]*\"|'[^']*'", "", value)):
        return f"write true or false in place of {truth[1]}, without quotes"
    if _GROUPED.fullmatch(value):
        plain = re.sub(r"\D", "", value).lstrip("0")
        return f"write the number in figures alone: {key} = {plain or 0}"
    return _of_a_date(value) or _of_brackets(key, value) or _of_words(key, value)


def _of_a_text(value: str) -> str:
    if value.count(value[0]) == 1:
        return "the quotation mark is not closed"
    if "\\" in value and value[0] == '"' and "'" not in value:
        return "a backslash is written twice, \\\\, or the text stands in 'single quotes'"
    return "the quotation marks are not closed" if value[:3] in ('"""', "'''") else ""


def _of_a_date(value: str) -> str:
    if short := _SHORT_DATE.search(value):
        year, month, day = short[0].split("-")
        return f"write month and day with two figures: {year}-{month:>02}-{day:>02}"
    bare = re.sub(r"\"[^\"]*\"|'[^']*'", "", value)
    for date in _ANY_DATE.findall(bare):
        try:
            tomllib.loads(f"a = {date}")
        except tomllib.TOMLDecodeError:
            return f"there is no day {date}"
    return ""


def _of_brackets(key: str, value: str) -> str:
    without = re.sub(r"\"[^\"]*\"|'[^']*'", "", value).partition("#")[0].strip()
    if value[0] == "[":
        is_closed = without.count("[") <= without.count("]")
        return "put commas between the values" if is_closed else "the bracket is not closed"
    if value[0] != "{":
        return ""
    if "}" not in without:
        return f"what stands in braces stands on one line: {key} = {{ … }}"
    if re.search(r",\s*}", without):
        return "take away the comma before the }"
    if re.search(r"\w\s*:", without):
        return "write = in place of : within the braces"
    return "put commas between the pairs: { key = value, key = value }"


def _of_words(key: str, value: str) -> str:
    return f'put the words in quotes: {key} = "{value}"' if _BARE.fullmatch(value) else ""
