"""Subscribers: how many, who came and went; one found, shown, added, suppressed, brought back.

An address is asked for and answered in the body of a request, never in an address line, which
browsers and logs keep. Nobody is listed who was not looked for.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from newsletter.addresses import AddrSpec
from newsletter.books import Wanted
from newsletter.errors import NewsletterError
from newsletter.publishing.people import counting, finding, keeping
from newsletter.publishing.publication import Books
from newsletter.schedule import instant
from newsletter.subscribers import Consent, SuppressionKind
from newsletter.web.studio.desk import read_json
from newsletter.web.studio.drawing import draw
from newsletter.web.studio.pages import page
from newsletter.web.studio.people_words import (
    found_of,
    list_of,
    now_suppressed,
    person_of,
    returned,
)
from newsletter.web.studio.people_words import lifted as lifted_words
from newsletter.web.studio.people_words import unsubscribed as left_words
from newsletter.web.studio.returned_words import returned_rows
from newsletter.web.studio.studio import Studio, studio_of

_WEEKS = 26
_MOST_RETURNED = 50

Asked = Mapping[str, str]


async def shown(request: Request) -> Response:
    studio = studio_of(request)
    counted = await asyncio.to_thread(_counted, studio)
    return page(request, "people.html", list=counted)


def _counted(studio: Studio) -> Any:
    """None where there is no list yet: none is made by looking."""
    with studio.publication.looking() as books:
        if books is None:
            return None
        return list_of(counting.count(books), counting.history(_WEEKS, books))


async def found(request: Request) -> JSONResponse:
    studio, asked = studio_of(request), await _asked(request)
    return JSONResponse({"html": await asyncio.to_thread(_found, studio, asked)})


def _found(studio: Studio, asked: Asked) -> str:
    text = asked.get("text", "")
    with studio.publication.looking() as books:
        people = finding.find(text, books) if books else None
        now = studio.publication.clock()
        return draw("found.html", text=text, found=found_of(people, now) if people else None)


async def person(request: Request) -> JSONResponse:
    studio, asked = studio_of(request), await _asked(request)
    return JSONResponse(await asyncio.to_thread(_person, studio, asked))


def _person(studio: Studio, asked: Asked) -> dict[str, str]:
    address = keeping.address_said(asked.get("address", ""), studio.settings)
    with studio.publication.looking() as books:
        if books is None:
            raise NewsletterError("nobody is on the list yet", next_step="add somebody")
        return {"html": _drawn(address, books)}


def _drawn(address: AddrSpec, books: Books) -> str:
    zone = books.settings.schedule.zone
    file = finding.file_of(address, books)
    came_back = books.database.returns.list(Wanted(recipient_key=address.key, most=_MOST_RETURNED))
    return draw(
        "person.html",
        person=person_of(str(address), file, books.now(), zone),
        returned=returned_rows(came_back, books.now(), zone),
    )


Change = Callable[[AddrSpec, Asked, Books], str]
"""Something done to one person; what is to be said of it."""


def _act(change: Change) -> Callable[[Request], Any]:
    """Done, and the person as they stand then."""

    def do(studio: Studio, asked: Asked) -> dict[str, str]:
        address = keeping.address_said(asked.get("address", ""), studio.settings)
        with studio.publication.acting() as books:
            said = change(address, asked, books)
            return {"said": said, "html": _drawn(address, books)}

    async def handler(request: Request) -> JSONResponse:
        studio, asked = studio_of(request), await _asked(request)
        return JSONResponse(await asyncio.to_thread(partial(do, studio, asked)))

    return handler


def _add(address: AddrSpec, asked: Asked, books: Books) -> str:
    keeping.check_may_be_added(address, books)
    if keeping.member_of(address, books) is None:
        consent = Consent(source=asked.get("consent", ""), at=_when(asked.get("date", ""), books))
        tags = asked.get("tags", "").replace(",", " ").split()
        new = keeping.new_member(address, asked.get("first_name", ""), tags, consent)
        if keeping.add(new, books):
            return f"{address} is on the list."
    return f"{address} is on the list already; nothing has changed."


def _suppress(address: AddrSpec, asked: Asked, books: Books) -> str:
    before = books.database.suppressions.find(address.key)
    is_new = keeping.suppress(address.key, SuppressionKind.BY_HAND, asked.get("reason", ""), books)
    is_stranger = keeping.member_of(address, books) is None
    return now_suppressed(str(address), None if is_new else before, is_stranger=is_stranger)


def _unsuppress(address: AddrSpec, asked: Asked, books: Books) -> str:
    return lifted_words(
        str(address), keeping.unsuppress(address.key, asked.get("reason", ""), books)
    )


def _unsubscribe(address: AddrSpec, _asked: Asked, books: Books) -> str:
    return left_words(str(address), keeping.unsubscribe(address, books))


def _resubscribe(address: AddrSpec, asked: Asked, books: Books) -> str:
    return returned(str(address), keeping.resubscribe(address, asked.get("reason", ""), books))


def _when(said: str, books: Books) -> datetime:
    """The day's beginning by the publication's clocks; now, where no day was given."""
    now = books.now()
    if not said:
        return now
    try:
        begin = instant(date.fromisoformat(said), time(0), books.settings.schedule.zone)
    except ValueError as error:
        raise NewsletterError(f"“{said[:40]}” is not a day") from error
    if begin > now:
        raise NewsletterError(
            f"{said} is yet to come", next_step="give the day on which they said yes"
        )
    return begin


async def _asked(request: Request) -> Asked:
    """What was typed, each on its own; what is no text is none."""
    asked = await read_json(request)
    return {
        str(name): value.encode("utf-8", "replace").decode()
        for name, value in asked.items()
        if isinstance(value, str)
    }


ROUTES: Sequence[BaseRoute] = [
    Route("/people", shown),
    Route("/api/people/find", found, methods=["POST"]),
    Route("/api/people/person", person, methods=["POST"]),
    Route("/api/people/add", _act(_add), methods=["POST"]),
    Route("/api/people/suppress", _act(_suppress), methods=["POST"]),
    Route("/api/people/unsuppress", _act(_unsuppress), methods=["POST"]),
    Route("/api/people/unsubscribe", _act(_unsubscribe), methods=["POST"]),
    Route("/api/people/resubscribe", _act(_resubscribe), methods=["POST"]),
]
