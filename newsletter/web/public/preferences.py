"""A reader's own page: what is sent to them, a pause, and what is held about them."""

import asyncio
from collections.abc import Mapping
from datetime import date, datetime
from typing import get_args

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from newsletter.publishing.publication import Books
from newsletter.publishing.readers import (
    Chosen,
    Purpose,
    erase,
    first_issue_after,
    held_about,
    is_first_name,
    links_of,
    paused_until,
    prefer,
    stamps_of,
)
from newsletter.render.site import PAUSES, Weeks
from newsletter.subscribers import Subscriber, SubscriberState
from newsletter.web.public.answers import own_page
from newsletter.web.public.forms import Form, is_ours, read_form
from newsletter.web.public.leaving import whose
from newsletter.web.public.signing_up import form_page
from newsletter.web.public.site import Site, site_of

PREFER, ERASE = "prefer", "erase"
"""What the stamps in the forms are for."""

_DOWNLOAD = 'attachment; filename="held-about-you.json"'


async def show(request: Request) -> Response:
    site, books, key = await _whose(request)
    member = await asyncio.to_thread(_member, books, key)
    if member is None:
        return await form_page(site, status=404)
    return own_page(_page(site, books, request, member))


async def take(request: Request) -> Response:
    site, books, key = await _whose(request)
    form = await read_form(request)
    if not is_ours(request, form, stamps_of(books), PREFER, key):
        raise HTTPException(403)
    member = await asyncio.to_thread(_member, books, key)
    if member is None:
        return await form_page(site, status=404)
    if not is_first_name(form.text("first_name")):
        page = _page(site, books, request, member, has_name_fault=True)
        return own_page(page, 422)
    moment = site.now()
    now_shown = _pause(member, _ends(books, moment), books, moment)
    weeks = _weeks(form)
    chosen = Chosen(
        first_name=form.text("first_name").strip(),
        topics=frozenset(form.texts("topic")),
        pause=None if weeks == now_shown else weeks,
    )
    topics = [topic.tag for topic in site.settings.site.topics]
    after = await asyncio.to_thread(prefer, key, chosen, topics, books)
    if after is None:
        return await form_page(site, status=404)
    return own_page(_page(site, books, request, after, is_saved=True))


async def data(request: Request) -> Response:
    """All that is held, as a file; nothing is changed by looking."""
    _, books, key = await _whose(request)
    told = await asyncio.to_thread(held_about, key, books)
    headers = {"Content-Disposition": _DOWNLOAD, "Cache-Control": "no-store"}
    return Response(told, media_type="application/json", headers=headers)


async def show_erasure(request: Request) -> Response:
    site, books, key = await _whose(request)
    token, paths = request.path_params["token"], site.pages.site.paths
    page = site.pages.reader.erase(
        address=key,
        action=paths.erase(token),
        stamp=stamps_of(books).make(ERASE, key, site.now()),
        back_path=paths.preferences(token),
    )
    return own_page(page)


async def take_erasure(request: Request) -> Response:
    site, books, key = await _whose(request)
    form = await read_form(request)
    if not is_ours(request, form, stamps_of(books), ERASE, key):
        raise HTTPException(403)
    await asyncio.to_thread(erase, key, books)
    return own_page(site.pages.reader.erased())


async def _whose(request: Request) -> tuple[Site, Books, str]:
    """As `whose`; a publication may do without preferences, and never without a way out."""
    site = site_of(request)
    if not site.settings.site.has_preferences:
        raise HTTPException(404)
    return await whose(request, Purpose.PREFERENCES)


def _member(books: Books, key: str) -> Subscriber | None:
    found = books.database.subscribers.find([key]).get(key)
    is_on = found is not None and found.state is SubscriberState.CONFIRMED
    return found if is_on else None


def _weeks(form: Form) -> Weeks | None:
    text = form.text("pause")
    return next((weeks for weeks in PAUSES if str(weeks) == text), None)


def _page(
    site: Site,
    books: Books,
    request: Request,
    member: Subscriber,
    *,
    is_saved: bool = False,
    has_name_fault: bool = False,
) -> str:
    token, paths, key = request.path_params["token"], site.pages.site.paths, member.address.key
    moment = site.now()
    ends = _ends(books, moment)
    return site.pages.reader.preferences(
        address=key,
        action=paths.preferences(token),
        stamp=stamps_of(books).make(PREFER, key, moment),
        leave_path=paths.unsubscribe(links_of(books).token(Purpose.UNSUBSCRIBE, key)),
        data_path=paths.data(token),
        erase_path=paths.erase(token),
        first_name=member.first_name,
        chosen=member.tags,
        pause=_pause(member, ends, books, moment),
        ends=ends,
        is_saved=is_saved,
        has_name_fault=has_name_fault,
    )


def _ends(books: Books, moment: datetime) -> Mapping[int, date]:
    """The day of the first issue after each pause."""
    return {
        weeks: first_issue_after(paused_until(weeks, books, moment), books)
        for weeks in get_args(Weeks)
        if weeks
    }


def _pause(member: Subscriber, ends: Mapping[int, date], books: Books, moment: datetime) -> Weeks:
    """The pause that ends as theirs does, or the shortest that does not end before."""
    if member.paused_until is None or not member.is_paused(moment):
        return 0
    day = first_issue_after(member.paused_until, books)
    return next((weeks for weeks in PAUSES if weeks and ends[weeks] >= day), PAUSES[-1])


ROUTES = [
    Route("/preferences/{token}", show, methods=["GET"]),
    Route("/preferences/{token}", take, methods=["POST"]),
    Route("/preferences/{token}/data", data, methods=["GET"]),
    Route("/preferences/{token}/erase", show_erasure, methods=["GET"]),
    Route("/preferences/{token}/erase", take_erasure, methods=["POST"]),
]
