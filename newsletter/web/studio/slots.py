"""The slots that an issue may be put in, as the sheet asks about them."""

import asyncio
from collections.abc import Iterator, Sequence
from datetime import UTC, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import BaseRoute, Route

from newsletter.books import in_time, in_words
from newsletter.publishing.choosing import Choice, Choices, choices_for, last_heard
from newsletter.publishing.publication import Publication
from newsletter.publishing.way import Way, way_of
from newsletter.web.studio.dates import long_day
from newsletter.web.studio.studio import studio_of
from newsletter.web.studio.words import (
    clock_words,
    day_words,
    number_words,
    place_words,
    sentence,
)


async def slots(request: Request) -> JSONResponse:
    studio = studio_of(request)
    file = studio.file(request.path_params["name"])
    segment = request.query_params.get("segment", "").strip()
    return JSONResponse(await asyncio.to_thread(_told, file, segment, studio.publication))


def _told(file: Path, segment: str, publication: Publication) -> dict[str, Any]:
    way = way_of(file, publication)
    dated = way.issue.date if way.issue else None
    found = choices_for(dated, segment, publication)
    rule = publication.settings.schedule
    return {
        "place": place_words(rule.zone),
        "zone": str(rule.zone),
        "now": f"{found.now.astimezone(rule.zone):%Y-%m-%d %H:%M}",
        "time": f"{rule.time:%H:%M}",
        "dated": dated.isoformat() if dated else None,
        "datedWords": long_day(dated, found.now.astimezone(rule.zone).date()) if dated else "",
        "slots": [_choice(each, place, found, rule.zone) for place, each in enumerate(found.slots)],
        "must": [
            {"is": state, "said": said, "beside": beside}
            for state, said, beside in _must(way, found, publication)
        ],
        "consequence": _consequence(found),
        "reach": _reach(found, segment),
    }


def _choice(each: Choice, place: int, found: Choices, zone: ZoneInfo) -> dict[str, str]:
    utc = each.at.astimezone(UTC)
    notes = [f"{utc:%H:%M} UTC", in_time(each.at, found.now)]
    notes += ["the issue’s own day"] if found.dated else ["the next free slot"] if not place else []
    return {
        "at": f"{each.day.isoformat()} {each.time:%H:%M}",
        "words": f"{day_words(each.day)}, {each.time:%H:%M}",
        "short": f"{each.day:%A} {each.time:%H:%M}",
        "mark": f"{each.day:%a} {each.time:%H:%M}",
        "beside": " · ".join(notes),
        "note": each.note,
        "until": f"{(each.at + found.grace).astimezone(zone):%H:%M}" if found.grace else "",
    }


def _must(way: Way, found: Choices, publication: Publication) -> Iterator[tuple[str, str, str]]:
    """Each thing that must be so when the time comes, and whether it is so now."""
    zone, now = publication.settings.schedule.zone, found.now
    clean = "The check is clean" if way.is_sound else "The check has errors"
    yield ("ok" if way.is_sound else "bad"), clean, clock_words(now, now, zone)
    for each in way.given:
        when = clock_words(each.approved_at, now, zone)
        yield "ok", f"{each.approved_by} approved these bytes", when
    missing = way.approvals.judgement.missing if way.approvals else 0
    if missing:
        verb = "approves" if missing == 1 else "approve"
        yield "bad", sentence(f"{number_words(missing)} more {verb} them").rstrip("."), ""
    yield _awake(found)


def _awake(found: Choices) -> tuple[str, str, str]:
    awake = "The machine that sends is awake"
    if beat := last_heard(found.keepers):
        ago = in_words(max(found.now - beat.beat_at, timedelta()))
        return "ok", awake, f"heard {ago} ago"
    if found.keepers.is_timed:
        return "ok", awake, "started the last slot in time"
    if found.keepers.silent:
        return "bad", "The machine that sends has fallen silent", "newsletter run"
    return "bad", "Nothing has been seen here that would start it", "newsletter run"


def _consequence(found: Choices) -> str:
    told = "the desk is told" if found.is_told else "nobody is told: [notifications] alert is empty"
    return f"If one of these is missing by then, nothing goes out and {told}."


def _reach(found: Choices, segment: str) -> dict[str, Any]:
    reach = found.reach
    people = f"{reach.people:,} subscriber{'' if reach.people == 1 else 's'}"
    of = f" of {reach.everybody:,}" if segment else ""
    return {
        "words": f"{people}{of} today; the audience is frozen when it starts.",
        "strangers": [
            f"nobody on the list has the {what}{f'; did you mean {near}?' if near else ''}"
            for what, near in reach.strangers
        ],
    }


ROUTES: Sequence[BaseRoute] = [Route("/api/issues/{name}/slots", slots)]
