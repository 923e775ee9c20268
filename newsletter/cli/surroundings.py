"""What this machine says of whoever sits at it: their language, and the zone of their clock."""

import os
from collections.abc import Mapping
from pathlib import Path

from newsletter.errors import NewsletterError
from newsletter.publishing.answers import parse_language, parse_zone

_ENGLISH = "en-GB"
_LOCALTIME = Path("/etc/localtime")
_NOBODYS = ("UTC", "Etc/", "Universal", "GMT", "Zulu")
"""What servers and containers keep, and no newsletter's readers live by."""


def language_here(environ: Mapping[str, str]) -> str:
    """The language of the messages (POSIX, 8.2), if a publication can be laid out in it.

    >>> language_here({"LANG": "de_AT.UTF-8"}), language_here({"LANG": "C.UTF-8"})
    ('de-AT', 'en-GB')
    """
    said = next(filter(None, map(environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    tag = said.partition(".")[0].partition("@")[0].replace("_", "-")
    try:
        return _ENGLISH if tag in ("en", "") else parse_language(tag)
    except NewsletterError:
        return _ENGLISH


def zone_here(environ: Mapping[str, str], localtime: Path = _LOCALTIME) -> str:
    """The IANA name of the clock's zone, "" where that is UTC or cannot be told."""
    name = environ.get("TZ", "").removeprefix(":") or _linked(localtime)
    if not name or name.startswith(_NOBODYS):
        return ""
    try:
        return parse_zone(name).key
    except NewsletterError:
        return ""


def _linked(localtime: Path) -> str:
    """`Europe/Berlin`, of a link to /usr/share/zoneinfo/Europe/Berlin (localtime(5))."""
    try:
        return os.readlink(localtime).partition("zoneinfo/")[2]  # noqa: PTH115 - not resolved
    except OSError:
        return ""
