"""The desk: one issue being written, and the questions that its page asks at every key press."""

import asyncio
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Route

from newsletter.issue import MAX_BYTES
from newsletter.publishing.draft_journal import has_kept
from newsletter.web.studio.guard import FRAME
from newsletter.web.studio.looks import as_json
from newsletter.web.studio.pages import page
from newsletter.web.studio.studio import Studio, studio_of

if TYPE_CHECKING:
    from newsletter.publishing.looking import Look


async def read_json(request: Request) -> dict[str, Any]:
    """What a page of ours sent. Raises HTTPException 400 or 413."""
    try:
        asked = await request.json()
    except (ValueError, RecursionError) as error:  # the latter of brackets by the thousand
        raise HTTPException(400) from error
    if not isinstance(asked, dict):
        raise HTTPException(400)
    return asked


def text_of(asked: dict[str, Any]) -> str:
    """Raises HTTPException for none, or for one that is no issue's any more."""
    text = asked.get("text")
    if not isinstance(text, str):
        raise HTTPException(400)
    if len(text) > MAX_BYTES:
        raise HTTPException(413)
    return text.encode("utf-8", "replace").decode()


async def desk(request: Request) -> HTMLResponse:
    studio = studio_of(request)
    file = studio.place_to_open(request.path_params["name"])
    if not file.exists() and not await asyncio.to_thread(has_kept, file):
        raise HTTPException(404)
    return page(request, "desk.html", name=file.stem)


async def looked(request: Request) -> JSONResponse:
    studio, asked = studio_of(request), await read_json(request)
    file, text = studio.place_in_hand(request.path_params["name"]), text_of(asked)
    return JSONResponse(await studio.at_work(partial(look_at, studio, file, text)))


def look_at(studio: Studio, file: Path, text: str) -> dict[str, Any]:
    """What the page is told of a text. At the workbench alone."""
    look: Look = studio.looker().look(text, file, studio.known.clock())
    if look.rendered:
        studio.show_pictures(look.rendered)
    return as_json(look, studio.settings)


async def frame(_request: Request) -> Response:
    """The empty leaf that a message is put on: its policy comes with it (guard)."""
    return HTMLResponse("<!doctype html><title>The message</title>")


ROUTES: Sequence[BaseRoute] = [
    Route(FRAME, frame),
    Route("/issues/{name}", desk),
    Route("/api/issues/{name}/look", looked, methods=["POST"]),
]
