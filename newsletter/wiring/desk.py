"""The desk at which each reader's message is made of one rendered issue."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from newsletter.wiring.openings import secret_key

if TYPE_CHECKING:
    from newsletter.addresses import AddrSpec
    from newsletter.issue import Issue
    from newsletter.message import Composer, Reader
    from newsletter.render import Rendered
    from newsletter.settings import Settings
    from newsletter.store import Delivery

UNSUBSCRIBE, PREFERENCES = "unsubscribe", "preferences"


@dataclass(frozen=True, slots=True)
class Desk:
    """Makes each reader's message of one rendered issue; the same reader gets the same bytes."""

    composer: "Composer"
    issue: str
    list_id: str
    key: bytes

    def reader(self, address: "AddrSpec", fields: Mapping[str, str]) -> "Reader":
        from newsletter.message import Reader
        from newsletter.subscribers import message_id_mac

        tokens = {
            f"{purpose}_token": self._token(purpose, address.key)
            for purpose in (UNSUBSCRIBE, PREFERENCES)
        }
        return Reader(
            address=address,
            display_name="",
            fields={**fields, **tokens},
            message_id_mac=message_id_mac(self.key, self.issue, address.key),
        )

    def message(self, address: "AddrSpec", fields: Mapping[str, str]) -> bytes:
        return self.composer.compose(self.reader(address, fields))

    def delivery(self, delivery: "Delivery") -> bytes:
        return self.message(delivery.recipient, delivery.fields)

    def _token(self, purpose: str, subject: str) -> str:
        from newsletter.subscribers import make_token

        return make_token(self.key, purpose=purpose, list_id=self.list_id, subject=subject)


def open_desk(
    issue: "Issue",
    rendered: "Rendered",
    settings: "Settings",
    *,
    message_date: datetime,
    subject_mark: str = "",
    key: bytes | None = None,
) -> Desk:
    """A desk for one rendered issue. `message_date` is the Date header of every message."""
    from newsletter.message import Composer, Content

    content = Content(
        issue=issue.name,
        subject=rendered.subject,
        html=rendered.html,
        text=rendered.text,
        slots=rendered.slots,
        date=message_date.replace(microsecond=0),
    )
    composer = Composer(content, settings.sender, subject_mark=subject_mark)
    return Desk(composer, issue.name, settings.sender.list_id, key or secret_key(settings))
