"""The text of a segment read: a small closed grammar, whose faults say where they are.

    condition = all ("or" all)*
    all       = one ("and" one)*
    one       = "not" one | "(" condition ")" | "tag" ":" NAME | "has" NAME
              | NAME ("=" | "!=") TEXT | NAME ["not"] "in" "(" TEXT ("," TEXT)* ")"
              | NAME "is" ["not"] "set" | "joined" ("=" | "!=" | "<" | "<=" | ">" | ">=") DAY

A TEXT stands in quotation marks, and so may a NAME. What it all means is left to `segment`.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from difflib import get_close_matches

from newsletter.errors import SegmentError
from newsletter.subscribers.segment import (
    KEYWORDS,
    Condition,
    HasTag,
    HasValue,
    JoinedFrom,
    JoinedOn,
    Segment,
    all_of,
    any_of,
    depth,
    folded,
    negated,
)

MAX_TEXT = 2_000
"""Characters."""

MAX_DEPTH = 50
"""Conditions one in another, and brackets."""

MAX_NAME = 40
"""Characters of a tag or an attribute's name."""

_TOKEN = re.compile(
    r"""\s*(?:(?P<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
    r"""|(?P<open>["'])|(?P<sign>!=|<=|>=|[=<>(),:])|(?P<word>[^\s"'!=<>(),:]+)|(?P<other>\S)|$)""",
    re.DOTALL,
)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_CURLY = re.compile("[“”„‟‘’‚«»]")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_FIRST, _LAST = date(1970, 1, 1), date(2999, 12, 31)
_END = "the end"


@dataclass(frozen=True, slots=True)
class _Token:
    """A piece of the text, from `at`. `value` is what it says: folded, of a quoted one whole."""

    kind: str
    value: str
    at: int
    end: int

    @property
    def is_name(self) -> bool:
        return self.kind == "text" or (self.kind == "word" and self.value not in KEYWORDS)

    def is_word(self, word: str) -> bool:
        return self.kind == "word" and self.value == word

    def is_sign(self, *signs: str) -> bool:
        return self.kind == "sign" and self.value in signs


def parse_segment(text: str) -> Segment:
    """The segment of a text such as `tag:uk and not tag:press and city = "Leeds"`.

    Raises SegmentError, with the place, for what is none: it has at most 2,000 characters, and 50
    conditions one in another.
    """
    _check_size(text)
    parser = _Parser(text)
    segment = Segment(parser.whole())
    if depth(segment.condition) > MAX_DEPTH:
        raise _too_deep(text, 0)
    if len(str(segment)) > MAX_TEXT:
        raise SegmentError(
            f"it is longer than {MAX_TEXT:,} characters when all is written out",
            text=text,
            next_step="tag these people, and name the tag",
        )
    return segment


def _check_size(text: str) -> None:
    if len(text) > MAX_TEXT:
        raise SegmentError(
            f"it has {len(text):,} characters, and at most {MAX_TEXT:,} are allowed",
            text=text,
            at=MAX_TEXT,
            next_step="tag these people, and name the tag",
        )
    for at, character in enumerate(text):
        if not (character.isprintable() or character.isspace()) or character == "\x00":
            raise SegmentError(
                f"U+{ord(character):04X} is not a character to write",
                text=text,
                at=at,
                next_step="leave it out",
            )


def _too_deep(text: str, at: int) -> SegmentError:
    return SegmentError(
        f"more than {MAX_DEPTH} conditions stand one in another",
        text=text,
        at=at,
        next_step="write it with fewer brackets",
    )


def _tokens(text: str) -> Iterator[_Token]:
    at = 0
    while found := _TOKEN.match(text, at):
        kind, at = found.lastgroup, found.end()
        if kind is None:
            break
        start = found.start(kind)
        if kind == "open":
            raise SegmentError(
                "this quotation mark is opened and never closed",
                text=text,
                at=start,
                next_step=f"write another {found[kind]} after the value",
            )
        said = found[kind]
        value = folded(_ESCAPED.sub(r"\1", said[1:-1]) if kind == "text" else said)
        yield _Token(kind, value, start, at)
    yield _Token("end", _END, len(text.rstrip()), len(text.rstrip()) + 1)


class _Parser:
    """One text, read from left to right, one token ahead."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._rest = _tokens(text)
        self._next = next(self._rest)
        self._open = 0

    def whole(self) -> Condition:
        if self._next.kind == "end":
            raise self._expected("a condition", step='write one, such as tag:uk or city = "Leeds"')
        found = self._any()
        if self._next.kind == "end":
            return found
        if self._next.is_sign(")"):
            raise self._fault("this bracket was never opened", step="leave it out")
        raise self._expected("“and”, “or” or the end", among=("and", "or"))

    def _take(self) -> _Token:
        token = self._next
        if token.kind != "end":
            self._next = next(self._rest)
        return token

    def _any(self) -> Condition:
        found = [self._all()]
        while self._next.is_word("or"):
            self._take()
            found.append(self._all())
        return any_of(found)

    def _all(self) -> Condition:
        found = [self._one()]
        while self._next.is_word("and"):
            self._take()
            found.append(self._one())
        return all_of(found)

    def _one(self) -> Condition:
        is_negated = False
        while self._next.is_word("not"):
            self._take()
            is_negated = not is_negated
        found = self._plain()
        return negated(found) if is_negated else found

    def _plain(self) -> Condition:
        token = self._next
        if token.is_sign("("):
            return self._in_brackets()
        if token.is_word("tag"):
            return self._tag()
        if token.is_word("has"):
            self._take()
            return negated(HasValue(self._name("an attribute’s name after “has”"), ("",)))
        if token.is_word("joined"):
            return self._joined()
        if not token.is_name:
            raise self._expected("a condition", step='write one, such as tag:uk or city = "Leeds"')
        return self._of_attribute()

    def _in_brackets(self) -> Condition:
        opening = self._take()
        self._open += 1
        if self._open > MAX_DEPTH:
            raise _too_deep(self._text, opening.at)
        found = self._any()
        if self._next.kind == "end":
            raise SegmentError(
                "this bracket is never closed", text=self._text, at=opening.at, next_step="write )"
            )
        if not self._next.is_sign(")"):
            raise self._expected("“and”, “or” or “)”", among=("and", "or"))
        self._take()
        self._open -= 1
        return found

    def _tag(self) -> Condition:
        self._take()
        if not self._next.is_sign(":"):
            raise self._expected("“:” after “tag”", step="write tag:uk")
        self._take()
        if self._next.kind not in ("word", "text"):
            raise self._expected("a tag after “tag:”", step="write tag:uk")
        return HasTag(self._checked_name("a tag", self._next.value))

    def _of_attribute(self) -> Condition:
        name, token = self._name("an attribute’s name"), self._next
        if token.is_sign("=", "!="):
            self._take()
            found: Condition = HasValue(name, (self._value(f"after “{token.value}”"),))
            return negated(found) if token.value == "!=" else found
        if token.is_word("is"):
            return self._is_set(name)
        if token.is_word("in"):
            return self._among(name)
        if token.is_word("not"):
            self._take()
            if not self._next.is_word("in"):
                raise self._expected("“in” after “not”", among=("in",))
            return negated(self._among(name))
        if token.is_sign(":"):
            step = f"write tag:{name}, or {name} = …"
            raise self._expected("“=” after an attribute’s name", step=step)
        raise self._expected(
            "“=”, “!=”, “in” or “is set” after an attribute’s name", among=("in", "is")
        )

    def _is_set(self, name: str) -> Condition:
        self._take()
        is_not = self._next.is_word("not")
        if is_not:
            self._take()
        if not self._next.is_word("set"):
            raise self._expected("“set” after “is”", among=("set", "not"))
        self._take()
        found = HasValue(name, ("",))
        return found if is_not else negated(found)

    def _among(self, name: str) -> Condition:
        self._take()
        if not self._next.is_sign("("):
            raise self._expected("“(” after “in”", step=f'write {name} in ("a", "b")')
        self._take()
        values = [self._value("in the brackets")]
        while self._next.is_sign(","):
            self._take()
            values.append(self._value("after the comma"))
        if not self._next.is_sign(")"):
            raise self._expected("“,” or “)” after a value")
        self._take()
        return HasValue(name, tuple(sorted(set(values))))

    def _value(self, where: str) -> str:
        token = self._next
        if token.kind == "text":
            return self._take().value
        said = self._text[token.at : token.end].strip()
        step = f'write "{_CURLY.sub("", said)}"' if token.kind == "word" else 'write "…"'
        raise self._expected(f"a value in straight quotation marks {where}", step=step)

    def _name(self, what: str) -> str:
        if not self._next.is_name:
            raise self._expected(what)
        return self._checked_name(what, self._next.value.replace(" ", "_"))

    def _checked_name(self, what: str, name: str) -> str:
        """A tag or an attribute: letters, digits, - and _ in any language."""
        if not name or len(name) > MAX_NAME:
            raise self._fault(
                f"{what} has 1 to {MAX_NAME} characters", step="write one that somebody has"
            )
        if any(not _is_of_name(character) for character in name):
            raise self._fault(
                f"{what} has letters, digits, - and _ alone", step="write one that somebody has"
            )
        self._take()
        return name

    def _joined(self) -> Condition:
        self._take()
        sign = self._next
        if not sign.is_sign("=", "!=", "<", "<=", ">", ">="):
            step = "write joined >= 2026-01-31"
            raise self._expected("“>=”, “<” or the like after “joined”", step=step)
        self._take()
        day = self._day(_LAST - timedelta(days=sign.is_sign("<=", ">")))
        following = day + timedelta(days=1)
        found: dict[str, Condition] = {
            "=": JoinedOn(day),
            "!=": negated(JoinedOn(day)),
            "<": negated(JoinedFrom(day)),
            "<=": negated(JoinedFrom(following)),
            ">": JoinedFrom(following),
            ">=": JoinedFrom(day),
        }
        return found[sign.value]

    def _day(self, last: date) -> date:
        said = self._next.value
        try:
            day = date.fromisoformat(said) if _DAY.fullmatch(said) else None
        except ValueError:
            day = None
        if day is None or not _FIRST <= day <= last:
            raise self._expected("a day", step="write it as 2026-01-31")
        self._take()
        return day

    def _fault(self, what: str, *, step: str = "") -> SegmentError:
        token = self._next
        return SegmentError(
            what, text=self._text, at=token.at, width=token.end - token.at, next_step=step
        )

    def _expected(self, what: str, *, among: tuple[str, ...] = (), step: str = "") -> SegmentError:
        token = self._next
        near = get_close_matches(token.value, among, n=1) if token.kind == "word" else []
        written = _CURLY.sub("", self._text[token.at : token.end][:40])
        said = _END if token.kind == "end" else f"“{written}”"
        if near:
            step = f"did you mean “{near[0]}”?"
        return self._fault(f"expected {what}, not {said}", step=step)


def _is_of_name(character: str) -> bool:
    """Letters of any language with their marks, and digits."""
    return character in "-_" or unicodedata.category(character)[0] in "LMN"
