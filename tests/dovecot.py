"""A real Dovecot on loopback with one user and one Maildir, as long as a test needs it."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import trustme

from tests.pace import patience

PASSWORD = "correct-horse-battery"
_OWNER = pwd.getpwnam("nobody")
"""Whose the mail is: Dovecot reads no mail as root."""

_BINARY = shutil.which("dovecot") or "/usr/sbin/dovecot"

_CONF = """
protocols = imap
listen = 127.0.0.1
base_dir = {base}/run
state_dir = {base}/state
log_path = {base}/log
ssl = required
ssl_cert = <{base}/cert.pem
ssl_key = <{base}/key.pem
disable_plaintext_auth = yes
mail_location = maildir:{mail}
mail_uid = {uid}
mail_gid = {gid}
first_valid_gid = 0
default_login_user = {login}
default_internal_user = {internal}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={base}/home
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {plain}
  }}
  inet_listener imaps {{
    port = {port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""


@dataclass(frozen=True, kw_only=True)
class Dovecot:
    """`port` has TLS from the start, `plain` by STARTTLS; `mail` is the Maildir that it shows."""

    port: int
    plain: int
    mail: Path
    ca: Path

    def source(self, user: str = "bounces", folder: str = "INBOX") -> str:
        return f"imaps://{user}@localhost:{self.port}/{folder}?ca={self.ca}"

    def flags(self) -> list[str]:
        """The names of the messages as they lie there, which have their flags in them."""
        return sorted(each.name for part in ("new", "cur") for each in (self.mail / part).iterdir())


@contextmanager
def dovecot(mail: Path | None = None) -> Iterator[Dovecot]:
    """It shows this Maildir, or one of its own.

    Skips the test where there is no Dovecot, or nobody may start one.
    """
    if not Path(_BINARY).exists():
        pytest.skip("Dovecot is not installed")
    if os.geteuid() != 0:
        pytest.skip("only root may start a Dovecot")
    with TemporaryDirectory(prefix="dovecot-") as name:  # where a user of no rights may go, too
        base = Path(name)
        base.chmod(0o755)
        with _running(base, mail or _laid_out(base / "mail")) as server:
            yield server


def _laid_out(mail: Path) -> Path:
    for folder in (mail, *(mail / part for part in ("cur", "new", "tmp"))):
        folder.mkdir()
        shutil.chown(folder, _OWNER.pw_uid, _OWNER.pw_gid)
    return mail


@contextmanager
def _running(base: Path, mail: Path) -> Iterator[Dovecot]:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(base / "ca.pem")
    certificate = authority.issue_cert("localhost")
    certificate.private_key_pem.write_to_path(base / "key.pem")
    with (base / "cert.pem").open("wb") as file:
        file.writelines(each.bytes() for each in certificate.cert_chain_pems)
    port, plain = _free_port(), _free_port()
    (base / "dovecot.conf").write_text(
        _CONF.format(
            base=base,
            mail=mail,
            uid=_OWNER.pw_uid,
            gid=_OWNER.pw_gid,
            login="dovenull",
            internal="dovecot",
            password=PASSWORD,
            port=port,
            plain=plain,
        )
    )
    server = subprocess.Popen(
        [_BINARY, "-F", "-c", str(base / "dovecot.conf")],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        _await(port, server, base / "log")
        yield Dovecot(port=port, plain=plain, mail=mail, ca=base / "ca.pem")
    finally:
        with suppress(ProcessLookupError):
            os.killpg(server.pid, signal.SIGTERM)
        server.wait(patience())
        if server.stdout is not None:
            server.stdout.close()


def _await(port: int, server: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + patience()
    while time.monotonic() < until and server.poll() is None:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    said = server.stdout.read().decode() if server.poll() is not None and server.stdout else ""
    pytest.fail(f"Dovecot did not start: {said}{log.read_text() if log.exists() else ''}")


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port
