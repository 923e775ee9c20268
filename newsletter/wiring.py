"""The composition root: puts the rooms together from settings, and is the only one that knows all.

Nothing is decided here. Heavy rooms are loaded by the functions that need them, so that a command
pays for what it does.
"""

import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from newsletter.addresses import AddrSpec
from newsletter.check import (
    Context,
    Diagnostic,
    HouseFormat,
    Severity,
    all_rules,
    at_least,
    check_issue,
)
from newsletter.errors import SettingsError
from newsletter.issue import Issue, load_issue
from newsletter.schedule import next_date
from newsletter.settings import Secret
from newsletter.starter import default_templates

if TYPE_CHECKING:
    from newsletter.message import Composer, Reader
    from newsletter.render import Rendered
    from newsletter.settings import Settings
    from newsletter.store import Database, Delivery
    from newsletter.transports import Transport

UNSUBSCRIBE, PREFERENCES = "unsubscribe", "preferences"


def read_issue(path: Path, house: HouseFormat) -> Issue:
    """Load an issue by the words of the publication's language."""
    return load_issue(path, cues=house.cues)


def issue_date(issue: Issue, settings: "Settings", now: datetime) -> date:
    """The issue's own date, else the next day of the rule."""
    return issue.date or next_date(settings.schedule, now)


def slot(issue: Issue, settings: "Settings", now: datetime) -> datetime:
    """The moment at which the issue is to go out by the rule, aware."""
    day = issue_date(issue, settings, now)
    return datetime.combine(day, settings.schedule.time, settings.schedule.zone)


def render(issue: Issue, settings: "Settings", now: datetime) -> "Rendered":
    from newsletter.render import render_issue

    return render_issue(
        issue,
        publication=settings.publication,
        theme=settings.theme,
        templates=(settings.templates, default_templates()),
        issue_date=issue_date(issue, settings, now),
    )


def check(
    issue: Issue, settings: "Settings", now: datetime, rendered: "Rendered | None"
) -> tuple[Diagnostic, ...]:
    """What the check finds in an issue about to be sent, its size included; warnings and errors."""
    from newsletter.render import measure, story_sizes

    context = Context(
        house=settings.house,
        send_date=issue_date(issue, settings, now),
        html_size=measure(rendered).html_quoted_printable if rendered else None,
        html_budget=settings.limits.html_bytes,
        story_sizes=story_sizes(issue) if rendered else (),
    )
    found = check_issue(issue, all_rules(), context)
    return tuple(item for item in found if at_least(item.severity, Severity.WARNING))


@dataclass(frozen=True, slots=True)
class Desk:
    """Makes each reader's message of one rendered issue; the same reader gets the same bytes."""

    composer: "Composer"
    issue: str
    list_id: str
    key: bytes

    def reader(self, address: AddrSpec, fields: Mapping[str, str]) -> "Reader":
        from newsletter.message import Reader
        from newsletter.subscribers import message_id_mac

        tokens = {
            f"{purpose}_token": self._token(purpose, address.key)
            for purpose in (UNSUBSCRIBE, PREFERENCES)
        }
        return Reader(
            address=address,
            display_name="",
            fields={**fields, **tokens},
            message_id_mac=message_id_mac(self.key, self.issue, address.key),
        )

    def message(self, address: AddrSpec, fields: Mapping[str, str]) -> bytes:
        return self.composer.compose(self.reader(address, fields))

    def delivery(self, delivery: "Delivery") -> bytes:
        return self.message(delivery.recipient, delivery.fields)

    def _token(self, purpose: str, subject: str) -> str:
        from newsletter.subscribers import make_token

        return make_token(self.key, purpose=purpose, list_id=self.list_id, subject=subject)


def open_desk(
    issue: Issue,
    rendered: "Rendered",
    settings: "Settings",
    *,
    message_date: datetime,
    subject_mark: str = "",
    key: bytes | None = None,
) -> Desk:
    """A desk for one rendered issue. `message_date` is the Date header of every message."""
    from newsletter.message import Composer, Content

    content = Content(
        issue=issue.name,
        subject=rendered.subject,
        html=rendered.html,
        text=rendered.text,
        slots=rendered.slots,
        date=message_date.replace(microsecond=0),
    )
    composer = Composer(content, settings.sender, subject_mark=subject_mark)
    return Desk(composer, issue.name, settings.sender.list_id, key or secret_key(settings))


def secret_key(settings: "Settings") -> bytes:
    """The key for tokens and message ids. Raises SettingsError where there is none."""
    return _required(
        settings.environment.secret_key,
        "NEWSLETTER_SECRET_KEY",
        'a key; make one with `python3 -c "import secrets; print(secrets.token_hex(32))"`',
    ).encode()


def open_transport(settings: "Settings", url: str | None = None) -> "Transport":
    """The transport of the environment, or of another URL."""
    from newsletter.transports import open_transport as from_url

    password = settings.environment.password
    known = url or _required(
        settings.environment.transport,
        "NEWSLETTER_TRANSPORT",
        "a transport URL such as smtp://user@relay.example.com or directory:outbox/",
    )
    return from_url(known, password=password.reveal() if password else None)


def _required(secret: Secret | None, name: str, allowed: str) -> str:
    if secret is None:
        raise SettingsError(
            [f"{name} is not set: it must be {allowed}"],
            where="environment",
            next_step="set it in the environment or in .env (see .env.example)",
        )
    return secret.reveal()


def open_database(settings: "Settings") -> "Database":
    from newsletter.store import open_database as from_url

    return from_url(settings.environment.database.reveal())


def owner_name() -> str:
    """Who holds a lease: this process on this machine."""
    return f"{socket.gethostname()} process {os.getpid()}"
