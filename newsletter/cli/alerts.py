"""What the team is told of the schedule: the words of each alert, reminder and report.

Pure: what happened goes in, what is to be told comes out. Telling it, once, is left to `wiring`.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from newsletter.books import AuditAction, Balance, Run, SlotRow
from newsletter.reports import balance_lines, counts_text
from newsletter.schedule import slot_words
from newsletter.settings import Settings
from newsletter.wiring import ACCEPT_RESTORED, News


@dataclass(frozen=True, kw_only=True, slots=True)
class Refusal:
    """Why an issue is not let out at its slot; `lines` are the particulars, `step` what to do."""

    reason: str
    lines: Sequence[str] = ()
    step: str = ""


def refused(slot: SlotRow, refusal: Refusal, settings: Settings, ends: datetime) -> News:
    """An issue whose slot is open, and that is not sent as it is."""
    text = _text(
        f"{slot.issue} was to go out at {slot_words(slot)} and has not been sent:",
        f"{refusal.reason}.",
        *refusal.lines,
        "",
        *([refusal.step] if refusal.step else []),
        f"If it is mended by {ends:%H:%M} UTC ({_local(ends, settings)}), it is sent by itself.",
        "After that it is not sent without being asked: newsletter schedule, or newsletter send.",
    )
    return _alert(
        settings,
        slot,
        f"is not sent: {refusal.reason}",
        text,
        kind=f"refused {_sum(refusal.reason, *refusal.lines)}",
        action=AuditAction.REFUSED,
        event="issue.refused",
        data={"reason": refusal.reason, "details": list(refusal.lines)},
    )


def halted(slot: SlotRow, refusal: Refusal, settings: Settings, balance: Balance | None) -> News:
    """An issue that was begun and cannot be gone on with as it is."""
    text = _text(
        f"{slot.issue}, of {slot_words(slot)}, was begun and is not done:",
        f"{refusal.reason}.",
        *refusal.lines,
        "",
        *(balance_lines(balance) if balance else ["Nobody was sent anything yet."]),
        "",
        *([refusal.step] if refusal.step else []),
    )
    return _alert(
        settings,
        slot,
        f"is halted: {refusal.reason}",
        text,
        kind=f"halted {_sum(_without_numbers(refusal.reason))}",
        action=AuditAction.ALERTED,
        event="issue.refused",
        data={"reason": refusal.reason, "details": list(refusal.lines)},
    )


def missed(slot: SlotRow, reason: str, settings: Settings) -> News:
    text = _text(
        f"{slot.issue} was to go out at {slot_words(slot)} and was not sent: {reason}.",
        "",
        "It will not be sent without being asked. Either of these does it:",
        f'  newsletter schedule {slot.path} --at "YYYY-MM-DD HH:MM"',
        f"  newsletter send {slot.path}",
    )
    return _alert(
        settings,
        slot,
        f"was not sent: {reason}",
        text,
        kind="missed",
        action=None,  # the slot's own entry says it
        event="issue.missed",
        data={"reason": reason},
    )


def reminder(day: date, settings: Settings) -> News:
    at = f"{settings.schedule.time:%H:%M} {settings.schedule.zone}"
    text = _text(
        f"Nothing is scheduled for {day:%A} {day.isoformat()}, {at}.",
        "",
        f"  newsletter schedule issues/{day.isoformat()}.md",
        "",
        "Where that week has no issue, add the day to `skip` in [schedule] of newsletter.toml.",
    )
    return News(
        key=f"reminder {day.isoformat()}",
        issue="",
        to=settings.notifications.alert,
        subject=f"nothing is scheduled for {day:%A} {day.isoformat()}, {at}",
        text=text,
        action=AuditAction.REMINDED,
    )


def restored(where: str, settings: Settings, entry: int) -> News:
    text = _text(
        f"The database {where} does not hold what this machine has seen in it: it was restored",
        "from a backup, or it is another one. Nothing is sent by the schedule, because whoever has",
        "had an issue since the backup would have it twice.",
        "",
        "Compare `newsletter status` with the relay's log. A run that was sent to its end and is",
        "unfinished here must be cancelled first: newsletter cancel ISSUE. Then:",
        f"  {ACCEPT_RESTORED}",
    )
    return News(
        key=f"restored {entry}",
        issue="",
        to=settings.notifications.alert,
        subject="the database was restored, and nothing is sent",
        text=text,
        action=AuditAction.ALERTED,
    )


def started(slot: SlotRow, run: Run) -> News:
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


def ended(
    slot: SlotRow, run: Run, balance: Balance, settings: Settings, report: tuple[str, str]
) -> News:
    """The report of a run that is over, as text and as HTML."""
    counts = {state.value: count for state, count in balance.counts.items() if count}
    text, html = report
    return News(
        key=f"ended {slot.issue} {run.digest}",
        issue=slot.issue,
        to=settings.notifications.report,
        subject=f"is {run.state}: {counts_text(balance.counts)}",
        text=text,
        html=html,
        digest=run.digest,
        event="issue.finished",
        data={
            "slot": str(slot),
            "subject": run.subject,
            "state": run.state.value,
            "audience": balance.frozen,
            "counts": counts,
            "balanced": balance.balanced,
        },
    )


def _alert(
    settings: Settings,
    slot: SlotRow,
    subject: str,
    text: str,
    *,
    kind: str,
    action: AuditAction | None,
    event: str,
    data: dict[str, object],
) -> News:
    return News(
        key=f"{kind} {slot.issue} {slot}",
        issue=slot.issue,
        to=settings.notifications.alert,
        subject=subject,
        text=text,
        digest=slot.digest,
        action=action,
        event=event,
        data={"slot": str(slot), **data},
    )


def _text(*lines: str) -> str:
    return "\n".join(lines) + "\n"


def _local(moment: datetime, settings: Settings) -> str:
    zone = settings.schedule.zone
    return f"{moment.astimezone(zone):%H:%M} {zone}"


def _without_numbers(text: str) -> str:
    """The same fault of a relay comes with another number each time."""
    return " ".join(word for word in text.split() if not any(map(str.isdigit, word)))


def _sum(*texts: str) -> str:
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()[:16]
