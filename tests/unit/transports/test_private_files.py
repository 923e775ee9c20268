"""What transports keep as files is for its owner: it holds addresses and living tokens."""

import asyncio
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from newsletter.clock import now
from newsletter.transports import Envelope, open_transport


@pytest.fixture(autouse=True)
def generous_umask() -> Iterator[None]:
    """One that would let everybody read and write."""
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.mark.parametrize("scheme", ["directory", "maildir"])
def test_messages_and_their_folders_are_for_the_owner_alone(tmp_path: Path, scheme: str) -> None:
    async def nothing() -> None:
        return None

    async def scenario() -> None:
        async with open_transport(f"{scheme}:{tmp_path / 'out'}", clock=now) as transport:
            session = await transport.open()
            await session.deliver(
                Envelope(reverse_path="b@example.com", recipient="ada@example.com"),
                b"Subject: x\r\n\r\nwords\r\n",
                before_content=nothing,
            )

    asyncio.run(scenario())
    found = [tmp_path / "out", *(tmp_path / "out").rglob("*")]
    files = [path for path in found if path.is_file()]

    assert 1 == len(files)
    assert {0o600} == {path.stat().st_mode & 0o777 for path in files}
    assert 0o700 == (tmp_path / "out").stat().st_mode & 0o777 or scheme == "maildir"
    if scheme == "maildir":
        folders = [path for path in found[1:] if path.is_dir()]
        assert {0o700} == {path.stat().st_mode & 0o777 for path in folders}
