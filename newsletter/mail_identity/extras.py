"""Records that nobody demands, and that are good to have: MTA-STS, TLS-RPT, BIMI.

RFC 8461 (3.1, 3.2), RFC 8460 (3), and the draft of the AuthIndicators group for BIMI (4.2).
"""

import re
from dataclasses import dataclass

from newsletter.mail_identity.tags import begins, parse_tags

_YEAR = 31_557_600
_ID = re.compile(r"[A-Za-z0-9]{1,32}")
_MODES = ("enforce", "testing", "none")


def sts_fault(records: tuple[str, ...]) -> str:
    """What is wrong with the TXT record of `_mta-sts`; "" where nothing is.

    None of them, and several, count as no MTA-STS at all.
    """
    found = [each for each in records if begins(each, "STSv1")]
    if len(found) != 1:
        return f"there are {len(found)} records that begin with v=STSv1, where one counts"
    if _ID.fullmatch(parse_tags(found[0]).get("id")) is None:
        return "its id= is not 1 to 32 letters and digits"
    return ""


@dataclass(frozen=True, kw_only=True, slots=True)
class StsPolicy:
    """`mode` is enforce, testing or none; `hosts` are the names of MX, `*.` before some of them."""

    mode: str
    hosts: tuple[str, ...]
    fault: str = ""

    def covers(self, host: str) -> bool:
        """RFC 8461, 4.1: a star stands for one label, at the left."""
        above = host.partition(".")[2]
        return host in self.hosts or f"*.{above}" in self.hosts


def parse_sts_policy(text: str) -> StsPolicy:
    """The file at `/.well-known/mta-sts.txt`; of keys that stand twice the first counts."""
    values: dict[str, str] = {}
    hosts: list[str] = []
    for line in filter(None, (each.strip() for each in text.splitlines())):
        key, colon, value = (each.strip() for each in line.partition(":"))
        if not (key and colon):
            return StsPolicy(mode="", hosts=(), fault=f"“{line[:40]}” is not KEY: VALUE")
        if key == "mx":
            hosts.append(value.lower().rstrip("."))
        else:
            values.setdefault(key, value)
    mode, age = values.get("mode", ""), values.get("max_age", "")
    return StsPolicy(mode=mode, hosts=tuple(hosts), fault=_policy_fault(values, mode, age, hosts))


def _policy_fault(values: dict[str, str], mode: str, age: str, hosts: list[str]) -> str:
    if values.get("version") != "STSv1":
        return "its version is not STSv1"
    if mode not in _MODES:
        return f"its mode is none of {', '.join(_MODES)}"
    if not (age.isascii() and age.isdigit() and len(age) <= 10 and int(age) <= _YEAR):
        return "its max_age is not a number of seconds up to a year"
    return "" if hosts or mode == "none" else "it names no mx"


def tls_rpt_fault(records: tuple[str, ...]) -> str:
    """What is wrong with the TXT record of `_smtp._tls`; "" where nothing is."""
    found = [each for each in records if begins(each, "TLSRPTv1")]
    if len(found) != 1:
        return f"there are {len(found)} records that begin with v=TLSRPTv1, where one counts"
    uris = [each.strip() for each in parse_tags(found[0]).get("rua").split(",")]
    is_sound = all(each.startswith(("mailto:", "https:")) for each in uris)
    return "" if is_sound else "its rua= is not a list of mailto: and https: addresses"


def bimi_fault(records: tuple[str, ...]) -> str:
    """What is wrong with the TXT record of `default._bimi`; "" where nothing is."""
    found = [each for each in records if begins(each, "BIMI1")]
    if len(found) != 1:
        return f"there are {len(found)} records that begin with v=BIMI1, where one counts"
    picture = parse_tags(found[0]).get("l")
    return "" if picture.startswith("https://") else "its l= is not the https address of a picture"
