"""The same send against real relays: Postfix and Exim, each started on a free port by the test.

They run where they are installed and we are root, which their master processes want to be; nothing
of the machine's own mail system is touched. Each delivers into a maildir.
"""

import asyncio
import os
import re
import shutil
import socket
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from newsletter.clock import now
from newsletter.transports import Envelope, Reply, open_transport
from tests.acceptance.publication import Publication
from tests.crash.send import books, send
from tests.pace import patience

DAEMONS = Path("/usr/lib/postfix/sbin")
SECONDS = patience(30)

MAIN = """
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
virtual_mailbox_domains = example.com
virtual_mailbox_base = {folder}/mail
virtual_mailbox_maps = static:all/
virtual_uid_maps = static:65534
virtual_gid_maps = static:65534
virtual_minimum_uid = 1
alias_maps =
alias_database =
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_data_restrictions = reject_unauth_pipelining
"""

MASTER = """
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
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
"""


EXIM = """
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
acl_smtp_rcpt = accept
dsn_advertise_hosts = *
smtp_enforce_sync = true
smtp_accept_max_per_connection = 0
smtp_accept_queue_per_connection = 0
begin acl
begin routers
gone:
  driver = redirect
  domains = gone.example
  allow_fail
  data = :fail: no such mailbox here
all:
  driver = accept
  transport = maildir
begin transports
maildir:
  driver = appendfile
  directory = {folder}/mail/all
  maildir_format
  envelope_to_add
  user = {user}
  group = {group}
"""


@dataclass(frozen=True, slots=True)
class Relay:
    """A real relay that runs; `recipient` is the header in which it names the envelope's."""

    folder: Path
    port: int
    recipient: str
    log: Path

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}?tls=none&connections=4"

    def messages(self, count: int) -> list[bytes]:
        """What arrived, as soon as it is so much; a relay delivers after it has accepted."""
        inbox = self.folder / "mail/all/new"
        deadline = time.monotonic() + SECONDS
        while not inbox.exists() or len(list(inbox.iterdir())) < count:
            assert time.monotonic() < deadline, self.log.read_text()[-2000:]
            time.sleep(0.1)
        return [path.read_bytes() for path in inbox.iterdir()]


@pytest.fixture(params=["postfix", "exim"])
def relay(request: pytest.FixtureRequest) -> Iterator[Relay]:
    if os.getuid() != 0:
        pytest.skip("a relay wants to be started by root")
    folder = Path(tempfile.mkdtemp(prefix="nl-relay-", dir="/tmp"))
    folder.chmod(0o755)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    try:
        with {"postfix": postfix, "exim": exim}[request.param](folder, port) as running:
            yield running
    finally:
        shutil.rmtree(folder)


@contextmanager
def postfix(folder: Path, port: int) -> Iterator[Relay]:
    if shutil.which("postfix") is None or not DAEMONS.exists():
        pytest.skip("Postfix is not installed")
    for name in ("etc", "spool", "data", "mail"):
        (folder / name).mkdir()
    shutil.chown(folder / "data", "postfix")
    shutil.chown(folder / "mail", 65534, 65534)
    (folder / "etc/main.cf").write_text(MAIN.format(folder=folder))
    (folder / "etc/master.cf").write_text(MASTER.format(port=port))
    command = ["postfix", "-c", str(folder / "etc")]
    subprocess.run([*command, "start"], check=True, capture_output=True)
    try:
        yield Relay(folder, port, "Delivered-To", folder / "maillog")
    finally:
        subprocess.run([*command, "stop"], check=True, capture_output=True)


@contextmanager
def exim(folder: Path, port: int) -> Iterator[Relay]:
    program = shutil.which("exim4")
    if program is None:
        pytest.skip("Exim is not installed")
    user, group = "nobody", "nogroup"
    for name in ("spool", "mail"):
        (folder / name).mkdir()
        shutil.chown(folder / name, user, group)
    settings = folder / "exim.conf"
    settings.write_text(EXIM.format(exim=program, user=user, group=group, folder=folder, port=port))
    settings.chmod(0o644)
    daemon = subprocess.Popen(
        [program, "-C", str(settings), "-bdf", "-q1m"], stderr=subprocess.DEVNULL
    )
    try:
        _wait_for(port)
        yield Relay(folder, port, "Envelope-to", folder / "spool/mainlog")
    finally:
        daemon.terminate()
        daemon.wait(SECONDS)


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            assert time.monotonic() < deadline, "the relay does not listen"
            time.sleep(0.05)
        else:
            return


def test_real_relay_gets_one_message_for_each_recipient(some: Publication, relay: Relay) -> None:
    """Their own checks for unlawful pipelining are on (RFC 2920, 3.1)."""
    ended = asyncio.run(send(some, relay.url))
    arrived = relay.messages(200)

    assert 0 == ended.status, ended
    assert {"accepted": 200} == books(some).counts()
    recipients = Counter(
        re.findall(rf"(?m)^{relay.recipient}: (.*)$".encode(), b"\n".join(arrived))
    )
    assert 200 == len(recipients)
    assert {1} == set(recipients.values())


def test_real_relay_returns_what_it_cannot_deliver_to_the_reverse_path_of_the_delivery(
    relay: Relay,
) -> None:
    """With our id and our header fields, without the content (RFC 3461, 4.3 and 4.4)."""
    if relay.recipient != "Envelope-to":
        pytest.skip("only this Exim is set up to find out later")
    token = "mzxw6ytboi" * 4
    envelope = Envelope(
        reverse_path=f"bounces+{token}@example.com",
        recipient="ada+news@gone.example",
        envelope_id=token,
    )
    content = b"Message-ID: <id@example.com>\r\nSubject: x\r\n\r\nA long content\r\n" * 2

    async def nothing() -> None:
        return None

    async def scenario() -> Reply:
        async with open_transport(relay.url, clock=now) as transport:
            session = await transport.open()
            reply = await session.deliver(envelope, content, before_content=nothing)
            await session.close()
        return reply

    reply = asyncio.run(scenario())
    [returned] = relay.messages(1)

    assert 250 == reply.code
    assert f"Envelope-to: {envelope.reverse_path}".encode() in returned
    assert b"no such mailbox here" in returned
    assert f"original-envelope-id: {token}\n".encode() in returned.lower()
    assert re.search(rb"Original-Recipient: rfc822;\s*ada(\+|\+2B)news@gone.example", returned)
    assert b"Message-ID: <id@example.com>" in returned
    assert b"A long content" not in returned


def test_real_relay_gets_every_octet_as_it_was_composed(relay: Relay) -> None:
    """Dots, blanks at the ends of lines and the longest line there may be, one after another."""

    def content(number: int) -> bytes:
        lines = (b".", b"..", b". ", b"x" * 998, b"", b"end  ", b"." * number)
        return b"X-First: %d\r\nSubject: x\r\n\r\n" % number + b"\r\n".join(lines) + b"\r\n"

    async def nothing() -> None:
        return None

    async def scenario() -> list[Reply]:
        envelopes = [
            Envelope(reverse_path="b@example.com", recipient=f"r{n}@example.com") for n in range(20)
        ]
        async with open_transport(relay.url, clock=now) as transport:
            session = await transport.open()
            replies = [
                await session.deliver(
                    envelope, content(number), before_content=nothing, following=following
                )
                for number, (envelope, following) in enumerate(
                    zip(envelopes, [*envelopes[1:], None], strict=True)
                )
            ]
            await session.close()
        return replies

    replies = asyncio.run(scenario())
    arrived = {raw[raw.index(b"X-First: ") :] for raw in relay.messages(20)}

    assert [250] * 20 == [reply.code for reply in replies]
    # A relay puts its Message-ID and Date, which are missing, behind the last header line.
    kept = {re.sub(rb"(?m)^(Message-Id|Date|From): .*\n", b"", raw) for raw in arrived}
    assert {content(number).replace(b"\r\n", b"\n") for number in range(20)} == kept
