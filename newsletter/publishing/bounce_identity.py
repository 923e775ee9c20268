"""Whose a message is that came back: what it says of itself, held against keys and books.

Anybody can write such a message, so that no address in it counts. What counts is a MAC that we made
and that went out with one message: in the reverse-path, in the ENVID, in the Message-ID. Each of
them is held against the row of the books that it would be of, so that nobody who was never sent to
can be said to have bounced, and so that an id that a restored database has given out once more
proves nothing of its former owner. Of whoever was erased no delivery is found.

How much is tried for one message is bounded, whatever it holds: two queries by index, and some
hundreds of MACs where it names people who were indeed sent to. That a message is not counted twice
is for whoever acts on it.
"""

import hmac
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import islice

from newsletter.addresses import parse_addr_spec
from newsletter.books import SentDelivery
from newsletter.bounces import Clues, Proven, ReturnedRecipient, Understanding
from newsletter.errors import AddressError
from newsletter.message import token_in
from newsletter.publishing.publication import Books
from newsletter.publishing.readers.links import Links, Purpose, keys_of
from newsletter.subscribers import DeliveryClaim, message_id_mac, read_return_token

MAX_RECIPIENTS = 50
"""Recipients that are told of; no message of ours has more than one, whatever it became behind."""

MAX_CLUES = 8
"""Clues of one sort that are tried."""

MAX_KEYS = 5
"""People of whom it is looked up what they were sent."""

_MOST_SENT_TO = 2
"""Addresses that we are said to have written to: one of the report, and one of the copy."""

_MAX_TOKEN = 400
"""Characters; the token of the longest address there can be has 366."""

_MESSAGE_ID = re.compile(r"([a-z2-7]{24})@[^@\s]{1,255}")

_XTEXT = re.compile(r"\+(2[0-9A-F]|3D)", re.IGNORECASE)
"""As xtext has the marks of an address that may not stand for themselves: +2B is +, +3D is =."""


class Proof(StrEnum):
    """By what it is known whose a message is, the strongest first.

    Reverse-path and envelope id hold a token that the servers on the way have seen, and the
    recipient's. Message-ID: so have those whom the recipient has answered or forwarded it to.
    Unsubscribe token: it proves the person, and no delivery. Author: our own server vouches for who
    wrote a wish to leave.
    """

    REVERSE_PATH = "reverse-path"
    ENVELOPE_ID = "envelope id"
    MESSAGE_ID = "message-id"
    UNSUBSCRIBE_TOKEN = "unsubscribe token"  # noqa: S105 - a word, and no secret
    AUTHOR = "author"
    NONE = "none"


@dataclass(frozen=True, kw_only=True, slots=True)
class Identified:
    """One recipient of a message that came back, and whose it is.

    `recipient_key` is proven, or "". It need not be the address that the message names: what we
    sent to one address may be refused by another behind it.
    """

    recipient: ReturnedRecipient
    proof: Proof = Proof.NONE
    delivery: SentDelivery | None = None
    recipient_key: str = ""

    @property
    def proven(self) -> Proven:
        """What may follow from it is for `verdict` to say.

        An unsubscribe token alone proves no delivery: whoever was forwarded an issue has that.
        """
        return Proven(is_delivery=self.delivery is not None, is_reader=bool(self.recipient_key))


def whose(understanding: Understanding, books: Books) -> Sequence[Identified]:
    """Each recipient of the message, in its order; one without an address where it names none.

    All have the same owner: each message of ours has one recipient, and what a report names besides
    stood behind that one. Raises StoreError, and SettingsError where there is no secret key.
    """
    found = _Search(understanding, books).found()
    unnamed = ReturnedRecipient(address="", kind=understanding.kind)
    recipients = understanding.recipients[:MAX_RECIPIENTS] or (unnamed,)
    return [
        Identified(
            recipient=each,
            proof=found.proof,
            delivery=found.delivery,
            recipient_key=found.recipient_key,
        )
        for each in recipients
    ]


@dataclass(frozen=True, slots=True)
class _Found:
    proof: Proof = Proof.NONE
    recipient_key: str = ""
    delivery: SentDelivery | None = None


@dataclass
class _Search:
    """What one message says, and where it is looked for."""

    understanding: Understanding
    books: Books
    _secrets: Sequence[bytes] = field(init=False)

    def __post_init__(self) -> None:
        self._secrets = keys_of(self.books)

    def found(self) -> _Found:
        owner = self._by_return_tokens()
        if owner is not None:
            return owner
        person = self._person()
        delivery = self._by_message_id(person)
        if delivery is not None:
            return _Found(Proof.MESSAGE_ID, delivery.recipient_key, delivery)
        return _Found(Proof.UNSUBSCRIBE_TOKEN, person) if person else _Found()

    @property
    def _clues(self) -> Clues:
        return self.understanding.clues

    def _by_return_tokens(self) -> _Found | None:
        claims = [
            (proof, claim)
            for proof, token in self._return_tokens()
            for claim in read_return_token(token, self._secrets, list_id=self._list_id)
        ]
        ids = {claim.delivery_id for _, claim in claims}
        rows = {row.id: row for row in self.books.database.sent_deliveries.by_ids(ids)}
        for proof, claim in claims:
            row = rows.get(claim.delivery_id)
            if row is not None and _is_of(claim, row):
                return _Found(proof, row.recipient_key, row)
        return None

    def _return_tokens(self) -> Iterator[tuple[Proof, str]]:
        path = self.books.settings.sender.reverse_path
        for addresses in (self._clues.addressed_to, self._clues.reverse_paths):
            for address in addresses[:MAX_CLUES]:
                if token := token_in(address, path):
                    yield Proof.REVERSE_PATH, token
        for envelope_id in self._clues.envelope_ids[:MAX_CLUES]:
            yield Proof.ENVELOPE_ID, envelope_id

    def _person(self) -> str:
        """The address key in an unsubscribe token, or ""."""
        links = Links(keys=self._secrets, list_id=self._list_id, base_url="")
        for token in self._clues.unsubscribe_tokens[:MAX_CLUES]:
            if len(token) <= _MAX_TOKEN and (key := links.whose(Purpose.UNSUBSCRIBE, token)):
                return key
        return ""

    def _by_message_id(self, person: str) -> SentDelivery | None:
        """A Message-ID says nothing, but can be made again of an issue and who was sent it."""
        given = self._clues.message_ids[:MAX_CLUES]
        ids = [found[1] for each in given if (found := _MESSAGE_ID.fullmatch(each))]
        if not ids:
            return None
        named = [each.address for each in self.understanding.recipients[:MAX_CLUES]]
        keys = {person, *_keys([*self._clues.sent_to[:_MOST_SENT_TO], *named])} - {""}
        sent = self.books.database.sent_deliveries.lately_to(keys)
        return next((each for each in sent if self._is_named(each, ids)), None)

    def _is_named(self, delivery: SentDelivery, ids: Collection[str]) -> bool:
        macs = [
            message_id_mac(
                secret,
                list_id=self._list_id,
                issue=delivery.issue,
                recipient_key=delivery.recipient_key,
            )
            for secret in self._secrets
        ]
        return any(hmac.compare_digest(mac, each) for mac in macs for each in ids)

    @property
    def _list_id(self) -> str:
        return self.books.settings.sender.list_id


def _is_of(claim: DeliveryClaim, row: SentDelivery) -> bool:
    return claim.holds_for(row.issue, row.recipient_key)


def _keys(addresses: Sequence[str]) -> Collection[str]:
    """The keys of what are addresses, each once, and no more than are looked up.

    Exim gives an original recipient back as it was told it, as xtext (RFC 3461, 4): what would be
    another address when it is read so is tried, too.
    """
    spelt = (spelling for each in addresses for spelling in (each, _from_xtext(each)))
    found = dict.fromkeys(key for each in spelt if (key := key_named(each)))
    return tuple(islice(found, MAX_KEYS))


def _from_xtext(text: str) -> str:
    return _XTEXT.sub(lambda found: chr(int(found[1], 16)), text)


def key_named(address: str) -> str:
    """The key of an address that a message names; "" for what is none."""
    try:
        return parse_addr_spec(address, lenient=True).key
    except AddressError:
        return ""
