"""Whether anybody reads what comes back: bounces, complaints, and mails of those who want to leave.

Nobody sees from here whose mailbox it is; but who reads it leaves a trace in the books. Where no
relay carries the mail, nothing comes back.
"""

from collections.abc import Iterator

from newsletter.books import Wanted
from newsletter.publishing.doctoring.finding import Finding, listed, ok, warn
from newsletter.publishing.doctoring.relay import places
from newsletter.publishing.publication import Books

NAME = "returned"
_STEP = "set source in [bounces], or let a mail server hand it over (docs/bounces.md)"


def coming_back(books: Books) -> Iterator[Finding]:
    """One finding, or none where nothing leaves by a relay."""
    source = books.settings.bounces.source
    if source is None and not places(books.publication):
        return
    last = next(iter(books.database.returns.list(Wanted(most=1))), None)
    addresses = listed(_addresses(books))
    if source is None and last is None:
        what = f"nobody reads what comes back to {addresses}: the list decays unseen"
        yield warn(NAME, what, _STEP)
    elif source is not None and books.database.returns.mark(source.name) is None:
        what = f"{source.name} has not been read yet: nothing is known of {addresses}"
        yield warn(NAME, what, "see that a daemon runs, or read it by hand")
    elif last is None:
        yield ok(NAME, "what comes back is read; nothing has come back yet")
    else:
        yield ok(NAME, f"what comes back is read, the last of it {last.read_at:%Y-%m-%d %H:%M} UTC")


def _addresses(books: Books) -> list[str]:
    sender = books.settings.sender
    found = [
        sender.reverse_path,
        *([sender.unsubscribe_mailbox] if sender.unsubscribe_mailbox else []),
    ]
    return list(dict.fromkeys(map(str, found)))
