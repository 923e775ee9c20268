"""How the publication stands, as records for programs: runs, slots, approvals, who keeps time."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from newsletter.books import (
    STOPPED,
    Approval,
    Balance,
    Failure,
    Heartbeat,
    Room,
    Run,
    Slot,
    SlotState,
)
from newsletter.cli.formats import Record, moment
from newsletter.cli.wording import line_of
from newsletter.errors import NewsletterError
from newsletter.publishing.issues import issue_name
from newsletter.publishing.letting_out import Refusal
from newsletter.publishing.publication import Books
from newsletter.publishing.resting import (
    GroupRelay,
    Resting,
    group_relays,
    relay_cap,
    rest_of,
    rooms_left,
)
from newsletter.publishing.standing import (
    IssueStanding,
    approvals_sent,
    issue_standing,
    slot_standing,
    without_it,
)
from newsletter.publishing.standing_back import held_back, paused_groups
from newsletter.schedule import Judgement, slot_instant


def publication_record(books: Books) -> Record:
    """Every run, every slot to come or missed, what limits leave, and who keeps the schedule."""
    database = books.database
    states = (SlotState.SCHEDULED, SlotState.STARTED, SlotState.MISSED)
    return {
        "at": moment(books.now()),
        "runs": [run_record(run, books) for run in database.runs.all()],
        "slots": [slot_record(slot) for slot in database.slots.in_states(*states)],
        "limits": [_limit(room) for room in _rooms(books)],
        "relay_rests": _rest(_cap(books)),
        "group_relays": [_group_relay(each) for each in _group_relays(books)],
        "paused_groups": list(paused_groups(books.settings)),
        "processes": [_process(beat, books) for beat in database.heartbeats.known()],
    }


def one_record(path: Path, books: Books, *, failed: bool = False) -> Record:
    """An issue by its name or file: its run, its slot, and its file where it was not sent.

    With `failed`, everybody who does not have it.
    """
    name = issue_name(str(path))
    database = books.database
    run, slot = database.runs.find(name), database.slots.find(name)
    failures = without_it(name, books) if run and failed else ()
    return {
        "at": moment(books.now()),
        "issue": name,
        "run": run_details(run, books) if run else None,
        "slot": slot_record(slot) if slot else None,
        "file": None if run else issue_record(issue_standing(name, path, slot, books)),
        "without_it": [failure_record(each) for each in failures] if failed else None,
    }


def run_record(run: Run, books: Books) -> dict[str, Any]:
    balance = books.database.runs.balance_seen(run.id, books.now())
    return {
        "issue": run.issue,
        "subject": run.subject,
        "digest": run.digest,
        "state": run.state.value,
        "corrects": run.corrects,
        "segment": run.segment or None,
        "started_at": moment(run.started_at),
        "finished_at": moment(run.finished_at),
        "controlled_by": run.controlled_by,
        "controlled_at": moment(run.controlled_at),
        **balance_record(balance),
    }


def balance_record(balance: Balance) -> dict[str, Any]:
    return {
        "frozen": balance.frozen,
        "counts": {state.value: count for state, count in balance.counts.items()},
        "balanced": balance.balanced,
        "complete": balance.complete,
    }


def run_details(run: Run, books: Books) -> Record:
    """What is told of a run that is asked for by its name."""
    database = books.database
    given = approvals_sent(run, books)
    return {
        **run_record(run, books),
        "suppressed": dict(database.statistics.suppressed(run.id)),
        "rests": _rest(_run_rest(run, books)),
        "held_back": [{"group": each.group, "count": each.count} for each in held_back(run, books)],
        "approved": [_approval(approval, holds=True) for approval in given],
    }


def failure_record(failure: Failure) -> Record:
    """Somebody who does not have an issue, and why."""
    return {
        "recipient": str(failure.recipient),
        "state": failure.state.value,
        "attempts": failure.attempts,
        "next_attempt_at": moment(failure.next_attempt_at),
        "code": failure.reply_code,
        "enhanced_code": failure.enhanced_code or None,
        "text": failure.reply_text,
        "reason": failure.reason,
    }


def slot_record(slot: Slot) -> dict[str, Any]:
    """Wall time and zone as they were said, and the moment that this is."""
    return {
        "issue": slot.issue,
        "path": slot.path,
        "state": slot.state.value,
        "date": slot.local_date.isoformat(),
        "time": f"{slot.local_time:%H:%M}",
        "zone": slot.zone,
        "at": moment(slot_instant(slot)),
        "segment": slot.segment or None,
        "digest": slot.digest,
        "scheduled_by": slot.scheduled_by,
        "scheduled_at": moment(slot.scheduled_at),
        "reason": slot.reason or None,
    }


def slot_prospect(slot: Slot, books: Books) -> Record:
    """A slot, and what would become of its issue by the file as it is now; None for the past."""
    found = slot_standing(slot, books)
    return {
        **slot_record(slot),
        "refusal": found.reason if isinstance(found, Refusal) else None,
        "approval": judgement_record(found) if isinstance(found, Judgement) else None,
    }


def judgement_record(judgement: Judgement) -> Record:
    return {
        "given": judgement.is_given,
        "names": list(judgement.names),
        "missing": judgement.missing,
        "reason": judgement.reason,
    }


def issue_record(standing: IssueStanding) -> Record:
    """An issue that was not sent, by its file as it is now; `approvals` are the newest first."""
    approvals = standing.approvals
    return {
        "path": standing.path,
        "has_errors": standing.has_errors,
        "fault": line_of(standing.fault) if standing.fault else None,
        "approval": judgement_record(approvals.judgement) if approvals else None,
        "approvals": [_approval(approval, holds=holds) for approval, holds in approvals.held]
        if approvals
        else [],
    }


def _approval(approval: Approval, *, holds: bool) -> Record:
    return {
        "by": approval.approved_by,
        "at": moment(approval.approved_at),
        "digest": approval.digest,
        "segment": approval.segment or None,
        "override_reason": approval.override_reason,
        "withdrawn_at": moment(approval.withdrawn_at),
        "withdrawn_because": approval.withdrawn_because or None,
        "holds": holds,
    }


def _process(beat: Heartbeat, books: Books) -> Record:
    return {
        "owner": beat.owner.partition(" [")[0],
        "doing": beat.doing,
        "started_at": moment(beat.started_at),
        "last_heard_at": moment(beat.beat_at),
        "silent": beat.is_silent(books.now()),
    }


def _limit(room: Room) -> Record:
    return {
        "limit": room.limit,
        "span_seconds": round(room.span.total_seconds()),
        "left": room.left,
        "opens_at": moment(room.opens_at),
        "group": room.group,
    }


def _group_relay(own: GroupRelay) -> Record:
    return {
        "relays": list(own.relays),
        "groups": list(own.groups),
        "limits": [_limit(room) for room in own.rooms],
        "rests": _rest(own.cap),
    }


def _rest(rest: Resting | None) -> Record | None:
    return None if rest is None else {"until": moment(rest.until), "reason": rest.why}


def _rooms(books: Books) -> Iterator[Room]:
    """None where there is no transport: whoever sends is told."""
    try:
        yield from rooms_left(books, books.publication.open_transport())
    except NewsletterError:
        return


def _cap(books: Books) -> Resting | None:
    try:
        return relay_cap(books, books.publication.open_transport())
    except NewsletterError:
        return None


def _group_relays(books: Books) -> Iterator[GroupRelay]:
    try:
        yield from group_relays(books, books.publication.open_transport())
    except NewsletterError:
        return


def _run_rest(run: Run, books: Books) -> Resting | None:
    try:
        rest = rest_of(run, books, books.publication.open_transport())
    except NewsletterError:
        return None
    return None if run.state in STOPPED else rest
