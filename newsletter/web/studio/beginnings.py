"""How an issue begins: by the house format; and an example to look at."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from newsletter.errors import NewsletterError
from newsletter.publishing.beginning import begin, number_for, propose
from newsletter.publishing.example_issue import example_issue
from newsletter.web.studio.dates import long_day
from newsletter.web.studio.desk import read_json, text_of
from newsletter.web.studio.looks import as_json
from newsletter.web.studio.pages import page
from newsletter.web.studio.studio import Studio, studio_of

_NUMBERS = range(1, 100_000)


async def new(request: Request) -> Response:
    """`?name=` is what somebody looked for in vain: an issue of that name, without a day."""
    studio = studio_of(request)
    name = " ".join(request.query_params.get("name", "")[:200].split())
    proposal = await asyncio.to_thread(propose, studio.publication)
    today = studio.publication.clock().astimezone(studio.settings.schedule.zone).date()
    return page(
        request,
        "new.html",
        name=name,
        day="" if name else proposal.day.isoformat(),
        day_words=long_day(proposal.day, today),
        number="" if name else proposal.number or "",
        house=studio.settings.house,
    )


async def numbered(request: Request) -> JSONResponse:
    """The number that an issue of a day may have."""
    publication = studio_of(request).publication
    day = day_of(request.query_params.get("day", ""))
    number = await asyncio.to_thread(number_for, publication, day) if day else None
    return JSONResponse({"number": number})


async def begun(request: Request) -> JSONResponse:
    publication, asked = studio_of(request).publication, await read_json(request)
    act = partial(
        begin, publication, _day_said(asked), _number_said(asked), name=str(asked.get("name", ""))
    )
    return JSONResponse({"to": desk_of(await asyncio.to_thread(act))})


async def example(request: Request) -> Response:
    return page(request, "example.html")


async def example_opened(request: Request) -> JSONResponse:
    studio = studio_of(request)
    day = (await asyncio.to_thread(propose, studio.publication)).day
    return JSONResponse({"text": example_issue(studio.settings.house, day)})


async def example_looked(request: Request) -> JSONResponse:
    """As an issue is looked at; it is in no file, and never will be."""
    studio, asked = studio_of(request), await read_json(request)
    text = text_of(asked)
    return JSONResponse(await studio.at_work(partial(_look, studio, text)))


def _look(studio: Studio, text: str) -> dict[str, Any]:
    file = studio.folder / "issues" / "example.md"
    look = studio.looker().look(text, file, studio.publication.clock())
    return as_json(look, studio.settings)


def desk_of(path: Path) -> str:
    return f"/issues/{quote(path.stem, safe='')}"


def _day_said(asked: Mapping[str, Any]) -> date | None:
    """None where an issue is to have a name instead. Raises NewsletterError."""
    said = str(asked.get("day", ""))
    day = day_of(said)
    if said and day is None:
        raise NewsletterError(f"“{said[:40]}” is not a day", next_step="write it as 2026-12-04")
    return day


def _number_said(asked: Mapping[str, Any]) -> int | None:
    """None for none. Raises NewsletterError."""
    said = str(asked.get("number", "")).strip()
    if not said:
        return None
    if not said.isascii() or not said.isdigit() or int(said[:9]) not in _NUMBERS:
        raise NewsletterError(
            f"“{said[:40]}” is not an issue number",
            next_step="write a whole number such as 46, or none",
        )
    return int(said)


def day_of(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


ROUTES: Sequence[BaseRoute] = [
    Route("/new", new),
    Route("/example", example),
    Route("/api/new", begun, methods=["POST"]),
    Route("/api/new/number", numbered),
    Route("/api/example/open", example_opened),
    Route("/api/example/look", example_looked, methods=["POST"]),
]
