"""The desk at which each reader's message is made of one rendered issue."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from newsletter.wiring.openings import secret_key
from newsletter.wiring.signing import open_signer

if TYPE_CHECKING:
    from collections.abc import Callable

    from newsletter.addresses import AddrSpec
    from newsletter.books import Delivery
    from newsletter.issue import Issue
    from newsletter.message import Composer, Reader, UnsignedMessage
    from newsletter.render import Rendered
    from newsletter.settings import Settings

UNSUBSCRIBE, PREFERENCES = "unsubscribe", "preferences"
_TOKENS = [(f"{purpose}_token", purpose) for purpose in (UNSUBSCRIBE, PREFERENCES)]


@dataclass(frozen=True, slots=True)
class Desk:
    """Makes each reader's message of one rendered issue; the same reader gets the same bytes.

    `signers` is how many threads are best given to the signatures: one for each processor, as
    signing lets other threads run, and 0 where messages are not signed.
    """

    composer: "Composer"
    issue: str
    list_id: str
    key: bytes
    signers: int = 0

    def reader(self, address: "AddrSpec", fields: Mapping[str, str]) -> "Reader":
        tools = _tools()
        subject = address.key
        tokens = {
            name: tools.make_token(self.key, purpose=purpose, list_id=self.list_id, subject=subject)
            for name, purpose in _TOKENS
        }
        return tools.reader(
            address=address,
            display_name="",
            fields={**fields, **tokens},
            message_id_mac=tools.message_id_mac(self.key, self.issue, subject),
        )

    def message(self, address: "AddrSpec", fields: Mapping[str, str]) -> bytes:
        return self.composer.compose(self.reader(address, fields))

    def delivery(self, delivery: "Delivery") -> "UnsignedMessage":
        return self.composer.unsigned(self.reader(delivery.recipient, delivery.fields))


class _Tools(NamedTuple):
    reader: "type[Reader]"
    make_token: "Callable[..., str]"
    message_id_mac: "Callable[[bytes, str, str], str]"


@lru_cache(maxsize=1)  # a statement that imports takes its time for every message
def _tools() -> _Tools:
    from newsletter.message import Reader
    from newsletter.subscribers import make_token, message_id_mac

    return _Tools(Reader, make_token, message_id_mac)


def message_id(settings: "Settings", issue: str, address_key: str) -> str:
    """What stands in the Message-ID of one reader's message, without its angle brackets."""
    from newsletter.subscribers import message_id_mac

    mac = message_id_mac(secret_key(settings), issue, address_key)
    return f"{mac}@{settings.sender.mailbox.addr_spec.domain}"


def open_desk(
    issue: "Issue",
    rendered: "Rendered",
    settings: "Settings",
    *,
    message_date: datetime,
    subject_mark: str = "",
    key: bytes | None = None,
) -> Desk:
    """A desk for one rendered issue. `message_date` is the Date header of every message.

    Without a `key` it is the publication's own, and the messages are signed as its settings say;
    a key that is given is no secret, and what is made with it is only looked at.
    """
    from newsletter.message import Composer, RenderedIssue

    mailed = RenderedIssue(
        name=issue.name,
        subject=rendered.subject,
        html=rendered.html,
        text=rendered.text,
        placeholders=rendered.placeholders,
        date=message_date.replace(microsecond=0),
    )
    signer = open_signer(settings) if key is None else None
    composer = Composer(mailed, settings.sender, subject_mark=subject_mark, signer=signer)
    signers = (os.cpu_count() or 1) if signer else 0
    own_key = key or secret_key(settings)
    # A test is another message than the one it tests: a mailbox or a relay that knows a Message-ID
    # again would hold the real one back.
    named = f"{issue.name} {subject_mark} {mailed.date.isoformat()}" if subject_mark else issue.name
    return Desk(composer, named, settings.sender.list_id, own_key, signers)
