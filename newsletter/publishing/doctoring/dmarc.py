"""DMARC of From's domain, and whether SPF or DKIM count for it (RFC 9989)."""

import asyncio

from newsletter.lookup import RecordType, Resolver
from newsletter.mail_identity import (
    FREE_MAIL,
    DmarcRecord,
    Policy,
    Walk,
    Wanted,
    is_aligned,
    is_dmarc,
    meant_as_dmarc,
    walk_up,
)
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


async def look_at_dmarc(
    resolver: Resolver, from_domain: str, reverse_domain: str, signing_domain: str | None
) -> list[Finding]:
    """`signing_domain` is that of our signatures, None where the relay has to sign."""
    if from_domain in FREE_MAIL:
        return [_free_mail(from_domain)]
    walks = await asyncio.gather(
        *(
            walk_up(resolver, each)
            for each in (from_domain, reverse_domain, signing_domain or from_domain)
        )
    )
    own, reverse, signing = walks
    policy = await _policy(resolver, own)
    signed = signing if signing_domain else None
    return [*policy, *_alignment(own, reverse, signed)]


def _free_mail(domain: str) -> Finding:
    return Finding(
        name="from",
        level=Level.BAD,
        what=f"From is at {domain}, which lets nobody send for it but itself",
        step="send from a domain of your own",
        found=Found.FREE_MAIL,
        rule=SenderRule.OWN_FROM,
    )


async def _policy(resolver: Resolver, walk: Walk) -> list[Finding]:
    if walk.unknown is not None and walk.applied is None:
        return [unknown("dmarc", walk.unknown, rule=SenderRule.DMARC)]
    if walk.several and (walk.applied is None or walk.applied.domain != walk.start):
        what = f"_dmarc.{walk.several} has several DMARC records, all of which count for nothing"
        return [_finding(Level.BAD, Found.SEVERAL, what, _wanted(walk.several), "leave one")]
    record = walk.applied
    if record is None:
        return [await _missing(resolver, walk.start)]
    where = f"_dmarc.{record.domain}"
    if record.faults:
        what = f"{where}: {shown('; '.join(record.faults))}"
        return [_finding(Level.BAD, Found.INVALID, what, _wanted(record.domain))]
    findings = [
        _finding(Level.INFO, Found.TESTING, f"{where}: {shown(each)}") for each in record.notes
    ]
    silent = await _deaf_reports(resolver, record)
    return [_sound(where, record, walk.start), *findings, *silent]


async def _missing(resolver: Resolver, domain: str) -> Finding:
    """None that counts: perhaps one with a slip in it, or one in another place."""
    name = f"_dmarc.{domain}"
    answer = await resolver.ask(name, RecordType.TXT)
    if slip := next(filter(meant_as_dmarc, answer.values), ""):
        what = f"{name} has “{shown(slip)}”, which counts as none: it must begin “v=DMARC1;”"
        return _finding(Level.BAD, Found.INVALID, what, _wanted(domain), "in its place")
    what = f"{domain} has no DMARC record, and no name above it has one"
    step = await strayed(resolver, name, domain, is_dmarc)
    return _finding(Level.BAD, Found.MISSING, what, _wanted(domain), step)


def _sound(where: str, record: DmarcRecord, domain: str) -> Finding:
    policy = record.policy_of(domain)
    asks = "asks nothing of receivers" if policy is Policy.NONE else f"wants {policy}"
    tag = "p" if policy is record.policy else "sp"
    what = f"{where} {asks} for mail that proves nothing ({tag}={policy})"
    return sound("dmarc", what, rule=SenderRule.DMARC)


async def _deaf_reports(resolver: Resolver, record: DmarcRecord) -> list[Finding]:
    """Reports go to another organisation only where that one agrees (RFC 9990, 4)."""
    findings = []
    for domain in record.report_domains:
        if f".{domain}".endswith(f".{record.domain}") or f".{record.domain}".endswith(f".{domain}"):
            continue
        name = f"{record.domain}._report._dmarc.{domain}"
        answer = await resolver.ask(name, RecordType.TXT)
        if not answer.is_unknown and not any(map(is_dmarc, answer.values)):
            what = f"reports to {shown(domain)} are not sent: it does not say that it takes them"
            wanted = Wanted(name=name, kind="TXT", value="v=DMARC1")
            step = "whoever keeps that domain writes"
            findings.append(_finding(Level.INFO, Found.NOT_ALLOWED, what, wanted, step))
    return findings


def _alignment(own: Walk, reverse: Walk, signing: Walk | None) -> list[Finding]:
    """Without a policy of its own a domain is aligned as if relaxed were said (RFC 9989, 4.4)."""
    record = own.applied
    by_spf = is_aligned(own, reverse, strict=record is not None and record.strict_spf)
    by_dkim = signing is not None and is_aligned(
        own, signing, strict=record is not None and record.strict_dkim
    )
    silent = next((each.unknown for each in (own, reverse, signing) if each and each.unknown), None)
    if silent is not None and not (by_spf or by_dkim):
        return [unknown("alignment", silent, rule=SenderRule.ALIGNMENT)]
    spf = f"SPF’s {reverse.start}"
    dkim = f"DKIM’s {signing.start}" if signing else "the relay’s signature"
    if by_spf and by_dkim:
        what = f"{spf} and {dkim} are aligned with From’s {own.start}"
        return [sound("alignment", what, rule=SenderRule.ALIGNMENT)]
    if by_spf or by_dkim:
        counts, other = (spf, dkim) if by_spf else (dkim, spf)
        what = f"{counts} is aligned with From’s {own.start}, {other} is not"
        return [_aligned_once(what, is_told=signing is not None)]
    what = f"neither {spf} nor {dkim} is aligned with From’s {own.start}, so DMARC fails"
    step = "put reverse_path, or [dkim] domain, into the domain of From"
    return [
        Finding(
            name="alignment",
            level=Level.BAD,
            what=what,
            step=step,
            found=Found.NOT_ALIGNED,
            rule=SenderRule.ALIGNMENT,
        )
    ]


def _aligned_once(what: str, *, is_told: bool) -> Finding:
    """One of the two is enough; of a relay's signature nothing is known here."""
    if is_told:
        return sound("alignment", f"{what}; one is enough", rule=SenderRule.ALIGNMENT)
    what = what.rpartition(",")[0] + "; what the relay signs is not known here"
    return sound("alignment", what, rule=SenderRule.ALIGNMENT)


def _wanted(domain: str) -> Wanted:
    value = f"v=DMARC1; p=none; rua=mailto:postmaster@{domain}"
    return Wanted(name=f"_dmarc.{domain}", kind="TXT", value=value)


def _finding(
    level: Level, found: Found, what: str, record: Wanted | None = None, step: str = ""
) -> Finding:
    return Finding(
        name="dmarc",
        level=level,
        what=what,
        step=step,
        found=found,
        record=record,
        rule=SenderRule.DMARC,
    )
