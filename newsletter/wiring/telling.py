"""Tells the team what happened: by mail over the publication's transport, and to its webhook.

Each thing is told once to each, whatever the number of ticks and hosts. What could not be told is
given back as a fault; its notice stays begun, so that whoever finds the same thing again some
minutes later tries again, and a relay that refuses us is not asked at every tick. The words come
from the commands; letters are written by `newsletter.message`, the webhook is posted to by
`newsletter.notices`.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from newsletter.addresses import AddrSpec
from newsletter.books import Deed
from newsletter.clock import Clock
from newsletter.errors import NewsletterError
from newsletter.wiring.openings import open_transport
from newsletter.wiring.signing import open_signer

if TYPE_CHECKING:
    from newsletter.books import AuditAction
    from newsletter.message import Signer
    from newsletter.notices import Webhook
    from newsletter.settings import Settings
    from newsletter.store import Database
    from newsletter.transports import Transport

_PATIENCE = 90.0
"""Seconds for one notice by mail, from the connection to the reply."""

_HOOK_TIMEOUT = 10.0
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
    action: "AuditAction | None" = None
    digest: str = ""
    event: str | None = None
    data: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """`is_new` where nobody had been told before; `faults` is who could not be, and why."""

    is_new: bool
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Telling:
    """Tells news by the settings; `database` remembers what was told.

    `open_webhook` makes the webhook of the settings, None where there is none.
    """

    settings: "Settings"
    database: "Database"
    clock: Clock
    open_webhook: "Callable[[Settings], Webhook | None]"

    def tell(self, news: News) -> Told:
        """Mail, webhook and log, each if it has not been done before."""
        import asyncio  # the checks load this room too, and need no event loop

        is_new = self._note(news)
        return Told(is_new=is_new, faults=tuple(asyncio.run(self._mail_and_post(news))))

    async def _mail_and_post(self, news: News) -> list[str]:
        return [*await self._mail(news), *await self._post(news)]

    def _note(self, news: News) -> bool:
        """Whether this is the first time; then it is in the log now."""
        key = f"log {news.key}"
        if not self.database.notices.begin(key, self.clock()):
            return False
        if news.action is not None:
            from newsletter.books import BY_SCHEDULE

            moment = self.clock()
            self.database.audit.append(
                Deed(
                    by=BY_SCHEDULE,
                    action=news.action,
                    issue=news.issue,
                    digest=news.digest,
                    detail=news.subject,
                    at=moment,
                )
            )
        self.database.notices.end(key, self.clock())
        return True

    async def _mail(self, news: News) -> list[str]:
        keys = {f"mail {news.key} {spec.key}": spec for spec in news.to}
        mine = {
            key: to for key, to in keys.items() if self.database.notices.begin(key, self.clock())
        }
        if not mine:
            return []
        try:
            transport = open_transport(self.settings)
        except NewsletterError as error:
            return [f"nobody could be told by mail: {error}"]
        return await self._mail_each(transport, news, mine)

    async def _mail_each(
        self, transport: "Transport", news: News, mine: Mapping[str, AddrSpec]
    ) -> list[str]:
        faults, signer = [], None
        with suppress(NewsletterError):  # a key at fault may well be what the notice is about
            signer = open_signer(self.settings)
        try:
            async with transport:
                for key, to in mine.items():
                    fault = await self._mail_one(transport, news, key, to, signer)
                    faults += [f"{to} could not be told: {fault}"] if fault else []
        except NewsletterError as error:  # on the way in or out of the transport
            faults.append(f"nobody could be told by mail: {error}")
        return faults

    async def _mail_one(
        self, transport: "Transport", news: News, key: str, to: AddrSpec, signer: "Signer | None"
    ) -> str | None:
        """Why it could not be, or None."""
        import asyncio

        from newsletter.delivery import deliver_once
        from newsletter.message import Letter, compose_letter
        from newsletter.transports import Envelope, Verdict

        sender, now = self.settings.sender, self.clock()
        fault = "no reply in time"
        try:
            letter = Letter(
                key=key,
                sender=sender.mailbox,
                to=[to],
                subject=f"[{self.settings.publication.name}] {news.issue} {news.subject}",
                text=news.text,
                html=news.html,
                date=now,
            )
            content = compose_letter(letter, signer)
            envelope = Envelope(reverse_path=str(sender.reverse_path), recipient=str(to))
            with suppress(TimeoutError):
                async with asyncio.timeout(_PATIENCE):
                    reply = await deliver_once(transport, envelope, content)
                    is_taken = reply.verdict is Verdict.ACCEPTED
                    fault = "" if is_taken else f"{reply.code or ''} {reply.text}".strip()
        except NewsletterError as error:
            fault = str(error)
        if not fault:
            self.database.notices.end(key, self.clock())
        return fault or None

    async def _post(self, news: News) -> list[str]:
        from newsletter.notices import Outcome, post_patiently

        key = f"webhook {news.key}"
        webhook = self.open_webhook(self.settings) if news.event else None
        if webhook is None or not self.database.notices.begin(key, self.clock()):
            return []
        event = {
            "type": news.event,
            "timestamp": self.clock().isoformat(timespec="seconds"),
            "data": {"issue": news.issue, "digest": news.digest, **news.data},
        }
        answer = await post_patiently(webhook, event, key, now=self.clock, pauses=_HOOK_PAUSES)
        if answer.outcome is not Outcome.AGAIN:  # one that was refused would be so for ever
            self.database.notices.end(key, self.clock())
        return [] if answer.outcome is Outcome.TAKEN else [f"not told: {answer.words}"]


def open_telling(settings: "Settings", database: "Database", clock: Clock) -> Telling:
    return Telling(settings=settings, database=database, clock=clock, open_webhook=_webhook)


def _webhook(settings: "Settings") -> "Webhook | None":
    from newsletter.notices import Webhook, read_secret

    url, secret = settings.notifications.webhook, settings.environment.webhook_secret
    if url is None or secret is None:
        return None
    return Webhook(url=url, secret=read_secret(secret.reveal()), timeout=_HOOK_TIMEOUT)
