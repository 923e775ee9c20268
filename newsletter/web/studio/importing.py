"""The importer as a page: what was understood of a text is shown before it becomes an issue."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from newsletter.check import Diagnostic, Severity, count_line
from newsletter.errors import NewsletterError
from newsletter.publishing.beginning import propose
from newsletter.publishing.bringing_in import (
    MOST_BROUGHT,
    Brought,
    look_at_brought,
    read_brought,
)
from newsletter.publishing.drafting import issue_path, write_new
from newsletter.publishing.publication import Publication
from newsletter.web.studio.beginnings import day_of, desk_of
from newsletter.web.studio.bringing import body_of, file_name_of
from newsletter.web.studio.dates import long_day
from newsletter.web.studio.desk import read_json, text_of
from newsletter.web.studio.pages import page
from newsletter.web.studio.studio import studio_of

_MOST_FINDINGS = 8
"""On the page; the desk has them all."""


async def import_(request: Request) -> Response:
    return page(request, "import.html")


async def read(request: Request) -> JSONResponse:
    """The octets of a paste or of a file, understood; nothing is kept of them."""
    publication = studio_of(request).publication
    data = await body_of(request, MOST_BROUGHT + 1)
    name = Path(file_name_of(request)).name or "paste.txt"
    understood = await asyncio.to_thread(_understand, publication, data, name)
    today = publication.clock().astimezone(publication.settings.schedule.zone).date()
    return JSONResponse(_as_json(understood, today))


async def keep(request: Request) -> JSONResponse:
    """The text, as it was understood, becomes the issue of a day."""
    publication, asked = studio_of(request).publication, await read_json(request)
    said, text = str(asked.get("day", "")), text_of(asked)
    day = day_of(said)
    if day is None:
        raise NewsletterError(f"“{said[:40]}” is not a day", next_step="write it as 2026-12-04")
    path = issue_path(publication.settings.folder, day)
    await asyncio.to_thread(partial(write_new, path, text, force=False))
    return JSONResponse({"to": desk_of(path)})


@dataclass(frozen=True, kw_only=True, slots=True)
class _Understood:
    """`day` is the issue's own where `is_own`, else the next one that is free."""

    brought: Brought
    day: date
    is_own: bool


def _understand(publication: Publication, data: bytes, name: str) -> _Understood:
    settings = publication.settings
    imported = read_brought(data, name=name, house=settings.house)
    day = imported.day or propose(publication).day
    path = issue_path(settings.folder, day)
    brought = look_at_brought(imported, path=path, house=settings.house, day=imported.day)
    return _Understood(brought=brought, day=day, is_own=imported.day is not None)


def _as_json(understood: _Understood, today: date) -> dict[str, Any]:
    brought = understood.brought
    issue, findings = brought.issue, brought.diagnostics
    whose = "its own date" if understood.is_own else "the next that is free"
    return {
        "text": brought.imported.text,
        "title": issue.title.text if issue.title else "",
        "counted": brought.counted,
        "stories": [
            {"number": each.number, "headline": each.headline.text, "words": len(each.text.split())}
            for each in issue.stories
        ],
        "losses": list(brought.losses),
        "isTorn": brought.imported.is_torn,
        "findings": [_finding(item) for item in _worst(findings)],
        "found": count_line(findings, files=1) if findings else "",
        "day": understood.day.isoformat(),
        "dayWords": f"{long_day(understood.day, today)}, {whose}",
    }


def _worst(findings: Sequence[Diagnostic]) -> Sequence[Diagnostic]:
    """The errors first, as many as the page has room for."""
    return sorted(findings, key=lambda item: item.severity is not Severity.ERROR)[:_MOST_FINDINGS]


def _finding(item: Diagnostic) -> dict[str, Any]:
    return {"severity": item.severity.value, "line": item.span.line, "message": item.message}


ROUTES: Sequence[BaseRoute] = [
    Route("/import", import_),
    Route("/api/import/read", read, methods=["POST"]),
    Route("/api/import/keep", keep, methods=["POST"]),
]
