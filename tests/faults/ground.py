"""Certificates, good and bad, and an empty database: what every cell of the matrix stands on."""

import datetime as dt
import ssl
import tempfile
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import trustme
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from newsletter.store import open_database
from tests.faults.script import Fault
from tests.faults.world import Ground


def lay_ground(folder: Path) -> Ground:
    """All of it in one folder, which should be empty."""
    authority = trustme.CA()
    path = folder / "authority.pem"
    authority.cert_pem.write_to_path(path)
    template = folder / "template.db"
    open_database(f"sqlite:///{template}").close()
    return Ground(
        template=template,
        folder=folder,
        authority=path,
        certificates=certificates(authority),
    )


def certificates(authority: trustme.CA) -> Mapping[Fault | None, ssl.SSLContext]:
    """A context to show for each bad certificate, and for None a good one."""
    now = dt.datetime.now(dt.UTC)
    day, year = dt.timedelta(days=1), dt.timedelta(days=365)
    names = ("localhost", "127.0.0.1")
    old_tls = _context(authority.issue_cert(*names))
    with _deprecated():
        old_tls.minimum_version = ssl.TLSVersion.TLSv1
        old_tls.maximum_version = ssl.TLSVersion.TLSv1_1
    old_tls.set_ciphers("ALL:@SECLEVEL=0")
    return {
        None: _context(authority.issue_cert(*names)),
        Fault.EXPIRED: _context(
            authority.issue_cert(*names, not_before=now - year, not_after=now - day)
        ),
        Fault.NOT_YET: _context(
            authority.issue_cert(*names, not_before=now + day, not_after=now + year)
        ),
        Fault.OTHER_NAME: _context(authority.issue_cert("other.example")),
        Fault.UNKNOWN_AUTHORITY: _context(trustme.CA().issue_cert(*names)),
        Fault.SELF_SIGNED: _self_signed(),
        Fault.OLD_TLS: old_tls,
    }


def _context(certificate: trustme.LeafCert) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    return context


def _self_signed() -> ssl.SSLContext:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.NamedTemporaryFile() as file:
        file.write(pem + certificate.public_bytes(serialization.Encoding.PEM))
        file.flush()
        context.load_cert_chain(file.name)
    return context


@contextmanager
def _deprecated() -> Iterator[None]:
    """TLS 1.1 is; that is why it is asked for."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        yield
