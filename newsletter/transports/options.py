"""The options of a transport URL (`?connections=10&rate=50/s`): names, allowed values, defaults.

Knows what each may be and says so when it is not. Which transport does what with it is left to
the transports; what stands before the question mark, to `url`.
"""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from difflib import get_close_matches
from urllib.parse import unquote_to_bytes

MAX_CONNECTIONS = 100
MAX_MESSAGES = 100_000
MAX_TIMEOUT = 600.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Options:
    """What may stand behind the question mark. Seconds, and messages per second.

    `timeout` is that of connecting; the mail transaction has RFC 5321's own (4.5.3.2). `messages`
    is how many one connection carries before the session takes a new one. `as_typed` keeps the
    options that were written, for the masked URL.
    """

    tls: str = "required"
    connections: int = 1
    rate: float | None = None
    timeout: float = 30.0
    ca: str = ""
    messages: int = 500
    helo: str = ""
    as_typed: tuple[str, ...] = ()


_FILES = ("connections", "rate")
_SMTPS = ("connections", "rate", "timeout", "ca", "messages", "helo")
ALLOWED: Mapping[str, tuple[str, ...]] = {
    "smtp": ("tls", *_SMTPS),
    "smtps": _SMTPS,
    "directory": _FILES,
    "maildir": _FILES,
    "recording": _FILES,
    "console": ("rate",),
}
"""Options by scheme. Another package's scheme may have any; of ours it takes connections, rate."""

_RELAY_CONNECTIONS = 4
_RATE = re.compile(r"(?P<number>[0-9]+(?:\.[0-9]+)?)(?:/(?P<unit>[sm]))?")
_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,253}[A-Za-z0-9])?|\[[A-Za-z0-9:.]{2,64}\]")


def read_options(scheme: str, query: str, faults: list[str]) -> tuple[Options, Mapping[str, str]]:
    """The options of a query, and those that are another package's; what is wrong joins `faults`.

    >>> read_options("smtp", "rate=30/m", [])[0].rate
    0.5
    """
    allowed = ALLOWED.get(scheme)
    known: dict[str, object] = {}
    extra: dict[str, str] = {}
    typed: list[str] = []
    for pair in filter(None, query.split("&")):
        key, _, raw = pair.partition("=")
        if key in known or key in extra:
            faults.append(f"option “{key}” is given twice")
        elif key in (allowed or _FILES):
            known[key] = _read(key, raw, faults)
            typed.append(f"{key}={raw}")
        elif allowed is None:
            extra[key] = _decoded(raw) or ""
        else:
            faults.append(_unknown(key, scheme, allowed))
    if scheme in ("smtp", "smtps"):
        known.setdefault("connections", _RELAY_CONNECTIONS)
    values = {key: value for key, value in known.items() if value is not None}
    return _options(values, tuple(typed)), extra


def _options(values: Mapping[str, object], as_typed: tuple[str, ...]) -> Options:
    assert values.keys() <= {each.name for each in fields(Options)}
    return Options(as_typed=as_typed, **values)  # type: ignore[arg-type]  # typed by _READERS


def _unknown(key: str, scheme: str, allowed: tuple[str, ...]) -> str:
    near = get_close_matches(key, allowed, n=1, cutoff=0.5)
    meant = f", did you mean “{near[0]}”?" if near else ""
    shown = key if key.isidentifier() else "…"  # it may be a piece of a password
    return f"unknown option “{shown}”{meant} ({scheme}: allows {', '.join(sorted(allowed))})"


def _read(key: str, raw: str, faults: list[str]) -> object:
    reader, allowed = _READERS[key]
    text = _decoded(raw)
    value = reader(text) if text is not None else None
    if value is None:
        faults.append(f"{key}={raw}: allowed is {allowed}")
    return value


def _decoded(raw: str) -> str | None:
    try:
        text = unquote_to_bytes(raw).decode()
    except UnicodeDecodeError:
        return None
    return text if text.isprintable() else None


def _tls(text: str) -> str | None:
    return text if text in ("required", "opportunistic", "none") else None


def _count(most: int) -> Callable[[str], int | None]:
    def read(text: str) -> int | None:
        is_number = re.fullmatch(r"[0-9]{1,6}", text)
        return int(text) if is_number and 1 <= int(text) <= most else None

    return read


def _rate(text: str) -> float | None:
    found = _RATE.fullmatch(text)
    if found is None:
        return None
    per_second = float(found["number"]) / (60 if found["unit"] == "m" else 1)
    return per_second if per_second > 0 and math.isfinite(per_second) else None


def _seconds(text: str) -> float | None:
    is_number = re.fullmatch(r"[0-9]{1,3}(?:\.[0-9]{1,3})?", text)
    return float(text) if is_number and 0 < float(text) <= MAX_TIMEOUT else None


def _path(text: str) -> str | None:
    return text or None


def _helo(text: str) -> str | None:
    return text if _NAME.fullmatch(text) else None


_READERS: Mapping[str, tuple[Callable[[str], object], str]] = {
    "tls": (_tls, "required, opportunistic or none"),
    "connections": (_count(MAX_CONNECTIONS), f"1 to {MAX_CONNECTIONS}"),
    "rate": (_rate, "messages per second or minute, above 0, such as 50, 50/s or 300/m"),
    "timeout": (_seconds, f"seconds, above 0 and up to {MAX_TIMEOUT:.0f}"),
    "ca": (_path, "the path of a PEM file"),
    "messages": (_count(MAX_MESSAGES), f"1 to {MAX_MESSAGES}"),
    "helo": (_helo, "a host name, or an address in brackets"),
}
