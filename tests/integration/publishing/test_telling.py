"""Telling the team: each once by mail and webhook, whatever fails, and never in silence."""

import asyncio
import email
import email.policy
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import dkim  # type: ignore[import-untyped]
import pytest

from newsletter.addresses import parse_addr_spec
from newsletter.books import AuditAction
from newsletter.message import Algorithm, new_key, read_key
from newsletter.notices import Webhook
from newsletter.publishing.publication import Books
from newsletter.publishing.telling import News, tell
from newsletter.settings import DkimKeyFile, DkimSettings, Secret, Settings, load_settings
from newsletter.starter import starter_folder
from newsletter.store import Database
from tests.integration.publishing.conftest import publication_of
from tests.new_database import open_new

NOW = datetime(2026, 11, 27, 7, 0, tzinfo=UTC)
NEWS = News(
    key="refused 2026-11-27",
    issue="2026-11-27",
    to=[parse_addr_spec("desk@example.com"), parse_addr_spec("ada@example.com")],
    subject="is not sent: it is late",
    text="It was to go out, and did not.\n",
    action=AuditAction.REFUSED,
    event="issue.refused",
    data={"reason": "it is late"},
)


@dataclass
class World:
    folder: Path
    settings: Settings
    database: Database
    now: datetime = NOW
    webhook: Webhook | None = None

    def tell(self, news: News = NEWS, transport: str | None = None) -> list[str]:
        settings = self.settings
        if transport is not None:
            environment = replace(settings.environment, transport=Secret(transport))
            settings = replace(settings, environment=environment)
        publication = publication_of(settings, lambda: self.now, webhook=self.webhook)
        books = Books(publication=publication, database=self.database, by="the schedule")
        return list(asyncio.run(tell(news, books)).faults)

    @property
    def told(self) -> list[str]:
        return sorted(path.name.split("-")[0] for path in (self.folder / "sent").glob("*.eml"))


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    environ = {"NEWSLETTER_TRANSPORT": f"directory:{tmp_path}/sent/"}
    settings = load_settings(starter_folder(), environ)
    with open_new(tmp_path / "a.db") as database:
        yield World(tmp_path, settings, database)


def test_each_is_told_once_and_the_log_says_so(world: World) -> None:
    found = [world.tell(), world.tell()]
    world.now += timedelta(days=2)
    found.append(world.tell())

    [entry] = world.database.audit.entries()
    assert [[], [], []] == found
    assert ["ada@example.com", "desk@example.com"] == world.told
    assert (AuditAction.REFUSED, "is not sent: it is late") == (entry.action, entry.detail)


def test_notice_says_which_publication_and_issue(world: World) -> None:
    world.tell()
    path = next((world.folder / "sent").glob("desk*.eml"))
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)

    assert "[The Friday Five] 2026-11-27 is not sent: it is late" == message["Subject"]
    assert "desk@example.com" == message["To"]
    assert "auto-generated" == message["Auto-Submitted"]


def signed_with(world: World, path: Path) -> str:
    """The settings name a key of this file; the domain that signs."""
    domain = world.settings.sender.mailbox.addr_spec.domain
    key = DkimKeyFile(selector="s1", algorithm=Algorithm.RSA, path=path)
    signing = DkimSettings(domain=domain, keys=[key], expires_days=None)
    world.settings = replace(world.settings, dkim=signing)
    return domain


def test_notice_is_signed_as_issues_are(world: World) -> None:
    path = world.folder / "key.pem"
    path.touch(0o600)
    path.write_bytes(new_key(Algorithm.RSA))
    record = read_key(path, selector="s1", algorithm=Algorithm.RSA).record.encode()
    domain = signed_with(world, path)

    world.tell()

    content = next((world.folder / "sent").glob("desk*.eml")).read_bytes()
    records = {f"s1._domainkey.{domain}.".encode(): record}
    assert content.startswith(b"DKIM-Signature: ")
    assert dkim.verify(content, dnsfunc=lambda name, timeout=0: records[name])


def test_notice_goes_out_unsigned_when_the_key_is_at_fault(world: World) -> None:
    """It may well be what the notice is about."""
    signed_with(world, world.folder / "gone.pem")

    assert [] == world.tell()
    contents = [path.read_bytes() for path in (world.folder / "sent").glob("*.eml")]
    assert [False, False] == [content.startswith(b"DKIM-Signature: ") for content in contents]


def test_relay_that_fails_is_a_fault_and_is_asked_again_later(world: World) -> None:
    down = "smtp://127.0.0.1:9?tls=none&timeout=2"

    first = world.tell(transport=down)
    at_once = world.tell()
    world.now += timedelta(minutes=11)
    later = world.tell()

    assert first
    assert "told" in first[0]
    assert ([], []) == (at_once, later)
    assert ["ada@example.com", "desk@example.com"] == world.told


def test_transport_that_is_none_is_a_fault(world: World) -> None:
    [fault] = world.tell(transport="carrier-pigeon:")

    assert fault.startswith("the team could not be told by mail: ")


def test_webhook_is_told_once(
    world: World, receiver: Any, webhook_to: Callable[..., Webhook]
) -> None:
    world.webhook = webhook_to(receiver.url())

    world.tell()
    world.tell()

    [(_, _, body)] = receiver.asked
    event = json.loads(body)
    assert ("issue.refused", "2026-11-27T07:00:00+00:00") == (event["type"], event["timestamp"])
    assert {"issue": "2026-11-27", "digest": "", "reason": "it is late"} == event["data"]


def test_webhook_that_fails_holds_no_mail_up(
    world: World, receiver: Any, webhook_to: Callable[..., Webhook], monkeypatch: Any
) -> None:
    monkeypatch.setattr("newsletter.publishing.telling._HOOK_PAUSES", (0.0,))
    receiver.statuses = (503, 503, 204)
    world.webhook = webhook_to(receiver.url())

    first, at_once = world.tell(), world.tell()
    world.now += timedelta(minutes=11)
    later = world.tell()

    assert 1 == len(first)
    assert "503" in first[0]
    assert ([], [], 3) == (at_once, later, len(receiver.asked))
    assert 2 == len(world.told)


def test_webhook_that_refuses_is_not_asked_for_ever(
    world: World, receiver: Any, webhook_to: Callable[..., Webhook]
) -> None:
    receiver.statuses = (410,)
    world.webhook = webhook_to(receiver.url())

    first = world.tell()
    world.now += timedelta(hours=1)
    later = world.tell()

    assert (1, [], 1) == (len(first), later, len(receiver.asked))
