"""The pages that are read: the archive, its feeds, its pictures. Nothing here changes anything."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from newsletter.errors import StoreError
from newsletter.web.public import shelf
from newsletter.web.public.answers import sheet
from newsletter.web.public.shelf import PATHS, Sheet, Stock
from newsletter.web.public.site import site_of

_NOT_KEPT = {"Cache-Control": "no-store"}
_PICTURES = ("image/jpeg", "image/png", "image/gif", "image/webp")


async def front(request: Request) -> Response:
    return await _made(request, "/", shelf.front)


async def archive(request: Request) -> Response:
    return await _made(request, "/issues/", shelf.archive)


async def issue(request: Request) -> Response:
    """An issue, or a year; what is not published is not there, whatever is on a disk."""
    name = request.path_params["name"]
    return await _made(request, f"/issues/{name}", partial(shelf.issue_or_year, name=name))


async def data(request: Request) -> Response:
    name = request.path_params["name"]
    return await _made(request, f"/issues/{name}.json", partial(shelf.data, name=name))


def _told(path: str) -> Callable[[Request], Awaitable[Response]]:
    async def told(request: Request) -> Response:
        return await _made(request, path, partial(shelf.told, path=path))

    return told


async def _made(request: Request, name: str, make: Callable[[Stock], Sheet | None]) -> Response:
    """A sheet of the stock by its name, which is made at its first time. Raises HTTPException 404.

    Whatever becomes of the threads that wait for the database, this one does not wait there.
    """
    on = site_of(request).shelf
    stock = await on.stock()
    found = stock.sheets.get(name) or await on.make(make, stock)
    if found is None:
        raise HTTPException(404)
    return sheet(request, found)


async def picture(request: Request) -> Response:
    """By the name that its content gave it, so that it never is another."""
    site = site_of(request)
    name = request.path_params["name"]
    if not name.isprintable():  # PostgreSQL takes no NUL in a text
        raise HTTPException(404)
    found = await asyncio.to_thread(site.picture, name)
    if found is None or found.media_type not in _PICTURES:
        raise HTTPException(404)
    headers = {"Cache-Control": "public, max-age=31536000, immutable", "ETag": f'"{found.name}"'}
    return Response(found.octets, media_type=found.media_type, headers=headers)


async def health(request: Request) -> Response:
    """For whoever watches: whether the database answers (503 where it does not)."""
    site = site_of(request)
    try:
        await asyncio.to_thread(lambda: site.books().database.archive.mark())
    except StoreError:
        return JSONResponse({"status": "away"}, 503, {"Retry-After": "30", **_NOT_KEPT})
    return JSONResponse({"status": "ok"}, headers=_NOT_KEPT)


ROUTES = [
    Route("/", front),
    Route("/issues/", archive),
    Route("/issues", archive),
    Route("/issues/{name}.json", data),
    Route("/issues/{name}", issue),
    Route("/images/{name}", picture),
    *(Route(path, _told(path)) for path in PATHS),
    Route("/healthz", health),
]
