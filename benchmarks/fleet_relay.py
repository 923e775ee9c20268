"""`python -m benchmarks.fleet_relay SECONDS`: a relay that is slow in the way that real ones are.

It answers a final dot so many seconds after it came, and looks at nothing else of that connection
before: 0.02 is 50 messages a second on each, at most. It offers PIPELINING, keeps nothing, and
prints its port. Whoever says XCOUNT hears how many messages of each subject it has taken by then,
and over how many of the connections that are open.
"""

import asyncio
import json
import socket
import sys
from collections import Counter
from functools import partial
from typing import Any

_END = b"\r\n.\r\n"
_SUBJECT = b"\r\nSubject: "
_SAID = {b"EHLO": b"250-relay\r\n250-PIPELINING\r\n250 8BITMIME\r\n", b"QUIT": b"221 Bye\r\n"}
_OK, _GO_ON, _COUNT = b"250 Ok\r\n", b"354 Go on\r\n", b"XCOU"


class SlowRelay(asyncio.Protocol):
    """One connection. What comes while a final dot waits for its answer waits as well."""

    def __init__(self, latency: float, taken: Counter[str], busy: set["SlowRelay"]) -> None:
        self._latency = latency
        self._taken = taken
        self._busy = busy
        self._heard = bytearray()
        self._is_content = False
        self._is_waiting = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.write(b"220 relay ESMTP\r\n")

    def connection_lost(self, error: Exception | None) -> None:
        del error
        self._busy.discard(self)

    def data_received(self, data: bytes) -> None:
        self._heard += data
        if not self._is_waiting:
            self._go_on(b"")

    def _go_on(self, said: bytes) -> None:
        """Answer what is here, up to the next final dot, in one packet with what is said."""
        self._is_waiting = False
        while not self._is_waiting and (found := self._next()) is not None:
            said += found
        if said:
            self._transport.write(said)

    def _next(self) -> bytes | None:
        """The answer to the next line or content; None where it is not whole yet."""
        end = _END if self._is_content else b"\r\n"
        at = self._heard.find(end)
        if at < 0:
            return None
        line = bytes(self._heard[:at])
        del self._heard[: at + len(end)]
        if self._is_content:
            return self._take(line)
        word = line[:4].upper()
        if word == _COUNT:
            return b"250 %b\r\n" % json.dumps([self._taken, len(self._busy)]).encode()
        self._is_content = word == b"DATA"
        return _GO_ON if self._is_content else _SAID.get(word, _OK)

    def _take(self, content: bytes) -> bytes:
        subject = content.partition(_SUBJECT)[2].partition(b"\r\n")[0].decode()
        self._taken[subject] += 1
        self._busy.add(self)
        self._is_content, self._is_waiting = False, True
        asyncio.get_running_loop().call_later(self._latency, self._go_on, _OK)
        return b""


class Counting:
    """A connection over which a relay is asked what it has taken."""

    def __init__(self, port: int) -> None:
        self._stream = socket.create_connection(("127.0.0.1", port)).makefile("rwb")
        self._stream.readline()

    def taken(self) -> Counter[str]:
        return Counter(self._ask()[0])

    def busy(self) -> int:
        return int(self._ask()[1])

    def _ask(self) -> Any:
        self._stream.write(b"XCOUNT\r\n")
        self._stream.flush()
        return json.loads(self._stream.readline()[4:])

    def close(self) -> None:
        self._stream.close()


async def _serve(latency: float) -> None:
    connection = partial(SlowRelay, latency, Counter(), set())
    server = await asyncio.get_running_loop().create_server(connection, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve(float(sys.argv[1])))
