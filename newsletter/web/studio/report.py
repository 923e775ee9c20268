"""What became of an issue that was sent, on a page, live while it goes on; and to be kept."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from newsletter.books import OVER, Run
from newsletter.errors import Act, Remedy
from newsletter.publishing import doubts, needing
from newsletter.publishing.publication import Books
from newsletter.reports import gather, page_report, people
from newsletter.web.studio.desk import read_json
from newsletter.web.studio.pages import page
from newsletter.web.studio.report_words import Report, report_of
from newsletter.web.studio.studio import Studio, studio_of

_SOON, _LATER = 1_000, 10_000
"""Milliseconds until the page asks again: while the run goes on, and when it is over."""


async def shown(request: Request) -> Response:
    studio, name = studio_of(request), request.path_params["name"]
    report = await asyncio.to_thread(_report, studio, name)
    return page(request, "report.html", report=report, name=name)


async def news(request: Request) -> JSONResponse:
    studio, name = studio_of(request), request.path_params["name"]
    return JSONResponse(await asyncio.to_thread(_news, studio, name))


async def saved(request: Request) -> Response:
    """The report as `newsletter report --format html` writes it."""
    studio, name = studio_of(request), request.path_params["name"]
    text = await asyncio.to_thread(_saved, studio, name)
    headers = {"Content-Disposition": f'attachment; filename="{_plain(name)}-report.html"'}
    return Response(text, media_type="text/html; charset=utf-8", headers=headers)


def _report(studio: Studio, name: str) -> Report:
    with _run(studio, name) as (run, books):
        return report_of(run, books)


def _news(studio: Studio, name: str) -> dict[str, Any]:
    with _run(studio, name) as (run, books):
        stamp = report_of(run, books).stamp
        return {"stamp": stamp, "after": _LATER if run.state in OVER else _SOON}


def _saved(studio: Studio, name: str) -> str:
    with _run(studio, name) as (run, books):
        database, now = books.database, books.now()
        gathered, names = gather(database, run, now), people(database, run, now)
        more = books.publication.word(Remedy(Act.SEE_REPORT, run.issue))
        return "\n".join(page_report(gathered, names, books.settings.theme, more=more)) + "\n"


@contextmanager
def _run(studio: Studio, name: str) -> Iterator[tuple[Run, Books]]:
    """The run of a name, with the books. Raises HTTPException 404 where it has none."""
    with studio.publication.looking() as books:
        run = books.database.runs.find(name) if books else None
        if run is None or books is None:
            raise HTTPException(404)
        yield run, books


@dataclass(frozen=True, kw_only=True, slots=True)
class _Asked:
    """A word about a run: of whom, what, and why."""

    group: str
    become: str
    reason: str


def _resolve(run: Run, asked: _Asked, books: Books) -> str:
    if asked.become not in {"accepted", "planned"}:
        raise HTTPException(400)
    is_accepted, reason = asked.become == "accepted", asked.reason or "resolved by hand"
    done, _ = doubts.settle_all(run, books, accepted=is_accepted, reason=reason)
    return f"{done:,} are {asked.become}."


def _suppress(run: Run, asked: _Asked, books: Books) -> str:
    done = needing.suppress_group(run, asked.group, asked.reason, books)
    return f"{done:,} suppressed: nothing is sent to them any more."


def _again(run: Run, asked: _Asked, books: Books) -> str:
    done = needing.send_group_again(run, asked.group, asked.reason, books)
    return f"{done:,} are planned: the next send of {run.issue} goes to them."


def _word(act: Callable[[Run, _Asked, Books], str]) -> Callable[[Request], Any]:
    def change(studio: Studio, name: str, asked: _Asked) -> str:
        with _run(studio, name):  # no database is made for a name that nobody knows
            pass
        with studio.publication.acting() as books:
            return act(books.run_of(name), asked, books)

    async def handler(request: Request) -> JSONResponse:
        studio, name, said = (
            studio_of(request),
            request.path_params["name"],
            await read_json(request),
        )
        asked = _Asked(
            group=str(said.get("group", "")),
            become=str(said.get("become", "")),
            reason=str(said.get("reason", "")).strip(),
        )
        return JSONResponse({"said": await asyncio.to_thread(partial(change, studio, name, asked))})

    return handler


def _plain(name: str) -> str:
    """A name that may stand in a header."""
    return "".join(
        sign if sign.isascii() and (sign.isalnum() or sign in "-_.") else "-" for sign in name
    )


ROUTES: Sequence[BaseRoute] = [
    Route("/issues/{name}/report", shown),
    Route("/issues/{name}/report.html", saved),
    Route("/api/issues/{name}/report", news),
    Route("/api/issues/{name}/resolve", _word(_resolve), methods=["POST"]),
    Route("/api/issues/{name}/suppress", _word(_suppress), methods=["POST"]),
    Route("/api/issues/{name}/again", _word(_again), methods=["POST"]),
]
