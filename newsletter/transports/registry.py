"""Which transport a URL opens: ours by a table, those of other packages by entry point.

`failover(URL URL ...)` opens several behind one. A transport's module is loaded when its scheme
is asked for, so that nobody pays for what he does not use. What a URL may look like is left to
`url`.
"""

from collections.abc import Callable, Sequence
from difflib import get_close_matches
from importlib import import_module
from itertools import chain, repeat
from typing import TYPE_CHECKING, TextIO, cast

from newsletter.clock import Clock
from newsletter.errors import NewsletterError, TransportError, TransportURLError
from newsletter.transports.base import Surroundings, Transport
from newsletter.transports.presets import find_preset, presets
from newsletter.transports.url import TransportURL, mask, parse_transport_url

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

ENTRY_POINT_GROUP = "newsletter.transports"

BUILT_IN = {
    "console": "newsletter.transports.console:open_console",
    "directory": "newsletter.transports.directory:open_directory",
    "lmtp": "newsletter.transports.lmtp:open_lmtp",
    "maildir": "newsletter.transports.maildir:open_maildir",
    "recording": "newsletter.transports.recording:open_recording",
    "smtp": "newsletter.transports.smtp:open_smtp",
    "smtps": "newsletter.transports.smtp:open_smtp",
}
"""Scheme to `module:factory`. Ours, and presets, win over an entry point of the same name."""

FAILOVER = "failover("
PASSWORD_NAME = "NEWSLETTER_TRANSPORT_PASSWORD"  # noqa: S105 - the name of a variable
MAX_MEMBERS = 9


TransportFactory = Callable[[TransportURL, Surroundings], Transport]
"""What an entry point names. May raise TransportURLError for what the URL says."""


def open_transport(
    url: str,
    *,
    clock: Clock,
    password: str | None = None,
    further_passwords: Sequence[str | None] = (),
    stdout: TextIO | None = None,
) -> Transport:
    """The transport of a URL; no connection is made before its `open`.

    `further_passwords` are those of the second transport of a failover, the third and so on.
    Raises TransportURLError when the URL is at fault, TransportError when another package's
    transport cannot be loaded.
    """
    surroundings = Surroundings(clock=clock, stdout=stdout)
    text = url.strip()
    if not text.lower().startswith(FAILOVER):
        return _open_one(text, password, surroundings)
    from newsletter.transports.failover import FailoverTransport  # for those who ask for it

    passwords = chain((password,), further_passwords, repeat(None))
    members = zip(_members(text), passwords, strict=False)
    return FailoverTransport(
        [
            _open_member(number, member, its_password, surroundings)
            for number, (member, its_password) in enumerate(members, 1)
        ]
    )


def _open_member(
    number: int, text: str, password: str | None, surroundings: Surroundings
) -> Transport:
    try:
        return _open_one(text, password, surroundings)
    except TransportURLError as fault:
        if number > 1:  # each further one has a variable of its own
            fault.what = fault.what.replace(PASSWORD_NAME, f"{PASSWORD_NAME}_{number}")
        raise


def _members(text: str) -> list[str]:
    members = text[len(FAILOVER) :].removesuffix(")").split()
    if not text.endswith(")") or any(each.lower().startswith(FAILOVER) for each in members):
        fault = "a failover is written failover(URL URL) and holds no other failover"
    elif not 2 <= len(members) <= MAX_MEMBERS:
        fault = f"a failover has 2 to {MAX_MEMBERS} transports, not {len(members)}"
    else:
        return members
    raise TransportURLError(
        fault, where="failover(…)", next_step="write it like failover(smtps://a smtps://b)"
    )


def _open_one(text: str, password: str | None, surroundings: Surroundings) -> Transport:
    scheme = text.partition(":")[0].lower()
    if scheme in BUILT_IN or find_preset(scheme):
        url = parse_transport_url(text, password=password)
        transport = cast("TransportFactory", _load(BUILT_IN[url.scheme]))(url, surroundings)
        return _idempotent(transport, url.options.idempotency)
    for entry_point in _entry_points():
        if entry_point.name.lower() == scheme:
            return _open_foreign(
                entry_point, parse_transport_url(text, password=password), surroundings
            )
    raise _unknown(scheme, text)


def _idempotent(transport: Transport, field_name: str) -> Transport:
    if not field_name:
        return transport
    from newsletter.transports.idempotent import IdempotentTransport  # for those who ask for it

    return IdempotentTransport(transport, field_name)


def known_schemes() -> tuple[str, ...]:
    """Every scheme that can be opened here, in alphabetical order."""
    return tuple(sorted({*BUILT_IN, *(entry_point.name for entry_point in _entry_points())}))


def _load(path: str) -> object:
    module, _, factory = path.partition(":")
    return getattr(import_module(module), factory)


def _entry_points() -> tuple["EntryPoint", ...]:
    from importlib.metadata import entry_points  # reads the disk; only for schemes not ours

    return tuple(entry_points(group=ENTRY_POINT_GROUP))


def _open_foreign(
    entry_point: "EntryPoint", url: TransportURL, surroundings: Surroundings
) -> Transport:
    package = entry_point.dist.name if entry_point.dist else entry_point.value
    try:
        return cast("TransportFactory", entry_point.load())(url, surroundings)
    except NewsletterError:
        raise
    except Exception as error:
        raise TransportError(
            f"the transport “{entry_point.name}” of the package {package} cannot be opened: "
            f"{type(error).__name__}: {error}",
            where=url.masked,
            next_step=f"update {package}, or choose another transport",
        ) from error


def _unknown(scheme: str, url: str) -> TransportURLError:
    known = known_schemes()
    near = get_close_matches(scheme, (*known, *presets()), n=1)
    meant = f"did you mean “{near[0]}:”? " if near else ""
    return TransportURLError(
        f"unknown transport “{scheme}:”" if ":" in url else "not a transport URL",
        where=mask(url.strip()),
        next_step=f"{meant}known are {', '.join(known)}; presets {', '.join(presets())}",
    )
