"""A relay that writes down who came from where: a line a message, the machine and the recipient.

A program, to be run on a machine of its own: `python relay.py PORT FILE`.
"""

import asyncio
import sys
from contextlib import suppress
from pathlib import Path
from typing import TextIO

END = b"\r\n.\r\n"
OFFERED = b"250-relay\r\n250-PIPELINING\r\n250-SIZE 50000000\r\n250 8BITMIME\r\n"
LARGEST = 1_000_000


async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, log: TextIO) -> None:
    machine, recipient = writer.get_extra_info("peername")[0], ""
    writer.write(b"220 relay ESMTP\r\n")
    while line := await reader.readline():
        word = line[:4].upper()
        if word == b"RCPT":
            recipient = line.partition(b"<")[2].partition(b">")[0].decode()
        if word == b"DATA":
            writer.write(b"354 Go on\r\n")
            await reader.readuntil(END)
            log.write(f"{machine} {recipient}\n")
            log.flush()
        writer.write({b"EHLO": OFFERED, b"QUIT": b"221 Bye\r\n"}.get(word, b"250 Ok\r\n"))
        await writer.drain()


async def serve(port: int, path: Path) -> None:
    with path.open("w", encoding="utf-8") as log:

        async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            with suppress(OSError, asyncio.IncompleteReadError):
                await talk(reader, writer, log)
            writer.close()

        server = await asyncio.start_server(accept, "10.0.0.3", port, limit=LARGEST)
        print("up", flush=True)
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), Path(sys.argv[2])))
