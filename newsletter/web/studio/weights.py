"""What the parts of a text weigh: asked for when nobody types, for it takes a rendering more."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import BaseRoute, Route

from newsletter.errors import NewsletterError
from newsletter.publishing.weighing import weigh_text
from newsletter.web.studio.desk import read_json, text_of
from newsletter.web.studio.studio import Studio, studio_of


async def weighed(request: Request) -> JSONResponse:
    studio, asked = studio_of(request), await read_json(request)
    file, text = studio.place_in_hand(request.path_params["name"]), text_of(asked)
    return JSONResponse({"bytes": await studio.at_work(partial(_weigh, studio, file, text))})


def _weigh(studio: Studio, file: Path, text: str) -> list[int | None]:
    """None at all while it cannot become a message, of which a look says why."""
    looker, now = studio.looker(), studio.known.clock()
    try:
        return list(weigh_text(text, file, looker.settings, now, looker.pictures))
    except NewsletterError:
        return []


ROUTES: Sequence[BaseRoute] = [Route("/api/issues/{name}/weights", weighed, methods=["POST"])]
