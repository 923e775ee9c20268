"""Why there is no session with a relay, in words that a person can act on.

Knows what the system and TLS fail with; what aiosmtplib says is left to `smtp`. Each gives what
happened and what to do next; `where` is told by the caller.
"""

import base64
import socket
import ssl

from newsletter.errors import Trouble
from newsletter.transports.url import Tls, TransportURL

SUBMISSIONS_PORT = 465
"""RFC 8314, 7.3."""

Words = tuple[str, str]
"""What happened, and the next step."""

_CERTIFICATE_WORDS = {
    9: "its certificate is not valid yet",
    10: "its certificate has expired",
    18: "its certificate is signed by itself, not by an authority",
    19: "its certificate comes from an authority that this machine does not trust",
    20: "its certificate comes from an authority that this machine does not trust",
    21: "its certificate comes from an authority that this machine does not trust",
    23: "its certificate was revoked",
    62: "its certificate is for another name",
    64: "its certificate is for another address",
}
"""OpenSSL's X509_V_ERR numbers, openssl/x509_vfy.h; the common ones."""

_UNKNOWN_AUTHORITY = frozenset({18, 19, 20, 21})
_ANOTHER_NAME = frozenset({62, 64})


def words_of(error: BaseException, url: TransportURL) -> Words:
    """For an error of the system or of TLS."""
    match error:
        case ssl.SSLCertVerificationError():
            return _certificate(error)
        case ssl.SSLError():
            return _tls(error, url)
        case TimeoutError():
            return not_in_time(url)
        case socket.gaierror() | UnicodeError():
            return "there is no host of this name", "check the spelling, and the network"
        case ConnectionRefusedError():
            return "nothing listens there", "check host and port, and that the relay is running"
        case FileNotFoundError():
            return "there is no such socket", "check the path, and that the relay is running"
        case PermissionError():
            return (
                "this user may not open the socket",
                "ask whoever runs the relay for access to it",
            )
        case ConnectionError():
            return closed()
        case OSError():
            return f"the relay cannot be reached: {error.strerror or error}", "check the network"
    return f"no session: {error}", "check the transport URL"


def trouble_of(error: BaseException) -> Trouble:
    """Whether time may mend what `words_of` has the words for."""
    match error:
        case socket.gaierror():
            return Trouble.AWAY if error.errno == socket.EAI_AGAIN else Trouble.OTHER
        case ssl.SSLError() | UnicodeError() | PermissionError():
            return Trouble.OTHER
        case OSError():  # TimeoutError and ConnectionError are such, and so is a socket not there
            return Trouble.AWAY
    return Trouble.OTHER


def closed() -> Words:
    return (
        "the relay closed the connection before we could log in",
        "check host, port and whether this machine may use the relay",
    )


def closed_at_once(url: TransportURL) -> Words:
    """Before it had said anything."""
    if _is_for_tls(url):
        return closed()[0], _FOR_TLS
    if url.tls is Tls.IMPLICIT and not url.options.cert:
        what, next_step = closed()
        return what, f"{next_step}, or wants a certificate of ours (?cert=FILE&key=FILE)"
    return closed()


def silent(url: TransportURL) -> Words:
    """It took the connection, and that was all."""
    what, next_step = not_in_time(url)
    if url.tls is Tls.IMPLICIT or url.is_socket:
        return what, next_step
    step = _FOR_TLS if _is_for_tls(url) else "it may speak TLS from the first byte: write smtps://"
    return f"{what}, though it took the connection", f"{step}; else {next_step}"


_FOR_TLS = "port 465 speaks TLS from the first byte: write smtps:// (RFC 8314)"


def _is_for_tls(url: TransportURL) -> bool:
    return url.port == SUBMISSIONS_PORT and url.tls is not Tls.IMPLICIT


def is_unknown(code: int, text: str) -> bool:
    """Whether a refused EHLO means that the relay has never heard of it (RFC 5321, 4.2.2, 4.2.4).

    A relay that has, and dislikes our name or us, says 550 or 554 (RFC 5321, 4.1.1.1).
    """
    return 500 <= code <= 504 or (code >= 500 and text.startswith(("5.5.1", "5.5.2")))


def without_ehlo(said: str) -> Words:
    what = f"the relay does not know EHLO ({said}), and without it there is neither TLS nor a login"
    next_step = (
        "check host and port, and whether a firewall changes what is said in between; "
        "if the way there is safe and nobody logs in, write ?tls=none and no user name"
    )
    return what, next_step


def refused_token(said: str, code: int) -> Words:
    if 400 <= code < 500:
        return f"the relay could not check the token now: {said}", "try again later"
    return (
        f"the relay refused user name or token: {said}",
        "check the user name, and that the token is for sending mail as that user",
    )


def not_in_time(url: TransportURL) -> Words:
    return (
        f"the relay did not answer within {url.options.timeout:g} seconds",
        "check host and port, or try later",
    )


def _certificate(error: ssl.SSLCertVerificationError) -> tuple[str, str]:
    words = _CERTIFICATE_WORDS.get(error.verify_code, f"its certificate: {error.verify_message}")
    next_step = "have the relay's certificate renewed"
    if error.verify_code in _UNKNOWN_AUTHORITY:
        next_step = "if the authority is your own, name its PEM file with ?ca=PATH"
    elif error.verify_code in _ANOTHER_NAME:
        next_step = "write the host as the certificate has it"
    return f"the relay cannot prove who it is: {words}", next_step


def _tls(error: ssl.SSLError, url: TransportURL) -> tuple[str, str]:
    reason = (error.reason or str(error)).replace("_", " ").lower()
    if url.tls is Tls.IMPLICIT:
        return (
            f"the relay does not speak TLS here ({reason})",
            "use smtp:// with port 587 if it wants STARTTLS",
        )
    return f"TLS could not be agreed on ({reason})", "the relay must speak TLS 1.2 or newer"


def without_secrets(text: str, user: str, secret: str) -> str:
    """Some servers repeat what they were sent."""
    if not secret:
        return text
    login = f"\0{user}\0{secret}".encode()
    encoded = (base64.b64encode(login), base64.b64encode(secret.encode()))
    for each in (secret, *(each.decode() for each in encoded)):
        text = text.replace(each, "***")
    return text
