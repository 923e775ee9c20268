"""How far an issue is, as its desk is told it: the way, what may be done, and what comes next.

What is done, and what may be, is `publishing.way`'s to say; here are the words for it.
"""

import asyncio
from collections.abc import Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import BaseRoute, Route

from newsletter.books import Balance, DeliveryState, Run, RunState, Slot, minute
from newsletter.publishing.publication import Publication
from newsletter.publishing.way import Forward, Offer, Step, Way, way_of
from newsletter.schedule import slot_instant
from newsletter.web.studio.studio import studio_of
from newsletter.web.studio.words import (
    clock_words,
    day_words,
    place_words,
    refusal,
    slot_words,
)

_LABELS = {
    Forward.MEND: "Settle the errors",
    Forward.APPROVE: "Approve…",
    Forward.SCHEDULE: "Schedule…",
    Forward.REST: "Slot…",
    Forward.REPORT: "Report",
    Forward.CORRECT: "Correct…",
}
_ONWARD = (Forward.APPROVE, Forward.SCHEDULE, Forward.CORRECT)


async def standing(request: Request) -> JSONResponse:
    studio = studio_of(request)
    file, publication = studio.file(request.path_params["name"]), studio.publication
    way = await asyncio.to_thread(way_of, file, publication)
    fault = refusal(way.fault, publication, file) if way.fault else ""
    told = as_json(way, publication)
    return JSONResponse({"name": file.stem, "fault": fault, **told})


def as_json(way: Way, publication: Publication) -> dict[str, Any]:
    zone, issue = publication.settings.schedule.zone, way.issue
    return {
        "number": issue.number if issue else None,
        "date": day_words(issue.date) if issue and issue.date else None,
        "steps": [{"label": _step(step, way), "isDone": step in way.done} for step in Step],
        "here": list(Step).index(way.here),
        "approvals": _approvals(way, publication),
        "slot": _slot(way.slot, publication) if way.slot else None,
        "missed": way.missed.reason if way.missed else None,
        "upcoming": {"words": slot_words(way.upcoming.at, zone), "issue": way.upcoming.issue},
        "run": _run(way.run, way.balance) if way.run and way.balance else None,
        "next": {
            "act": way.forward.value,
            "label": _LABELS[way.forward],
            "isForward": way.forward in _ONWARD,
        },
        "offers": [offer.value for offer in Offer if offer in way.offers],
        "tests": [str(each) for each in publication.settings.tests.recipients],
        "person": way.person,
    }


def _step(step: Step, way: Way) -> str:
    if step is Step.APPROVED and not way.run and (way.here is step or way.given) and way.required:
        return f"Approved {min(len(_names(way)), way.required)} of {way.required}"
    if step is Step.SENT and way.run and not way.is_over:
        return "Paused" if way.run.state is RunState.PAUSED else "Sending"
    return step.value.capitalize()


def _names(way: Way) -> Sequence[str]:
    return way.approvals.judgement.names if way.approvals else ()


def _approvals(way: Way, publication: Publication) -> dict[str, Any]:
    zone, now = publication.settings.schedule.zone, publication.clock()
    return {
        "required": way.required,
        "missing": way.approvals.judgement.missing if way.approvals else way.required,
        "isGiven": way.is_approved,
        "isOwn": bool(way.own),
        "reason": way.approvals.judgement.reason if way.approvals else "",
        "given": [
            {"by": each.approved_by, "at": clock_words(each.approved_at, now, zone)}
            for each in way.given
        ],
    }


def _slot(slot: Slot, publication: Publication) -> dict[str, Any]:
    """In its own zone, which may be another than that of the settings by now."""
    zone = publication.settings.schedule.zone
    return {
        "words": slot_words(slot_instant(slot), zone),
        "day": day_words(slot.local_date),
        "time": f"{slot.local_time:%H:%M}",
        "place": place_words(zone),
        "state": slot.state.value,
        "by": slot.scheduled_by,
        "segment": slot.segment,
    }


def _run(run: Run, balance: Balance) -> dict[str, Any]:
    return {
        "issue": run.issue,
        "state": run.state.value,
        "accepted": balance[DeliveryState.ACCEPTED],
        "left": balance.unfinished,
        "frozen": balance.frozen,
        "by": run.controlled_by or "",
        "startedAt": minute(run.started_at),
    }


ROUTES: Sequence[BaseRoute] = [Route("/api/issues/{name}/standing", standing)]
