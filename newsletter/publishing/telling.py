"""Tells the team what happened: by mail over the publication's transport, and to its webhook.

Each thing is told once to each, whatever the number of ticks and hosts. What could not be told is
given back as a fault; its notice stays begun, so that whoever finds the same thing again some
minutes later tries again, and a relay that refuses us is not asked at every tick. `alerts` has the
words; how a message is written and signed is `newsletter.message`'s, and the webhook's form
`newsletter.notices`'.
"""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

from newsletter.addresses import AddrSpec
from newsletter.books import BY_SCHEDULE, AuditAction, Deed, second
from newsletter.daemon import Patience
from newsletter.delivery import deliver_once
from newsletter.errors import NewsletterError
from newsletter.message import Letter, Signer, compose_letter
from newsletter.notices import Outcome, post_patiently
from newsletter.publishing.publication import Books
from newsletter.transports import Envelope, Transport, Verdict

_PATIENCE = 90.0
"""Seconds for one notice by mail, from the connection to the reply."""

_HOOK_PAUSES = (1.0, 3.0)
"""Seconds; a webhook that does not answer holds nothing up for longer than half a minute."""


@dataclass(frozen=True, kw_only=True, slots=True)
class News:
    """Something to be told once. `key` names it, so that nobody hears of it twice.

    `action` is what it is in the log, None where the log has it already; `event` what the webhook
    calls it, None where that is not told. `subject` goes behind the names of publication and issue;
    `html` may be empty.
    """

    key: str
    issue: str
    to: Sequence[AddrSpec]
    subject: str
    text: str
    html: str = ""
    action: AuditAction | None = None
    digest: str = ""
    event: str | None = None
    data: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """`is_new` where nobody had been told before; `faults` is who could not be, and why."""

    is_new: bool
    faults: tuple[str, ...] = ()


def is_first_to_say(key: str, books: Books) -> bool:
    """True for one of all who have something to say in their logs that happens once, ever."""
    notices = books.database.notices
    is_first = notices.begin(key, books.now())
    notices.end(key, books.now())
    return is_first


async def tell(news: News, books: Books) -> Told:
    """Mail, webhook and log, each if it has not been done before."""
    is_new = _log(news, books)
    faults = [*await _mail(news, books), *await _post(news, books)]
    return Told(is_new=is_new, faults=tuple(faults))


def _log(news: News, books: Books) -> bool:
    """Whether this is the first time; then it is in the log now."""
    notices, key = books.database.notices, f"log {news.key}"
    if not notices.begin(key, books.now()):
        return False
    if news.action is not None:
        books.database.audit.append(
            Deed(
                by=BY_SCHEDULE,
                action=news.action,
                issue=news.issue,
                at=books.now(),
                digest=news.digest,
                detail=news.subject,
            )
        )
    notices.end(key, books.now())
    return True


async def _mail(news: News, books: Books) -> list[str]:
    notices = books.database.notices
    keys = {f"mail {news.key} {spec.key}": spec for spec in news.to}
    if due := _barred_until(books) if keys else None:
        return [f"nobody is told by mail before {second(due)}: the relay has refused our login"]
    mine = {key: to for key, to in keys.items() if notices.begin(key, books.now())}
    if not mine:
        return []
    faults, signer = [], None
    with suppress(NewsletterError):  # a key at fault may well be what the letter is about
        signer = books.publication.open_signer()
    try:
        async with books.publication.open_transport() as transport:
            for key, to in mine.items():
                fault = await _mail_one(_letter(news, key, to, books), signer, transport, books)
                faults += [f"{to} could not be told: {fault}"] if fault else []
    except NewsletterError as error:  # on the way in or out of the transport
        faults.append(f"the team could not be told by mail: {error}")
    return faults


def _barred_until(books: Books) -> datetime | None:
    """Until when the relay is left alone, for it has refused our password; None for not at all."""
    relay = books.publication.relay_name()
    return Patience(books.database.faults).next_login(relay, books.now())


async def _mail_one(
    letter: Letter, signer: Signer | None, transport: Transport, books: Books
) -> str | None:
    """Why it could not be, or None."""
    reverse_path, [to] = books.settings.sender.reverse_path, letter.to
    fault = "no reply in time"
    try:
        content = compose_letter(letter, signer)
        envelope = Envelope(reverse_path=str(reverse_path), recipient=str(to))
        with suppress(TimeoutError):
            async with asyncio.timeout(_PATIENCE):
                reply = await deliver_once(transport, envelope, content)
                is_taken = reply.verdict is Verdict.ACCEPTED
                fault = "" if is_taken else f"{reply.code or ''} {reply.text}".strip()
    except NewsletterError as error:
        fault = str(error)
        Patience(books.database.faults).met(transport.name, error, books.now())
    if not fault:
        books.database.notices.end(letter.key, books.now())
    return fault or None


def _letter(news: News, key: str, to: AddrSpec, books: Books) -> Letter:
    return Letter(
        key=key,
        sender=books.settings.sender.mailbox,
        to=[to],
        subject=f"[{books.settings.publication.name}] {news.issue} {news.subject}",
        text=news.text,
        html=news.html,
        date=books.now(),
    )


async def _post(news: News, books: Books) -> list[str]:
    notices, key = books.database.notices, f"webhook {news.key}"
    webhook = books.publication.open_webhook() if news.event else None
    if webhook is None or not notices.begin(key, books.now()):
        return []
    event = {
        "type": news.event,
        "timestamp": books.now().isoformat(timespec="seconds"),
        "data": {"issue": news.issue, "digest": news.digest, **news.data},
    }
    answer = await post_patiently(
        webhook, event, key, now=books.publication.clock, pauses=_HOOK_PAUSES
    )
    if answer.outcome is not Outcome.AGAIN:  # one that was refused would be so for ever
        notices.end(key, books.now())
    return [] if answer.outcome is Outcome.TAKEN else [f"not told: {answer.words}"]
