"""The studio as an ASGI application: its routes, and an answer for everything that goes wrong."""

from collections.abc import Container, Sequence
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from newsletter.errors import NewsletterError
from newsletter.web.studio import (
    acts,
    beginnings,
    bringing,
    desk,
    entrance,
    findings,
    importing,
    keeping,
    message,
    people,
    preview,
    report,
    returned,
    rule_pages,
    shelf,
    weights,
)
from newsletter.web.studio.drawing import STATIC
from newsletter.web.studio.guard import Guard
from newsletter.web.studio.pages import page
from newsletter.web.studio.studio import Studio, studio_of
from newsletter.web.studio.words import refusal

ROUTES: Sequence[BaseRoute] = [
    *entrance.ROUTES,
    *shelf.ROUTES,
    *beginnings.ROUTES,
    *report.ROUTES,
    *people.ROUTES,
    *returned.ROUTES,
    *desk.ROUTES,
    *acts.ROUTES,
    *message.ROUTES,
    *findings.ROUTES,
    *rule_pages.ROUTES,
    *preview.ROUTES,
    *bringing.ROUTES,
    *weights.ROUTES,
    *keeping.ROUTES,
    *importing.ROUTES,
    Mount("/static", StaticFiles(directory=STATIC)),
]


def create_app(studio: Studio, hosts: Container[str], *, log: Path | None = None) -> ASGIApp:
    """The studio's application, which answers by these hosts alone, each with its port.

    `log` is where the server round it keeps the tracebacks of our faults, for the words.
    """
    app = Starlette(
        routes=list(ROUTES),
        exception_handlers={HTTPException: _refused, NewsletterError: _told, Exception: _broken},
    )
    app.state.log = log
    app.router.redirect_slashes = False
    app.state.studio = studio
    return Guard(app, session=studio.session, hosts=hosts)


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if request.url.path.startswith("/api/"):
        return JSONResponse({"said": error.detail}, error.status_code)
    return page(request, "missing.html", status=error.status_code)


async def _told(request: Request, error: Exception) -> Response:
    """A refusal in the words of the command: what happened, where, what to do next."""
    assert isinstance(error, NewsletterError)
    said = {"said": _line(request, error), "faults": list(error.faults)}
    if request.url.path.startswith("/api/"):
        return JSONResponse(said, 422)
    return page(request, "fault.html", status=500, **said)


async def _broken(request: Request, error: Exception) -> Response:
    """Starlette raises it again when this is answered, so that the log has its traceback."""
    log: Path | None = request.app.state.log
    said = f"Something broke in the studio ({type(error).__name__})."
    said += f" The traceback is in {log}." if log else ""
    if request.url.path.startswith("/api/"):
        return JSONResponse({"said": said}, 500)
    return page(request, "fault.html", status=500, said=said, faults=())


def _line(request: Request, error: NewsletterError) -> str:
    """An issue that is asked about needs no name in what is said of it.

    Settings that cannot be read give no words for a remedy either.
    """
    studio, name = studio_of(request), request.path_params.get("name")
    try:
        file = studio.place(name) if name else None
    except (NewsletterError, HTTPException):
        file = None
    try:
        return refusal(error, studio.known, file)
    except NewsletterError:
        return str(error)
