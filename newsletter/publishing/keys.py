"""The DKIM keys of a publication: new ones, and what has to stand in the DNS for each."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from newsletter.errors import Act, NewsletterError, Remedy
from newsletter.files import write_new
from newsletter.message import Algorithm, DkimKey, is_selector, new_key, read_key, record_strings
from newsletter.publishing.publication import Publication
from newsletter.settings import Settings


@dataclass(frozen=True, kw_only=True, slots=True)
class Record:
    """The TXT record of one key (RFC 6376, 3.6.1); `strings` are its value as a zone file cuts it.

    `bits` is the key's size.
    """

    domain: str
    selector: str
    algorithm: str
    value: str
    strings: Sequence[str]
    bits: int
    is_weak: bool

    @property
    def name(self) -> str:
        return f"{self.selector}._domainkey.{self.domain}"

    @property
    def is_ed25519(self) -> bool:
        return self.algorithm == Algorithm.ED25519


@dataclass(frozen=True, kw_only=True, slots=True)
class NewKey:
    """A key that was made. `is_configured` says whether newsletter.toml names it already."""

    record: Record
    path: Path
    is_configured: bool


def make_key(
    settings: Settings, *, ed25519: bool, selector: str | None, bits: int, now: datetime
) -> NewKey:
    """A new key in a file for its owner alone; none is overwritten, and git leaves them alone.

    Raises NewsletterError for a selector that the DNS does not take, OutputError where the file
    cannot be written, MissingExtraError without the extra.
    """
    kind = Algorithm.ED25519 if ed25519 else Algorithm.RSA
    name, path = _place(settings, kind, selector, now)
    if not is_selector(name):
        raise NewsletterError(
            "the DNS does not take this name",
            where=f"selector {name}",
            next_step='use letters, digits, "-" and ".", such as n202111',
        )
    write_new(path, new_key(kind, bits=bits), mode=0o600, kind="key")
    with suppress(OSError), (path.parent / ".gitignore").open("x", encoding="ascii") as file:
        file.write("*.pem\n")
    configured = settings.dkim.keys if settings.dkim else ()
    known = [(key.algorithm, key.selector, key.path) for key in configured]
    domain = settings.dkim.domain if settings.dkim else settings.sender.mailbox.addr_spec.domain
    return NewKey(
        record=_record(domain, read_key(path, selector=name, algorithm=kind)),
        path=path,
        is_configured=(kind, name, path) in known,
    )


def configured_records(publication: Publication) -> Sequence[Record]:
    """Of the keys in newsletter.toml. Raises NewsletterError where there is none."""
    signer = publication.open_signer()
    if signer is None:
        raise NewsletterError(
            "no message is signed: newsletter.toml has no [dkim]",
            where=str(publication.settings.folder),
            next_step="make a key",
            remedy=Remedy(Act.MAKE_DKIM_KEY),
        )
    return [_record(signer.domain, key) for key in signer.keys]


def _record(domain: str, key: DkimKey) -> Record:
    return Record(
        domain=domain,
        selector=key.selector,
        algorithm=key.algorithm,
        value=key.record,
        strings=record_strings(key.record),
        bits=key.bits,
        is_weak=key.is_weak,
    )


def _place(
    settings: Settings, kind: Algorithm, selector: str | None, now: datetime
) -> tuple[str, Path]:
    """The selector and file of newsletter.toml if it names a key of this kind that is not there."""
    configured = settings.dkim.keys if settings.dkim else ()
    for key in configured:
        is_wanted = key.algorithm is kind and selector in (None, key.selector)
        if is_wanted and not key.is_credential and not key.path.exists():
            return key.selector, key.path
    name = selector or f"n{now:%Y%m}{'e' if kind is Algorithm.ED25519 else ''}"
    return name, settings.folder / "dkim" / f"{name}.pem"
