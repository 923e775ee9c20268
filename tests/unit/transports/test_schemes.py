"""A transport that is one module and one row is refused whatever its form does not have."""

import asyncio
import mailbox
from pathlib import Path

import pytest

from newsletter.clock import now
from newsletter.errors import TransportURLError
from newsletter.transports import (
    SCHEMES,
    BeforeContent,
    Envelope,
    Form,
    Reply,
    Scheme,
    Stage,
    Verdict,
    open_transport,
)
from newsletter.transports.admission import admit
from newsletter.transports.named import NamedByURL

ADA = Envelope(reverse_path="bounce@example.com", recipient="ada@example.com")


class MboxTransport(NamedByURL):
    async def open(self) -> "MboxSession":
        return MboxSession(Path(self._url.path))


class MboxSession:
    def __init__(self, path: Path) -> None:
        self._path = path

    async def deliver(
        self,
        envelope: Envelope,
        content: bytes,
        *,
        before_content: BeforeContent,
        following: Envelope | None = None,
    ) -> Reply:
        admit(envelope, content)
        await before_content()
        box = mailbox.mbox(self._path)
        box.add(content)
        box.close()
        return Reply(code=250, enhanced_code="2.0.0", text="kept", stage=Stage.FINAL_DOT)

    async def close(self) -> None:
        return None


@pytest.fixture(autouse=True)
def row(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(SCHEMES, "mbox", Scheme(form=Form.FILE, factory=MboxTransport))


@pytest.mark.parametrize(
    ("url", "part"),
    [
        ("mbox:", "the file is missing: write it like mbox:outbox"),
        ("mbox:?rate=5", "the file is missing"),
        ("mbox://host/x", "a file follows “mbox:” without slashes: mbox:host/x"),
        ("mbox:x?conections=2", "unknown option “conections”, did you mean “connections”?"),
        ("mbox:x?timeout=2", "(mbox: allows connections, per_day, per_hour, rate, weight)"),
        ("mbox:x?rate=fast", "rate=fast: must be"),
    ],
)
def test_a_row_alone_refuses_what_its_form_does_not_have(url: str, part: str) -> None:
    with pytest.raises(TransportURLError) as caught:
        open_transport(url, clock=now)

    assert part in caught.value.what


def test_a_row_alone_opens_its_transport(tmp_path: Path) -> None:
    url = f"mbox:{tmp_path}/box?connections=2&rate=5"

    async def scenario() -> Verdict:
        async with open_transport(url, clock=now) as transport:
            session = await transport.open()
            reply = await session.deliver(
                ADA, b"Subject: News\r\n\r\nHello\r\n", before_content=lambda: asyncio.sleep(0)
            )
            await session.close()
            return reply.verdict

    assert Verdict.ACCEPTED == asyncio.run(scenario())
    assert "Subject: News" in (tmp_path / "box").read_text()


def test_every_option_of_a_row_of_ours_is_one_that_is_read() -> None:
    """What `options` does not know would be left to a factory that does not look."""
    for name, row in SCHEMES.items():
        assert row.options is not None
        for option in row.options:
            with pytest.raises(TransportURLError, match=f"{option}=: must be"):
                open_transport(f"{name}:x?{option}=", clock=now)
