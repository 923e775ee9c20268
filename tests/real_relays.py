"""Real relays, Postfix and Exim, each started on a free port by a test and set up by it.

They run where they are installed and we are root, which their master processes want to be, and
touch nothing of the machine's own mail system. What is for their own domain goes into one Maildir.
"""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.pace import patience

DAEMONS = Path("/usr/lib/postfix/sbin")
USER, GROUP = "nobody", "nogroup"

_MAIN = """
compatibility_level = 3.6
queue_directory = {folder}/spool
data_directory = {folder}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = relay.example
mydestination =
maillog_file = {folder}/maillog
maillog_file_prefixes = {folder}
virtual_mailbox_domains = {domain}
virtual_mailbox_base = {folder}
virtual_mailbox_maps = static:mail/
virtual_uid_maps = static:65534
virtual_gid_maps = static:65534
virtual_minimum_uid = 1
alias_maps =
alias_database =
smtp_tls_security_level = none
smtpd_relay_restrictions = permit_mynetworks, reject
{more}
"""

_MASTER = """
127.0.0.1:{port} inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
error unix - - n - - error
retry unix - - n - - error
smtp unix - - n - - smtp
scache unix - - n - 1 scache
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
"""

_EXIM = """
exim_path = {exim}
exim_user = {user}
exim_group = {group}
never_users =
spool_directory = {folder}/spool
log_file_path = {folder}/spool/%slog
pid_file_path = {folder}/spool/pid
primary_hostname = relay.example
local_interfaces = 127.0.0.1
daemon_smtp_ports = {port}
tls_advertise_hosts =
dsn_advertise_hosts = *
acl_smtp_rcpt = accept
{more}
begin acl
begin routers
{routers}
begin transports
maildir:
  driver = appendfile
  directory = {folder}/mail
  maildir_format
  envelope_to_add
  delivery_date_add
  user = {user}
  group = {group}
{transports}
begin retry
*  *  F,1h,1m
"""


@dataclass(frozen=True, kw_only=True)
class SetUp:
    """What a test wants of its relay: lines of its settings. `domain` is Postfix's own one.

    Exim's `routers` may deliver to the transport "maildir".
    """

    domain: str
    postfix: str = ""
    exim: str = ""
    routers: str = ""
    transports: str = ""


@dataclass(frozen=True, kw_only=True)
class RealRelay:
    """One that runs. `mail` is its Maildir, `recipient` the field that names the envelope's."""

    port: int
    mail: Path
    recipient: str
    log: Path

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}?tls=none&connections=4"

    def messages(self, count: int) -> list[bytes]:
        """What arrived, as soon as it is so much; a relay delivers after it has accepted."""
        until, new = time.monotonic() + patience(), self.mail / "new"
        while len(list(new.iterdir())) < count:
            if time.monotonic() > until:
                pytest.fail(f"{count} did not come: {self.log.read_text()[-3000:]}")
            time.sleep(0.1)
        return [path.read_bytes() for path in new.iterdir()]


@contextmanager
def real_relay(kind: str, set_up: SetUp) -> Iterator[RealRelay]:
    """`kind` is "postfix" or "exim". Skips where it cannot be run."""
    if os.getuid() != 0:
        pytest.skip("a relay wants to be started by root")
    folder = Path(tempfile.mkdtemp(prefix="nl-relay-", dir="/tmp"))
    folder.chmod(0o755)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    for part in ("mail", "mail/cur", "mail/new", "mail/tmp"):
        (folder / part).mkdir()
        shutil.chown(folder / part, USER, GROUP)
    try:
        with {"postfix": _postfix, "exim": _exim}[kind](folder, port, set_up) as relay:
            yield relay
    finally:
        shutil.rmtree(folder)


@contextmanager
def _postfix(folder: Path, port: int, set_up: SetUp) -> Iterator[RealRelay]:
    if shutil.which("postfix") is None or not DAEMONS.exists():
        pytest.skip("Postfix is not installed")
    for name in ("etc", "spool", "data"):
        (folder / name).mkdir()
    shutil.chown(folder / "data", "postfix")
    main = _MAIN.format(folder=folder, domain=set_up.domain, more=set_up.postfix)
    (folder / "etc/main.cf").write_text(main)
    (folder / "etc/master.cf").write_text(_MASTER.format(port=port))
    command = ["postfix", "-c", str(folder / "etc")]
    subprocess.run([*command, "start"], check=True, capture_output=True)
    try:
        yield RealRelay(
            port=port, mail=folder / "mail", recipient="Delivered-To", log=folder / "maillog"
        )
    finally:
        subprocess.run([*command, "stop"], check=True, capture_output=True)


@contextmanager
def _exim(folder: Path, port: int, set_up: SetUp) -> Iterator[RealRelay]:
    program = shutil.which("exim4")
    if program is None:
        pytest.skip("Exim is not installed")
    (folder / "spool").mkdir()
    shutil.chown(folder / "spool", USER, GROUP)
    names = {"exim": program, "user": USER, "group": GROUP, "folder": folder, "port": port}
    settings = folder / "exim.conf"
    settings.write_text(
        _EXIM.format(
            more=set_up.exim, routers=set_up.routers, transports=set_up.transports, **names
        )
    )
    settings.chmod(0o644)
    daemon = subprocess.Popen(
        [program, "-C", str(settings), "-bdf", "-q1m"], stderr=subprocess.DEVNULL
    )
    try:
        _await(port)
        log = folder / "spool/mainlog"
        yield RealRelay(port=port, mail=folder / "mail", recipient="Envelope-to", log=log)
    finally:
        daemon.terminate()
        daemon.wait(patience())


def _await(port: int) -> None:
    until = time.monotonic() + patience()
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            assert time.monotonic() < until, "the relay does not listen"
            time.sleep(0.05)
        else:
            return
