"""Which transport a URL opens: ours by a table, those of other packages by entry point.

A transport's module is loaded when its scheme is asked for, so that nobody pays for what he does
not use. What a URL may look like is left to `url`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from importlib import import_module
from typing import TYPE_CHECKING, TextIO, cast

from newsletter.clock import Clock, now
from newsletter.errors import NewsletterError, TransportError, TransportURLError
from newsletter.transports.base import Transport
from newsletter.transports.url import TransportURL, mask, parse_transport_url

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

ENTRY_POINT_GROUP = "newsletter.transports"

BUILT_IN = {
    "console": "newsletter.transports.console:open_console",
    "directory": "newsletter.transports.directory:open_directory",
    "maildir": "newsletter.transports.maildir:open_maildir",
    "recording": "newsletter.transports.recording:open_recording",
    "smtp": "newsletter.transports.smtp:open_smtp",
    "smtps": "newsletter.transports.smtp:open_smtp",
}
"""Scheme to `module:factory`. Ours win over an entry point of the same name."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Surroundings:
    """What a transport may need of the world besides its URL."""

    clock: Clock = now
    stdout: TextIO | None = None


TransportFactory = Callable[[TransportURL, Surroundings], Transport]
"""What an entry point names. May raise TransportURLError for what the URL says."""


def open_transport(
    url: str, *, password: str | None = None, clock: Clock = now, stdout: TextIO | None = None
) -> Transport:
    """The transport of a URL; no connection is made before its `open`.

    Raises TransportURLError when the URL is at fault, TransportError when another package's
    transport cannot be loaded.
    """
    scheme = url.strip().partition(":")[0].lower()
    surroundings = Surroundings(clock=clock, stdout=stdout)
    if scheme in BUILT_IN:
        factory = cast("TransportFactory", _load(BUILT_IN[scheme]))
        return factory(parse_transport_url(url, password=password), surroundings)
    for entry_point in _entry_points():
        if entry_point.name.lower() == scheme:
            return _open_foreign(
                entry_point, parse_transport_url(url, password=password), surroundings
            )
    raise _unknown(scheme, url)


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
    near = get_close_matches(scheme, known, n=1)
    meant = f"did you mean “{near[0]}:”? " if near else ""
    return TransportURLError(
        f"unknown transport “{scheme}:”" if ":" in url else "not a transport URL",
        where=mask(url.strip()),
        next_step=f"{meant}known are {', '.join(known)}",
    )
