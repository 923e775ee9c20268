"""The public site as an ASGI application: its routes, and a page for everything that goes wrong.

No page shows what broke; that is for the log. Whatever the settings say is where it is mounted: a
publication at `https://example.com/news` has its pages under `/news`.
"""

from collections.abc import Callable, Sequence

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route, Router
from starlette.types import ASGIApp

from newsletter.errors import NewsletterError, StoreError
from newsletter.web.public import leaving, preferences, reading, signing_up
from newsletter.web.public.answers import own_page, whole_minute_after
from newsletter.web.public.clients import client_of
from newsletter.web.public.guard import Guard
from newsletter.web.public.misses import PAUSE, Misses
from newsletter.web.public.signing_up import form_page, too_many
from newsletter.web.public.site import Site, site_of

ROUTES: Sequence[BaseRoute] = [
    *reading.ROUTES,
    *signing_up.ROUTES,
    *leaving.ROUTES,
    *preferences.ROUTES,
]
_READ = ("/issues", "/images", "/feed", "/stories", "/site", "/robots")


def create_app(site: Site, *, hear: Callable[[str], object] = lambda _: None) -> ASGIApp:
    """The site's application. `hear` is told, in a line, of every fault of ours."""
    prefix = site.settings.public_site.paths.prefix
    app = Starlette(
        routes=_mounted(prefix),
        exception_handlers={HTTPException: _refused, StoreError: _away, Exception: _broken},
    )
    app.router.redirect_slashes = False
    app.state.site = site
    app.state.misses = Misses()
    app.state.hear = hear
    return Guard(
        app,
        trusted=site.settings.site.trusted_proxies,
        prefix=prefix,
        read=_READ,
        away=site.pages.mistakes.away,
    )


def _mounted(prefix: str) -> list[BaseRoute]:
    """Nothing is redirected: a redirect would lead where a request's Host says, token and all, and
    a mail program does not follow one (RFC 8058, 3.1).
    """
    if not prefix:
        return list(ROUTES)
    inner = Router(list(ROUTES), redirect_slashes=False)
    return [Route(prefix, reading.front), Mount(prefix, app=inner)]


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    site = site_of(request)
    mistakes = site.pages.mistakes
    match error.status_code:
        case 400:
            return _missed(request, site)
        case 403:
            return own_page(mistakes.stale_form(), 403)
        case 409 | 410:
            return await form_page(site, status=error.status_code)
        case 413:
            return own_page(mistakes.too_large(), 413)
        case status:
            stock = await site.stock()
            page = mistakes.missing(latest=stock.latest if stock else None)
            answer = own_page(page, status)
            answer.headers.update(error.headers or {})
            return answer


def _missed(request: Request, site: Site) -> Response:
    """A link that is none of ours; many of them from one place are a search for one that is.

    Only who comes with such a link is told to wait: from the same place a mail provider may be
    pressing links that are good.
    """
    client = client_of(request.scope, site.settings.site.trusted_proxies)
    misses: Misses = request.app.state.misses
    if misses.are_too_many(client, site.now()):
        return too_many(site, whole_minute_after(site.now(), PAUSE))
    return own_page(site.pages.mistakes.broken_link(), 400)


async def _away(request: Request, error: Exception) -> Response:
    site = site_of(request)
    request.app.state.hear(f"the database is away: {_line(error)}")
    return own_page(site.pages.mistakes.away(), 503, Retry_After="30")


async def _broken(request: Request, error: Exception) -> Response:
    """Starlette raises it again when this is answered, so that the log has its traceback."""
    site = site_of(request)
    request.app.state.hear(f"a page could not be made: {_line(error)}")
    return own_page(site.pages.mistakes.broken(), 500)


def _line(error: Exception) -> str:
    """Of ours the sentence, of others the kind alone: their words may hold what was sent."""
    return str(error) if isinstance(error, NewsletterError) else type(error).__name__
