"""What makes two addresses of the web the same page, and what in one only tells where it was found.

Only the text of an address is looked at, here; what answers at it is for `newsletter.check.probe`.
"""

import re
from functools import lru_cache
from urllib.parse import urlsplit

from newsletter.issue import Source, Span

_DEFAULT_PORTS = {"http": "80", "https": "443"}

_TRACKING = re.compile(
    r"""
    utm_\w+ | _ga | _gl | gclid | gclsrc | gbraid | wbraid | dclid      # Google
    | fbclid | igshid | igsh                                            # Meta
    | mc_cid | mc_eid | mkt_tok | _hsenc | _hsmi | __hs(?:sc|tc|fp)     # mailings of others
    | vero_id | vero_conv | oly_enc_id | oly_anon_id | ml_subscriber(?:_hash)?
    | msclkid | twclid | ttclid | li_fat_id | yclid | ysclid | rdt_cid  # other networks
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""Parameters that never change what a page says; short names such as `ref` sometimes do."""

_QUERY = re.compile(r"\A([^?#]*)\?([^#]*)")


@lru_cache(maxsize=4096)
def canonical_address(address: str) -> str:
    """One spelling for all the addresses that lead to one page; not made for being followed.

    >>> canonical_address("HTTPS://Shop.example:443/News/?utm_source=mail&id=7#top")
    'https://shop.example/News?id=7'
    """
    try:
        parts = urlsplit(without_tracking(address).strip())
        scheme, host = parts.scheme.lower(), _host(parts.netloc, parts.scheme.lower())
    except ValueError:
        return address
    if not host:
        return address
    query = f"?{parts.query}" if parts.query else ""
    return f"{scheme}://{host}{parts.path.rstrip('/')}{query}"


def _host(netloc: str, scheme: str) -> str:
    host = netloc.lower()
    port = _DEFAULT_PORTS.get(scheme)
    return host.removesuffix(f":{port}").removesuffix(":") if port else host


def is_web_address(address: str) -> bool:
    return address[:8].lower().startswith(("http://", "https://"))


def is_front_page(address: str) -> bool:
    """Whether it names a site and no page of it, as a link on a company's name does."""
    return canonical_address(address).count("/") == 2 and "?" not in canonical_address(address)


def tracking_parameters(address: str) -> tuple[str, ...]:
    """Their names, in order."""
    query = _QUERY.match(address)
    if query is None:
        return ()
    names = (part.partition("=")[0] for part in query[2].split("&"))
    return tuple(name for name in names if _TRACKING.fullmatch(name))


def without_tracking(address: str) -> str:
    """The address without its tracking parameters, and otherwise to the letter as it was.

    >>> without_tracking("https://a.example/b?utm_medium=mail&c=%20&gclid=1#d")
    'https://a.example/b?c=%20#d'
    """
    if not tracking_parameters(address):
        return address
    return _QUERY.sub(lambda query: query[1] + _kept(query[2]), address)


def _kept(query: str) -> str:
    parts = query.split("&")
    kept = [part for part in parts if not _TRACKING.fullmatch(part.partition("=")[0])]
    return "?" + "&".join(kept) if kept else ""


def place_of_address(source: Source, link: Span, address: str) -> Span | None:
    """Where in a link's source its address stands.

    None where it is spelt otherwise there, with an escape for instance, or the link runs on.
    """
    if link.line != link.end_line or not address:
        return None
    written = source.line(link.line)[link.column - 1 : link.end_column - 1]
    at = max(written.rfind(f"({address}"), written.rfind(f"<{address}"))
    return None if at < 0 else source.span(link.line, link.column + at + 1, len(address))
