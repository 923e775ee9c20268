"""Letters to readers: confirmations and welcomes, written and sent as they are owed.

Sent over the publication's own transport and signed like its issues. A letter that was given to
the relay and not written down as such goes out once more, under the same Message-ID: a sign-up that
was answered with success may not be lost. RFC 3834 (5), RFC 8058.
"""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from textwrap import wrap

from newsletter.books import (
    LETTER_LIFE,
    LetterKind,
    LetterOutcome,
    LetterState,
    OwedLetter,
    next_try,
)
from newsletter.daemon import Patience
from newsletter.delivery import Courier
from newsletter.errors import MessageError, NewsletterError, StoreError
from newsletter.message import Letter, Signer, compose_letter, membership_fields
from newsletter.publishing.publication import Books
from newsletter.publishing.readers.links import Purpose, links_of
from newsletter.publishing.readers.welcome import Welcome, read_welcome
from newsletter.transports import Envelope, Verdict

AT_ONCE = 20
"""Letters taken in hand together; so many may go out once more where their outcome is lost."""

_WIDTH = 60
"""Columns, so that an answer that quotes it stays within 72."""

_STATES = {
    Verdict.ACCEPTED: LetterState.ACCEPTED,
    Verdict.PERMANENT: LetterState.REFUSED,
    Verdict.TRANSIENT: LetterState.PLANNED,
    Verdict.IN_DOUBT: LetterState.PLANNED,
}


async def send_letters(books: Books) -> int:
    """Send the letters that are due, some at a time; returns how many the relay took.

    Raises the fault that keeps all of them back; they stay owed, and where it is one of settings,
    they are left to a process that has better ones.
    """
    post = _Post(books, books.publication.open_signer(), read_welcome(books.settings))
    transport = books.publication.open_transport()
    due = await asyncio.to_thread(_due, books)
    if not due:
        return 0
    outcomes: list[LetterOutcome] = []
    try:
        async with transport, Courier(transport) as courier:
            for letter in due:
                outcomes.append(await post.send(letter, courier))  # noqa: PERF401 - one by one
    except NewsletterError as error:
        Patience(books.database.faults).met(transport.name, error, books.now())
        outcomes += [post.waiting(letter, error.what) for letter in due[len(outcomes) :]]
        raise
    finally:
        with suppress(StoreError):  # they are given out again when their time is over
            await asyncio.to_thread(books.database.letters.settle, outcomes)
    return sum(outcome.state is LetterState.ACCEPTED for outcome in outcomes)


def _due(books: Books) -> Sequence[OwedLetter]:
    """None while the relay refuses our login."""
    database, now = books.database, books.now()
    if Patience(database.faults).next_login(books.publication.relay_name(), now):
        return ()
    return database.letters.claim(AT_ONCE, now)


@dataclass(frozen=True, slots=True)
class _Post:
    """Writes each letter, hands it over, and writes down what became of it."""

    books: Books
    signer: Signer | None
    welcome: Welcome | None

    async def send(self, owed: OwedLetter, courier: Courier) -> LetterOutcome:
        """Raises the fault of a relay that refuses us."""
        try:
            content = self._content(owed)
        except MessageError as error:
            return self._outcome(owed, LetterState.REFUSED, error.what)
        reverse_path = str(self.books.settings.sender.reverse_path)
        envelope = Envelope(reverse_path=reverse_path, recipient=str(owed.to))
        reply = await courier.deliver(envelope, content)
        said = f"{reply.code or ''} {reply.text}".strip()
        return self._outcome(owed, _STATES[reply.verdict], said)

    def waiting(self, owed: OwedLetter, said: str) -> LetterOutcome:
        """It could not be handed over this time."""
        return self._outcome(owed, LetterState.PLANNED, said)

    def _outcome(self, owed: OwedLetter, state: LetterState, said: str) -> LetterOutcome:
        now = self.books.now()
        if state is LetterState.PLANNED and now >= owed.created_at + LETTER_LIFE:
            state = LetterState.REFUSED
        due_at = next_try(owed.attempts, now)
        return LetterOutcome(letter=owed, state=state, reply=said, due_at=due_at)

    def _content(self, owed: OwedLetter) -> bytes:
        if owed.kind is LetterKind.CONFIRMATION:
            letter = confirmation(owed, self.books)
        else:
            letter = _welcome(owed, self.books, self.welcome)
        return compose_letter(letter, self.signer)


def confirmation(owed: OwedLetter, books: Books) -> Letter:
    """One link, no picture, and nothing that anybody typed into the form."""
    settings, words = books.settings, books.settings.letters
    imprint = settings.publication
    values = {"name": imprint.name, "promise": settings.site.promise or imprint.tagline}
    until = _end_of(owed.created_at, books)
    link = links_of(books).confirmation(owed.to.key, owed.created_at)
    paragraphs = [
        words.hello,
        words.filled("confirm_asked", **values),
        f"{words.confirm_press}\n\n{link}",
        words.filled("confirm_until", **until),
        words.confirm_not_you,
    ]
    return Letter(
        key=f"confirmation {owed.id} {owed.created_at.isoformat()}",
        sender=settings.sender.mailbox,
        to=[owed.to],
        subject=words.filled("confirm_subject", name=imprint.name),
        text=_text(paragraphs, books),
        date=owed.created_at,
        auto_submitted="auto-replied",
    )


def _welcome(owed: OwedLetter, books: Books, welcome: Welcome | None) -> Letter:
    if welcome is None:
        raise MessageError("there is no welcome any more")
    links, sender, words = links_of(books), books.settings.sender, books.settings.letters
    path = links.path(Purpose.UNSUBSCRIBE, owed.to.key)
    leave = f"{words.leave}\n\n{links.base_url}{path}"
    return Letter(
        key=f"welcome {owed.id} {owed.created_at.isoformat()}",
        sender=sender.mailbox,
        to=[owed.to],
        subject=welcome.subject,
        text=_text([welcome.text, leave], books, is_written=True),
        date=owed.created_at,
        auto_submitted="auto-replied",
        list_fields=membership_fields(sender, links.token(Purpose.UNSUBSCRIBE, owed.to.key)),
    )


def _text(paragraphs: list[str], books: Books, *, is_written: bool = False) -> str:
    """The paragraphs over the imprint; an editor's own lines stay as they are."""
    imprint = books.settings.publication
    signature = [imprint.name, imprint.organisation, imprint.postal_address]
    told = paragraphs if is_written else [_wrapped(each) for each in paragraphs]
    return "\n\n".join([*told, "-- \n" + "\n".join(_wrapped(each) for each in signature)]) + "\n"


def _wrapped(text: str) -> str:
    lines = [
        wrap(line, _WIDTH, break_long_words=False, break_on_hyphens=False)
        for line in text.splitlines()
    ]
    return "\n".join("\n".join(line) for line in lines)


def _end_of(made_at: datetime, books: Books) -> Mapping[str, str]:
    """Until when a link lasts, as people say it; a minute early, for it is cut to minutes."""
    zone = books.settings.schedule.zone
    end = (made_at + LETTER_LIFE).astimezone(zone)
    words = books.settings.publication.words
    return {"date": words.dated(end.date()), "time": f"{end:%H:%M}", "zone": str(zone)}
