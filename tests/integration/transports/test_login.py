"""Sessions that all want to log in at once: the first goes alone, and a refusal is enough."""

import asyncio
from contextlib import suppress

import pytest

from newsletter.clock import now
from newsletter.errors import RelayFault, Trouble
from newsletter.transports import open_transport


class Doorkeeper:
    """A relay that answers the n-th AUTH by the n-th reply, and the last one for ever."""

    def __init__(self, *replies: bytes, seconds: float = 0.05) -> None:
        self.replies, self.seconds = replies, seconds
        self.logins = self.at_once = self.most_at_once = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 relay\r\n")
        with suppress(ConnectionError):
            while line := await reader.readline():
                if line.startswith(b"AUTH"):
                    writer.write(await self.judge())
                elif line.startswith(b"EHLO"):
                    writer.write(b"250-relay\r\n250 AUTH PLAIN\r\n")
                else:
                    writer.write(b"221 bye\r\n")
                await writer.drain()
        writer.close()

    async def judge(self) -> bytes:
        place = min(self.logins, len(self.replies) - 1)
        self.logins += 1
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        await asyncio.sleep(self.seconds)
        self.at_once -= 1
        return self.replies[place] + b"\r\n"


async def opened(keeper: Doorkeeper, sessions: int, times: int = 1) -> list[object]:
    """What so many openings at once come to; after them so many again, over the same transport."""
    server = await asyncio.start_server(keeper.serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server:
        url = f"smtp://ada@127.0.0.1:{port}?tls=none&connections={sessions}"
        async with open_transport(url, password="wrong", clock=now) as transport:
            found: list[object] = []
            for _ in range(times):
                opening = (transport.open() for _ in range(sessions))
                found += await asyncio.gather(*opening, return_exceptions=True)
        return found


def test_refused_login_is_tried_once_for_all_sessions() -> None:
    keeper = Doorkeeper(b"535 5.7.8 no")

    found = asyncio.run(opened(keeper, 4, times=2))

    assert 1 == keeper.logins
    assert [Trouble.LOGIN] * 8 == [each.trouble for each in found if isinstance(each, RelayFault)]


def test_login_that_could_not_be_judged_is_tried_again_but_not_by_all() -> None:
    keeper = Doorkeeper(b"454 4.7.0 later", b"235 2.7.0 welcome")

    found = asyncio.run(opened(keeper, 3, times=2))

    faults = [each for each in found if isinstance(each, RelayFault)]
    assert [Trouble.AWAY] * 3 == [fault.trouble for fault in faults]
    assert 1 + 3 == keeper.logins


def test_sessions_log_in_side_by_side_once_one_was_let_in() -> None:
    keeper = Doorkeeper(b"235 2.7.0 welcome")

    found = asyncio.run(opened(keeper, 4))

    assert not [each for each in found if isinstance(each, BaseException)]
    assert (4, 3) == (keeper.logins, keeper.most_at_once)


@pytest.mark.parametrize("sessions", [1, 3])
def test_password_that_is_changed_meanwhile_is_refused_once(sessions: int) -> None:
    keeper = Doorkeeper(*[b"235 2.7.0 welcome"] * sessions, b"535 5.7.8 no")

    async def scenario() -> list[object]:
        return await opened(keeper, sessions, times=3)

    found = asyncio.run(scenario())

    assert [RelayFault] * 2 * sessions == [type(each) for each in found[sessions:]]
    assert sessions < keeper.logins <= 2 * sessions  # those that were on their way together
