"""A DMARC record read, and to whose organisation a domain belongs (RFC 9989, once 7489).

The organisation is found by walking up the DNS (RFC 9989, 4.10), so there is no list of public
suffixes that could be out of date.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from newsletter.lookup import Answer, RecordType, Resolver
from newsletter.mail_identity.tags import Tags, begins, parse_tags

_VERSION = "DMARC1"
_MOST_LABELS = 8
_ALL_OF_IT = "100"
_MEANT = re.compile(
    r"\A[\W_]*(?:v[\W_]*)?dmarc|\bp\s*=\s*(?:none|quarantine|reject)\b", re.IGNORECASE
)
_REPORT = re.compile(r"mailto:([^\s,;!@]+)@([A-Za-z0-9.-]+)(![0-9]+[kmgt]?)?", re.IGNORECASE)


class Policy(StrEnum):
    """What the domain's owner wants done with mail that proves nothing."""

    NONE = "none"
    QUARANTINE = "quarantine"
    REJECT = "reject"


@dataclass(frozen=True, kw_only=True, slots=True)
class DmarcRecord:
    """`domain` is where it stands. `faults` make it count for nothing, `notes` are worth a look."""

    domain: str
    text: str
    policy: Policy
    subdomain_policy: Policy
    strict_spf: bool
    strict_dkim: bool
    report_domains: tuple[str, ...]
    psd: str
    faults: tuple[str, ...]
    notes: tuple[str, ...]

    def policy_of(self, domain: str) -> Policy:
        return self.policy if domain == self.domain else self.subdomain_policy


def is_dmarc(text: str) -> bool:
    return begins(text, _VERSION)


def meant_as_dmarc(text: str) -> bool:
    """Whether somebody meant it as one, although it `is_dmarc` not: a slip in its beginning.

    >>> meant_as_dmarc("v=dmarc1; p=none"), meant_as_dmarc("v=spf1 -all")
    (True, False)
    """
    return not is_dmarc(text) and _MEANT.search(text) is not None


def parse_dmarc(domain: str, text: str) -> DmarcRecord:
    """`text` is one that `is_dmarc`."""
    tags = parse_tags(text)
    faults = list(tags.faults)
    policy = _policy(tags, "p", Policy.NONE, faults)
    if "p" not in tags.values:
        faults.append("p= is not in it")
    subdomain_policy = _policy(tags, "sp", policy, faults)
    _policy(tags, "np", subdomain_policy, faults)
    faults += [
        f"{name}= is neither r nor s"
        for name in ("adkim", "aspf")
        if tags.get(name, "r").lower() not in ("r", "s")
    ]
    report_domains, notes = _reports(tags)
    return DmarcRecord(
        domain=domain,
        text=text,
        policy=policy,
        subdomain_policy=subdomain_policy,
        strict_spf=tags.get("aspf").lower() == "s",
        strict_dkim=tags.get("adkim").lower() == "s",
        report_domains=report_domains,
        psd=tags.get("psd", "u").lower(),
        faults=tuple(faults),
        notes=(*notes, *_tests(tags)),
    )


def _policy(tags: Tags, name: str, default: Policy, faults: list[str]) -> Policy:
    value = tags.get(name, default).lower()
    if value not in set(Policy):
        faults.append(f"{name}={value[:20]} is none of none, quarantine, reject")
        return default
    return Policy(value)


def _reports(tags: Tags) -> tuple[tuple[str, ...], list[str]]:
    """The domains that aggregate reports go to, and what is wrong with how they are named."""
    domains, notes = [], []
    for uri in filter(None, map(str.strip, tags.get("rua").split(","))):
        found = _REPORT.fullmatch(uri)
        if found:
            domains.append(found[2].lower())
        elif not uri.lower().startswith("https:"):
            notes.append(f"rua= has “{uri[:40]}”, which is no mailto: address")
    return tuple(dict.fromkeys(domains)), notes


def _tests(tags: Tags) -> list[str]:
    notes = []
    if tags.get("pct", _ALL_OF_IT) != _ALL_OF_IT:
        notes.append("pct= counts no more (RFC 9989): t=y in its place says that you are testing")
    if tags.get("t").lower() == "y":
        notes.append("t=y asks receivers to be milder than p= says")
    return notes


@dataclass(frozen=True, kw_only=True, slots=True)
class Walk:
    """One way up the DNS from `start`: the records that count, from the longest name on.

    `unknown` is an answer that never came: then nothing is sure. `several` names a domain that has
    more than one record, all of which count for nothing.
    """

    start: str
    records: tuple[DmarcRecord, ...]
    unknown: Answer | None
    several: str

    @property
    def organisation(self) -> str:
        """The organizational domain (RFC 9989, 4.10.2)."""
        for record in self.records:
            if record.psd == "n":
                return record.domain
            if record.psd == "y" and record.domain != self.start:
                return _one_below(record.domain, self.start)
        return self.records[-1].domain if self.records else self.start

    @property
    def applied(self) -> DmarcRecord | None:
        """The record that applies to mail from `start` (RFC 9989, 4.10.1)."""
        wanted = (self.start, self.organisation)
        own = [each for each in self.records if each.domain in wanted]
        suffix = [each for each in self.records if each.psd == "y"]
        return next(iter([*own, *suffix]), None)


async def walk_up(resolver: Resolver, domain: str) -> Walk:
    """Eight questions at the most, however long the name is (RFC 9989, 4.10)."""
    start = domain.lower().rstrip(".")
    records: list[DmarcRecord] = []
    several = ""
    for name in _way_up(start):
        answer = await resolver.ask(f"_dmarc.{name}", RecordType.TXT)
        if answer.is_unknown:
            return Walk(start=start, records=tuple(records), unknown=answer, several=several)
        found = [each for each in answer.values if is_dmarc(each)]
        if len(found) > 1:
            several = several or name
        elif found:
            records.append(parse_dmarc(name, found[0]))
            is_end = records[-1].psd == "n" or (records[-1].psd == "y" and name != start)
            if is_end:
                break
    return Walk(start=start, records=tuple(records), unknown=None, several=several)


def _way_up(domain: str) -> list[str]:
    """Every name that is asked, the longest first.

    >>> _way_up("a.mail.example.com")
    ['a.mail.example.com', 'mail.example.com', 'example.com', 'com']
    """
    labels = domain.split(".")
    first = 1 if len(labels) < _MOST_LABELS else len(labels) - _MOST_LABELS + 1
    return [domain, *(".".join(labels[at:]) for at in range(first, len(labels)))]


def _one_below(domain: str, start: str) -> str:
    depth = domain.count(".") + 2
    return ".".join(start.split(".")[-depth:])


def is_aligned(domain: Walk, other: Walk, *, strict: bool) -> bool:
    """Whether an authenticated domain counts for the one readers see (RFC 9989, 4.4)."""
    return domain.start == other.start or (not strict and domain.organisation == other.organisation)
