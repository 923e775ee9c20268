"""What the team is told of runs and of the schedule: the words of each alert, reminder and report.

Pure: what happened goes in, what is to be told comes out; `telling` tells it, once. The front words
which command or button mends a thing.
"""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from newsletter.books import NEEDS_PERSON, AuditAction, Balance, Run, Slot
from newsletter.errors import Act, Remedy
from newsletter.publishing.letting_out import Refusal
from newsletter.publishing.publication import Publication
from newsletter.publishing.telling import News
from newsletter.reports import balance_lines, counts_text
from newsletter.schedule import slot_words


def refused(slot: Slot, refusal: Refusal, publication: Publication, ends: datetime) -> News:
    """An issue whose slot is open, and that is not sent as it is."""
    text = _text(
        f"{slot.issue} was to go out at {slot_words(slot)} and has not been sent:",
        f"{refusal.reason}.",
        *refusal.lines,
        "",
        *_step_lines(refusal, publication),
        f"Mended by {ends:%H:%M} UTC ({_local(ends, publication)}), it still goes out by itself.",
        "After that it goes out only if you ask, with either of these:",
        *_commands(publication, Remedy(Act.SCHEDULE, slot.path), Remedy(Act.SEND, slot.path)),
    )
    return _alert(
        publication,
        slot,
        f"is not sent: {refusal.reason}",
        text,
        kind=f"refused {_sum(refusal.reason, *refusal.lines)}",
        action=AuditAction.REFUSED,
        event="issue.refused",
        data={"reason": refusal.reason, "details": list(refusal.lines)},
    )


def halted(
    issue: str,
    slot: Slot | None,
    refusal: Refusal,
    publication: Publication,
    balance: Balance | None,
) -> News:
    """An issue that was begun, in a slot or by hand, and cannot be continued as it is."""
    at_slot = f" at {slot_words(slot)}" if slot else ""
    text = _text(
        f"{issue} was begun{at_slot} and is not finished:",
        f"{refusal.reason}.",
        *refusal.lines,
        "",
        *(balance_lines(balance) if balance else ["Nobody has been sent anything yet."]),
        "",
        *_step_lines(refusal, publication),
    )
    return News(
        key=f"halted {_sum(_without_numbers(refusal.reason))} {issue} {slot or ''}".rstrip(),
        issue=issue,
        to=publication.settings.notifications.alert,
        subject=f"is halted: {refusal.reason}",
        text=text,
        digest=slot.digest if slot else "",
        action=AuditAction.ALERTED,
        event="issue.refused",
        data={
            "slot": str(slot) if slot else None,
            "reason": refusal.reason,
            "details": list(refusal.lines),
        },
    )


def missed(slot: Slot, reason: str, publication: Publication) -> News:
    text = _text(
        f"{slot.issue} was to go out at {slot_words(slot)} and was not sent: {reason}.",
        "",
        "It goes out only if you ask, with either of these:",
        *_commands(publication, Remedy(Act.NAME_MOMENT, slot.path), Remedy(Act.SEND, slot.path)),
    )
    return _alert(
        publication,
        slot,
        f"was not sent: {reason}",
        text,
        kind="missed",  # the slot's own entry in the log says it
        event="issue.missed",
        data={"reason": reason},
    )


def reminder(day: date, publication: Publication) -> News:
    at = f"{publication.settings.schedule.time:%H:%M} {publication.settings.schedule.zone}"
    text = _text(
        f"Nothing is scheduled for {day:%A} {day.isoformat()}, {at}.",
        "",
        *_commands(publication, Remedy(Act.SCHEDULE, f"issues/{day.isoformat()}.md")),
        "",
        "Where that week has no issue, add the day to `skip` in [schedule] of newsletter.toml.",
    )
    return News(
        key=f"reminder {day.isoformat()}",
        issue="",
        to=publication.settings.notifications.alert,
        subject=f"nothing is scheduled for {day:%A} {day.isoformat()}, {at}",
        text=text,
        action=AuditAction.REMINDED,
    )


def restored(where: str, publication: Publication, entry: int) -> News:
    text = _text(
        f"The database {where} no longer holds what this machine has seen in it: it was restored",
        "from a backup, or it is another one. The schedule sends nothing, because anyone who got",
        "an issue since the backup would get it twice.",
        "",
        "Compare what looks unfinished here with the relay's log:",
        *_commands(publication, Remedy(Act.SEE_STATUS)),
        "Then accept it. That pauses its unfinished runs, and gives up the slots that are past:",
        *_commands(publication, Remedy(Act.ACCEPT_RESTORED)),
        "End the runs that the relay's log shows as finished, and resume the others:",
        *_commands(publication, Remedy(Act.CANCEL, "ISSUE"), Remedy(Act.RESUME, "ISSUE")),
    )
    return News(
        key=f"restored {entry}",
        issue="",
        to=publication.settings.notifications.alert,
        subject="the database was restored, and nothing is sent",
        text=text,
        action=AuditAction.ALERTED,
    )


def started(slot: Slot, run: Run) -> News:
    """Nobody is written to: the report comes when it is done."""
    return News(
        key=f"started {slot.issue} {run.digest}",
        issue=slot.issue,
        to=(),
        subject="is being sent",
        text="",
        digest=run.digest,
        event="issue.started",
        data={"slot": str(slot), "subject": run.subject, "audience": run.frozen},
    )


def needing(run: Run, balance: Balance, publication: Publication) -> News:
    """A run that is over, and some of whose people no retry will mend."""
    states = {state: balance[state] for state in NEEDS_PERSON}
    text = _text(
        f"{run.issue} is {run.state}, and somebody should look at some of its people:",
        "",
        *balance_lines(balance),
        "",
        "Who they are, and what was said of them:",
        *_commands(publication, Remedy(Act.SEE_FAILED, run.issue)),
    )
    return News(
        key=f"needing {run.issue} {run.digest} {sum(states.values())}",
        issue=run.issue,
        to=publication.settings.notifications.alert,
        subject=f"needs a person: {counts_text(states)}",
        text=text,
        digest=run.digest,
        action=AuditAction.ALERTED,
    )


def ended(
    run: Run,
    slot: Slot | None,
    balance: Balance,
    publication: Publication,
    report: tuple[str, str],
) -> News:
    """The report of a run that is over, as text and as HTML, whether in a slot or by hand."""
    counts = {state.value: count for state, count in balance.counts.items() if count}
    text, html = report
    return News(
        key=f"ended {run.issue} {run.digest}",
        issue=run.issue,
        to=publication.settings.notifications.report,
        subject=f"is {run.state}: {counts_text(balance.counts)}",
        text=text,
        html=html,
        digest=run.digest,
        event="issue.finished",
        data={
            "slot": str(slot) if slot else None,
            "subject": run.subject,
            "state": run.state.value,
            "audience": balance.frozen,
            "counts": counts,
            "balanced": balance.balanced,
        },
    )


def _alert(
    publication: Publication,
    slot: Slot,
    subject: str,
    text: str,
    *,
    kind: str,
    event: str,
    data: Mapping[str, object],
    action: AuditAction | None = None,
) -> News:
    return News(
        key=f"{kind} {slot.issue} {slot}",
        issue=slot.issue,
        to=publication.settings.notifications.alert,
        subject=subject,
        text=text,
        digest=slot.digest,
        action=action,
        event=event,
        data={"slot": str(slot), **data},
    )


def _step_lines(refusal: Refusal, publication: Publication) -> Sequence[str]:
    """What to do, with each act that does it in the front's words."""
    if not refusal.remedies:
        return [f"{refusal.step}."] if refusal.step else []
    return [f"{refusal.step or 'What to do'}:", *_commands(publication, *refusal.remedies)]


def _commands(publication: Publication, *remedies: Remedy) -> Sequence[str]:
    return [f"  {publication.word(remedy)}" for remedy in remedies]


def _text(*lines: str) -> str:
    return "\n".join(lines) + "\n"


def _local(moment: datetime, publication: Publication) -> str:
    zone = publication.settings.schedule.zone
    return f"{moment.astimezone(zone):%H:%M} {zone}"


def _without_numbers(text: str) -> str:
    """The same fault of a relay comes with another number each time."""
    return " ".join(word for word in text.split() if not any(map(str.isdigit, word)))


def _sum(*texts: str) -> str:
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()[:16]
