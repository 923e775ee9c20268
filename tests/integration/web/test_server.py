"""The real server on a socket: clients that dawdle, send too much, or speak HTTP oddly."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

import pytest

from newsletter.books import StoredPicture
from newsletter.web.public import guard, server
from newsletter.web.public.server import Serving, serve
from tests.integration.web.conftest import World
from tests.pace import patience

GET = b"GET /healthz HTTP/1.1\r\nHost: news.example.com\r\n\r\n"
ODD = {
    "no HTTP at all": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
    "HTTP/0.9": b"GET /\r\n\r\n",
    "HTTP/2's preface": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "a version of its own": b"GET / HTTP/9.9\r\nHost: a\r\n\r\n",
    "no host": b"GET / HTTP/1.1\r\n\r\n",
    "two hosts": b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    "a host with a slash": b"GET /feed.atom HTTP/1.1\r\nHost: a/b?c\r\n\r\n",
    "an absolute form": b"GET http://evil.example/ HTTP/1.1\r\nHost: a\r\n\r\n",
    "an absolute form of nothing": b"GET http:// HTTP/1.1\r\nHost: a\r\n\r\n",
    "an authority": b"CONNECT evil.example:443 HTTP/1.1\r\nHost: a\r\n\r\n",
    "an asterisk": b"OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
    "no slash": b"GET healthz HTTP/1.1\r\nHost: a\r\n\r\n",
    "an empty target": b"GET  HTTP/1.1\r\nHost: a\r\n\r\n",
    "a bad percent": b"GET /%zz%%%2 HTTP/1.1\r\nHost: a\r\n\r\n",
    "half a character": b"GET /issues/%ff%c3%28 HTTP/1.1\r\nHost: a\r\n\r\n",
    "an encoded NUL": b"GET /images/%00%2500 HTTP/1.1\r\nHost: a\r\n\r\n",
    "a NUL": b"GET /\x00 HTTP/1.1\r\nHost: a\r\n\r\n",
    "a NUL in a header": b"GET / HTTP/1.1\r\nHost: a\r\nX: \x00\r\n\r\n",
    "eight bits": b"GET /\xff HTTP/1.1\r\nHost: \xff\r\n\r\n",
    "a bare CR": b"GET / HTTP/1.1\r\nHost: a\rX: y\r\n\r\n",
    "bare LF": b"GET / HTTP/1.1\nHost: a\n\n",
    "a folded header": b"GET / HTTP/1.1\r\nHost: a\r\nX: y\r\n z\r\n\r\n",
    "a blank before the colon": b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length : 0\r\n\r\n",
    "no name of a header": b"GET / HTTP/1.1\r\nHost: a\r\n: x\r\n\r\n",
    "a header bomb": b"GET / HTTP/1.1\r\nHost: a\r\n" + b"X: y\r\n" * 20_000 + b"\r\n",
    "a long header": b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"y" * 100_000 + b"\r\n\r\n",
    "a long target": b"GET /" + b"y" * 100_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n",
    "a long method": b"G" * 100_000 + b" / HTTP/1.1\r\nHost: a\r\n\r\n",
    "a websocket": b"GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    b"Sec-WebSocket-Key: x\r\nSec-WebSocket-Version: 13\r\n\r\n",
    "h2c": b"GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n",
}
_POST = b"POST /subscribe HTTP/1.1\r\nHost: a\r\n"
SMUGGLED = {
    "two lengths": b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
    "two lengths in one": b"Content-Length: 5, 6\r\n\r\nhello",
    "a length and chunks": b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "chunks and a length": b"Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n",
    "chunks twice": b"Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n",
    "chunks of another name": b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    "chunks behind a tab": b"Transfer-Encoding:\tchunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n",
    "chunks not last": b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
    "a length with a sign": b"Content-Length: +5\r\n\r\nhello",
    "a length below nothing": b"Content-Length: -1\r\n\r\n",
    "a length in hexadecimal": b"Content-Length: 0x5\r\n\r\nhello",
    "a length without an end": b"Content-Length: " + b"9" * 400 + b"\r\n\r\n",
    "a chunk of a wrong size": b"Transfer-Encoding: chunked\r\n\r\nZZ\r\nhello\r\n0\r\n\r\n",
    "a chunk of a huge size": b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n",
}


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "HEADER_TIME", 0.5)
    monkeypatch.setattr(server, "KEEP_ALIVE", 0.5)
    monkeypatch.setattr(guard, "MOST_BODY_TIME", 0.5)


def talk(world: World, ask: Callable[[int], Awaitable[None]]) -> None:
    """Serves on a free port while `ask` asks."""

    async def both() -> None:
        async with _served(world) as port:
            await asyncio.wait_for(ask(port), patience())

    asyncio.run(both())


@asynccontextmanager
async def _served(world: World) -> AsyncIterator[int]:
    stop, listening = asyncio.Event(), asyncio.get_running_loop().create_future()
    asked = Serving(port=0)
    task = asyncio.create_task(serve(world.publication, asked, stop, listening.set_result))
    try:
        yield int((await listening).rpartition(":")[2])
    finally:
        stop.set()
        await task


async def exchange(port: int, octets: bytes) -> bytes:
    """All that is answered until the server hangs up."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    heard = asyncio.create_task(_heard(reader))
    with suppress(ConnectionError):
        writer.write(octets)
        await writer.drain()
    answer = await heard
    writer.close()
    return answer


async def _heard(reader: asyncio.StreamReader) -> bytes:
    """Also where the connection is reset in the end, as with what nobody reads any more."""
    heard = b""
    with suppress(ConnectionError):
        while piece := await reader.read(65_536):
            heard += piece
    return heard


async def is_well(port: int) -> None:
    assert b'{"status":"ok"}' in await exchange(port, GET)


def test_odd_requests_are_refused_or_answered_and_never_a_fault(world: World) -> None:
    async def ask(port: int) -> None:
        answers = await asyncio.gather(*(exchange(port, octets) for octets in ODD.values()))
        for why, answer in zip(ODD, answers, strict=True):
            assert b"HTTP/1.1 5" not in answer, why
            assert b"HTTP/1.1 3" not in answer, why
            assert b"evil.example" not in answer, why
        await is_well(port)

    talk(world, ask)


def test_what_stands_behind_a_smuggled_body_is_never_a_second_request(world: World) -> None:
    """RFC 9112, 6.3 and 11.2."""
    second = b"GET /robots.txt HTTP/1.1\r\nHost: a\r\n\r\n"

    async def ask(port: int) -> None:
        asked = (exchange(port, _POST + rest + second) for rest in SMUGGLED.values())
        for why, answer in zip(SMUGGLED, await asyncio.gather(*asked), strict=True):
            assert b"Sitemap:" not in answer, why
            assert answer.count(b"HTTP/1.1 ") <= 1, why
            assert b"HTTP/1.1 5" not in answer.replace(b"HTTP/1.1 501", b""), why
        await is_well(port)

    talk(world, ask)


def test_requests_one_after_another_are_answered_in_their_order(world: World) -> None:
    asked = (b"/healthz", b"/robots.txt", b"/nowhere", b"/healthz")
    octets = b"".join(b"GET %s HTTP/1.1\r\nHost: a\r\n\r\n" % path for path in asked)

    async def ask(port: int) -> None:
        answer = await exchange(port, octets)

        assert [b"200", b"200", b"404", b"200"] == [
            part[:3] for part in answer.split(b"HTTP/1.1 ")[1:]
        ]

    talk(world, ask)


def test_an_old_client_is_answered_and_hung_up_on(world: World) -> None:
    async def ask(port: int) -> None:
        answer = await exchange(port, b"GET /issues/2021-11-26 HTTP/1.0\r\n\r\n")

        assert answer.startswith(b"HTTP/1.1 200 ")
        assert b"connection: close" in answer.lower()

    talk(world, ask)


async def _slowly(port: int, first: bytes, octets: bytes) -> bytes:
    """After the first, a few octets at a time for ever; what was said before the hanging up."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    heard = asyncio.create_task(_heard(reader))
    writer.write(first)
    for at in range(0, len(octets), 4):
        if heard.done():
            break
        writer.write(octets[at : at + 4])
        await asyncio.sleep(0.05)
    answer = await heard
    writer.close()
    return answer


@pytest.mark.parametrize(
    ("first", "octets", "said"),
    [
        (b"", b"", b""),  # nothing at all
        (GET[:-2], b"X: y\r\n" * 1_000, b""),  # headers, one after another
        (b"G", b"E" * 10_000, b""),
        (_POST + b"Content-Length: 9000\r\n\r\n", b"x" * 9_000, b"HTTP/1.1 408 "),
    ],
)
def test_a_slow_client_is_hung_up_on(
    world: World, first: bytes, octets: bytes, said: bytes
) -> None:
    async def ask(port: int) -> None:
        answer = await _slowly(port, first, octets)

        assert (said, 1 if said else 0) == (answer[: len(said)], answer.count(b"HTTP/1.1 "))
        await is_well(port)

    talk(world, ask)


def test_a_client_that_is_slow_with_its_second_request_is_hung_up_on(world: World) -> None:
    async def ask(port: int) -> None:
        answer = await _slowly(port, GET, b"X" * 10_000)

        assert 1 == answer.count(b"HTTP/1.1 ")

    talk(world, ask)


def test_a_client_that_reads_nothing_is_hung_up_on(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else it would hold its connection, and our picture in memory, for as long as it likes."""
    monkeypatch.setattr(server, "WRITE_TIME", 0.5)
    large = 20_000_000
    picture = StoredPicture(name="a.png", media_type="image/png", octets=bytes(large))
    found = world.database.archive.find("2021-11-26")
    assert found is not None
    world.database.archive.publish(found, [picture])

    async def ask(port: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1)
        writer.write(b"GET /images/a.png HTTP/1.1\r\nHost: a\r\n\r\n")
        await asyncio.sleep(1.5)

        assert len(await _heard(reader)) < large
        writer.close()
        await is_well(port)

    talk(world, ask)


def test_a_body_that_is_too_large_is_refused_before_it_is_read(world: World) -> None:
    length = b"Content-Length: 100000000\r\n\r\n"
    chunks = b"Transfer-Encoding: chunked\r\n\r\n" + b"4000\r\n%s\r\n" % (b"x" * 0x4000) * 8

    async def ask(port: int) -> None:
        for rest in (length, chunks):
            answer = await exchange(port, _POST + rest)

            assert answer.startswith(b"HTTP/1.1 413 ")
            assert b"connection: close" in answer.lower()
            assert b"content-security-policy" in answer.lower()
        await is_well(port)

    talk(world, ask)


async def break_off(port: int, octets: bytes) -> None:
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(octets)
    await writer.drain()
    writer.close()
    await writer.wait_closed()


def test_a_form_that_breaks_off_signs_nobody_up(world: World) -> None:
    form = b"stamp=%s&email=ann%%40example.com" % world.stamp("subscribe").encode()
    head = _POST + b"Content-Type: application/x-www-form-urlencoded\r\n"

    async def ask(port: int) -> None:
        await break_off(port, head + b"Content-Length: %d\r\n\r\n" % (len(form) + 9) + form)
        await is_well(port)

    talk(world, ask)

    assert "" == world.state("ann@example.com")


def test_many_connections_that_say_nothing_keep_nobody_out_for_long(world: World) -> None:
    async def ask(port: int) -> None:
        idle = [await asyncio.open_connection("127.0.0.1", port) for _ in range(300)]
        await is_well(port)
        for reader, _ in idle:
            assert b"" == await reader.read()
        for _, writer in idle:
            writer.close()
        await is_well(port)

    talk(world, ask)


def test_who_comes_when_all_connections_are_taken_is_told_so(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "MOST_CONNECTIONS", 5)

    async def ask(port: int) -> None:
        idle = [await asyncio.open_connection("127.0.0.1", port) for _ in range(5)]
        answer = await exchange(port, GET)

        assert answer.startswith(b"HTTP/1.1 503 ")
        for reader, writer in idle:
            await reader.read()
            writer.close()
        await is_well(port)

    talk(world, ask)


def test_a_fault_with_one_letter_stops_no_other(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one who posts goes on, whatever it was."""
    tries = []
    posted = asyncio.Event()

    async def broken(_: object) -> int:
        tries.append(1)
        if len(tries) < 3:
            raise RuntimeError("a fault of ours")
        posted.set()
        return 0

    monkeypatch.setattr(server, "send_letters", broken)
    monkeypatch.setattr(server, "LETTERS", 0.01)

    async def ask(_: int) -> None:
        await posted.wait()

    talk(world, ask)
