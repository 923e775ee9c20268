"""A segment: a condition over those on the list, by tags, attributes and the day they joined.

Here is what a condition means and its one text form, so that two spellings of one condition are one
segment: order, brackets, doubled parts and case make no difference. Reading it is
`segment_parser`'s; the same condition in SQL is the store's, and a test holds the two together.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date

from newsletter.subscribers.model import Subscriber

KEYWORDS = ("and", "or", "not", "in", "is", "set", "has", "tag", "joined")
"""Words of the grammar; an attribute of such a name is written in quotation marks."""

_BACKSLASHED = re.compile(r'(["\\])')


def folded(text: str) -> str:
    r"""The text as it is compared: case folded, canonically composed, white space made plain.

    Unicode, 3.13, D145; the same again for what is folded already.

    >>> folded("  STRASSE ") == folded("stra\u00dfe")
    True
    """
    decomposed = unicodedata.normalize("NFD", text)
    return " ".join(unicodedata.normalize("NFC", decomposed.casefold()).split())


@dataclass(frozen=True, slots=True)
class HasTag:
    """Whoever has the tag."""

    tag: str

    def holds(self, subscriber: Subscriber) -> bool:
        return self.tag in subscriber.tags

    def __str__(self) -> str:
        return f"tag:{self.tag}"


@dataclass(frozen=True, slots=True)
class HasValue:
    """Whose attribute is one of these values, which are folded, in order and each there once.

    Who does not have the attribute has it as "": that is what is not set.
    """

    name: str
    values: tuple[str, ...]

    def holds(self, subscriber: Subscriber) -> bool:
        return folded(subscriber.attributes.get(self.name, "")) in self.values

    def __str__(self) -> str:
        return self.written()

    def written(self, *, negated: bool = False) -> str:
        name = quoted(self.name) if self.name in KEYWORDS else self.name
        if self.values == ("",):
            return f"{name} is not set" if not negated else f"{name} is set"
        if len(self.values) == 1:
            return f"{name} {'!=' if negated else '='} {quoted(self.values[0])}"
        among = ", ".join(map(quoted, self.values))
        return f"{name} {'not in' if negated else 'in'} ({among})"


@dataclass(frozen=True, slots=True)
class JoinedFrom:
    """Who came onto the list on this day (UTC) or later."""

    day: date

    def holds(self, subscriber: Subscriber) -> bool:
        return subscriber.created_at.astimezone(UTC).date() >= self.day

    def __str__(self) -> str:
        return self.written()

    def written(self, *, negated: bool = False) -> str:
        return f"joined {'<' if negated else '>='} {self.day}"


@dataclass(frozen=True, slots=True)
class JoinedOn:
    """Who came onto the list on this very day (UTC)."""

    day: date

    def holds(self, subscriber: Subscriber) -> bool:
        return subscriber.created_at.astimezone(UTC).date() == self.day

    def __str__(self) -> str:
        return self.written()

    def written(self, *, negated: bool = False) -> str:
        return f"joined {'!=' if negated else '='} {self.day}"


@dataclass(frozen=True, slots=True)
class Not:
    """Everybody else; made by `negated` alone."""

    one: "Condition"

    def holds(self, subscriber: Subscriber) -> bool:
        return not self.one.holds(subscriber)

    def __str__(self) -> str:
        match self.one:
            case HasValue() | JoinedFrom() | JoinedOn():
                return self.one.written(negated=True)
            case AllOf() | AnyOf():
                return f"not ({self.one})"
            case _:
                return f"not {self.one}"


@dataclass(frozen=True, slots=True)
class AllOf:
    """Who meets each of these, two or more; made by `all_of` alone."""

    of: tuple["Condition", ...]

    def holds(self, subscriber: Subscriber) -> bool:
        return all(each.holds(subscriber) for each in self.of)

    def __str__(self) -> str:
        return " and ".join(_bracketed(each) for each in self.of)


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Who meets one of these, two or more; made by `any_of` alone."""

    of: tuple["Condition", ...]

    def holds(self, subscriber: Subscriber) -> bool:
        return any(each.holds(subscriber) for each in self.of)

    def __str__(self) -> str:
        return " or ".join(_bracketed(each) for each in self.of)


Condition = HasTag | HasValue | JoinedFrom | JoinedOn | Not | AllOf | AnyOf


@dataclass(frozen=True, slots=True)
class Segment:
    """Those on the list who meet a condition; `str` of it is its one text form."""

    condition: Condition

    def holds(self, subscriber: Subscriber) -> bool:
        return self.condition.holds(subscriber)

    def __str__(self) -> str:
        return str(self.condition)

    @property
    def tags(self) -> tuple[str, ...]:
        """Every tag that it names, each once."""
        return tuple(dict.fromkeys(x.tag for x in parts(self.condition) if isinstance(x, HasTag)))

    @property
    def attributes(self) -> tuple[str, ...]:
        """Every attribute that it names, each once."""
        named = (x.name for x in parts(self.condition) if isinstance(x, HasValue))
        return tuple(dict.fromkeys(named))


def negated(one: Condition) -> Condition:
    return one.one if isinstance(one, Not) else Not(one)


def all_of(conditions: Iterable[Condition]) -> Condition:
    found = _in_order(each for one in conditions for each in _flat(one, AllOf))
    return found[0] if len(found) == 1 else AllOf(found)


def any_of(conditions: Iterable[Condition]) -> Condition:
    found = _in_order(each for one in conditions for each in _flat(one, AnyOf))
    return found[0] if len(found) == 1 else AnyOf(found)


def parts(condition: Condition) -> Iterator[Condition]:
    """The condition and all that it is made of."""
    yield condition
    match condition:
        case Not(one):
            yield from parts(one)
        case AllOf(of) | AnyOf(of):
            for each in of:
                yield from parts(each)


def depth(condition: Condition) -> int:
    """How many conditions stand one in another, from one."""
    match condition:
        case Not(one):
            return 1 + depth(one)
        case AllOf(of) | AnyOf(of):
            return 1 + max(map(depth, of))
        case _:
            return 1


def quoted(value: str) -> str:
    return '"' + _BACKSLASHED.sub(r"\\\1", value) + '"'


def _bracketed(one: Condition) -> str:
    return f"({one})" if isinstance(one, AllOf | AnyOf) else str(one)


def _flat(one: Condition, kind: type[AllOf] | type[AnyOf]) -> tuple[Condition, ...]:
    """Of `a and (b and c)` all three are of one rank."""
    return one.of if isinstance(one, kind) else (one,)


def _in_order(conditions: Iterable[Condition]) -> tuple[Condition, ...]:
    return tuple(sorted(set(conditions), key=_rank))


def _rank(one: Condition) -> tuple[int, str]:
    """As people would say it: the tags, those it must not have, attributes, days, the rest."""
    plain = one.one if isinstance(one, Not) else one
    kinds = (HasTag, HasValue, JoinedFrom, JoinedOn)
    kind = next((at for at, each in enumerate(kinds) if isinstance(plain, each)), len(kinds))
    return 2 * kind + isinstance(one, Not), str(one)
