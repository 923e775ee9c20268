"""What is done to an issue from its desk: a test, a yes, a slot, a word to its run.

Each is an act of `publishing/`, under the name of who started the studio; a refusal comes back in
the words of the command, without the place where that is this issue.
"""

import asyncio
from collections.abc import Callable, Sequence
from datetime import date, time
from pathlib import Path
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import BaseRoute, Route

from newsletter.addresses import AddrSpec, parse_addr_spec
from newsletter.errors import ChangedElsewhereError, NewsletterError
from newsletter.publishing import approving, controlling, exactly, scheduling
from newsletter.publishing.aftermath import tell_end
from newsletter.publishing.controlling import Controlled
from newsletter.publishing.publication import Books, Publication
from newsletter.publishing.testing import send_tests
from newsletter.schedule import slot_instant
from newsletter.subscribers import parse_segment
from newsletter.web.studio import approval, slots, standing
from newsletter.web.studio.desk import read_json, text_of
from newsletter.web.studio.studio import studio_of
from newsletter.web.studio.words import clock_words, refusal, slot_words

Asked = dict[str, Any]
Act = Callable[[Path, Asked, Publication], dict[str, Any]]

_MOST_TESTS = 20
"""Addresses of one test."""


async def _done(request: Request, act: Act) -> JSONResponse:
    """An act in a thread of its own; 409 where the file is another than the page has."""
    studio, asked = studio_of(request), await read_json(request)
    file, publication = studio.file(request.path_params["name"]), studio.publication
    try:
        return JSONResponse(await asyncio.to_thread(act, file, asked, publication))
    except NewsletterError as error:
        status = 409 if isinstance(error, ChangedElsewhereError) else 422
        said = {"said": refusal(error, publication, file), "faults": list(error.faults)}
        return JSONResponse(said, status)


def _route(act: Act) -> Route:
    name = act.__name__.strip("_")

    async def handler(request: Request) -> JSONResponse:
        return await _done(request, act)

    return Route(f"/api/issues/{{name}}/{name}", handler, methods=["POST"])


def _test(file: Path, asked: Asked, publication: Publication) -> dict[str, Any]:
    """To the addresses of the settings, or to those that were asked for."""
    ready = exactly.ready_for_tests(file, text_of(asked), publication)
    addresses = _addresses(asked, publication)
    now, zone = publication.clock(), publication.settings.schedule.zone

    async def deliver() -> list[dict[str, Any]]:
        return [
            {"to": str(each.address), "isAccepted": each.is_accepted, "said": each.said}
            async for each in send_tests(ready, addresses, publication)
        ]

    return {"tests": asyncio.run(deliver()), "at": clock_words(now, now, zone)}


def _addresses(asked: Asked, publication: Publication) -> Sequence[AddrSpec]:
    """Raises AddressError for one that cannot be mailed, NewsletterError for none at all."""
    settings = publication.settings
    words = _said(asked, "to").replace(",", " ").split()[:_MOST_TESTS]
    is_lenient = settings.limits.lenient_addresses
    named = [parse_addr_spec(each, lenient=is_lenient) for each in words]
    found = named or settings.tests.recipients
    if not found:
        raise NewsletterError("there is nobody to send a test to", next_step="name an address")
    return list({address.key: address for address in found}.values())


def _approve(file: Path, asked: Asked, publication: Publication) -> dict[str, Any]:
    """With a reason, it overrides the rule."""
    reason = " ".join(_said(asked, "reason").split())
    if asked.get("isOverride") and not reason:
        raise NewsletterError("an override needs a reason", next_step="give one")
    override = reason if asked.get("isOverride") else None
    with publication.acting() as books:
        digest = _said(asked, "digest")
        exactly.approve(file, text_of(asked), digest, books, override_reason=override)
    by = publication.person
    return {"said": f"Approved by {by}." if override is None else f"Overridden by {by}: {override}"}


def _withdraw(file: Path, asked: Asked, publication: Publication) -> dict[str, Any]:
    because = " ".join(_said(asked, "reason").split())
    with publication.acting() as books:
        approving.withdraw(file.stem, books, because=because)
    return {"said": f"{publication.person} no longer approves {file.stem}."}


def _schedule(file: Path, asked: Asked, publication: Publication) -> dict[str, Any]:
    segment = _said(asked, "segment").strip()
    wanted = parse_segment(segment) if segment else None
    with publication.acting() as books:
        found = exactly.schedule(file, text_of(asked), _moment(asked), books, wanted)
    at = slot_words(slot_instant(found.slot), publication.settings.schedule.zone)
    return {"said": f"{file.stem} goes out at {found.slot}.", "words": at}


def _moment(asked: Asked) -> tuple[date, time]:
    """Raises NewsletterError for what no calendar and no clock has."""
    said = _said(asked, "at")
    day, _, clock_time = said.strip().replace("T", " ").partition(" ")
    try:
        return date.fromisoformat(day), time.fromisoformat(clock_time[:5])
    except ValueError as error:
        raise NewsletterError(
            f"“{said}” is not a date and time", next_step="give the day and the time"
        ) from error


def _unschedule(file: Path, asked: Asked, publication: Publication) -> dict[str, Any]:
    with publication.acting() as books:
        slot = scheduling.unschedule(file.stem, _said(asked, "reason"), books)
    return {"said": f"{slot.issue} is no longer scheduled; its slot was {slot}."}


def _pause(file: Path, asked: Asked, publication: Publication) -> dict[str, Any]:
    with publication.acting() as books:
        paused = controlling.pause(_run(file, asked, books), books)
    return {"said": f"{paused.run.issue} was paused by {paused.run.controlled_by}."}


def _resume(file: Path, asked: Asked, publication: Publication) -> dict[str, Any]:
    with publication.acting() as books:
        resumed = controlling.resume(_run(file, asked, books), books)
    left = resumed.balance.unfinished
    return {"said": f"{resumed.run.issue} is no longer paused: {left:,} are left."}


def _cancel(file: Path, asked: Asked, publication: Publication) -> dict[str, Any]:
    with publication.acting() as books:
        ended = controlling.cancel(_run(file, asked, books), books)
        faults = [] if ended.holders else list(asyncio.run(tell_end(ended.run, books)))
    said = f"{ended.run.issue} was cancelled by {ended.run.controlled_by}."
    return {"said": " ".join([said, *_finishing(ended)]), "faults": faults}


def _finishing(ended: Controlled) -> list[str]:
    return [
        f"{holder.owner} will finish what is under way and stop within a second or two."
        for holder in ended.holders
    ]


def _run(file: Path, asked: Asked, books: Books) -> str:
    """The issue's own run, or that of its correction. Raises StoreError for another issue's."""
    run = books.run_of(_said(asked, "run") or file.stem)
    if file.stem not in (run.issue, run.corrects):
        raise HTTPException(400)
    return run.issue


def _said(asked: Asked, key: str) -> str:
    value = asked.get(key, "")
    if not isinstance(value, str):
        raise HTTPException(400)
    return value.encode("utf-8", "replace").decode()


_ACTS: Sequence[Act] = (
    _test,
    _approve,
    _withdraw,
    _schedule,
    _unschedule,
    _pause,
    _resume,
    _cancel,
)

ROUTES: Sequence[BaseRoute] = [
    *standing.ROUTES,
    *approval.ROUTES,
    *slots.ROUTES,
    *(_route(act) for act in _ACTS),
]
