"""What the DNS has under our DKIM selectors, held against the keys that sign here (RFC 6376)."""

import asyncio
from collections.abc import Sequence

from newsletter.lookup import RecordType, Resolver
from newsletter.mail_identity import KeyFault, Wanted, key_faults, looks_like_key
from newsletter.publishing.doctoring.finding import (
    Finding,
    Found,
    Level,
    SenderRule,
    shown,
    sound,
    strayed,
    unknown,
)
from newsletter.publishing.keys import Record

_RULE = SenderRule.AUTHENTICATION
_FOUND = {
    KeyFault.REVOKED: Found.REVOKED,
    KeyFault.INVALID: Found.INVALID,
    KeyFault.OTHER_KEY: Found.OTHER_KEY,
    KeyFault.NARROW: Found.NARROW,
    KeyFault.TESTING: Found.TESTING,
}


async def look_at_keys(resolver: Resolver, records: Sequence[Record]) -> list[Finding]:
    """One finding for each of our keys."""
    return await asyncio.gather(*(_look(resolver, each) for each in records))


async def _look(resolver: Resolver, ours: Record) -> Finding:
    answer = await resolver.ask(ours.name, RecordType.TXT)
    if answer.is_unknown:
        return unknown("dkim", answer, rule=_RULE)
    found = [each for each in answer.values if looks_like_key(each)]
    if not found:
        what = f"{ours.name} has no key, so our signatures prove nothing"
        step = await strayed(resolver, ours.name, ours.domain, looks_like_key)
        return _finding(Level.BAD, Found.MISSING, what, ours, step)
    if len(found) > 1:
        what = f"{ours.name} has {len(found)} keys, and receivers may take any of them"
        return _finding(Level.BAD, Found.SEVERAL, what, ours, "leave one of them")
    faults = key_faults(found[0], ours.value)
    if not faults:
        return sound("dkim", f"{ours.name} has our key ({ours.algorithm})", rule=_RULE)
    worst, _ = faults[0]
    level = Level.WARN if worst is KeyFault.TESTING else Level.BAD
    words = "; ".join(words for _, words in faults)
    return _finding(level, _FOUND[worst], f"{ours.name}: {shown(words)}", ours)


def _finding(level: Level, found: Found, what: str, ours: Record, step: str = "") -> Finding:
    return Finding(
        name="dkim",
        level=level,
        what=what,
        step=step,
        found=found,
        record=Wanted(name=ours.name, kind="TXT", value=ours.value),
        rule=_RULE,
    )
