"""What may be done about findings, and what may be written next: mended, passed over, completed."""

import asyncio
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import BaseRoute, Route

from newsletter.check import Diagnostic, all_rules
from newsletter.issue import KEYS, Offsets
from newsletter.publishing.drafts import as_written
from newsletter.publishing.passing_over import ignore_comment
from newsletter.publishing.wording import DEFAULTS, Words
from newsletter.web.studio.desk import read_json, text_of
from newsletter.web.studio.studio import Studio, studio_of

_KEYS = {
    "subject": "what stands in the inbox; without it, the title",
    "preheader": "the grey words behind the subject; without them, the intro",
    "date": "the day it goes out; without it, the day in the file’s name",
    "number": "which edition this is, shown beside the date",
    "author": "who wrote it, for the approval; no reader sees it",
    "correction": "what was wrong the first time and what is right",
}
"""What each key is for, as docs/writing-an-issue.md has it."""


async def mended(request: Request) -> JSONResponse:
    """The text with every safe fix."""
    studio, asked = studio_of(request), await read_json(request)
    file, text = studio.place_in_hand(request.path_params["name"]), text_of(asked)
    return JSONResponse({"text": await studio.at_work(partial(_mend, studio, file, text))})


def _mend(studio: Studio, file: Path, text: str) -> str:
    looker = studio.looker()
    whole = looker.as_in_file(text, file)
    return as_written(looker.checking().mend(whole, path=str(file)))


async def passed_over(request: Request) -> JSONResponse:
    """The comment by which a finding is passed over, as an edit of the text."""
    studio, asked = studio_of(request), await read_json(request)
    file, text = studio.place_in_hand(request.path_params["name"]), text_of(asked)
    slug, line, reason = asked.get("slug"), asked.get("line"), asked.get("reason")
    if not isinstance(slug, str) or not isinstance(line, int) or not isinstance(reason, str):
        raise HTTPException(400)
    if slug not in {rule.slug for rule in all_rules()}:
        raise HTTPException(400)
    return JSONResponse(
        await studio.at_work(partial(_pass_over, studio, file, text, slug, line, reason))
    )


def _pass_over(
    studio: Studio, file: Path, text: str, slug: str, line: int, reason: str
) -> dict[str, Any]:
    looker = studio.looker()
    issue = looker.read(text, file)

    def find(text: str) -> Sequence[Diagnostic]:
        return looker.look(text, file, studio.known.clock()).diagnostics

    edit = ignore_comment(issue, text, slug=slug, line=line, reason=reason, find=find)
    start, end = Offsets(issue.source).range(edit.span)
    return {"from": start, "to": end, "insert": edit.text}


async def words(request: Request) -> JSONResponse:
    studio = studio_of(request)
    file, publication = studio.place_in_hand(request.path_params["name"]), studio.publication
    found = await asyncio.to_thread(
        studio.words_before.words,
        file,
        publication.settings,
        publication.person,
        publication.clock(),
    )
    return JSONResponse(_as_json(found))


def _as_json(words: Words) -> dict[str, Any]:
    return {
        "keys": [{"key": key, "word": _KEYS.get(key, "")} for key in KEYS],
        "dates": [day.isoformat() for day in words.dates],
        "number": words.number,
        "authors": words.authors,
        "fields": [{"name": name, "default": DEFAULTS.get(name, "")} for name in words.fields],
        "sponsors": [
            {"name": each.name, "heading": each.heading, "issue": each.issue}
            for each in words.sponsors
        ],
        "rules": [{"slug": rule.slug, "summary": rule.summary} for rule in all_rules()],
    }


ROUTES: Sequence[BaseRoute] = [
    Route("/api/issues/{name}/mend", mended, methods=["POST"]),
    Route("/api/issues/{name}/pass-over", passed_over, methods=["POST"]),
    Route("/api/issues/{name}/words", words),
]
