"""The preview: the message of a file that somebody writes in an editor of their own.

The page asks again and again whether anything has changed; where nothing has, nothing is read.
"""

import asyncio
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse
from starlette.routing import BaseRoute, Route

from newsletter.publishing.drafts import read_draft
from newsletter.publishing.issues import publication_path
from newsletter.publishing.watching import mark_of
from newsletter.web.studio.desk import look_at
from newsletter.web.studio.pages import page
from newsletter.web.studio.studio import Studio, studio_of


async def preview(request: Request) -> HTMLResponse:
    studio = studio_of(request)
    file = studio.file(request.path_params["name"])
    path = publication_path(file, studio.folder)
    return page(request, "preview.html", name=file.stem, path=path)


async def seen(request: Request) -> JSONResponse:
    """The file as it is now; its mark alone where it is the one that the page has already."""
    studio = studio_of(request)
    file = studio.file(request.path_params["name"])
    mark = await asyncio.to_thread(mark_of, file, studio.settings)
    if mark == request.query_params.get("seen"):
        return JSONResponse({"mark": mark})
    return JSONResponse({"mark": mark, **await studio.at_work(partial(_seen, studio, file))})


def _seen(studio: Studio, file: Path) -> dict[str, Any]:
    text = read_draft(file).text
    return {"text": text, "look": look_at(studio, file, text)}


ROUTES: Sequence[BaseRoute] = [
    Route("/preview/{name}", preview),
    Route("/api/issues/{name}/seen", seen),
]
