"""Things brought in: what is pasted, the titles of links, pictures; each asked for by the desk."""

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import Any
from urllib.parse import unquote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from newsletter.importing import MAX_PASTE, LeftOut, Pasted, PieceKind, is_marked_up
from newsletter.pictures import MAX_FILE, Picture
from newsletter.publishing.page_titles import TitleReader, named
from newsletter.publishing.pasting import Pasting, paste
from newsletter.publishing.storing_pictures import StoredPicture, store_picture
from newsletter.settings import ImageMode
from newsletter.web.studio.desk import read_json, text_of
from newsletter.web.studio.studio import Studio, studio_of

FILE_NAME = "x-file-name"
"""The header with the name of a file that is sent, in percent-encoding (RFC 3986, 2.1)."""

_LONGEST_ADDRESS = 8_000
_COUNTED = (
    (PieceKind.STORY, "story", "stories"),
    (PieceKind.HEADING, "heading", "headings"),
    (PieceKind.PARAGRAPH, "paragraph", "paragraphs"),
    (PieceKind.QUOTE, "quote", "quotes"),
    (PieceKind.LIST, "list", "lists"),
    (PieceKind.PICTURE, "picture", "pictures"),
)


async def body_of(request: Request, most: int) -> bytes:
    """What was sent, as it is. Raises HTTPException 413 as soon as it is too much."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > most:
            raise HTTPException(413)
    return bytes(body)


def file_name_of(request: Request) -> str:
    return unquote(request.headers.get(FILE_NAME, ""))[:400]


async def pasted(request: Request) -> JSONResponse:
    studio, asked = studio_of(request), await read_json(request)
    studio.place_in_hand(request.path_params["name"])
    html, words, at = asked.get("html"), asked.get("words"), asked.get("at")
    if not isinstance(html, str) or not isinstance(words, str) or not isinstance(at, int):
        raise HTTPException(400)
    if is_marked_up(words):
        return JSONResponse({"plain": True})
    house = studio.settings.house
    act = partial(paste, html[: MAX_PASTE + 1], text=text_of(asked), at=at, house=house)
    return JSONResponse(_pasting(await asyncio.to_thread(act)))


def _pasting(pasting: Pasting) -> dict[str, Any]:
    pasted = pasting.pasted
    return {
        "origin": pasted.origin.value,
        "counted": _counted(pasted),
        "whole": pasting.whole,
        "pieces": [{"kind": piece.kind.value, "text": piece.text} for piece in pasted.pieces],
        "left": [_left(each) for each in pasted.left],
        "changed": list(pasted.changed),
    }


def _counted(pasted: Pasted) -> str:
    """Such as "2 paragraphs, 1 quote, 1 link"."""
    kinds = [piece.kind for piece in pasted.pieces]
    counts = [(kinds.count(kind), one, more) for kind, one, more in _COUNTED]
    counts.append((sum(piece.links for piece in pasted.pieces), "link", "links"))
    return ", ".join(f"{n} {one if n == 1 else more}" for n, one, more in counts if n)


def _left(each: LeftOut) -> dict[str, Any]:
    return {
        "what": each.what,
        "after": each.after,
        "text": each.text,
        "isRemark": each.is_remark,
    }


async def titled(request: Request) -> JSONResponse:
    """What the page behind an address calls itself; its host where it cannot be asked."""
    studio, asked = studio_of(request), await read_json(request)
    address = asked.get("address")
    if not isinstance(address, str) or len(address) > _LONGEST_ADDRESS:
        raise HTTPException(400)
    if asked.get("asksPage") is False:
        found = named(address)
    else:
        found = await asyncio.to_thread(studio.titles or TitleReader(), address)
    return JSONResponse(
        {"address": found.address, "host": found.host, "title": found.title, "why": found.why}
    )


async def stored(request: Request) -> JSONResponse:
    """A picture's file, by the issue into which it was dropped."""
    studio = studio_of(request)
    issue = studio.file(unquote(request.headers.get("x-issue", "")))
    octets = await body_of(request, MAX_FILE + 1)
    act = partial(
        store_picture, studio.folder, octets, name=file_name_of(request), prefix=issue.stem
    )
    return JSONResponse(_stored(await asyncio.to_thread(act), studio))


def _stored(picture: StoredPicture, studio: Studio) -> dict[str, Any]:
    return {"source": picture.source, "name": picture.name, "said": _said(picture, studio)}


def _said(stored: StoredPicture, studio: Studio) -> list[str]:
    """What readers get of a file, and how they come by it."""
    ready = stored.ready
    said = [f"{ready.width:,} × {ready.height:,}, {_size(len(ready.octets))}."]
    was = f"The file you brought has {_size(stored.size)}"
    if stored.had_place:
        said.append(f"{was}; the place it was taken is out.")
    elif stored.size > len(ready.octets):
        said.append(f"{was}.")
    if studio.settings.images.mode is ImageMode.SITE:
        said.append("It is published with the issue, and never sent in it.")
    else:
        said.append("It is sent in the message.")
    return said


def _size(octets: int) -> str:
    return f"{octets / 1e6:.1f} MB" if octets >= 1_000_000 else f"{max(octets // 1000, 1)} kB"


async def picture(request: Request) -> Response:
    """A picture of the publication as readers get it. Raises HTTPException 404."""
    studio = studio_of(request)
    source = request.query_params.get("source", "")
    found = await studio.at_work(lambda: studio.looker().pictures.take(source))
    if not isinstance(found, Picture):
        raise HTTPException(404, f"{found.what}; {found.next_step}")
    return Response(found.octets, media_type=found.media_type)


ROUTES: Sequence[BaseRoute] = [
    Route("/api/issues/{name}/paste", pasted, methods=["POST"]),
    Route("/api/title", titled, methods=["POST"]),
    Route("/api/pictures", picture),
    Route("/api/pictures", stored, methods=["POST"]),
]
