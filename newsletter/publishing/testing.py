"""Tests of an issue: its message to a few addresses, outside of list, journal and books."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from newsletter.addresses import AddrSpec
from newsletter.delivery import deliver_once
from newsletter.publishing.publication import Publication
from newsletter.publishing.ready import Ready
from newsletter.transports import Envelope, Verdict

TEST_MARK = "[Test]"
"""Stands before the subject."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Tested:
    """What became of one test: a reply's verdict, in the glossary's word, and what was said."""

    address: AddrSpec
    is_accepted: bool
    verdict: str
    said: str


async def send_tests(
    ready: Ready, addresses: Sequence[AddrSpec], publication: Publication
) -> AsyncIterator[Tested]:
    """Send a test to each address, one after the other, and tell of each as it is answered.

    Raises TransportError where there is no relay to speak with.
    """
    reverse_path = str(ready.settings.sender.reverse_path)
    async with publication.open_transport() as transport:
        for address in addresses:
            envelope = Envelope(reverse_path=reverse_path, recipient=str(address))
            reply = await deliver_once(transport, envelope, ready.desk.message(address, {}))
            yield Tested(
                address=address,
                is_accepted=reply.verdict is Verdict.ACCEPTED,
                verdict=reply.verdict.value,
                said=f"{reply.code or ''} {reply.text}".strip(),
            )
