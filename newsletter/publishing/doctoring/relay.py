"""The relays, one after the other: connected to, encrypted, logged in, and left again unsent."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta

from newsletter.errors import NewsletterError
from newsletter.publishing.doctoring.faults import fault_findings
from newsletter.publishing.doctoring.finding import (
    Finding,
    Found,
    Level,
    SenderRule,
    ok,
    sound,
    warn,
)
from newsletter.publishing.publication import Publication
from newsletter.transports import (
    Encrypted,
    Encryption,
    Place,
    Placed,
    Transport,
    cautions,
    members,
)

_SOON = timedelta(days=14)
"""A certificate that is renewed by itself is renewed a month before its end."""


async def relays(publication: Publication) -> AsyncIterator[Finding]:
    """Also what is said of the way to each: whether, how and until when it is encrypted."""
    try:
        transport = publication.open_transport()
    except NewsletterError as error:
        for finding in fault_findings("relay", error):
            yield finding
        return
    for caution in cautions(transport):
        yield warn("relay", f"{caution.where}: {caution.what}", caution.next_step)
    for each in members(transport):
        for finding in await _relay(each, publication.clock()):
            yield finding


def places(publication: Publication) -> Sequence[Place]:
    """The servers that relays are at; none for a transport at fault, which is told elsewhere."""
    try:
        transports = list(members(publication.open_transport()))
    except NewsletterError:
        return ()
    found = (each.place for each in transports if isinstance(each, Placed))
    return [each for each in found if each is not None]


async def _relay(transport: Transport, now: datetime) -> list[Finding]:
    try:
        async with transport:
            session = await transport.open()
            encryption = session.encryption if isinstance(session, Encrypted) else None
            await session.close()
    except NewsletterError as error:
        return [
            Finding(
                name="relay",
                level=Level.BAD,
                what=f"{transport.name}: {error.what}",
                step=error.next_step,
                remedy=error.remedy,
            )
        ]
    taken = ok("relay", f"{transport.name}: takes our messages, as far as one can see unsent")
    place = transport.place if isinstance(transport, Placed) else None
    if place is None or (encryption is None and place.is_here):
        return [taken]
    return [taken, _tls(place, encryption, now)]


def _tls(place: Place, encryption: Encryption | None, now: datetime) -> Finding:
    rule = SenderRule.TLS
    if encryption is None:
        what = f"the way to {place.host} is not encrypted"
        step = "leave out tls=none; a relay without TLS will hardly use it on the way to readers"
        return Finding(
            name="tls",
            level=Level.WARN,
            what=what,
            step=step,
            found=Found.NOT_ENCRYPTED,
            rule=rule,
        )
    shown = f"{encryption.version} to {place.host}"
    ends = encryption.valid_until
    if ends is None:
        return sound("tls", f"{shown}, its certificate not verified", rule=rule)
    if ends - now < _SOON:
        what = f"{shown}, whose certificate ends on {ends:%Y-%m-%d}"
        step = "see that it is renewed: after that day nothing goes out"
        return Finding(
            name="tls", level=Level.WARN, what=what, step=step, found=Found.EXPIRES_SOON, rule=rule
        )
    return sound("tls", f"{shown}, its certificate good until {ends:%Y-%m-%d}", rule=rule)
