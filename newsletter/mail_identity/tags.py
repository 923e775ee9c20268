"""Records that are lists of tags, `v=DMARC1; p=none`: what DKIM, DMARC, TLS-RPT and BIMI share.

RFC 6376, 3.2. What a tag means is left to each of them.
"""

import re
from dataclasses import dataclass

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_BLANK = " \t\r\n"


@dataclass(frozen=True, slots=True)
class Tags:
    """The tags in their order, by name; `faults` are what is no tag, and what stands twice."""

    values: dict[str, str]
    faults: tuple[str, ...]

    @property
    def first(self) -> str:
        """The name of the first one, "" where there is none."""
        return next(iter(self.values), "")

    def get(self, name: str, default: str = "") -> str:
        return self.values.get(name, default)


def parse_tags(text: str) -> Tags:
    """Whatever can be read of it; tag names are kept as they are written.

    >>> parse_tags("v=DKIM1; p=; nonsense").faults
    ('“nonsense” is not NAME=VALUE',)
    """
    values: dict[str, str] = {}
    faults: list[str] = []
    for part in text.split(";"):
        if not part.strip():
            continue
        name, equals, value = part.partition("=")
        name = name.strip(_BLANK)
        if not equals or _NAME.fullmatch(name) is None:
            faults.append(f"“{part.strip()[:40]}” is not NAME=VALUE")
        elif name in values:
            faults.append(f"{name[:20]}= stands twice")
        else:
            values[name] = value.strip(_BLANK)
    return Tags(values, tuple(faults))


def begins(text: str, version: str) -> bool:
    """Whether a TXT record says first that it is of this kind: `v=DMARC1`.

    >>> begins("v = DMARC1;p=none", "DMARC1"), begins("v=DMARC10", "DMARC1")
    (True, False)
    """
    return re.match(rf"v[ \t]*=[ \t]*{re.escape(version)}[ \t]*(;|$)", text) is not None
