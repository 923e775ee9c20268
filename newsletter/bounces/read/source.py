"""Where what comes back is read from, as somebody writes it: a path, or a URL of a mailbox.

`maildir:/var/mail/bounces`, `mbox:/var/mail/bounces`, `imaps://bounces@mail.example.com/INBOX`;
`imap://` asks for TLS by STARTTLS, and goes on by nothing else. A password never stands in it.
"""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

_PORTS = {"imaps": 993, "imap": 143}
_FORMS = "maildir:PATH, mbox:PATH, imaps://USER@HOST/FOLDER or imap://USER@HOST/FOLDER"


class SourceKind(StrEnum):
    """The kinds of mailboxes."""

    MAILDIR = "maildir"
    MBOX = "mbox"
    IMAP = "imap"


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """A mailbox. `path` is that of a Maildir or mbox, the rest is of IMAP.

    With `is_implicit` TLS begins with the connection (RFC 8314), else by STARTTLS; `ca` is a file
    of authorities to trust in place of the system's.
    """

    kind: SourceKind
    path: Path = Path()
    user: str = ""
    host: str = ""
    port: int = 0
    folder: str = "INBOX"
    is_implicit: bool = True
    ca: str = ""

    @property
    def name(self) -> str:
        """The same for the same mailbox; what people are shown."""
        if self.kind is not SourceKind.IMAP:
            return f"{self.kind}:{self.path}"
        scheme = "imaps" if self.is_implicit else "imap"
        at_port = "" if self.port == _PORTS[scheme] else f":{self.port}"
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{scheme}://{self.user}@{host}{at_port}/{self.folder}"


def parse_source(text: str, folder: Path = Path()) -> Source:
    """A source of a URL, or of a path that is there. A relative path is relative to `folder`.

    Raises ValueError, in words for whoever wrote it.

    >>> parse_source("imaps://bounces@mail.example.com").name
    'imaps://bounces@mail.example.com/INBOX'
    """
    scheme, colon, rest = text.partition(":")
    if scheme in ("maildir", "mbox") and colon and rest:
        return Source(kind=SourceKind(scheme), path=folder / rest.removeprefix("//"))
    if scheme in _PORTS and rest.startswith("//"):
        return _imap(text, scheme, folder)
    path = folder / text
    if text and path.exists():
        return Source(kind=SourceKind.MAILDIR if path.is_dir() else SourceKind.MBOX, path=path)
    raise ValueError(f"is no mailbox: write {_FORMS}")


def _imap(text: str, scheme: str, folder: Path) -> Source:
    parts = urlsplit(text)
    if parts.password is not None:
        raise ValueError("has a password in it: that belongs into NEWSLETTER_BOUNCES_PASSWORD")
    if not parts.username or not parts.hostname:
        raise ValueError(f"names no {'host' if parts.username else 'user'}: write {_FORMS}")
    try:
        port = parts.port or _PORTS[scheme]
    except ValueError:
        raise ValueError("has a port that is none: ports are from 1 to 65535") from None
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    ca = options.pop("ca", "")
    if options:
        raise ValueError(f"has an option that is not known, {next(iter(options))!r}; ca is")
    return Source(
        kind=SourceKind.IMAP,
        user=unquote(parts.username),
        host=parts.hostname,
        port=port,
        folder=unquote(parts.path.strip("/")) or "INBOX",
        is_implicit=scheme == "imaps",
        ca=str(folder / ca) if ca else "",
    )
