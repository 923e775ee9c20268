"""An issue at the desk of somebody who acts on it: the studio over ASGI, with real books."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from newsletter.web.studio.app import create_app
from newsletter.web.studio.session import Session
from newsletter.web.studio.studio import Studio
from tests.integration.publishing.conftest import World

HOST = "127.0.0.1:4444"
NAME = "2026-11-27"


@dataclass
class Editor:
    """`world` has the publication, in the hands of ada@host."""

    world: World
    studio: Studio
    client: httpx.AsyncClient
    runner: asyncio.Runner
    token: str

    @property
    def text(self) -> str:
        return self.world.path.read_text(encoding="utf-8")

    def ask(self, what: str, name: str = NAME) -> Any:
        answer = self.runner.run(self.client.get(f"/api/issues/{name}/{what}"))
        assert 200 == answer.status_code, answer.text
        return answer.json()

    def post(self, act: str, **asked: Any) -> httpx.Response:
        headers = {"origin": f"http://{HOST}", "x-studio-token": self.token}
        path = f"/api/issues/{NAME}/{act}"
        return self.runner.run(self.client.post(path, headers=headers, json=asked))

    def do(self, act: str, **asked: Any) -> Any:
        """An act on the text as it is, which must be done."""
        answer = self.post(act, **{"text": self.text, **asked})
        assert 200 == answer.status_code, answer.text
        return answer.json()

    def refused(self, act: str, **asked: Any) -> str:
        answer = self.post(act, **{"text": self.text, **asked})
        assert 422 == answer.status_code, answer.text
        said: str = answer.json()["said"]
        return said

    def approve(self) -> Any:
        return self.do("approve", digest=self.ask("approval")["digest"])


@contextmanager
def editor_of(world: World) -> Iterator[Editor]:
    session = Session(key=bytes(32), name="studio_test")
    studio = Studio(open_publication=lambda: world.publication, session=session)
    cookie = session.redeem(session.new_link())
    assert cookie
    transport = httpx.ASGITransport(create_app(studio, frozenset({HOST})))
    client = httpx.AsyncClient(
        transport=transport, base_url=f"http://{HOST}", cookies={session.name: cookie}
    )
    with asyncio.Runner() as runner:
        yield Editor(world, studio, client, runner, session.token(cookie))
        runner.run(client.aclose())
    studio.workbench.shutdown()
