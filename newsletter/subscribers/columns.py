"""What each column of a file is: whose address, what they said; all others are attributes.

What a name means is `column_names`'s, what a cell says `cells`'s and `standing`'s.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from newsletter.errors import SubscriberFileError
from newsletter.subscribers.cells import CONTROL, original, word_of
from newsletter.subscribers.column_names import (
    ADDRESSES,
    FIRST_NAMES,
    HASHES,
    OF_STANDING,
    YES_BY_DATE,
    Meaning,
    meaning_of,
    preference_of,
)
from newsletter.subscribers.file_names import standing_by_name
from newsletter.subscribers.plain_words import plain_words
from newsletter.subscribers.standing import Standing

_KEPT_TOO = frozenset({Meaning.WEAK_STATUS, Meaning.WEAK_GONE, Meaning.WEAK_AGREED, Meaning.SOURCE})
_AGAINST = OF_STANDING | {Meaning.SUPPRESSED_AT, Meaning.SUPPRESSED_BECAUSE}
_GAP = re.compile(r"[\s_\-]+")


@dataclass(frozen=True, slots=True)
class Column:
    """Where it stands in a record, from nought, and what it is called."""

    place: int
    name: str


@dataclass(frozen=True, kw_only=True)
class Columns:
    """The columns of one file. `attributes` are by the name that the list gives them.

    `unnamed` have no name, and are not read; nor are `left_out`, because somebody wants it so.
    `at_best` is what everybody is, at most, by the name of the file.
    """

    width: int
    address: int | None
    hash: int | None
    first_name: int | None
    known: Mapping[Meaning, Sequence[Column]]
    attributes: Sequence[Column]
    unnamed: Sequence[int]
    left_out: Sequence[str]
    is_ours: bool
    at_best: Standing = Standing.CONFIRMED

    def of(self, meaning: Meaning) -> Sequence[Column]:
        return self.known.get(meaning, ())

    @property
    def of_standing(self) -> Sequence[str]:
        """The names of those that say who has gone, or has not agreed, in the file's order."""
        told = [each for meaning in OF_STANDING for each in self.of(meaning)]
        told += self.confirmations
        return [each.name for each in sorted(told, key=lambda each: each.place)]

    @property
    def confirmations(self) -> Sequence[Column]:
        """The dates without which nobody has confirmed, where no other column says who reads."""
        if self.of(Meaning.STATUS) or self.of(Meaning.WANTS) or self.is_ours:
            return []
        dates = self.of(Meaning.CONSENT_AT)
        return [each for each in dates if plain_words(each.name) in YES_BY_DATE]

    def place_of(self, meaning: Meaning) -> int | None:
        """The first such column; None where there is none."""
        return self.of(meaning)[0].place if self.of(meaning) else None


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """Which columns are read: all, or only some beside the address, or all but some.

    Those that say who has gone are read beside `only`, too.
    """

    only: frozenset[str] = frozenset()
    without: frozenset[str] = frozenset()

    def takes(self, name: str) -> bool:
        plain = plain_name(name)
        only, without = map(_plain_names, (self.only, self.without))
        return plain not in without and (not only or plain in only)

    def hears(self, name: str, words: str) -> bool:
        """Whether it says who has gone, which is left out only where somebody names it for that."""
        is_left_out = plain_name(name) in _plain_names(self.without)
        speaks = meaning_of(words) in _AGAINST or words in YES_BY_DATE
        return speaks and not is_left_out

    def unknown_in(self, names: Iterable[str]) -> list[str]:
        """What was chosen and is no column."""
        there = _plain_names(names)
        return [name for name in sorted(self.only | self.without) if plain_name(name) not in there]


EVERYTHING = Choice()


def plain_name(name: str) -> str:
    """The name without its case and marks.

    >>> plain_name(" First_Name")
    'first name'
    """
    return _GAP.sub(" ", name.replace("\ufeff", "")).strip(" ").lower()


def _plain_names(names: Iterable[str]) -> set[str]:
    return {plain_name(name) for name in names}


def columns_of(names: Sequence[str], path: str, choice: Choice = EVERYTHING) -> Columns:
    """What the names of a header mean.

    Raises SubscriberFileError for one without an address, or where two columns are the address.
    """
    where = f"{path}:1"
    shown = [original(name.strip()) for name in names]
    plain = [plain_name(name) for name in shown]
    words = [plain_words(name) for name in shown]
    if unknown := choice.unknown_in(shown):
        raise SubscriberFileError(
            f"no column “{shown_cell(unknown[0])}”",
            where=where,
            next_step=f"the first line names {_listed(shown)}",
        )
    address, hash_ = _one(words, ADDRESSES, where), _one(words, HASHES, where)
    first_name = _one(words, FIRST_NAMES, where)
    taken = {address, hash_, first_name}
    if first_name is not None and not choice.takes(shown[first_name]):
        first_name = None
    rest = [place for place in range(len(plain)) if place not in taken and plain[place]]
    chosen = [place for place in rest if choice.takes(shown[place])]
    against = [place for place in rest if choice.hears(shown[place], words[place])]
    read = sorted({*chosen, *against})
    known = _known(read, words, shown)
    others = [place for place in chosen if meaning_of(words[place]) in {None, *_KEPT_TOO}]
    is_ours = "consent source" in plain and "suppressed" in plain
    if is_ours:
        others = [place for place in others if plain[place] != "state"]
    return Columns(
        width=len(names),
        address=address,
        hash=hash_,
        first_name=first_name,
        known=known,
        attributes=_attributes(others, shown),
        unnamed=[place for place, name in enumerate(plain) if not name],
        left_out=[shown[place] for place in rest if place not in read],
        is_ours=is_ours,
        at_best=Standing.CONFIRMED if OF_STANDING & known.keys() else standing_by_name(path),
    )


def has_address(names: Iterable[str]) -> bool:
    """Whether one of these columns is people's addresses.

    >>> has_address(["Vorname", "E-Mail-Adresse"]), has_address(["Vorname"])
    (True, False)
    """
    return not {plain_words(name) for name in names}.isdisjoint(ADDRESSES)


def no_address(names: Sequence[str], path: str) -> SubscriberFileError:
    """The error for a table of people who have no addresses."""
    return SubscriberFileError(
        f"no column “email”; the first line names {_listed(names)}",
        where=f"{path}:1",
        next_step="begin the file with a line “email,first_name”",
    )


def shown_cell(text: str) -> str:
    """A cell in an error: what is not to be seen is, and not too much of it."""
    text = CONTROL.sub("�", text)
    return text if len(text) <= 40 else text[:39] + "…"


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"“{shown_cell(name)}”" for name in names[:8])


def _one(plain: list[str], wanted: tuple[str, ...], where: str) -> int | None:
    name = next((name for name in wanted if name in plain), None)
    if name is None:
        return None
    if plain.count(name) > 1:
        raise SubscriberFileError(
            f"two columns are named “{name}”", where=where, next_step="rename one of them"
        )
    return plain.index(name)


def _known(
    read: Sequence[int], words: Sequence[str], shown: Sequence[str]
) -> Mapping[Meaning, Sequence[Column]]:
    """By meaning, the preferred names first: a confirmation goes before a sign-up."""
    known: dict[Meaning, list[Column]] = {}
    for place in sorted(read, key=lambda each: preference_of(words[each])):
        if (meaning := meaning_of(words[place])) is not None:
            known.setdefault(meaning, []).append(Column(place, shown[place]))
    return known


def _attributes(places: Sequence[int], shown: Sequence[str]) -> Sequence[Column]:
    """Each under a name of its own: Mailchimp has two columns UNSUB_REASON, say."""
    found: list[Column] = []
    times: Counter[str] = Counter()
    for place in places:
        name = word_of(shown[place]) or f"column_{place + 1}"
        times[name] += 1
        found.append(Column(place, name if times[name] == 1 else f"{name}_{times[name]}"))
    return found
