"""The lines of a front matter as keys with one line of text each: what is typed is what is meant.

A value is what stands on its line: a number sign, a colon, an at sign mean nothing. Two things of
YAML are understood, because other programs write them: quotation marks round the whole of a value,
and lines that go on indented. Faults are in an editor's words, at the line that is wrong.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from newsletter.issue.header import INVISIBLE, KEYS, is_near_key
from newsletter.issue.model import Entry, Fault, Repair
from newsletter.issue.pieces import is_blank
from newsletter.issue.source import Source, Span

EXAMPLE = "write lines such as `subject: The week in retail`"
_KEY = re.compile(
    rf"[\s{INVISIBLE}]*(?P<item>[-*]\s+)?(?P<mark>[\"']?)(?P<key>[^\W\d_][\w -]*?)(?P=mark)"
    r"(?P<colon>\s*[:=：])(?P<value>.*)"
)
_FIRST_WORD = re.compile(rf"[\s{INVISIBLE}]*(?P<key>[^\W\d_][\w-]*)\s+(?=\S)")
_BLOCK = re.compile(r"[|>][+-]?\d?[+-]?")
_NESTED = re.compile(r"\s+(?:-\s|[^\W\d_][\w-]*:(?:\s|$))")
_INDENTED_KEY = re.compile(r"\s+[a-z][\w-]*:(?:\s|$)")
_LINE_END = re.compile(r"[\r\n]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029]")
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|x([0-9A-Fa-f]{2})|([ntr\"\\/]))")
_QUOTED = re.compile(r"\"((?:[^\"\\]|\\.)*)\"|'((?:[^']|'')*)'", re.DOTALL)


@dataclass
class _Open:
    """An entry whose value may go on in the next lines; those of a block were all announced."""

    key: str
    key_span: Span
    value: str
    value_span: Span
    is_block: bool = False


@dataclass
class _Reader:
    source: Source
    takes_equals: bool
    entries: dict[str, Entry] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    open: _Open | None = None
    is_nested: bool = False
    last_stray: int = 0

    def line(self, number: int) -> None:
        text = self.source.line(number)
        if is_blank(text) or (text.startswith("#") and not self._goes_on_block()):
            return
        is_indented = text[0] in " \t\u00a0"
        if (match := _KEY.fullmatch(text)) and self._is_key(match, is_indented=is_indented):
            self._key(number, match)
        elif is_indented and (self.open or self.is_nested):
            self._more(number, text)
        else:
            self._stray(number, text)

    def close(self) -> None:
        if (done := self.open) is None:
            return
        self.open = None
        typed = _unquoted(done.value)
        value = " ".join(typed.split())
        if _CONTROL.search(typed):
            what, hint = "the value holds a control character", "type it again"
            self.faults.append(Fault(what=what, hint=hint, span=done.value_span))
        elif _LINE_END.search(typed):  # an escape: what is typed on more lines is joined already
            what, hint = "the value holds a line break", "write it on one line"
            self.faults.append(Fault(what=what, hint=hint, span=done.value_span))
        elif done.key in self.entries:
            what = f"the key “{done.key}” is given twice"
            self.faults.append(Fault(what=what, hint="keep one of the two", span=done.key_span))
        else:
            self.entries[done.key] = Entry(
                key=done.key, value=value, key_span=done.key_span, value_span=done.value_span
            )

    def _goes_on_block(self) -> bool:
        return self.open is not None and self.open.is_block

    def _is_key(self, match: re.Match[str], *, is_indented: bool) -> bool:
        """Whether what looks like a key is one: ours always, others where nothing is unusual."""
        key, colon, value = match["key"], match["colon"].strip(), match["value"]
        if key.lower() in KEYS:
            return True
        if key.partition(" ")[0].lower() in KEYS:
            return False  # the colon is missing after that word, and this one is the value's
        if is_near_key(key) and not (is_indented and self._goes_on_block()):
            return True
        if is_indented or match["item"] or " " in key:
            return False
        return (colon == ":" and (not value or value[0].isspace())) or (
            colon == "=" and self.takes_equals
        )

    def _key(self, number: int, match: re.Match[str]) -> None:
        self.close()
        self.is_nested = False
        at = match.start("key")
        key_span = self.source.span(number, at + 1, len(match["key"]))
        self._odd_key(number, match)
        self._begin(number, match["key"], key_span, match.start("value"))

    def _begin(self, number: int, key: str, key_span: Span, at: int) -> None:
        rest = self.source.line(number)[at:]
        value = rest.strip()
        at += len(rest) - len(rest.lstrip()) if value else 0
        span = self.source.span(number, at + 1, len(value))
        is_block = _BLOCK.fullmatch(value) is not None
        self.open = _Open(
            key=" ".join(key.split()),
            key_span=key_span,
            value="" if is_block else value,
            value_span=span,
            is_block=is_block,
        )

    def _odd_key(self, number: int, match: re.Match[str]) -> None:
        """A hyphen before the key, or another sign where the colon should be."""
        colon = match["colon"].strip()
        if match["item"]:
            what = f"there is “{match['item'].strip()}” before “{match['key']}”"
            self._fault(number, match.span("item"), what, "take it out", put="")
        elif colon == "：" or (colon == "=" and not self.takes_equals):
            what = f"there is “{colon}” after “{match['key']}”, not a colon"
            hint = f"write `{match['key']}: …`"
            put = ":" if match["value"][:1].isspace() else ": "
            self._fault(number, match.span("colon"), what, hint, put=put)

    def _more(self, number: int, text: str) -> None:
        if self.is_nested:
            return
        assert self.open is not None
        at = len(text) - len(text.lstrip())
        place = (at, len(text.rstrip()))
        is_open = self.open.is_block or self.open.value[:1] in {"'", '"'}
        if not self.open.value and not is_open and _NESTED.match(text):
            what = "a value here is one line of text, not a list or more keys"
            self._fault(number, place, what, f"write `{self.open.key}: …`")
            self.open, self.is_nested = None, True
            return
        if not is_open and _INDENTED_KEY.match(text):
            what = "this line is indented, so it goes on with the line above, and it has a key"
            hint = "begin it at the start of the line, or write the value above on one line"
            self._fault(number, place, what, hint)
            return
        joined = f"{self.open.value} {text.strip()}".strip()
        here = self.source.span(number, at + 1, len(text.strip()))
        self.open.value_span = self.open.value_span.to(here) if self.open.value else here
        self.open.value = joined

    def _stray(self, number: int, text: str) -> None:
        """A line without a key; several in a row are one slip."""
        self.is_nested = False
        if (match := _FIRST_WORD.match(text)) and self._lacks_colon(match["key"]):
            self.close()
            end = match.end("key")
            what = f"the colon is missing after “{match['key']}”"
            hint = f"write `{match['key']}: …`"
            self._fault(number, (match.start("key"), end), what, hint, put=f"{match['key']}:")
            span = self.source.span(number, match.start("key") + 1, len(match["key"]))
            self._begin(number, match["key"], span, end)
            return
        if self.last_stray != number - 1:
            hint = EXAMPLE
            if self.entries or self.open:
                hint += "; what goes on with the line above begins with two spaces"
            self._fault(number, (0, len(text)), "this line has no key before a colon", hint)
        self.last_stray = number

    def _lacks_colon(self, word: str) -> bool:
        return word.lower() in KEYS or (word.islower() and is_near_key(word))

    def _fault(
        self, number: int, place: tuple[int, int], what: str, hint: str, *, put: str | None = None
    ) -> None:
        span = self.source.span(number, place[0] + 1, place[1] - place[0])
        repair: tuple[Repair, ...] = () if put is None else ((span, put),)
        self.faults.append(Fault(what=what, hint=hint, span=span, repair=repair))


def read_entries(
    source: Source, lines: range, *, takes_equals: bool = False
) -> tuple[tuple[Entry, ...], tuple[Fault, ...]]:
    """Entries and faults of the lines between fences; with `takes_equals`, of `key = value` too."""
    reader = _Reader(source, takes_equals)
    for number in lines:
        reader.line(number)
    reader.close()
    return tuple(reader.entries.values()), tuple(reader.faults)


def equals_signs(source: Source, lines: range) -> Iterator[Repair]:
    """What makes `key: value` of every `key = value`."""
    for number in lines:
        match = _KEY.fullmatch(source.line(number))
        if match and match["colon"].strip() == "=":
            put = ":" if match["value"][:1].isspace() else ": "
            start, end = match.span("colon")
            yield source.span(number, start + 1, end - start), put


def _unquoted(value: str) -> str:
    """Without the quotation marks, where they stand round the whole and not inside as well."""
    match = _QUOTED.fullmatch(value)
    if match is None:
        return value
    if match[2] is not None:
        return match[2].replace("''", "'")
    return _ESCAPE.sub(_unescaped, match[1])


def _unescaped(match: re.Match[str]) -> str:
    if code := match[1] or match[2]:
        return chr(int(code, 16))
    return {"n": "\n", "t": "\t", "r": "\n"}.get(match[3], match[3])
