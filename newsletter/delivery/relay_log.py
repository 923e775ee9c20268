"""Finds in a relay's own log which of our messages it took charge of: a whole story, or no proof.

A story begins where our Message-ID is named under a queue number, and is told when the number has
taken charge of it for our recipient: in Postfix's log by `status=sent`, or by "queue active" and
then any word on that recipient; in Exim's by its arrival line ("<=") and then such a word. It ends
when the message leaves the queue, or the number is another's: short numbers come again within
hours. Where the log is, and what follows from it, is left to the caller.
"""

import gzip
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from newsletter.errors import StoreError, reading

_POSTFIX = re.compile(r"postfix\S*: (?P<queue>[0-9A-Za-z]{6,}): (?P<what>.*)")
_POSTFIX_ID = re.compile(r"message-id=(?:<(?P<id>[^<>\s]+)>)?")
_POSTFIX_NEW = ("client=", "uid=", "message-id=")
"""A message comes in under this number: from the network, from this machine; its headers read."""
_POSTFIX_TO = re.compile(r"\b(?:orig_)?to=<(?P<address>[^<>]*)>")

_EXIM = re.compile(
    r"(?:^|\s)(?P<queue>[0-9A-Za-z]{6}-[0-9A-Za-z]{6,11}-[0-9A-Za-z]{2,4}) "
    r"(?P<flag><=|[=\->*]>|\*\*|==|Completed)(?P<what>.*)"
)
_EXIM_ID = re.compile(r"\sid=(?P<id>\S+)")
_EXIM_FOR = re.compile(r" for (?P<addresses>\S+@.*)")
"""Where Exim is told to log the recipients of what comes in (its `received_recipients`)."""


@dataclass(slots=True)
class _Story:
    """One message in the relay's queue; whether it has taken charge of it, for anybody."""

    message_id: str
    is_taken: bool = False


def find_taken(lines: Iterable[str], wanted: Mapping[str, str]) -> dict[str, str]:
    """Each Message-ID (without angle brackets) that is proved taken, with the line that does it.

    `wanted` has the recipient of each; the lines are in the order of time. A message whose end the
    relay never saw has a message-id line too, and is not found.
    """
    stories: dict[str, _Story] = {}
    found: dict[str, str] = {}
    for line in lines:
        if postfix := _POSTFIX.search(line):
            proved = _read_postfix(postfix["queue"], postfix["what"], stories, wanted)
        elif exim := _EXIM.search(line):
            proved = _read_exim(exim["queue"], exim["flag"], exim["what"], stories, wanted)
        else:
            continue
        if proved:
            found.setdefault(proved, line.strip())
    return found


def _read_postfix(
    queue: str, what: str, stories: dict[str, _Story], wanted: Mapping[str, str]
) -> str | None:
    """The Message-ID that this line proves taken, if any; `stories` are brought up to it."""
    if what.startswith(_POSTFIX_NEW):
        named = _POSTFIX_ID.match(what)
        _begin(queue, named and named["id"], stories, wanted)
        return None
    story = stories.get(queue)
    if story is None:
        return None
    if what.startswith("removed"):
        del stories[queue]
    elif what.startswith("from=<") and "(queue active)" in what:
        story.is_taken = True
    elif _is_ours(wanted[story.message_id], _POSTFIX_TO.findall(what)):
        return story.message_id if story.is_taken or " status=sent " in what else None
    return None


def _read_exim(
    queue: str, flag: str, what: str, stories: dict[str, _Story], wanted: Mapping[str, str]
) -> str | None:
    """The same for Exim, whose arrival line is written when it has taken charge."""
    if flag == "<=":
        named, meant = _EXIM_ID.search(what), _EXIM_FOR.search(what)
        _begin(queue, named and named["id"], stories, wanted)
        addresses = meant["addresses"].split() if meant else []
    else:
        addresses = what.partition(" R=")[0].split()
    story = stories.get(queue)
    if story is None:
        return None
    if flag == "Completed":
        del stories[queue]
    return story.message_id if _is_ours(wanted[story.message_id], addresses) else None


def _begin(
    queue: str, message_id: str | None, stories: dict[str, _Story], wanted: Mapping[str, str]
) -> None:
    """Whatever the number stood for before, it stands for this message now."""
    if message_id is not None and message_id in wanted:
        stories[queue] = _Story(message_id)
    else:
        stories.pop(queue, None)


def _is_ours(recipient: str, addresses: Iterable[str]) -> bool:
    """Addresses as logs have them: some in angle brackets, some quoted, some in capitals."""
    return _plain(recipient) in map(_plain, addresses)


def _plain(address: str) -> str:
    return address.strip("<>,").replace('"', "").lower()


@contextmanager
def open_relay_log(path: Path) -> Iterator[Iterable[str]]:
    """Its lines; `.gz` is unpacked. Raises StoreError where it cannot be read."""
    with reading(path, StoreError, wanted="the relay's log"):
        opened = gzip.open if path.suffix == ".gz" else open
        with opened(path, "rt", encoding="utf-8", errors="replace") as file:
            yield file
