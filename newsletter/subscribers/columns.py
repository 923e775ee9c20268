"""What each column of a file is, by its name in the usual exports: whose address, what they said.

The names are those of Mailchimp, Substack, Buttondown, Ghost, listmonk, Kit and beehiiv, of our own
export, and of people. A column that is none of these is an attribute. What a cell says is
`cells`'s and `standing`'s.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from newsletter.errors import SubscriberFileError
from newsletter.subscribers.cells import CONTROL, original, word_of


class Meaning(Enum):
    """What a column is. Weak ones say only that somebody has gone, and are attributes as well."""

    ADDRESS = auto()
    HASH = auto()
    FIRST_NAME = auto()
    TAGS = auto()
    ATTRIBUTES = auto()
    STATUS = auto()
    WEAK_STATUS = auto()
    WANTS = auto()
    WANTS_NOT = auto()
    AGREED = auto()
    GONE_AT = auto()
    BOUNCED_AT = auto()
    COMPLAINED_AT = auto()
    CONSENT_SOURCE = auto()
    CONSENT_AT = auto()
    SOURCE = auto()
    CREATED_AT = auto()
    UPDATED_AT = auto()
    PAUSED_UNTIL = auto()
    SUPPRESSED = auto()
    SUPPRESSED_BECAUSE = auto()
    SUPPRESSED_AT = auto()


# In the order of preference: beside "email", an "address" is one of bricks.
_ADDRESSES = ("email", "e mail", "email address", "e mail address", "subscriber email", "address")
_FIRST_NAMES = ("first name", "firstname", "fname", "given name", "name")
_HASHES = ("sha256", "email sha256", "sha256 email", "email hash", "hashed email", "hash")

_SPELLINGS: Mapping[Meaning, Sequence[str]] = {
    Meaning.TAGS: ("tags", "tag", "labels", "label", "groups"),
    Meaning.ATTRIBUTES: ("attributes", "attribs", "metadata"),
    Meaning.STATUS: (
        "status",
        "subscription status",
        "subscriber status",
        "subscriber type",
        "email status",
        "marketing status",
    ),
    Meaning.WEAK_STATUS: ("state", "type"),
    Meaning.WANTS: (
        "subscribed to emails",
        "subscribed",
        "email enabled",
    ),
    Meaning.AGREED: ("opt in", "optin", "opted in", "double opt in", "confirmed"),
    Meaning.WANTS_NOT: ("email disabled", "unsubscribed", "opted out", "opt out", "optout"),
    Meaning.GONE_AT: (
        "unsubscribed at",
        "unsub time",
        "unsubscribe time",
        "unsubscription date",
        "unsubscribed on",
        "unsubscribe date",
        "unsubscribed date",
        "opt out time",
        "optout time",
        "opted out at",
        "cancelled at",
        "canceled at",
        "deleted at",
    ),
    Meaning.BOUNCED_AT: (
        "bounced at",
        "bounced",
        "bounce",
        "hard bounced",
        "cleaned",
        "cleaned at",
        "clean time",
        "undeliverability date",
    ),
    Meaning.COMPLAINED_AT: ("complained at", "complained", "complaint", "spam complaint"),
    Meaning.CONSENT_SOURCE: ("consent source", "consent"),
    Meaning.CONSENT_AT: (
        "consent at",
        "confirm time",
        "confirmed at",
        "confirmation date",
        "optin time",
        "opt in time",
        "opt in date",
        "opted in at",
        "subscribed at",
        "subscribed on",
        "consent date",
    ),
    Meaning.SOURCE: ("source", "signup source", "sign up source", "utm source", "referrer url"),
    Meaning.CREATED_AT: (
        "created at",
        "created",
        "creation date",
        "created on",
        "date added",
        "date created",
        "joined at",
        "signup date",
    ),
    Meaning.UPDATED_AT: ("updated at",),
    Meaning.PAUSED_UNTIL: ("paused until",),
    Meaning.SUPPRESSED: ("suppressed",),
    Meaning.SUPPRESSED_BECAUSE: ("suppressed because",),
    Meaning.SUPPRESSED_AT: ("suppressed at",),
}
_MEANINGS = {name: meaning for meaning, names in _SPELLINGS.items() for name in names}
_PREFERENCE = {name: place for place, name in enumerate(_MEANINGS)}
_KEPT_TOO = frozenset({Meaning.WEAK_STATUS, Meaning.SOURCE})
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

    def of(self, meaning: Meaning) -> Sequence[Column]:
        return self.known.get(meaning, ())

    def place_of(self, meaning: Meaning) -> int | None:
        """The first such column; None where there is none."""
        return self.of(meaning)[0].place if self.of(meaning) else None


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """Which columns are read: all, or only some beside the address, or all but some."""

    only: frozenset[str] = frozenset()
    without: frozenset[str] = frozenset()

    def takes(self, name: str) -> bool:
        plain = plain_name(name)
        only, without = map(_plain_names, (self.only, self.without))
        return plain not in without and (not only or plain in only)

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
    if unknown := choice.unknown_in(shown):
        raise SubscriberFileError(
            f"no column “{shown_cell(unknown[0])}”",
            where=where,
            next_step=f"the first line names {_listed(shown)}",
        )
    address, hash_ = _one(plain, _ADDRESSES, where), _one(plain, _HASHES, where)
    first_name = _one(plain, _FIRST_NAMES, where)
    taken = {address, hash_, first_name}
    if first_name is not None and not choice.takes(shown[first_name]):
        first_name = None
    rest = [place for place in range(len(plain)) if place not in taken and plain[place]]
    read = [place for place in rest if choice.takes(shown[place])]
    known = _known(read, plain, shown)
    others = [place for place in read if _MEANINGS.get(plain[place], Meaning.SOURCE) in _KEPT_TOO]
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
    )


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
    read: Sequence[int], plain: Sequence[str], shown: Sequence[str]
) -> Mapping[Meaning, Sequence[Column]]:
    """By meaning, the preferred names first: a confirmation goes before a sign-up."""
    known: dict[Meaning, list[Column]] = {}
    for place in sorted(read, key=lambda each: _PREFERENCE.get(plain[each], 0)):
        if (meaning := _MEANINGS.get(plain[place])) is not None:
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
