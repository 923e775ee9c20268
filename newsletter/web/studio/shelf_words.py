"""The shelf in words: a row for each issue, and what is to be said of the next slot."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

from newsletter.books import DeliveryState, Run, RunState
from newsletter.publishing.shelf import Draft, Head, Sending, Shelf, Yeses
from newsletter.settings import Settings
from newsletter.web.studio.dates import ago, ahead, lasted, long_day, short_day

Part = tuple[str, str]
"""Words, and the class that they stand in: "" plain, e an error, w a warning, soft what is grey."""

_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One issue: number, day and title, where its page is, and how far it is."""

    name: str
    number: str
    day: str
    title: str
    href: str
    state: Sequence[Part]


@dataclass(frozen=True, kw_only=True, slots=True)
class Lead:
    """`missing` is whose yes is still to come; `ask` the address of a mail that asks for it."""

    heading: str
    before: str
    missing: str = ""
    after: str = ""
    ask: str = ""


def plural(number: int, one: str, many: str = "") -> str:
    """`1 error`, `1,200 errors`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def in_word(number: int) -> str:
    """`two`; from eleven on in figures."""
    return _NUMBERS[number] if 0 <= number < len(_NUMBERS) else f"{number:,}"


def draft_row(draft: Draft, shelf: Shelf) -> Row:
    today = shelf.made_at.date()
    return Row(
        name=draft.head.name,
        number=_number(draft.head),
        day=short_day(draft.day, today) if draft.day else "no date",
        title=draft.head.title or "Without a subject yet",
        href=_desk(draft.head.name),
        state=tuple(_draft_state(draft, shelf)),
    )


def sending_row(sending: Sending, shelf: Shelf) -> Row:
    return _run_row(sending.run, shelf, tuple(_sending_state(sending)))


def earlier_row(run: Run, shelf: Shelf) -> Row:
    """One whose figures stand on its report alone."""
    said = "Cancelled" if run.state is RunState.CANCELLED else "Sent"
    return _run_row(run, shelf, ((said, ""),))


def resting_row(head: Head, shelf: Shelf) -> Row:
    today = shelf.made_at.date()
    said = "Sent before this list" if head.is_past else "Not sent from here"
    return Row(
        name=head.name,
        number=_number(head),
        day=short_day(head.day, today) if head.day else "no date",
        title=head.title or head.name,
        href=_desk(head.name),
        state=((said, "soft"),),
    )


def lead(shelf: Shelf, settings: Settings) -> Lead:
    """When the next slot is, who has it, whose yes is missing, and what happens otherwise."""
    slot, now = shelf.ahead.slot, shelf.made_at
    local = slot.at.astimezone(now.tzinfo)
    heading = f"Next: {long_day(slot.day, now.date())}, {slot.time:%H:%M}, {ahead(local, now)}"
    draft = shelf.ahead.draft
    if draft is None:
        has = f"{slot.issue} has the slot." if slot.issue else _empty_slot(shelf, slot.day)
        return Lead(heading=heading, before=has)
    return _lead_of(heading, draft, settings)


def _lead_of(heading: str, draft: Draft, settings: Settings) -> Lead:
    has, found = f"{_called(draft.head)} has the slot.", draft.found
    told = settings.notifications.alert or settings.notifications.webhook
    otherwise = f"Without that nothing goes out{', and you are told' if told else ''}."
    if found is None:
        return Lead(heading=heading, before=has)
    if found.fault:
        return Lead(heading=heading, before=f"{has} It cannot go out: {found.fault}.")
    if found.errors:
        keeps = plural(found.errors, "error keeps", "errors keep")
        return Lead(heading=heading, before=has, missing=f"{keeps} it from going out", after=".")
    if found.yeses is None or not found.yeses.missing:
        return Lead(heading=heading, before=f"{has} {_goes(draft)}")
    given = found.yeses.names
    begin = f"{_listed(given)} approved it; " if given else "Nobody has approved it; "
    return Lead(
        heading=heading,
        before=f"{has} {begin}",
        missing=_still_to(found.yeses),
        after=f". {otherwise}",
        ask=_ask(draft),
    )


def _still_to(yeses: Yeses) -> str:
    """`one more person has still to`, `two people have still to`."""
    more = " more" if yeses.names else ""
    whose = "person has" if yeses.missing == 1 else "people have"
    return f"{in_word(yeses.missing)}{more} {whose} still to"


def _ask(draft: Draft) -> str:
    """A mail that asks for a yes, to be sent by whoever presses it."""
    subject = quote(f"Please approve {_called(draft.head)}")
    body = quote(f"{draft.head.title}\n\nIt is to go out on {draft.slot}.")
    return f"mailto:?subject={subject}&body={body}"


def _goes(draft: Draft) -> str:
    found = draft.found
    assert found is not None
    if found.refusal:
        return f"It would not go out: {found.refusal}."
    names = found.yeses.names if found.yeses else ()
    return f"{_listed(names)} approved it, and it goes out as it is." if names else "It goes out."


def _empty_slot(shelf: Shelf, day: date) -> str:
    dated = next((draft for draft in shelf.writing if draft.day == day), None)
    if dated is None:
        return "No issue has the slot yet."
    says = "is dated for it and has no slot yet, so it does not go out by itself"
    return f"{_called(dated.head)} {says}."


def _listed(names: Sequence[str]) -> str:
    """`Ada has`, `Ada and Grace have`."""
    return f"{' and '.join(names)} {'has' if len(names) == 1 else 'have'}"


def _draft_state(draft: Draft, shelf: Shelf) -> Iterator[Part]:
    if draft.slot:
        yield f"Scheduled {draft.slot.local_date:%a} {draft.slot.local_time:%H:%M}", ""
    yield from _how_far(draft)
    if not draft.slot:
        local = draft.head.changed_at.astimezone(shelf.made_at.tzinfo)
        yield " · ", "soft"
        yield ago(local, shelf.made_at), "soft"


def _how_far(draft: Draft) -> Iterator[Part]:
    """After what is said of a slot, a dot; a draft begins with itself."""
    found, begin = draft.found, ((" · ", "soft"),) if draft.slot else ()
    if found is None:
        yield from begin or (("Draft", ""),)
        return
    if found.fault:
        yield from begin
        yield "Cannot be read or rendered", "e"
        return
    if found.errors or found.blanks:
        yield from begin or (("Draft, ", ""),)
        yield from _findings(found.errors, found.warnings, found.blanks)
        return
    yield from _approved(draft, begin)


def _findings(errors: int, warnings: int, blanks: int) -> Iterator[Part]:
    """Where slots are empty, what else is missing follows from that."""
    if blanks:
        yield plural(blanks, "slot") + " empty", ""
        return
    yield plural(errors, "error"), "e"
    if warnings:
        yield f", {plural(warnings, 'warning')}", ""


def _approved(draft: Draft, begin: Sequence[Part]) -> Iterator[Part]:
    found = draft.found
    assert found is not None
    yeses = found.yeses
    if yeses is None or not yeses.required:
        yield from begin or (("Checked", ""),)
    elif draft.slot:
        yield from begin
        given = min(len(yeses.names), yeses.required) if yeses.missing else yeses.required
        said = f"approved {given} of {yeses.required}"
        yield said, "w" if yeses.missing else ""
    elif yeses.missing == yeses.required:
        yield "Draft, ready to approve" if not found.warnings else "Draft, ", ""
        if found.warnings:
            yield plural(found.warnings, "warning"), ""
    else:
        given = yeses.required - yeses.missing
        yield f"Approved {given} of {yeses.required}, not scheduled", ""
    if found.refusal:
        yield " · ", "soft"
        yield found.refusal, "w"


def _sending_state(sending: Sending) -> Iterator[Part]:
    run, balance = sending.run, sending.balance
    accepted = f"{balance[DeliveryState.ACCEPTED]:,}"
    if run.state in (RunState.FREEZING, RunState.RUNNING):
        yield f"Being sent: {accepted} of {balance.frozen:,} accepted", ""
    elif run.state is RunState.PAUSED:
        yield "Paused", "w"
        yield f": {accepted} of {balance.frozen:,} accepted", ""
    else:
        yield f"{accepted} accepted", ""
    if sending.needs_person:
        verb = "needs" if sending.needs_person == 1 else "need"
        yield " · ", "soft"
        yield f"{sending.needs_person:,} {verb} a person", "w"
    if sending.is_corrected:
        yield " · corrected", "soft"
    if (after := sending.cancelled_after) is not None:
        yield f" · cancelled after {lasted(after)}", "soft"


def _run_row(run: Run, shelf: Shelf, state: Sequence[Part]) -> Row:
    head, local = shelf.heads.get(run.issue), run.started_at.astimezone(shelf.made_at.tzinfo)
    return Row(
        name=run.issue,
        number=_number(head) if head else "—",
        day=short_day(local.date(), shelf.made_at.date()),
        title=run.subject or run.issue,
        href=f"{_desk(run.issue)}/report",
        state=state,
    )


def _called(head: Head) -> str:
    """`No. 174`; without a number, by its title."""
    return f"No. {head.number}" if head.number else f"“{head.title or head.name}”"


def _number(head: Head) -> str:
    return str(head.number) if head.number else "—"


def _desk(name: str) -> str:
    return f"/issues/{quote(name, safe='')}"
