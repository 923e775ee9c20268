"""What came back by mail, on pages: the newest of it, that of one issue, and each message alone.

What stands in such a message is a stranger's: it is shown as text, and nothing in it is a link.
"""

import asyncio
from collections.abc import Sequence

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from newsletter.books import Wanted
from newsletter.web.studio.pages import page
from newsletter.web.studio.returned_words import MessageShown, ReturnedList, list_of, message_of
from newsletter.web.studio.studio import Studio, studio_of

MOST = 200
"""Rows of a page."""

_LARGEST = 2**31 - 1
"""Of a message's number: databases take no more."""


async def listed(request: Request) -> Response:
    studio, issue = studio_of(request), request.query_params.get("issue", "")
    found = await asyncio.to_thread(_list, studio, issue)
    return page(request, "returned.html", list=found, issue=issue)


def _list(studio: Studio, issue: str) -> ReturnedList | None:
    """None where there are no books yet: none are made by looking."""
    with studio.publication.looking() as books:
        if books is None:
            return None
        rows = books.database.returns.list(Wanted(issue=issue, most=MOST))
        totals = {} if issue else books.database.returns.totals()
        return list_of(rows, totals, books.now(), books.settings.schedule.zone, most=MOST)


async def shown(request: Request) -> Response:
    """Raises HTTPException 404 for a number that no message has."""
    studio, number = studio_of(request), request.path_params["number"]
    message = await asyncio.to_thread(_message, studio, number)
    if message is None:
        raise HTTPException(404)
    return page(request, "returned-message.html", message=message)


def _message(studio: Studio, number: int) -> MessageShown | None:
    with studio.publication.looking() as books:
        found = books.database.returns.show(number) if books and number <= _LARGEST else None
        if found is None or books is None:
            return None
        return message_of(found, books.now(), books.settings.schedule.zone)


ROUTES: Sequence[BaseRoute] = [
    Route("/returned", listed),
    Route("/returned/{number:int}", shown),
]
