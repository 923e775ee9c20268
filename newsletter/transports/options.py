"""The options of a transport URL (`?connections=10&rate=50/s`): names, allowed values, defaults.

Knows what each may be and says so when it is not. Which transport does what with it is left to
the transports; what stands before the question mark, to `url_syntax`; who may have which, to
`schemes`.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from difflib import get_close_matches
from urllib.parse import unquote_to_bytes

from newsletter.rates import RATE_FORM, parse_rate

MAX_CONNECTIONS = 100
MAX_MESSAGES = 100_000
MAX_WEIGHT = 100
MAX_CAP = 999_999
MAX_TIMEOUT = 600.0
MAX_STAGE_TIMEOUT = 3600.0
MAX_FIELD_NAME = 70
INSECURE = "insecure"
"""What `tls=` says where nothing is verified."""

_WAYS = ("plain", "login", "cram-md5", "xoauth2", "oauthbearer")
TOKEN_WAYS = ("xoauth2", "oauthbearer")
"""Those that show a token in place of a password."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Timeouts:
    """Seconds for the whole reply of each stage (its subsection of RFC 5321, 4.5.3.2 beside it).

    `block` is for 64 KiB of content to go out. The one of the final dot is long because a
    receiver that is cut short there may deliver all the same, and again on the next attempt.
    """

    mail: float = 300.0  # .2
    rcpt: float = 300.0  # .3
    data: float = 120.0  # .4
    block: float = 180.0  # .5
    final_dot: float = 600.0  # .6


@dataclass(frozen=True, kw_only=True, slots=True)
class Options:
    """What may stand behind the question mark. Seconds, and messages per second.

    `tls` is "" where nothing is said of it. `timeout` is that of connecting, `stage_timeouts` are
    those of the mail transaction. `messages` is how many one connection carries before the session
    takes a new one. `idempotency` names the header field by which the relay knows a message again.
    `auth` is the way to log in, "" for any; `cert` and `key` are files by which the relay knows us.
    `weight` is a share of the work beside other relays, `per_day` and `per_hour` are messages over
    this relay at most. `as_typed` keeps the options that were written, for the masked URL.
    """

    tls: str = ""
    auth: str = ""
    cert: str = ""
    key: str = ""
    connections: int = 1
    rate: float | None = None
    weight: int | None = None
    per_day: int | None = None
    per_hour: int | None = None
    timeout: float = 30.0
    ca: str = ""
    messages: int = 500
    helo: str = ""
    idempotency: str = ""
    stage_timeouts: Timeouts = Timeouts()
    as_typed: tuple[str, ...] = ()

    @property
    def wants_token(self) -> bool:
        """Whether we log in by a token, not by a password."""
        return self.auth in TOKEN_WAYS


STAGES = {
    "timeout.mail": "mail",
    "timeout.rcpt": "rcpt",
    "timeout.data": "data",
    "timeout.block": "block",
    "timeout.dot": "final_dot",
}
"""Option to the field of Timeouts."""

ALLOTMENT = ("weight", "per_day", "per_hour")
"""What any transport may be allotted; none has to know of it."""

_FOR_ALL = ("connections", "rate", *ALLOTMENT)
"""Read as ours for a scheme that may have any option."""

_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,253}[A-Za-z0-9])?|\[[A-Za-z0-9:.]{2,64}\]")
_IDEMPOTENCY = re.compile(r"[A-Za-z0-9-]*[Ii]dempotency[A-Za-z0-9-]*")


def read_options(
    query: str,
    faults: list[str],
    *,
    scheme: str,
    allowed: tuple[str, ...] | None,
    defaults: Mapping[str, str],
) -> tuple[Options, Mapping[str, str]]:
    """The options of a query, and those that are not ours; what is wrong joins `faults`.

    `allowed` is None for a scheme that may have any; of ours it takes connections, rate
    and what is allotted.
    `defaults` are written as in a query and hold where the query is silent.

    >>> read_options("rate=30/m&x=1", [], scheme="pigeon", allowed=("rate", "x"), defaults={})[1]
    {'x': '1'}
    """
    ours = _READERS.keys() & (_FOR_ALL if allowed is None else allowed)
    known: dict[str, object] = {}
    extra: dict[str, str] = {}
    typed: list[str] = []
    for pair in filter(None, query.split("&")):
        key, _, raw = pair.partition("=")
        if key in known or key in extra:
            faults.append(f"option “{key}” is given twice")
        elif key in ours:
            known[key] = _read(key, raw, faults)
            typed.append(f"{key}={raw}")
        elif allowed is None or key in allowed:
            extra[key] = _decoded(raw) or ""
        else:
            faults.append(_unknown(key, scheme, allowed))
    for key, raw in defaults.items():
        if key not in known:
            known[key] = _read(key, raw, faults)
    return _options(known, tuple(typed)), extra


def _options(known: Mapping[str, object], as_typed: tuple[str, ...]) -> Options:
    stages = {stage: known[key] for key, stage in STAGES.items() if known.get(key)}
    timeouts = Timeouts(**stages)  # type: ignore[arg-type]  # typed by _READERS
    values = {key: value for key, value in known.items() if value is not None and key not in STAGES}
    assert values.keys() <= {each.name for each in fields(Options)}
    return Options(as_typed=as_typed, stage_timeouts=timeouts, **values)  # type: ignore[arg-type]  # typed by _READERS


def _unknown(key: str, scheme: str, allowed: tuple[str, ...]) -> str:
    near = get_close_matches(key, allowed, n=1, cutoff=0.5)
    meant = f", did you mean “{near[0]}”?" if near else ""
    shown = key if key.replace(".", "_").isidentifier() else "…"  # it may be a piece of a password
    return f"unknown option “{shown}”{meant} ({scheme}: allows {', '.join(sorted(allowed))})"


def _read(key: str, raw: str, faults: list[str]) -> object:
    reader, allowed = _READERS[key]
    text = _decoded(raw)
    value = reader(text) if text is not None else None
    if value is None:
        faults.append(f"{key}={raw}: must be {allowed}")
    return value


def _decoded(raw: str) -> str | None:
    try:
        text = unquote_to_bytes(raw).decode()
    except UnicodeDecodeError:
        return None
    return text if text.isprintable() else None


def _tls(text: str) -> str | None:
    return text if text in ("required", "opportunistic", "none", INSECURE) else None


def _way(text: str) -> str | None:
    return text if text in _WAYS else None


def _count(most: int) -> Callable[[str], int | None]:
    def read(text: str) -> int | None:
        is_number = re.fullmatch(r"[0-9]{1,6}", text)
        return int(text) if is_number and 1 <= int(text) <= most else None

    return read


def _seconds(most: float) -> Callable[[str], float | None]:
    def read(text: str) -> float | None:
        is_number = re.fullmatch(r"[0-9]{1,4}(?:\.[0-9]{1,3})?", text)
        return float(text) if is_number and 0 < float(text) <= most else None

    return read


def _path(text: str) -> str | None:
    return text or None


def _helo(text: str) -> str | None:
    return text if _NAME.fullmatch(text) else None


def _idempotency(text: str) -> str | None:
    return text if len(text) <= MAX_FIELD_NAME and _IDEMPOTENCY.fullmatch(text) else None


_READERS: Mapping[str, tuple[Callable[[str], object], str]] = {
    "tls": (_tls, f"required, opportunistic, none or {INSECURE}"),
    "auth": (_way, ", ".join(_WAYS)),
    "connections": (_count(MAX_CONNECTIONS), f"1 to {MAX_CONNECTIONS}"),
    "rate": (parse_rate, RATE_FORM),
    "weight": (_count(MAX_WEIGHT), f"1 to {MAX_WEIGHT}"),
    **dict.fromkeys(("per_day", "per_hour"), (_count(MAX_CAP), f"1 to {MAX_CAP}")),
    "timeout": (_seconds(MAX_TIMEOUT), f"seconds, above 0 and up to {MAX_TIMEOUT:.0f}"),
    **dict.fromkeys(
        STAGES,
        (_seconds(MAX_STAGE_TIMEOUT), f"seconds, above 0 and up to {MAX_STAGE_TIMEOUT:.0f}"),
    ),
    **dict.fromkeys(("ca", "cert", "key"), (_path, "the path of a PEM file")),
    "messages": (_count(MAX_MESSAGES), f"1 to {MAX_MESSAGES}"),
    "helo": (_helo, "a host name, or an address in brackets"),
    "idempotency": (_idempotency, "the relay's header field, such as Resend-Idempotency-Key"),
}
