"""The desk at which each reader's message is made of one rendered issue."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self
from urllib.parse import unquote

from newsletter.addresses import AddrSpec
from newsletter.books import Delivery
from newsletter.issue import Issue
from newsletter.message import (
    Composer,
    Reader,
    RelatedPicture,
    RenderedIssue,
    Sender,
    Signer,
    UnsignedMessage,
)
from newsletter.render import Rendered, content_id
from newsletter.settings import ImageMode, Settings
from newsletter.subscribers import (
    make_return_token,
    make_token,
    message_id_mac,
    secret_of,
)

UNSUBSCRIBE, PREFERENCES = "unsubscribe", "preferences"
_TOKENS = [(f"{purpose}_token", purpose) for purpose in (UNSUBSCRIBE, PREFERENCES)]
_NOT_A_SECRET = b"a rendered specimen is sent to nobody"


@dataclass(frozen=True, slots=True)
class Desk:
    """Makes each reader's message of one rendered issue; the same reader gets the same bytes.

    `signers` is how many threads are best given to the signatures: one for each processor, as
    signing lets other threads run, and 0 where messages are not signed. `weak_keys` names those of
    its DKIM keys that are shorter than receivers want (RFC 8301, 3.2).
    """

    composer: Composer
    issue: str
    list_id: str
    key: bytes
    signers: int = 0
    weak_keys: tuple[str, ...] = ()

    def of(self, salt: str) -> Self:
        """The desk of the publication whose salt this is, as its database knows it."""
        return replace(self, key=secret_of(self.key, salt))

    def reader(self, address: AddrSpec, fields: Mapping[str, str]) -> Reader:
        subject = address.key
        tokens = {
            name: make_token(self.key, purpose=purpose, list_id=self.list_id, subject=subject)
            for name, purpose in _TOKENS
        }
        return Reader(
            address=address,
            display_name="",
            fields={**fields, **tokens},
            message_id_mac=message_id_mac(
                self.key, list_id=self.list_id, issue=self.issue, recipient_key=subject
            ),
        )

    def message(self, address: AddrSpec, fields: Mapping[str, str]) -> bytes:
        return self.composer.compose(self.reader(address, fields))

    def delivery(self, delivery: Delivery) -> UnsignedMessage:
        return self.composer.unsigned(self.reader(delivery.recipient, delivery.fields))

    def return_token(self, delivery: Delivery) -> str:
        """By which a message that comes back says which delivery it was."""
        return make_return_token(
            self.key,
            list_id=self.list_id,
            issue=delivery.issue,
            recipient_key=delivery.recipient_key,
            delivery_id=delivery.id,
        )


def message_id(key: bytes, sender: Sender, issue: str, address_key: str) -> str:
    """What stands in the Message-ID of one reader's message, without its angle brackets."""
    mac = message_id_mac(key, list_id=sender.list_id, issue=issue, recipient_key=address_key)
    return f"{mac}@{sender.mailbox.addr_spec.domain}"


def open_desk(
    issue: Issue,
    rendered: Rendered,
    settings: Settings,
    *,
    message_date: datetime,
    key: bytes,
    signer: Signer | None = None,
    subject_mark: str = "",
) -> Desk:
    """A desk for one rendered issue. `message_date` is the Date header of every message."""
    sent = RenderedIssue(
        name=issue.name,
        subject=rendered.subject,
        html=rendered.html,
        text=rendered.text,
        placeholders=rendered.placeholders,
        date=message_date.replace(microsecond=0),
        pictures=_brought_along(rendered, settings),
    )
    composer = Composer(sent, settings.sender, subject_mark=subject_mark, signer=signer)
    signers = (os.cpu_count() or 1) if signer else 0
    # A test is another message than the one it tests: a mailbox or a relay that knows a Message-ID
    # again would hold the real one back.
    named = f"{issue.name} {subject_mark} {sent.date.isoformat()}" if subject_mark else issue.name
    keys = signer.keys if signer else ()
    weak = tuple(f"{each.selector} has {each.bits} bits" for each in keys if each.is_weak)
    return Desk(composer, named, settings.sender.list_id, key, signers, weak)


def _brought_along(rendered: Rendered, settings: Settings) -> tuple[RelatedPicture, ...]:
    """The pictures in each message, under the ids by which its HTML shows them."""
    if settings.images.mode is not ImageMode.INLINE:
        return ()
    domain = settings.sender.mailbox.addr_spec.domain
    return tuple(
        RelatedPicture(
            content_id=content_id(picture, domain),
            name=unquote(picture.source).rpartition("/")[2],
            media_type=picture.media_type,
            octets=picture.octets,
        )
        for picture in rendered.pictures
    )


def specimen_desk(
    issue: Issue, rendered: Rendered, settings: Settings, message_date: datetime
) -> Desk:
    """A desk whose messages are only looked at: its key is no secret, and nothing is signed."""
    return open_desk(issue, rendered, settings, message_date=message_date, key=_NOT_A_SECRET)
