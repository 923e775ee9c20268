"""`python -m benchmarks.peers WAY PORT MESSAGES SENT.eml`: how else Python sends a newsletter.

Each builds an `EmailMessage` for each reader, as its manual says, with the same subject, texts and
list headers as ours. It prints a record with the seconds it took and its CPU. No journal, no
token, no signature: nobody could say afterwards who has the issue.
"""

import asyncio
import json
import smtplib
import sys
import threading
import time
from collections.abc import Callable
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

import aiosmtplib

CONNECTIONS = 10
SENDER = "bounces@news.example.com"
COPIED = ("From", "Subject", "Date", "List-Id", "List-Unsubscribe", "List-Unsubscribe-Post")


class Letter:
    """What all readers get, read once from a message of ours."""

    def __init__(self, path: Path) -> None:
        sent = BytesParser(policy=policy.SMTP).parsebytes(path.read_bytes())
        parts = list(sent.iter_parts())
        self.fields = {name: str(sent[name]) for name in COPIED}
        self.text, self.html = (part.get_content() for part in parts)

    def to(self, reader: int) -> EmailMessage:
        message = EmailMessage(policy=policy.SMTP)
        for name, value in self.fields.items():
            message[name] = value
        message["To"] = f"reader{reader}@example.com"
        message["Message-ID"] = f"<{reader}.bench@news.example.com>"
        message.set_content(self.text.replace("Ada", "Bob"))
        message.add_alternative(self.html.replace("Ada", "Bob"), subtype="html")
        return message


def one_connection(letter: Letter, port: int, readers: range) -> None:
    with smtplib.SMTP("127.0.0.1", port) as server:
        for reader in readers:
            server.send_message(letter.to(reader), SENDER, [f"reader{reader}@example.com"])


def threads(letter: Letter, port: int, readers: range) -> None:
    working = [
        threading.Thread(target=one_connection, args=(letter, port, readers[lane::CONNECTIONS]))
        for lane in range(CONNECTIONS)
    ]
    for thread in working:
        thread.start()
    for thread in working:
        thread.join()


def tasks(letter: Letter, port: int, readers: range) -> None:
    async def lane(number: int) -> None:
        async with aiosmtplib.SMTP(hostname="127.0.0.1", port=port) as server:
            for reader in readers[number::CONNECTIONS]:
                recipient = f"reader{reader}@example.com"
                await server.send_message(letter.to(reader), sender=SENDER, recipients=[recipient])

    async def lanes() -> None:
        await asyncio.gather(*(lane(number) for number in range(CONNECTIONS)))

    asyncio.run(lanes())


WAYS: dict[str, Callable[[Letter, int, range], None]] = {
    "smtplib": one_connection,
    "smtplib-threads": threads,
    "aiosmtplib": tasks,
}


def main() -> None:
    way, port, messages, path = sys.argv[1:]
    letter = Letter(Path(path))
    began = time.perf_counter(), time.process_time()
    WAYS[way](letter, int(port), range(int(messages)))
    record = {"seconds": time.perf_counter() - began[0], "cpu": time.process_time() - began[1]}
    print(json.dumps(record))


main()
