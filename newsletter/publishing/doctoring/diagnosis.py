"""Everything that can be seen of a publication, in the order of the page.

Nothing is changed and nothing is sent. Whatever cannot be looked at is a finding too, so that one
fault hides no other. What is outside is asked for at one time, since most of it is waiting.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence

from newsletter.errors import NewsletterError
from newsletter.publishing.doctoring.belongings import dkim, files, settings, templates
from newsletter.publishing.doctoring.database import database
from newsletter.publishing.doctoring.dkim import look_at_keys
from newsletter.publishing.doctoring.dmarc import look_at_dmarc
from newsletter.publishing.doctoring.extras import look_at_extras
from newsletter.publishing.doctoring.faults import fault_findings, guarded
from newsletter.publishing.doctoring.finding import Finding, Level
from newsletter.publishing.doctoring.headers import headers
from newsletter.publishing.doctoring.mailboxes import look_at_mailboxes, mailboxes_of
from newsletter.publishing.doctoring.relay import places, relays
from newsletter.publishing.doctoring.reverse import look_back
from newsletter.publishing.doctoring.sending import sending_addresses
from newsletter.publishing.doctoring.site import one_click, site
from newsletter.publishing.doctoring.spf import look_at_spf
from newsletter.publishing.keys import Record, configured_records
from newsletter.publishing.outside import Outside
from newsletter.publishing.publication import Publication


async def diagnose(
    publication: Publication, *, outside: Outside | None = None
) -> AsyncIterator[Finding]:
    """What can be seen from here; with `outside` the DNS and the site are asked, too."""
    for look in (settings, files, templates, database):
        for finding in guarded(look, publication):
            yield finding
    from_here = [*guarded(dkim, publication)]
    if not any(each.level is Level.BAD for each in from_here):
        from_here += guarded(headers, publication)
    from_here += guarded(site, publication)
    elsewhere = await asyncio.gather(
        _relays(publication), *([_outside(publication, outside)] if outside else [])
    )
    findings = [*from_here, *(finding for each in elsewhere for finding in each)]
    for finding in sorted(findings, key=lambda each: each.place):
        yield finding


async def _relays(publication: Publication) -> list[Finding]:
    return [finding async for finding in relays(publication)]


async def _outside(publication: Publication, outside: Outside) -> list[Finding]:
    """All is asked at one time: most of it is waiting."""
    try:
        resolver = publication.open_resolver()
    except NewsletterError as error:
        dns = [*fault_findings("dns", error)]
        return [*dns, await asyncio.to_thread(one_click, publication, outside)]
    sender = publication.settings.sender
    domain, reverse = sender.mailbox.addr_spec.domain.lower(), sender.reverse_path
    told = publication.settings.relay.sends_from
    sending = await sending_addresses(resolver, places(publication), told)
    keys = _keys(publication)
    clicking = asyncio.create_task(asyncio.to_thread(one_click, publication, outside))
    found = await asyncio.gather(
        look_at_keys(resolver, keys),
        look_at_spf(resolver, reverse.domain.lower(), reverse.local_part, sending),
        look_at_dmarc(resolver, domain, reverse.domain.lower(), keys[0].domain if keys else None),
        look_at_mailboxes(resolver, mailboxes_of(sender)),
        look_back(resolver, sending, domain),
        look_at_extras(resolver, domain, outside),
    )
    return [await clicking, *(finding for each in found for finding in each)]


def _keys(publication: Publication) -> Sequence[Record]:
    """None where nothing is signed here, or a key is at fault, which is told elsewhere."""
    try:
        return configured_records(publication)
    except NewsletterError:
        return ()
