"""What the message's views ask besides the look: its source, its links, mail programs, pictures."""

import asyncio
from collections.abc import Sequence
from email.message import Message
from email.parser import BytesParser
from functools import partial
from pathlib import Path
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from newsletter.issue import Issue, Offsets, parse_issue, source_from_text
from newsletter.publishing.checking import answered_links, ask_the_web, cache_folder
from newsletter.publishing.dating import slot_moment
from newsletter.publishing.link_states import LinkState, link_states
from newsletter.publishing.mail_programs import ClientReport, judge_clients
from newsletter.publishing.specimens import specimen_message
from newsletter.web.studio.desk import read_json, text_of
from newsletter.web.studio.studio import Studio, studio_of

_FOR_EVER = "private, max-age=31536000, immutable"


async def source(request: Request) -> JSONResponse:
    """The message as it would be sent, and again with its parts decoded, for people to read."""
    studio, asked = studio_of(request), await read_json(request)
    file, text = studio.place_in_hand(request.path_params["name"]), text_of(asked)
    return JSONResponse(await studio.at_work(partial(_source, studio, file, text)))


def _source(studio: Studio, file: Path, text: str) -> dict[str, str | None]:
    now = studio.known.clock()
    look = studio.looker().look(text, file, now)
    if look.rendered is None:
        return {"sent": None, "headers": None, "html": None}
    moment = slot_moment(look.issue, studio.settings, now)
    octets = specimen_message(look.issue, look.rendered, studio.settings, moment)
    sent = octets.replace(b"\r\n", b"\n").decode("utf-8", "replace")
    message = BytesParser().parsebytes(octets)
    return {"sent": sent, "headers": sent.partition("\n\n")[0], "html": _html_of(message)}


def _html_of(message: Message) -> str:
    """The HTML part as mail programs decode it."""
    for part in message.walk():
        content = part.get_payload(decode=True)
        if part.get_content_type() == "text/html" and isinstance(content, bytes):
            return content.decode("utf-8", "replace").replace("\r\n", "\n")
    return ""


async def links(request: Request) -> JSONResponse:
    """Every link with its state. The web is asked where `ask` is true, and only then."""
    studio, asked = studio_of(request), await read_json(request)
    file, text = studio.place_in_hand(request.path_params["name"]), text_of(asked)
    is_asked = asked.get("ask") is True
    return JSONResponse(await asyncio.to_thread(_links, studio, file, text, is_asked=is_asked))


def _links(studio: Studio, file: Path, text: str, *, is_asked: bool) -> dict[str, Any]:
    house, now, cache = studio.settings.house, studio.known.clock(), cache_folder()
    issue = parse_issue(source_from_text(text, path=str(file)), cues=house.cues)
    dead = ask_the_web([issue], house, cache=cache, now=now) if is_asked else {}
    states = link_states(issue, dead=dead, answered=answered_links(cache, now))
    zone = studio.settings.schedule.zone
    return {
        "links": [_link(each, issue, is_asked=is_asked) for each in states],
        "asked": now.astimezone(zone).strftime("%H:%M") if is_asked else None,
    }


def _link(each: LinkState, issue: Issue, *, is_asked: bool) -> dict[str, Any]:
    start, end = Offsets(issue.source).range(each.span)
    if each.dead:
        state = each.dead
    elif each.answered:
        state = "answers"
    else:
        state = "was not asked" if is_asked else "not asked yet"
    return {
        "words": each.words,
        "href": each.href,
        "part": each.part,
        "number": each.number,
        "state": state,
        "is_dead": each.dead is not None,
        "from": start,
        "to": end,
    }


async def programs(request: Request) -> JSONResponse:
    """What mail programs lack of this message."""
    studio, asked = studio_of(request), await read_json(request)
    file, text = studio.place_in_hand(request.path_params["name"]), text_of(asked)
    return JSONResponse(await studio.at_work(partial(_programs, studio, file, text)))


def _programs(studio: Studio, file: Path, text: str) -> dict[str, Any]:
    now, house = studio.known.clock(), studio.settings.house
    issue = parse_issue(source_from_text(text, path=str(file)), cues=house.cues)
    report = judge_clients([issue], studio.settings, now)
    rows = [
        {
            "program": client.name,
            "lacks": [one.feature.title for one in report.lacks if client in one.not_in],
            "partly": [one.feature.title for one in report.lacks if client in one.partly_in],
        }
        for client in report.of_note
    ]
    return {"programs": rows, "allowed": _allowed(report), "data": report.data}


def _allowed(report: ClientReport) -> list[dict[str, str]]:
    """What is lacking and does no harm, with the reason that somebody gave."""
    reasons = {
        lack.feature.title: allowance.reason
        for lack in report.allowed
        for allowance in lack.allowed
    }
    return [{"feature": title, "reason": reason} for title, reason in reasons.items()]


async def picture(request: Request) -> Response:
    """A picture as readers get it, of a message that this studio has shown."""
    found = studio_of(request).pictures.get(request.path_params["name"])
    if found is None:
        raise HTTPException(404)
    return Response(found.octets, media_type=found.media_type, headers={"Cache-Control": _FOR_EVER})


ROUTES: Sequence[BaseRoute] = [
    Route("/images/{name}", picture),
    Route("/api/issues/{name}/source", source, methods=["POST"]),
    Route("/api/issues/{name}/links", links, methods=["POST"]),
    Route("/api/issues/{name}/programs", programs, methods=["POST"]),
]
