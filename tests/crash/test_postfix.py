"""The same send against a real relay: Postfix, started on a free port, with a maildir behind it.

It runs where Postfix is installed and we are root, which its master process wants to be; nothing
of the machine's own Postfix is touched.
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
from dataclasses import dataclass
from pathlib import Path

import pytest

from newsletter.transports import Envelope, Reply, open_transport
from tests.acceptance.publication import Publication
from tests.crash.send import books, send

DAEMONS = Path("/usr/lib/postfix/sbin")
SECONDS = 30.0

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


@dataclass(frozen=True, slots=True)
class Postfix:
    folder: Path
    port: int

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}?tls=none&connections=4"

    def messages(self, count: int) -> list[bytes]:
        """What arrived, as soon as it is so much; a relay delivers after it has accepted."""
        inbox = self.folder / "mail/all/new"
        deadline = time.monotonic() + SECONDS
        while not inbox.exists() or len(list(inbox.iterdir())) < count:
            assert time.monotonic() < deadline, (self.folder / "maillog").read_text()[-2000:]
            time.sleep(0.1)
        return [path.read_bytes() for path in inbox.iterdir()]

    def command(self, word: str) -> None:
        subprocess.run(
            ["postfix", "-c", str(self.folder / "etc"), word], check=True, capture_output=True
        )


@pytest.fixture
def postfix() -> Iterator[Postfix]:
    if shutil.which("postfix") is None or not DAEMONS.exists():
        pytest.skip("Postfix is not installed")
    if os.getuid() != 0:
        pytest.skip("Postfix wants to be started by root")
    folder = Path(tempfile.mkdtemp(prefix="nl-postfix-", dir="/tmp"))
    folder.chmod(0o755)
    for name in ("etc", "spool", "data", "mail"):
        (folder / name).mkdir()
    shutil.chown(folder / "data", "postfix")
    shutil.chown(folder / "mail", 65534, 65534)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    (folder / "etc/main.cf").write_text(MAIN.format(folder=folder))
    (folder / "etc/master.cf").write_text(MASTER.format(port=port))
    relay = Postfix(folder, port)
    relay.command("start")
    yield relay
    relay.command("stop")
    shutil.rmtree(folder)


def test_postfix_gets_one_message_for_each_recipient(some: Publication, postfix: Postfix) -> None:
    """Its own check for unlawful pipelining is on (RFC 2920, 3.1)."""
    ended = asyncio.run(send(some, postfix.url))
    arrived = postfix.messages(200)

    assert 0 == ended.status, ended
    assert {"accepted": 200} == books(some).counts()
    recipients = Counter(re.findall(rb"(?m)^Delivered-To: (.*)$", b"\n".join(arrived)))
    assert 200 == len(recipients)
    assert {1} == set(recipients.values())


def test_postfix_gets_every_octet_as_it_was_composed(postfix: Postfix) -> None:
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
        async with open_transport(postfix.url) as transport:
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
    arrived = {raw[raw.index(b"X-First: ") :] for raw in postfix.messages(20)}

    assert [250] * 20 == [reply.code for reply in replies]
    # Postfix puts its Message-ID and Date, which are missing, behind the last header line.
    kept = {re.sub(rb"(?m)^(Message-Id|Date|From): .*\n", b"", raw) for raw in arrived}
    assert {content(number).replace(b"\r\n", b"\n") for number in range(20)} == kept
