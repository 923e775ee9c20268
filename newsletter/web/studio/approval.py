"""What somebody has before them who is to approve an issue: what changed since the last yes to it.

The words of the page alone; whose approval counts for what is `publishing`'s to judge.
"""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import BaseRoute, Route

from newsletter.books import Approval
from newsletter.issue import shorten
from newsletter.publishing.approving import since_approval
from newsletter.publishing.issues import publication_path
from newsletter.publishing.publication import Publication
from newsletter.publishing.ready import Ready
from newsletter.publishing.rewording import Reworded, beginnings, since
from newsletter.publishing.way import Way, way_of
from newsletter.render import measure
from newsletter.schedule import is_same_person
from newsletter.web.studio.studio import studio_of
from newsletter.web.studio.words import (
    clock_words,
    counted,
    number_words,
    refusal,
    sentence,
)

_MOST = 60
"""Changes that are shown."""

_BEGINNING = 200
"""Characters of each part for who has never seen it."""


@dataclass(frozen=True, kw_only=True)
class _Page:
    way: Way
    ready: Ready
    publication: Publication
    before: Approval | None

    @cached_property
    def changes(self) -> Sequence[Reworded]:
        return since(self.before, self.ready.rendered) if self.before else ()

    @cached_property
    def voided(self) -> Sequence[str]:
        """By name, what has changed of all that goes into the bytes."""
        if self.before is None or self.before.digest == self.ready.digest:
            return ()
        return since_approval(self.before, self.ready).changed

    def at(self, approval: Approval) -> str:
        now, zone = self.publication.clock(), self.publication.settings.schedule.zone
        return clock_words(approval.approved_at, now, zone)

    def who(self, approval: Approval) -> str:
        is_own = is_same_person(approval.approved_by, self.way.person)
        return "you" if is_own else approval.approved_by


async def approval(request: Request) -> JSONResponse:
    studio = studio_of(request)
    file = studio.file(request.path_params["name"])
    return JSONResponse(await asyncio.to_thread(_told, file, studio.publication))


def _told(file: Path, publication: Publication) -> dict[str, Any]:
    way = way_of(file, publication)
    if way.ready is None:
        said = refusal(way.fault, publication, file) if way.fault else "the check has errors"
        return {"said": said, "title": "It cannot be approved yet.", "digest": ""}
    page = _Page(way=way, ready=way.ready, publication=publication, before=_before(way))
    return {
        "said": "",
        "title": _title(page),
        "lead": _lead(page),
        "changes": [_change(each) for each in page.changes[:_MOST]],
        "more": max(len(page.changes) - _MOST, 0),
        "parts": _beginnings(page) if page.before is None else [],
        "rows": [{"part": part, "lines": list(lines)} for part, lines in _rows(page)],
        "digest": page.ready.digest,
        "short": f"{page.ready.digest[:4]} {page.ready.digest[4:8]}",
        "person": way.person,
        "isOwn": bool(way.own),
        "mayApprove": way.may_approve,
        "afterwards": _afterwards(way),
    }


def _before(way: Way) -> Approval | None:
    """The newest yes of who looks, else of anybody; one that was taken back is none."""
    held = way.approvals.held if way.approvals else ()
    standing = [each for each, _ in held if each.withdrawn_at is None]
    own = [each for each in standing if is_same_person(each.approved_by, way.person)]
    return next(iter([*own, *standing]), None)


def _title(page: _Page) -> str:
    before = page.before
    if before is None:
        return "Nothing of it was approved before."
    when = f"{page.who(before)} approved it at {page.at(before)}"
    if before.digest == page.ready.digest:
        own = bool(page.way.own)
        return sentence(when) if own else f"Nothing has changed since {when}."
    if not page.changes:
        return f"The text is as it was when {when}."
    return sentence(f"{counted(len(page.changes), 'change')} since {when}")


def _lead(page: _Page) -> str:
    before = page.before
    if before is None:
        return "This is the text as readers get it, in short."
    if before.digest == page.ready.digest:
        return "Not a byte has changed since." if page.way.own else "Yours is still to come."
    if not page.changes:
        return "That yes was for other bytes, so it is void: something beside the text has changed."
    return "That yes was for other bytes, so it is void. This is the text as readers get it."


def _change(each: Reworded) -> dict[str, Any]:
    return {
        "part": each.part,
        "pieces": [{"kind": piece.kind.value, "text": piece.text} for piece in each.pieces],
    }


def _beginnings(page: _Page) -> list[dict[str, str]]:
    rendered = page.ready.rendered
    lines = {"Subject": rendered.subject, "Preheader": rendered.preheader}
    heads = [{"part": part, "headline": "", "text": text} for part, text in lines.items()]
    return heads + [
        {
            "part": each.part,
            "headline": each.headline,
            "text": shorten(each.text, _BEGINNING),
        }
        for each in beginnings(rendered)
    ]


def _rows(page: _Page) -> Iterator[tuple[str, Sequence[str]]]:
    """What stands below the changes: the approvals, and what is not in the text."""
    yield "Approvals", [_approvals(page)]
    lines = [
        line for line in (_elsewhere(page), _weight(page.ready), _findings(page.ready)) if line
    ]
    yield "Not in the text", lines


def _approvals(page: _Page) -> str:
    required, judgement = page.way.required, page.way.approvals
    assert judgement is not None
    asked = f"{number_words(required)} {'is' if required < 2 else 'are'} asked for"
    names: dict[str, str] = {}
    for each, holds in judgement.held:
        worth = ", withdrawn" if each.withdrawn_at else "" if holds else ", void"
        names.setdefault(each.approved_by, f"{each.approved_by} at {page.at(each)}{worth}")
    missing = judgement.judgement.missing
    open_ = [f"{number_words(missing)} still to come"] if missing else []
    return " ".join(
        [sentence(asked), *(f"{each}." for each in names.values()), *map(sentence, open_)]
    )


def _elsewhere(page: _Page) -> str:
    """What has changed beside the words: in other files, or where the text does not show it."""
    if not page.voided:
        return ""
    own = publication_path(Path(page.ready.issue.path), page.publication.settings.folder)
    others = [each for each in page.voided if each != own]
    if others:
        return f"Changed as well: {', '.join(others)}."
    if not page.changes:
        return "The issue has changed where its text does not show it: the preheader, a picture."
    return "Sender, settings, templates and pictures are the same."


def _weight(ready: Ready) -> str:
    size, budget = measure(ready.rendered).html_quoted_printable, ready.settings.limits.html_bytes
    return f"{size / 1000:,.1f} of {budget / 1000:,.0f} kB."


def _findings(ready: Ready) -> str:
    count = len(ready.diagnostics)
    return (
        sentence(f"the check has {counted(count, 'warning')}") if count else "The check is clean."
    )


def _afterwards(way: Way) -> str:
    """What this yes would come to; of the author's own, the rule has the word."""
    if way.approvals is None or way.required == 0 or way.own:
        return ""
    missing = way.approvals.judgement.missing - 1
    if missing <= 0:
        return "Afterwards it is approved."
    given = way.required - missing
    still = f"{number_words(missing)} more {'is' if missing == 1 else 'are'} still to approve"
    return f"Afterwards {given} of {way.required}; {still}."


ROUTES: Sequence[BaseRoute] = [Route("/api/issues/{name}/approval", approval)]
