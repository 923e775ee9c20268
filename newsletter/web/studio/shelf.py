"""The shelf: the publication's issues, and how far each of them is.

The page is there at once; what a check has to find out is worked out meanwhile, and the page, which
asks now and then whether anything is new, has it a moment later.
"""

import asyncio
from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from newsletter.publishing.shelf import Shelf, ShelfKeeper
from newsletter.web.studio.dates import ahead, long_day, place
from newsletter.web.studio.pages import page
from newsletter.web.studio.shelf_words import (
    draft_row,
    earlier_row,
    in_word,
    lead,
    plural,
    resting_row,
    sending_row,
)
from newsletter.web.studio.studio import Studio, studio_of

_SOON, _LATER = 300, 3_000
"""Milliseconds until the page asks again: while something is being worked out, and else."""

_RESTING = 4
"""Issues that nobody has sent from here, past their day: so many, and the others unfolded."""


async def shelf(request: Request) -> Response:
    studio = studio_of(request)
    keeper = keeper_of(studio)
    found = await asyncio.to_thread(keeper.look)
    if not found.is_whole:
        _work_out(studio, keeper)
    stamp = await asyncio.to_thread(_stamp, keeper, found)
    if found.is_empty:
        count = studio.settings.house.stories[0]
        stories = f"{in_word(count)} {'story' if count == 1 else 'stories'}"
        upcoming = _next_words(found, stories)
        return page(request, "shelf-empty.html", stamp=stamp, upcoming=upcoming, stories=stories)
    settings, earlier = studio.settings, [earlier_row(run, found) for run in found.earlier]
    resting = [resting_row(head, found) for head in found.resting]
    return page(
        request,
        "shelf.html",
        stamp=stamp,
        lead=lead(found, settings),
        going=[
            *(sending_row(each, found) for each in found.going),
            *(draft_row(each, found) for each in found.scheduled),
        ],
        writing=[draft_row(each, found) for each in found.writing],
        sent=[sending_row(each, found) for each in found.sent],
        resting=resting[:_RESTING],
        earlier=[*earlier, *resting[_RESTING:]],
        subscribers=None if found.subscribers is None else plural(found.subscribers, "subscriber"),
    )


async def news(request: Request) -> JSONResponse:
    """Whether the shelf looks otherwise by now, and when to ask again."""
    keeper = keeper_of(studio_of(request))
    found = await asyncio.to_thread(keeper.look)
    stamp = await asyncio.to_thread(_stamp, keeper, found)
    return JSONResponse({"stamp": stamp, "after": _LATER if found.is_whole else _SOON})


def keeper_of(studio: Studio) -> ShelfKeeper:
    """The shelf's memory, which another publication, or other settings, begin anew."""
    publication = studio.publication
    if studio.shelf is None or studio.shelf.publication is not publication:
        studio.shelf = ShelfKeeper(publication)
    return studio.shelf


def _work_out(studio: Studio, keeper: ShelfKeeper) -> None:
    """One at a time: whoever asks meanwhile hears of it from the next look."""
    if studio.shelving is None or studio.shelving.done():
        studio.shelving = asyncio.create_task(asyncio.to_thread(keeper.work_out))


def _stamp(keeper: ShelfKeeper, found: Shelf) -> str:
    known = sum(each.found is not None for each in (*found.scheduled, *found.writing))
    return f"{keeper.stamp()}-{known}"


def _next_words(found: Shelf, stories: str) -> str:
    """When the next issue is to go out, for whoever has none."""
    slot, now = found.ahead.slot, found.made_at
    day = long_day(slot.day, now.date())
    days = (slot.day - now.date()).days
    left = f"is {ahead(slot.at.astimezone(now.tzinfo), now)}"
    if days > 1:
        left = f"leaves {in_word(days)} days: time enough for {stories}"
    return f"The next slot is {day}, {slot.time:%H:%M} in {place(slot.zone)}. That {left}."


ROUTES: Sequence[BaseRoute] = [Route("/", shelf), Route("/api/shelf", news)]
