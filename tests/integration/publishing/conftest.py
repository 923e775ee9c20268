"""A publication in a folder, its settings and database, and ticks of its schedule at any moment."""

import asyncio
import atexit
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from newsletter import wiring
from newsletter.books import NewSlot, SlotState
from newsletter.cli.wording import command_for
from newsletter.clock import Clock
from newsletter.errors import NewsletterError
from newsletter.notices import Webhook
from newsletter.publishing.approving import approve
from newsletter.publishing.dating import dated
from newsletter.publishing.issues import read_issue
from newsletter.publishing.publication import Books, Publication
from newsletter.publishing.ready import Ready, make_ready
from newsletter.publishing.tick import Happening, Tick
from newsletter.settings import Secret, Settings, load_settings
from newsletter.starter import starter_folder
from newsletter.store import Database
from tests.new_database import open_new
from tests.people import bring

KEY = "0123456789abcdef" * 4
_ASIDE, _NUMBER = TemporaryDirectory(prefix="witnesses-"), count()
atexit.register(_ASIDE.cleanup)
SLOT = datetime(2026, 11, 27, 7, 0, tzinfo=UTC)
FRIDAY = SLOT.date()
BEFORE = SLOT - timedelta(days=2)
TEXT = """# The five biggest retail technology news stories of the week

It’s Friday, with the news of the week, including Walmart, Carrefour, Getir, Richemont and Boots.

## 1. Walmart opens a shop on Twitter

Walmart sells on Twitter now. {mark}

## 2. Carrefour opens a shop in Paris

Carrefour does without tills now.

## 3. Getir buys Weezy in London

Getir grows once more in Britain.

## 4. Richemont moves to the cloud

Richemont leaves its own rooms.

## 5. Boots looks at new coins

Boots pays in them one day.

---
Sign up for our free retail technology newsletter [here](https://news.example.com/subscribe).
"""


@dataclass
class World:
    """A publication with its books; `now` is what the clock says."""

    folder: Path
    settings: Settings
    database: Database
    now: datetime = BEFORE

    @property
    def publication(self) -> Publication:
        return publication_of(self.settings, lambda: self.now)

    def books(self, by: str = "ada@host") -> Books:
        return Books(publication=self.publication, database=self.database, by=by)

    @property
    def path(self) -> Path:
        return self.folder / "issues/2026-11-27.md"

    def write(self, mark: str = "", name: str = "2026-11-27") -> Path:
        path = self.folder / f"issues/{name}.md"
        path.parent.mkdir(exist_ok=True)
        path.write_text(TEXT.format(mark=mark), encoding="utf-8")
        return path

    def ready(self, path: Path, day: date) -> Ready:
        issue = dated(read_issue(path, self.settings.house), day)
        ready = make_ready(issue, self.publication)
        assert isinstance(ready, Ready), ready
        assert not ready.has_errors
        return ready

    def schedule(self, name: str = "2026-11-27", day: date = FRIDAY) -> None:
        slot = NewSlot(
            issue=name,
            path=f"issues/{name}.md",
            local_date=day,
            local_time=time(7, 0),
            zone="Europe/London",
            digest="d",
        )
        self.database.slots.schedule(slot, "ada", self.now)

    def approve(self, name: str = "2026-11-27", day: date = FRIDAY) -> None:
        ready = self.ready(self.folder / f"issues/{name}.md", day)
        approve(ready, self.books("Ada Lovelace"))

    def tick(self, after: timedelta = timedelta(), **changes: str) -> list[Happening]:
        """One tick, so long after the slot."""
        self.now = SLOT + after
        settings = self.settings
        if "transport" in changes:
            settings = with_transport(settings, changes["transport"])
        found: list[Happening] = []
        publication = publication_of(settings, lambda: self.now)
        tick = Tick(publication=publication, database=self.database, hear=found.append)
        asyncio.run(tick.go())
        return found

    def events(self, after: timedelta = timedelta(), **changes: str) -> list[str]:
        return [happening.event for happening in self.tick(after, **changes)]

    @property
    def state(self) -> SlotState | None:
        slot = self.database.slots.find("2026-11-27")
        return slot.state if slot else None

    def mails(self, to: str) -> list[Path]:
        return sorted((self.folder / "sent").glob(f"{to}*.eml"))

    @property
    def readers(self) -> list[str]:
        return [path.name.split("@")[0] for path in self.mails("reader")]


def publication_of(
    settings: Settings,
    clock: Clock,
    *,
    webhook: Webhook | None = None,
    warned: list[NewsletterError] | None = None,
) -> Publication:
    """As the command line wires it, but for the clock, the names and the webhook.

    Settings that are the checkout's own leave no witness in it: its next user has other books.
    """
    if settings.folder == starter_folder():
        aside = Path(_ASIDE.name, str(next(_NUMBER)))
        aside.mkdir()
        settings = replace(settings, environment=replace(settings.environment, witness=aside))
    wired = wiring.publication_of(
        settings, word=command_for, warn=([] if warned is None else warned).append
    )
    return replace(wired, clock=clock, owner="me", person="ada@host", open_webhook=lambda: webhook)


def with_transport(settings: Settings, url: str) -> Settings:
    return replace(settings, environment=replace(settings.environment, transport=Secret(url)))


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    text = (starter_folder() / "newsletter.toml").read_text(encoding="utf-8")
    told = '[notifications]\nalert = ["desk@example.com"]\nreport = ["boss@example.com"]'
    text = text.replace("[notifications]", told).replace("# memory = 10", "memory = 0")
    (tmp_path / "newsletter.toml").write_text(text, encoding="utf-8")
    environ = {
        "NEWSLETTER_SECRET_KEY": KEY,
        "NEWSLETTER_TRANSPORT": f"directory:{tmp_path}/sent/",
    }
    settings = load_settings(tmp_path, environ)
    people = "email\n" + "".join(f"reader{n}@example.com\n" for n in range(4))
    with closing(open_new(tmp_path / "newsletter.db")) as database:
        bring(database, people, BEFORE)
        yield World(tmp_path, settings, database)


@pytest.fixture
def ready_world(world: World) -> World:
    """An issue in its slot, approved."""
    world.write()
    world.schedule()
    world.approve()
    return world
