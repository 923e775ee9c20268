"""`python -m benchmarks.link PORT SECONDS`: a long way to a local server, as a TCP relay.

Every octet is held for so long each way, in its order. It prints the port it listens on.
"""

import asyncio
import sys


async def carry(source: asyncio.StreamReader, target: asyncio.StreamWriter, seconds: float) -> None:
    loop = asyncio.get_running_loop()
    while octets := await source.read(65_536):
        loop.call_later(seconds, target.write, octets)
    loop.call_later(seconds, target.close)


async def serve(port: int, seconds: float) -> None:
    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", port)
        await asyncio.gather(
            carry(reader, far_writer, seconds),
            carry(far_reader, writer, seconds),
            return_exceptions=True,
        )

    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


asyncio.run(serve(int(sys.argv[1]), float(sys.argv[2])))
