"""Finds in a relay's own log which of our messages it took charge of, by their Message-ID.

Postfix names a message on its cleanup line and goes on under a queue number; that it took charge
is told by qmgr ("queue active") or by "status=sent". Exim tells both on its arrival line ("<=").
Where the log is, and what follows from it, is left to the caller.
"""

import gzip
import re
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from newsletter.errors import StoreError, reading

_QUEUE = r"(?P<queue>[0-9A-Za-z]{6,})"
_POSTFIX_ID = re.compile(rf"postfix\S*/cleanup\S*: {_QUEUE}: message-id=<(?P<id>[^<>\s]+)>")
_POSTFIX_TAKEN = re.compile(rf"postfix\S*: {_QUEUE}: .*(?:\(queue active\)|status=sent )")
_EXIM_TAKEN = re.compile(r"(?:^|\s)[0-9A-Za-z]{6}-[0-9A-Za-z-]+ <= .*\sid=(?P<id>[^\s]+)")


def find_taken(lines: Iterable[str], wanted: Collection[str]) -> dict[str, str]:
    """Each wanted Message-ID (without angle brackets) that is proved, with the line that does it.

    A message whose end the relay never saw has a message-id line too, and is not found.
    """
    queues: dict[str, str] = {}
    found: dict[str, str] = {}
    for line in lines:
        if named := _POSTFIX_ID.search(line):
            if named["id"] in wanted:
                queues[named["queue"]] = named["id"]
        elif queues and (taken := _POSTFIX_TAKEN.search(line)):
            if taken["queue"] in queues:
                found.setdefault(queues[taken["queue"]], line.strip())
        elif (arrived := _EXIM_TAKEN.search(line)) and arrived["id"] in wanted:
            found.setdefault(arrived["id"], line.strip())
    return found


@contextmanager
def open_relay_log(path: Path) -> Iterator[Iterable[str]]:
    """Its lines; `.gz` is unpacked. Raises StoreError where it cannot be read."""
    with reading(path, StoreError, wanted="the relay's log"):
        opened = gzip.open if path.suffix == ".gz" else open
        with opened(path, "rt", encoding="utf-8", errors="replace") as file:
            yield file
