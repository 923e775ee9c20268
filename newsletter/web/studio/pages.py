"""The studio's own pages for whoever is inside: every one gets its token."""

from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse

from newsletter.web.studio.drawing import draw
from newsletter.web.studio.studio import studio_of


def page(request: Request, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """A template of ours, filled; `publication`, `token` and `person` every page has."""
    studio = studio_of(request)
    cookie = request.cookies.get(studio.session.name, "")
    text = draw(
        template,
        publication=studio.settings.publication.name,
        token=studio.session.token(cookie),
        person=studio.known.person,
        **values,
    )
    return HTMLResponse(text, status)
