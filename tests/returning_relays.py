"""Real relays that accept for readers elsewhere, and return what those then refuse: Postfix, Exim.

Each hands mail for reader.example.com on to a server of the test, and delivers everything for
news.example.com, with whatever stands behind a `+`, into one Maildir. They run where they are
installed and we are root, on free ports, and touch nothing of the machine's own mail system.
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
transport_maps = inline:{{ {{ reader.example.com = smtp:[127.0.0.1]:{next_hop} }} }}
virtual_mailbox_domains = news.example.com
virtual_mailbox_base = {folder}
virtual_mailbox_maps = static:mail/
virtual_uid_maps = static:65534
virtual_gid_maps = static:65534
virtual_minimum_uid = 1
alias_maps =
alias_database =
smtp_tls_security_level = none
smtpd_relay_restrictions = permit_mynetworks, reject
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
begin acl
begin routers
onward:
  driver = manualroute
  domains = reader.example.com
  route_list = * 127.0.0.1
  self = send
  transport = onward
own:
  driver = accept
  domains = news.example.com
  transport = maildir
begin transports
onward:
  driver = smtp
  port = {next_hop}
  allow_localhost
  hosts_avoid_tls = *
maildir:
  driver = appendfile
  directory = {folder}/mail
  maildir_format
  envelope_to_add
  delivery_date_add
  user = {user}
  group = {group}
begin retry
*  *  F,1h,1m
"""


@dataclass(frozen=True, kw_only=True)
class ReturningRelay:
    """`mail` is the Maildir of news.example.com."""

    port: int
    mail: Path
    log: Path

    def await_messages(self, count: int) -> None:
        """Until so many have come back; a relay returns after it has accepted."""
        until = time.monotonic() + patience()
        new = self.mail / "new"
        while not new.exists() or len(list(new.iterdir())) < count:
            if time.monotonic() > until:
                pytest.fail(f"{count} did not come back: {self.log.read_text()[-3000:]}")
            time.sleep(0.1)


@contextmanager
def returning_relay(kind: str, next_hop: int) -> Iterator[ReturningRelay]:
    """`next_hop` is the port of the readers' own server. Skips where the relay cannot be run."""
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
        with {"postfix": _postfix, "exim": _exim}[kind](folder, port, next_hop) as log:
            yield ReturningRelay(port=port, mail=folder / "mail", log=log)
    finally:
        shutil.rmtree(folder)


@contextmanager
def _postfix(folder: Path, port: int, next_hop: int) -> Iterator[Path]:
    if shutil.which("postfix") is None or not DAEMONS.exists():
        pytest.skip("Postfix is not installed")
    for name in ("etc", "spool", "data"):
        (folder / name).mkdir()
    shutil.chown(folder / "data", "postfix")
    (folder / "etc/main.cf").write_text(_MAIN.format(folder=folder, next_hop=next_hop))
    (folder / "etc/master.cf").write_text(_MASTER.format(port=port))
    command = ["postfix", "-c", str(folder / "etc")]
    subprocess.run([*command, "start"], check=True, capture_output=True)
    try:
        yield folder / "maillog"
    finally:
        subprocess.run([*command, "stop"], check=True, capture_output=True)


@contextmanager
def _exim(folder: Path, port: int, next_hop: int) -> Iterator[Path]:
    program = shutil.which("exim4")
    if program is None:
        pytest.skip("Exim is not installed")
    (folder / "spool").mkdir()
    shutil.chown(folder / "spool", USER, GROUP)
    names = {"exim": program, "user": USER, "group": GROUP, "folder": folder}
    settings = folder / "exim.conf"
    settings.write_text(_EXIM.format(port=port, next_hop=next_hop, **names))
    settings.chmod(0o644)
    daemon = subprocess.Popen(
        [program, "-C", str(settings), "-bdf", "-q1m"], stderr=subprocess.DEVNULL
    )
    try:
        _await(port)
        yield folder / "spool/mainlog"
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
