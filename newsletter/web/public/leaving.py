"""Leaving: by a mail program's one click, or by a button; and coming back, by one as well.

A one-click POST needs no stamp, no cookie and no page: it works at once, from wherever it comes,
and as often as it comes (RFC 8058, 3.2). It is never answered with a redirect. A GET changes
nothing.
"""

import asyncio

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from newsletter.publishing.publication import Books
from newsletter.publishing.readers import (
    Purpose,
    leave,
    links_of,
    say_why,
    stamps_of,
    undo_leaving,
)
from newsletter.render.site import Reason
from newsletter.web.public.answers import own_page
from newsletter.web.public.forms import is_ours, read_form
from newsletter.web.public.site import Site, site_of

LEAVE, AFTERWARDS = "leave", "afterwards"
"""What the stamps in the forms are for."""

_DONE = "You have unsubscribed.\n"


async def whose(request: Request, purpose: Purpose) -> tuple[Site, Books, str]:
    """The site, its books, and the reader of the link. Raises HTTPException 400 for no such one."""
    site = site_of(request)
    books = await asyncio.to_thread(site.books)
    key = links_of(books).whose(purpose, request.path_params["token"])
    if key is None:
        raise HTTPException(400)
    return site, books, key


async def show(request: Request) -> Response:
    site, books, key = await whose(request, Purpose.UNSUBSCRIBE)
    paths = site.pages.site.paths
    pause = ""
    if site.settings.site.has_preferences:
        own = paths.preferences(links_of(books).token(Purpose.PREFERENCES, key))
        pause = f"{own}#pause"
    page = site.pages.reader.unsubscribe(
        address=key,
        action=paths.unsubscribe(request.path_params["token"]),
        stamp=stamps_of(books).make(LEAVE, key, site.now()),
        pause_path=pause,
    )
    return own_page(page)


async def take(request: Request) -> Response:
    site, books, key = await whose(request, Purpose.UNSUBSCRIBE)
    form = await read_form(request)
    if form.is_one_click:
        await asyncio.to_thread(leave, key, books)
        return PlainTextResponse(_DONE, headers={"Cache-Control": "no-store"})
    if not is_ours(request, form, stamps_of(books), LEAVE, key):
        raise HTTPException(403)
    await asyncio.to_thread(leave, key, books)
    return own_page(_left(site, books, request, key))


async def undo(request: Request) -> Response:
    site, books, key = await whose(request, Purpose.UNSUBSCRIBE)
    form = await read_form(request)
    if not is_ours(request, form, stamps_of(books), AFTERWARDS, key):
        raise HTTPException(403)
    if not await asyncio.to_thread(undo_leaving, key, books):
        raise HTTPException(409)
    return own_page(site.pages.reader.back(address=key))


async def reason(request: Request) -> Response:
    site, books, key = await whose(request, Purpose.UNSUBSCRIBE)
    form = await read_form(request)
    if not is_ours(request, form, stamps_of(books), AFTERWARDS, key):
        raise HTTPException(403)
    try:
        why = Reason(form.text("reason"))
    except ValueError:
        raise HTTPException(400) from None
    await asyncio.to_thread(say_why, key, why, books)
    return own_page(_left(site, books, request, key, is_thanked=True))


def _left(site: Site, books: Books, request: Request, key: str, *, is_thanked: bool = False) -> str:
    path = site.pages.site.paths.unsubscribe(request.path_params["token"])
    return site.pages.reader.unsubscribed(
        address=key,
        undo_action=f"{path}/undo",
        reason_action=f"{path}/reason",
        stamp=stamps_of(books).make(AFTERWARDS, key, site.now()),
        is_thanked=is_thanked,
    )


ROUTES = [
    Route("/unsubscribe/{token}", show, methods=["GET"]),
    Route("/unsubscribe/{token}", take, methods=["POST"]),
    Route("/unsubscribe/{token}/undo", undo, methods=["POST"]),
    Route("/unsubscribe/{token}/reason", reason, methods=["POST"]),
]
