"""Signing up and confirming: the form, its one answer, and the button behind a link.

Everybody gets the same answer (`newsletter.publishing.readers.joining`). A link only shows a page:
machines press links before people do.
"""

import asyncio
from datetime import datetime, timedelta

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from newsletter.publishing.publication import Books
from newsletter.publishing.readers import (
    Asked,
    Confirmed,
    Expired,
    Purpose,
    SignUp,
    ask_to_join,
    confirm,
    links_of,
    read_sign_up,
    stamps_of,
)
from newsletter.render.site import MOST_OF_ADDRESS, MOST_OF_NAME, Fault
from newsletter.web.public.answers import own_page, whole_minute_after
from newsletter.web.public.clients import client_of
from newsletter.web.public.forms import Form, is_from_elsewhere, is_ours, read_form
from newsletter.web.public.site import Site, site_of

SUBSCRIBE, CONFIRM = "subscribe", "confirm"
"""What the stamps in the forms are for."""


async def show_form(request: Request) -> Response:
    site = site_of(request)
    return await form_page(site)


async def take_form(request: Request) -> Response:
    """Nothing is written down without a stamp; a form that waited too long is shown once more."""
    site = site_of(request)
    form = await read_form(request)
    books = await asyncio.to_thread(site.books)
    stamps, stamp = stamps_of(books), form.text("stamp")
    is_embedded = stamps.is_embedded(stamp)
    if not is_embedded and not is_ours(request, form, stamps, SUBSCRIBE):
        if stamp and not _is_from_elsewhere(request, site):
            return await form_page(site, form, status=403)
        raise HTTPException(403)
    lenient = site.settings.limits.lenient_addresses
    asked = read_sign_up(form.text("email"), form.text("first_name"), lenient=lenient)
    if not isinstance(asked, SignUp):
        return await form_page(site, form, status=422, fault=asked)
    is_elsewhere = is_embedded and _is_from_elsewhere(request, site)
    return await _ask(site, books, request, asked, is_embedded=is_elsewhere)


def _is_from_elsewhere(request: Request, site: Site) -> bool:
    return is_from_elsewhere(request, site.pages.site.paths.origin.lower())


async def _ask(
    site: Site, books: Books, request: Request, asked: SignUp, *, is_embedded: bool
) -> Response:
    client = client_of(request.scope, site.settings.site.trusted_proxies)
    limits = site.settings.site.limits
    taken = await asyncio.to_thread(ask_to_join, asked, books, client=client, limits=limits)
    if taken is Asked.TOO_MANY:
        return too_many(site, _next_hour(site.now()))
    site.letters()
    stock = await site.stock()
    words = site.settings.letters
    subject = words.filled("confirm_subject", name=site.settings.publication.name)
    page = site.pages.signing_up.sent(
        address=str(asked.address),
        subject=subject,
        upcoming=stock.upcoming if stock else None,
        is_embedded=is_embedded,
    )
    return own_page(page)


async def form_page(
    site: Site, form: Form | None = None, *, status: int = 200, fault: Fault | None = None
) -> Response:
    """The form with what was typed into it before, and a fresh stamp."""
    books = await asyncio.to_thread(site.books)
    stock, typed = await site.stock(), form or Form({})
    page = site.pages.signing_up.subscribe(
        action=site.pages.site.paths.subscribe,
        stamp=stamps_of(books).make(SUBSCRIBE, "", site.now()),
        email=typed.text("email")[:MOST_OF_ADDRESS],
        first_name=typed.text("first_name")[:MOST_OF_NAME],
        fault=fault,
        latest=stock.latest if stock else None,
    )
    return own_page(page, status)


async def show_confirmation(request: Request) -> Response:
    site = site_of(request)
    books = await asyncio.to_thread(site.books)
    token = request.path_params["token"]
    key = links_of(books).who_confirms(token, site.now())
    stamps = stamps_of(books)
    if isinstance(key, Expired):
        page = site.pages.signing_up.expired(
            action=site.pages.site.paths.subscribe, stamp=stamps.make(SUBSCRIBE, "", site.now())
        )
        return own_page(page, 410)
    if key is None:
        raise HTTPException(400)
    stock = await site.stock()
    page = site.pages.signing_up.confirm(
        address=key,
        action=site.pages.site.paths.confirm(token),
        stamp=stamps.make(CONFIRM, key, site.now()),
        upcoming=stock.upcoming if stock else None,
    )
    return own_page(page)


async def take_confirmation(request: Request) -> Response:
    """The press of a button, which no scanner of links makes."""
    site = site_of(request)
    form = await read_form(request)
    books = await asyncio.to_thread(site.books)
    key = links_of(books).who_confirms(request.path_params["token"], site.now())
    if not isinstance(key, str):
        return await show_confirmation(request)
    if not is_ours(request, form, stamps_of(books), CONFIRM, key):
        raise HTTPException(403)
    has_welcome = site.settings.site.welcome is not None
    done = await asyncio.to_thread(confirm, key, books, has_welcome=has_welcome)
    if done is Confirmed.UNKNOWN:
        raise HTTPException(410)
    if done is Confirmed.BARRED:
        raise HTTPException(409)
    site.letters()
    return own_page(await _confirmed(site, books, key))


async def _confirmed(site: Site, books: Books, key: str) -> str:
    stock, paths = await site.stock(), site.pages.site.paths
    path = ""
    if site.settings.site.has_preferences:
        links = links_of(books)
        path = paths.preferences(links.token(Purpose.PREFERENCES, key))
    return site.pages.signing_up.confirmed(
        address=key,
        preferences_path=path,
        upcoming=stock.upcoming if stock else None,
        latest=stock.latest if stock else None,
    )


def too_many(site: Site, until: datetime) -> Response:
    """With the time at which to come again, on the page and for machines."""
    zone = site.settings.schedule.zone
    seconds = max(int((until - site.now()).total_seconds()), 1)
    page = site.pages.mistakes.too_many(until=until.astimezone(zone))
    return own_page(page, 429, Retry_After=str(seconds))


def _next_hour(moment: datetime) -> datetime:
    hour = moment.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    return max(hour, whole_minute_after(moment, timedelta(0)))


ROUTES = [
    Route("/subscribe", show_form, methods=["GET"]),
    Route("/subscribe", take_form, methods=["POST"]),
    Route("/confirm/{token}", show_confirmation, methods=["GET"]),
    Route("/confirm/{token}", take_confirmation, methods=["POST"]),
]
