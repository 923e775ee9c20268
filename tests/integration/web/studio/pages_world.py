"""A publication with real books, and its studio asked over ASGI by a browser that has opened it."""

import asyncio
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx

from newsletter.books import Attempt, DeliveryState, Outcome, Run
from newsletter.publishing.sending import open_run
from newsletter.web.studio.app import create_app
from newsletter.web.studio.session import Session
from newsletter.web.studio.shelf import keeper_of
from newsletter.web.studio.studio import Studio
from tests.integration.publishing.conftest import SLOT, World
from tests.turns import begin, settle

HOST = "127.0.0.1:4444"
_TAG = re.compile(r"<[^>]*>")


@dataclass
class Browser:
    """Asks the studio as its own pages do, in an event loop of its own."""

    studio: Studio
    client: httpx.AsyncClient
    runner: asyncio.Runner
    token: str

    def get(self, path: str) -> httpx.Response:
        return self.runner.run(self.client.get(path))

    def post(self, path: str, asked: dict[str, Any] | None = None, **more: Any) -> httpx.Response:
        headers = {"origin": f"http://{HOST}", "x-studio-token": self.token}
        headers |= more.pop("headers", {})
        given = {"json": asked or {}, **more} if "content" not in more else more
        return self.runner.run(self.client.post(path, headers=headers, **given))

    def words(self, path: str) -> str:
        """What a page says, without its tags, each run of blanks as one."""
        answer = self.get(path)
        assert 200 == answer.status_code, answer.text
        return words_of(answer.text)

    def shelf(self) -> str:
        """The shelf, when everything on it is worked out."""
        keeper_of(self.studio).work_out()
        return self.words("/")


def words_of(html: str) -> str:
    return " ".join(_TAG.sub(" ", html).split()).replace(" .", ".")


@contextmanager
def browser_of(world: World) -> Iterator[Browser]:
    """A browser that has opened the studio's link."""
    session = Session(key=bytes(32), name="studio_test")
    studio = Studio(open_publication=lambda: world.publication, session=session)
    cookie = session.redeem(session.new_link())
    assert cookie
    transport = httpx.ASGITransport(create_app(studio, frozenset({HOST})))
    client = httpx.AsyncClient(
        transport=transport, base_url=f"http://{HOST}", cookies={session.name: cookie}
    )
    with asyncio.Runner() as runner:
        yield Browser(studio, client, runner, session.token(cookie))
        runner.run(client.aclose())
    studio.workbench.shutdown()


def run_of(world: World, *replies: tuple[DeliveryState, str]) -> Run:
    """A run whose first deliveries had these replies, and all others were accepted.

    A reply is such as `(REFUSED, "550 5.1.1 no such user")`.
    """
    world.write()
    world.now = SLOT
    run = open_run(world.ready(world.path, SLOT.date()), world.books())
    claims = world.database.journal.claim(run.id, "me", SLOT, timedelta(minutes=9), 10)
    wanted = [*replies, *[(DeliveryState.ACCEPTED, "250 2.0.0 OK")] * (len(claims) - len(replies))]
    outcomes = [
        Outcome(delivery=claim, state=state, attempt=_attempt(said) if said else None)
        for claim, (state, said) in zip(claims, wanted, strict=True)
    ]
    begin(world.database, claims, SLOT)
    settle(world.database, outcomes, SLOT)
    world.database.journal.release(run.id, "me", SLOT)
    world.database.runs.finish(run.id, "ada", SLOT)
    return world.books().run_of(run.issue)


def _attempt(said: str) -> Attempt:
    code, enhanced, text = said.split(" ", 2)
    return Attempt(SLOT, SLOT, "final-dot", int(code), enhanced, text, "smtp://relay.example.com")
