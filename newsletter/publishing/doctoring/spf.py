"""SPF of the reverse-path's domain, as receivers work it out (RFC 7208)."""

import asyncio
import re
from ipaddress import ip_network

from newsletter.lookup import RecordType, Resolver
from newsletter.mail_identity import (
    MAX_LOOKUPS,
    MAX_VOID,
    SpfRecord,
    SpfResult,
    SpfVerdict,
    Wanted,
    check_host,
    is_spf,
    meant_as_spf,
    parse_spf,
    walk_whole,
)
from newsletter.publishing.doctoring.finding import (
    Finding,
    Found,
    Level,
    SenderRule,
    shown,
    sound,
    unknown,
)
from newsletter.publishing.doctoring.sending import Sending

_LABEL = re.compile(r"\A\+?ip(?:v?[46])?[:=]", re.IGNORECASE)
_RULE = SenderRule.AUTHENTICATION


async def look_at_spf(
    resolver: Resolver, domain: str, local_part: str, sending: Sending
) -> list[Finding]:
    """One finding on the record, and one for each address that it does not let through."""
    answer = await resolver.ask(domain, RecordType.TXT)
    if answer.is_unknown:
        return [unknown("spf", answer, rule=_RULE)]
    records = [each for each in answer.values if is_spf(each)]
    if not records:
        if slip := next(filter(meant_as_spf, answer.values), ""):
            what = f"{domain} has “{shown(slip)}”, which counts as none: it must begin “v=spf1 ”"
            return [_bad(Found.INVALID, what, _mended(domain, slip, sending), "in its place")]
        what = f"{domain} has no SPF record, so nobody knows who may send for it"
        return [_bad(Found.MISSING, what, _fresh(domain, sending))]
    if len(records) > 1:
        what = f"{domain} has {len(records)} SPF records, and so counts as having none"
        return [_bad(Found.SEVERAL, what, _merged(domain, records), "keep one of them")]
    record = parse_spf(records[0])
    if record.faults:
        what = f"{domain}: {shown('; '.join(record.faults))}"
        return [_bad(Found.INVALID, what, _without_faults(domain, records[0], record, sending))]
    whole = await walk_whole(resolver, domain)
    if (fault := _fault(domain, records[0], whole, sending)) is not None:
        return [fault]
    return await _tried(resolver, domain, local_part, records[0], whole, sending)


def _fault(domain: str, text: str, whole: SpfVerdict, sending: Sending) -> Finding | None:
    if whole.result is SpfResult.TEMPERROR:
        what = f"{domain}: {shown(whole.why)}"
        step = "try again; receivers cannot tell either while it is so"
        return _finding(Level.WARN, Found.UNKNOWN, what, step=step)
    if whole.lookups > MAX_LOOKUPS or whole.voids > MAX_VOID:
        return _finding(
            Level.BAD,
            Found.TOO_MANY_LOOKUPS,
            f"{domain} takes {_cost(whole)}, and receivers give up after {MAX_LOOKUPS}, or after "
            f"{MAX_VOID} that find nothing (RFC 7208, 4.6.4)",
            step="take out what sends no more; put addresses (ip4:, ip6:) in place of names",
        )
    if whole.result is SpfResult.PERMERROR:
        step = "mend or take out what it refers to"
        return _finding(Level.BAD, Found.INVALID, f"{domain}: {shown(whole.why)}", step=step)
    if whole.result is SpfResult.PASS:
        what = f"{domain} lets everybody send for it ({shown(whole.why)})"
        if parse_spf(text).all_qualifier == "+":
            return _bad(Found.OPEN_TO_ALL, what, _ended(domain, text, sending))
        step = "take out what it includes, or have that mended"
        return _finding(Level.BAD, Found.OPEN_TO_ALL, what, step=step)
    return None


async def _tried(
    resolver: Resolver, domain: str, local_part: str, text: str, whole: SpfVerdict, sending: Sending
) -> list[Finding]:
    """Of a record without a fault of its own: whether it lets our addresses through."""
    findings = []
    if whole.result is SpfResult.NEUTRAL:
        what = f"{domain} says nothing of who is not named: {shown(whole.why)}"
        record = _ended(domain, text, sending)
        findings.append(_finding(Level.WARN, Found.UNDECIDED, what, record=record))
    if not sending.addresses:
        return [*findings, _untried(domain, whole, sending)]
    verdicts = await asyncio.gather(
        *(check_host(resolver, each, domain, local_part=local_part) for each in sending.addresses)
    )
    passed = [a for a, v in zip(sending.addresses, verdicts, strict=True) if _passes(v)]
    if passed:
        what = f"{domain} lets {', '.join(map(sending.whose, passed))} send; {_cost(whole)} of 10"
        findings.append(sound("spf", what, rule=_RULE))
    for address, verdict in zip(sending.addresses, verdicts, strict=True):
        if not _passes(verdict):
            findings.append(_refused(domain, text, address, verdict, sending))
    return findings


def _passes(verdict: SpfVerdict) -> bool:
    return verdict.result is SpfResult.PASS


def _untried(domain: str, whole: SpfVerdict, sending: Sending) -> Finding:
    if sending.unknown is not None:
        return unknown("spf", sending.unknown, rule=_RULE)
    what = f"{domain} has a sound record ({_cost(whole)} of 10), not tried with an address"
    step = "name the addresses that receivers see under [relay] sends_from"
    return _finding(Level.INFO, Found.UNTRIED, what, step=step)


def _refused(
    domain: str, text: str, address: str, verdict: SpfVerdict, sending: Sending
) -> Finding:
    whose = sending.whose(address)
    if verdict.result is SpfResult.TEMPERROR:
        step = "try again"
        what = f"{domain}: {shown(verdict.why)}"
        return _finding(Level.WARN, Found.UNKNOWN, what, step=step)
    what = f"{domain} says {verdict.result} to {whose}: {shown(verdict.why)}"
    record = Wanted(name=domain, kind="TXT", value=_with_address(text, address))
    if sending.is_told:
        return _bad(Found.NOT_COVERED, what, record)
    step = "if mail leaves from other addresses, name them under [relay] sends_from; else"
    return _finding(Level.WARN, Found.NOT_COVERED, what, step=step, record=record)


def _cost(whole: SpfVerdict) -> str:
    void = f", {whole.voids} of them for nothing" if whole.voids else ""
    lookups = "1 lookup" if whole.lookups == 1 else f"{whole.lookups} lookups"
    return f"{lookups}{void}"


def _fresh(domain: str, sending: Sending) -> Wanted:
    """Where no address is known, what the relay's provider says belongs in it."""
    if sending.addresses:
        terms = [_term(each) for each in sending.addresses]
    else:
        terms = [f"a:{each}" for each in sending.hosts] or ["mx"]
    value = f"v=spf1 {' '.join(terms)} ~all"
    return Wanted(name=domain, kind="TXT", value=value, is_example=not sending.is_told)


def _merged(domain: str, records: list[str]) -> Wanted:
    terms = [word for each in records for word in each.split(" ")[1:] if word]
    kept = [each for each in dict.fromkeys(terms) if not _is_end(each)]
    return Wanted(name=domain, kind="TXT", value=" ".join(["v=spf1", *kept, "~all"]))


def _without_faults(domain: str, text: str, record: SpfRecord, sending: Sending) -> Wanted:
    """A bare address becomes a term; where nobody is left who may send, it is begun afresh."""
    bad = {each.split("”")[0].removeprefix("“") for each in record.faults}
    words = [word for word in text.split(" ")[1:] if word]
    kept = [_repaired(word) if word[:60] in bad else word for word in words]
    senders = [word for word in kept if word and not _is_end(word)]
    if not senders and not any(word.lower().startswith("redirect=") for word in kept):
        return _fresh(domain, sending)
    end = [word for word in kept if word and _is_end(word)] or ["~all"]
    value = " ".join(["v=spf1", *senders, *end])
    return Wanted(name=domain, kind="TXT", value=value, is_example=True)


def _repaired(word: str) -> str:
    """A term of what is an address and nothing else; "" of anything else."""
    try:
        network = ip_network(_LABEL.sub("", word))
        return _term(str(network).removesuffix("/32").removesuffix("/128"))
    except ValueError:
        return ""


def _mended(domain: str, slip: str, sending: Sending) -> Wanted:
    """What was meant, where that can be seen; else a record begun afresh."""
    words = re.sub(r"[\"\\;,]", " ", slip).split()
    record = parse_spf(" ".join(["v=spf1", *words[1:]]))
    if record.faults or not record.terms:
        return _fresh(domain, sending)
    return Wanted(name=domain, kind="TXT", value=" ".join(["v=spf1", *words[1:]]))


def _ended(domain: str, text: str, sending: Sending) -> Wanted:
    kept = [word for word in text.split(" ")[1:] if word and not _is_end(word)]
    if not kept:
        return _fresh(domain, sending)
    return Wanted(name=domain, kind="TXT", value=" ".join(["v=spf1", *kept, "~all"]))


def _with_address(text: str, address: str) -> str:
    """Before `all`, or the first of what stands at the end."""
    words = [word for word in text.split(" ") if word]
    end = next((at for at, word in enumerate(words) if _is_end(word)), len(words))
    return " ".join([*words[:end], _term(address), *words[end:]])


def _term(address: str) -> str:
    return f"ip6:{address}" if ":" in address else f"ip4:{address}"


def _is_end(word: str) -> bool:
    return word.lstrip("+-~?").lower() == "all" or word.lower().startswith("redirect=")


def _bad(found: Found, what: str, record: Wanted, step: str = "") -> Finding:
    return _finding(Level.BAD, found, what, step=step, record=record)


def _finding(
    level: Level, found: Found, what: str, *, step: str = "", record: Wanted | None = None
) -> Finding:
    return Finding(
        name="spf", level=level, what=what, step=step, found=found, record=record, rule=_RULE
    )
