"""TLS towards a relay: what of its certificate is verified, and which certificate we show.

Knows the options `ca`, `cert`, `key` and `tls=insecure`; when a connection is encrypted is left to
`smtp`. RFC 8446, 4.4.2 (certificates of clients), RFC 8314.
"""

import ssl
import stat
from pathlib import Path

from newsletter.errors import TransportURLError
from newsletter.transports.url import TransportURL

_OTHERS = stat.S_IRWXO


def tls_context(url: TransportURL) -> ssl.SSLContext:
    """Verifies certificate and name; `ca` adds a private authority to those of the system.

    With `tls=insecure` nothing is verified: whoever is on the way may be the relay. Raises
    TransportURLError for files that will not do.
    """
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if url.options.ca:
        _trust(context, url.options.ca)
    if url.options.cert:
        _show(context, url.options.cert, url.options.key)
    if url.is_insecure:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _trust(context: ssl.SSLContext, ca: str) -> None:
    try:
        context.load_verify_locations(cafile=ca)
    except OSError as error:  # also what SSLError is
        raise TransportURLError(
            f"ca={ca}: not a PEM file of certificates that can be read ({error.strerror or error})",
            next_step="give the path of the authority's certificate",
        ) from error


def _show(context: ssl.SSLContext, cert: str, key: str) -> None:
    """The certificate by which the relay knows us; its key may stand in the same file."""
    named = f"cert={cert}" + (f"&key={key}" if key else "")
    try:
        mode = Path(key or cert).stat().st_mode
        # A password is never asked for on the terminal: a wrong one is given.
        context.load_cert_chain(cert, key or None, password="")
    except OSError as error:
        raise TransportURLError(
            f"{named}: not a certificate and its key in PEM, without a password, that can be read "
            f"({error.strerror or error})",
            next_step="give the paths of our own certificate and of its key",
        ) from error
    if mode & _OTHERS:
        raise TransportURLError(
            f"{named}: others may read the key (mode {mode & 0o777:o})",
            next_step=f"`chmod 600 {key or cert}`",
        )
