"""Which transport a URL opens: ours by their rows, those of other packages by entry point.

`failover(URL URL ...)` and `roundrobin(URL URL ...)` open several behind one. A transport's module
is loaded when its scheme is asked for, so that nobody pays for what he does not use. What a URL may
look like is left to `url_syntax`.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from difflib import get_close_matches
from importlib.metadata import EntryPoint, entry_points
from itertools import chain, count, repeat
from pathlib import Path
from typing import TextIO

from newsletter.clock import Clock
from newsletter.errors import NewsletterError, TransportError, TransportURLError
from newsletter.transports.allotted import allotted
from newsletter.transports.base import Surroundings, Transport
from newsletter.transports.failover import FailoverTransport
from newsletter.transports.idempotent import IdempotentTransport
from newsletter.transports.presets import find_preset, presets
from newsletter.transports.roundrobin import RoundRobinTransport
from newsletter.transports.schemes import OTHERS, SCHEMES, Form, Scheme
from newsletter.transports.tokens import TokenSource
from newsletter.transports.url import TransportURL, mask
from newsletter.transports.url_syntax import parse_transport_url

ENTRY_POINT_GROUP = "newsletter.transports"

_HOST = re.compile(r"[\w.-]+:\d+|[\w-]+(?:\.[\w-]+)+")
"""What is a host, and perhaps a port, and no URL."""

SEVERAL: Mapping[str, Callable[[Sequence[Transport]], Transport]] = {
    "failover": FailoverTransport,
    "roundrobin": RoundRobinTransport,
}
"""What stands before the bracket, and what it makes of the transports within."""

PASSWORD_NAME = "NEWSLETTER_TRANSPORT_PASSWORD"  # noqa: S105 - the name of a variable
TOKEN_NAMES = ("NEWSLETTER_TRANSPORT_TOKEN_COMMAND", "NEWSLETTER_TRANSPORT_TOKEN_FILE")
MAX_MEMBERS = 9


def open_transport(
    url: str,
    *,
    clock: Clock,
    password: str | None = None,
    further_passwords: Sequence[str | None] = (),
    tokens: Sequence[TokenSource | None] = (),
    stdout: TextIO | None = None,
) -> Transport:
    """The transport of a URL; no connection is made before its `open`.

    `further_passwords` are those of the second of several transports, the third and so on.
    `tokens` are where the tokens of each come from, for those that log in by one.
    Raises TransportURLError when the URL is at fault, TransportError when another package's
    transport cannot be loaded.
    """
    surroundings = Surroundings(clock=clock, stdout=stdout)
    passwords = chain((password,), further_passwords, repeat(None))
    sources = chain(tokens, repeat(None))
    transports = [
        _open_member(number, member, its_password, replace(surroundings, token=token))
        for number, member, its_password, token in zip(
            count(1), _members(url), passwords, sources, strict=False
        )
    ]
    several = _several(url)
    return SEVERAL[several](transports) if several else transports[0]


def folders_of(url: str) -> tuple[Path, ...]:
    """The folders that the transport of a URL writes to, as the URL has them; none for a relay.

    Raises TransportURLError where such a URL is at fault, or nobody knows its scheme, and
    TransportError when another package's transport cannot be loaded.
    """
    return tuple(folder for member in _members(url) for folder in _folder_of(member))


def _folder_of(text: str) -> Iterator[Path]:
    row = _row_of(text)
    if row.form in (Form.FOLDER, Form.FILE):
        path = Path(parse_transport_url(text, scheme=row).path)
        yield path if row.form is Form.FOLDER else path.parent


def _open_member(
    number: int, text: str, password: str | None, surroundings: Surroundings
) -> Transport:
    try:
        return _open_one(text, password, surroundings)
    except TransportURLError as fault:
        if number > 1:  # each further one has a variable of its own
            for name in (PASSWORD_NAME, *TOKEN_NAMES):
                fault.what = fault.what.replace(name, f"{name}_{number}")
                fault.next_step = fault.next_step.replace(name, f"{name}_{number}")
        raise


def _several(url: str) -> str:
    """Which of `SEVERAL` it is; "" for one transport."""
    name, bracket, _ = url.strip().partition("(")
    return name.lower() if bracket and name.lower() in SEVERAL else ""


def _members(url: str) -> list[str]:
    """The URLs of several transports, in their order; of another transport, its own."""
    text, name = url.strip(), _several(url)
    if not name:
        return [text]
    members = text[len(name) + 1 :].removesuffix(")").split()
    if not text.endswith(")") or any(map(_several, members)):
        fault = f"a {name} is written {name}(URL URL) and holds no other failover or roundrobin"
    elif not 2 <= len(members) <= MAX_MEMBERS:
        fault = f"a {name} has 2 to {MAX_MEMBERS} transports, not {len(members)}"
    else:
        return members
    raise TransportURLError(
        fault, where=f"{name}(…)", next_step=f"write it like {name}(smtps://a smtps://b)"
    )


def _open_one(text: str, password: str | None, surroundings: Surroundings) -> Transport:
    row = _row_of(text)
    url = parse_transport_url(text, password=password, scheme=row)
    transport = row.load()(url, surroundings)
    field_name = url.options.idempotency
    kept_once = IdempotentTransport(transport, field_name) if field_name else transport
    return allotted(kept_once, url.options)


def _row_of(text: str) -> Scheme:
    """Of the scheme of one transport's URL. Raises what `folders_of` does."""
    name = text.partition(":")[0].lower()
    preset = find_preset(name)
    if name in SCHEMES or preset:
        return SCHEMES[preset.scheme if preset else name]
    for entry_point in _entry_points():
        if entry_point.name.lower() == name:
            return _foreign(entry_point, mask(text))
    raise _unknown(name, text)


def known_schemes() -> tuple[str, ...]:
    """Every scheme that can be opened here, in alphabetical order."""
    return tuple(sorted({*SCHEMES, *(entry_point.name for entry_point in _entry_points())}))


def _entry_points() -> tuple[EntryPoint, ...]:
    return tuple(entry_points(group=ENTRY_POINT_GROUP))


def _foreign(entry_point: EntryPoint, where: str) -> Scheme:
    """The row of another package's transport, whose failures are that package's."""
    with _blaming(entry_point, where):
        named = entry_point.load()
        row = named if isinstance(named, Scheme) else replace(OTHERS, factory=named)

    def open_it(url: TransportURL, surroundings: Surroundings) -> Transport:
        with _blaming(entry_point, url.masked):
            return row.load()(url, surroundings)

    return replace(row, factory=open_it)


@contextmanager
def _blaming(entry_point: EntryPoint, where: str) -> Iterator[None]:
    package = entry_point.dist.name if entry_point.dist else entry_point.value
    try:
        yield
    except NewsletterError:
        raise
    except Exception as error:
        raise TransportError(
            f"the transport “{entry_point.name}” of the package {package} cannot be opened: "
            f"{type(error).__name__}: {error}",
            where=where,
            next_step=f"update {package}, or choose another transport",
        ) from error


def _unknown(scheme: str, url: str) -> TransportURLError:
    known = known_schemes()
    near = get_close_matches(scheme, (*known, *presets()), n=1)
    meant = f"did you mean “{near[0]}:”? " if near else ""
    if _HOST.fullmatch(url.strip()):
        meant = "before a host stands smtp:// or smtps://; "
    return TransportURLError(
        f"unknown transport “{scheme}:”" if ":" in url else "not a transport URL",
        where=mask(url.strip()),
        next_step=f"{meant}known are {', '.join(known)}; presets {', '.join(presets())}",
    )
