"""LMTP against a real mail store: Debian's Dovecot, on a socket of its own."""

import asyncio
import os
import shutil
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from newsletter.clock import now
from newsletter.transports import Envelope, open_transport
from tests.pace import patience

DOVECOT = shutil.which("dovecot", path="/usr/sbin:/usr/local/sbin")

LMTPD = Path("/usr/lib/dovecot/lmtp")
"""A package of its own."""

pytestmark = pytest.mark.skipif(
    DOVECOT is None or not LMTPD.exists() or os.geteuid() != 0,
    reason="needs Dovecot's lmtpd, and root to start it",
)

CONFIGURATION = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = lmtp
ssl = no
mail_location = maildir:{folder}/mail/%u
first_valid_uid = 1
userdb {{
  driver = static
  args = uid=mail gid=mail home={folder}/mail/%u allow_all_users=yes
}}
passdb {{
  driver = static
  args = nopassword=y
}}
service lmtp {{
  unix_listener {folder}/lmtp.sock {{
    mode = 0666
  }}
}}
"""


@pytest.fixture
def store() -> Iterator[Path]:
    """The folder of a running Dovecot: `lmtp.sock`, and maildirs in `mail`."""
    with tempfile.TemporaryDirectory() as name:  # short: a socket's path has 107 octets
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "mail").mkdir()
        shutil.chown(folder / "mail", "mail", "mail")
        (folder / "dovecot.conf").write_text(CONFIGURATION.format(folder=folder))
        command = [str(DOVECOT), "-F", "-c", str(folder / "dovecot.conf")]
        server = subprocess.Popen(command)
        deadline = time.monotonic() + patience()
        while not (folder / "lmtp.sock").exists():
            assert server.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.05)
        yield folder
        server.terminate()
        server.wait(20)


async def nothing() -> None:
    return None


def test_lmtp_delivers_each_message_once_into_dovecot(store: Path) -> None:
    """Each announced while the one before it ends, as the sender does it."""
    envelopes = [
        Envelope(reverse_path="bounce@example.com", recipient=f"r{number % 3}@example.com")
        for number in range(30)
    ]

    async def scenario() -> Counter[int | None]:
        async with open_transport(f"lmtp://{store}/lmtp.sock", clock=now) as transport:
            session = await transport.open()
            codes: Counter[int | None] = Counter()
            for envelope, following in zip(envelopes, [*envelopes[1:], None], strict=True):
                reply = await session.deliver(
                    envelope,
                    b"Subject: News\r\n\r\n.Hello\r\n",
                    before_content=nothing,
                    following=following,
                )
                codes[reply.code] += 1
            await session.close()
            return codes

    codes = asyncio.run(scenario())

    stored = list((store / "mail").glob("*/new/*"))
    assert {250: 30} == codes
    assert 30 == len(stored)
    assert all(each.read_bytes().endswith(b"\n.Hello\n") for each in stored)
    assert {10} == set(Counter(each.parts[-3] for each in stored).values())
