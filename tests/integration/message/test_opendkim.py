"""Signatures on bytes that a real server received, verified by OpenDKIM without any DNS."""

import asyncio
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from newsletter.addresses import AddrSpec, parse_addr_spec, parse_mailbox
from newsletter.clock import now
from newsletter.delivery import deliver_once
from newsletter.inbox import open_inbox
from newsletter.issue import Placeholder
from newsletter.message import (
    Algorithm,
    Composer,
    Reader,
    RenderedIssue,
    Sender,
    Signer,
    new_key,
    read_key,
)
from newsletter.transports import Envelope, Verdict, open_transport

OPENDKIM = shutil.which("opendkim", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
DOMAIN = "news.example.com"
PASSES = [("pass", "rsa-sha256"), ("pass", "ed25519-sha256")]

pytestmark = pytest.mark.skipif(OPENDKIM is None, reason="opendkim is not installed")

SENDER = Sender(
    mailbox=parse_mailbox("Vendredi à cinq <friday@news.example.com>"),
    reply_to=parse_mailbox("Editors <editors@news.example.com>"),
    reverse_path=parse_addr_spec("bounces@news.example.com"),
    list_id="friday-five.news.example.com",
    list_name="The Friday Five",
    base_url="https://news.example.com",
    unsubscribe_mailbox=parse_addr_spec("leave@news.example.com"),
    help_url="https://news.example.com/help",
    archive_url="https://news.example.com/issues",
    feedback_id="friday-five:weekly:news:examplemed",
)
ISSUE = RenderedIssue(
    name="2021-11-26",
    subject="Walmart, Carrefour, Getir and Richemont: the week in retail tech, in five stories",
    html="<p>Hello zzSLOT1zz,</p>\n" + "<p>A story  of   spaces.\t</p> \n" * 300,
    text="zzSLOT1zz, hello  \n\n.a line with a dot\n..two\nFrom here\n" + "Words " * 2_000 + "\n",
    placeholders=(Placeholder(mark="zzSLOT1zz", field="first_name", default="there"),),
    date=datetime(2021, 11, 26, 7, 0, tzinfo=UTC),
)
READERS = [
    Reader(
        address=AddrSpec(local_part, "example.org"),
        display_name=name,
        fields={"first_name": name, "unsubscribe_token": token},
        message_id_mac="9f86d081884c7d65",
    )
    for local_part, name, token in [
        ("ada", "Ada", "k1.Zm9vYmFy"),
        ("blank", "", "-"),
        ("dot", '.  "Dot" \\ of  spaces', "x" * 500),
        ("zoë", "Zoë  = <b> مرحبا", "k1.Zm9vYmFy"),
    ]
]


@pytest.fixture(scope="module")
def received(signer: Signer, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Local-part to the bytes that came out at the other end of SMTP."""
    folder = tmp_path_factory.mktemp("inbox")
    composer = Composer(ISSUE, SENDER, signer=signer)
    found = {}
    with open_inbox(folder) as inbox:
        for reader in READERS:
            asyncio.run(_send(reader, composer.compose(reader), inbox.port))
            (path,) = folder.glob("*.eml")
            found[reader.address.local_part] = path.read_bytes()
            path.unlink()
    return found


async def _send(reader: Reader, content: bytes, port: int) -> None:
    envelope = Envelope(reverse_path=str(SENDER.reverse_path), recipient=str(reader.address))
    async with open_transport(f"smtp://127.0.0.1:{port}?tls=none", clock=now) as transport:
        reply = await deliver_once(transport, envelope, content)

    assert Verdict.ACCEPTED is reply.verdict


@pytest.fixture(scope="module")
def signer(tmp_path_factory: pytest.TempPathFactory) -> Signer:
    keys = []
    for number, algorithm in enumerate(Algorithm):
        path = tmp_path_factory.mktemp("keys") / "key.pem"
        path.touch(0o600)
        path.write_bytes(new_key(algorithm))
        keys.append(read_key(path, selector=f"s{number}", algorithm=algorithm))
    return Signer(DOMAIN, keys)


@pytest.fixture(scope="module")
def verdicts(
    signer: Signer, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[bytes], list[tuple[str, str]]]:
    """What OpenDKIM says of each signature of a message."""
    folder = tmp_path_factory.mktemp("opendkim")
    records = [f"{key.selector}._domainkey.{DOMAIN} {key.record}\n" for key in signer.keys]
    (folder / "keys").write_text("".join(records))
    (folder / "conf").write_text(f"TestPublicKeys {folder / 'keys'}\nMode v\nSyslog no\n")

    def verify(message: bytes) -> list[tuple[str, str]]:
        (folder / "message").write_bytes(message)
        command = [str(OPENDKIM), "-x", str(folder / "conf"), "-vv", "-t", str(folder / "message")]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        return re.findall(r"dkim=(\w+) [^;]*header\.a=([\w-]+)", done.stdout)

    return verify


@pytest.mark.parametrize("local_part", [reader.address.local_part for reader in READERS])
def test_opendkim_verifies_both_signatures_when_a_server_received_the_message(
    received: dict[str, bytes],
    verdicts: Callable[[bytes], list[tuple[str, str]]],
    local_part: str,
) -> None:
    assert PASSES == verdicts(received[local_part])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"Hello", b"Hallo"),
        (b"/unsubscribe/", b"/elsewhere/"),
        (b"List-Unsubscribe=One-Click", b"List-Unsubscribe=Two-Click"),
        (b"Feedback-ID: friday", b"Feedback-ID: monday"),
        (b"\r\nFrom:", b"\r\nCc: eve@example.net\r\nFrom:"),
        (b"\r\nFrom:", b"\r\nSubject: another\r\nFrom:"),
        (b"\r\nFrom:", b"\r\nContent-Type: text/plain\r\nFrom:"),
        (b"\r\nFrom:", b"\r\nList-Unsubscribe: <https://evil.example/>\r\nFrom:"),
    ],
)
def test_opendkim_refuses_both_when_anything_signed_is_changed_or_added(
    received: dict[str, bytes],
    verdicts: Callable[[bytes], list[tuple[str, str]]],
    old: bytes,
    new: bytes,
) -> None:
    changed = received["ada"].replace(old, new, 1)

    assert changed != received["ada"]
    assert [("fail", algorithm) for _, algorithm in PASSES] == verdicts(changed)
