"""The agenda in the words of the command line: a sentence for each kind of thing on it."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from newsletter.books import in_time
from newsletter.cli.wording import command_for
from newsletter.publishing.agenda import Agenda, Item, Kind, NextSlot

_MAKE_KEY = (
    "python3 -c \"import secrets; print('NEWSLETTER_SECRET_KEY=' + secrets.token_hex(32))\" >> .env"
)
_NO_KEY = "No secret key is set, so nothing can be sent"


def sentence(item: Item, agenda: Agenda) -> str:
    """What is to be said of it, on one line."""
    return " ".join(_WORDS[item.kind](item, agenda).split())


def command(item: Item) -> str:
    """What to type, as a shell takes it; "" where there is nothing."""
    match item.kind:
        case Kind.NO_KEY if item.facts["files"] == (".env.example",):
            return "cp .env.example .env && chmod 600 .env"
        case Kind.NO_KEY:
            return _MAKE_KEY if ".env" in _texts(item, "files") else f"{_MAKE_KEY}; chmod 600 .env"
        case Kind.TRANSPORT if item.remedy is None:
            return "newsletter transports"
        case Kind.SITE:
            return "newsletter serve"
        case _:
            return command_for(item.remedy) if item.remedy else ""


def slot_line(slot: NextSlot, agenda: Agenda) -> str:
    """`Friday 4 December, 07:00 Europe/London, in 4 days 23 h: 2026-12-04`."""
    issue = "" if agenda.is_blind else f": {slot.issue or 'empty'}"
    day = f"{slot.day:%A} {slot.day.day} {slot.day:%B}, {slot.time:%H:%M} {slot.zone}"
    return f"{day}, {in_time(slot.at, agenda.made_at)}{issue}"


def rest_line(agenda: Agenda) -> str:
    """What is said where there is nothing to do."""
    slot = agenda.next_slot
    day = f"{slot.day:%A} {slot.day.day} {slot.day:%B}, {slot.time:%H:%M}"
    then = f", when {slot.issue} goes out" if slot.issue else ""
    return f"Nothing to do until {day}{then}."


def counted(number: int, one: str, many: str = "") -> str:
    """`1 error`, `1,200 errors`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def _left(item: Item) -> str:
    left, audience = _number(item, "left"), _number(item, "audience")
    return f"{left:,} of {audience:,} still have to get it" if audience else "nobody has it yet"


def _doubts(item: Item, _: Agenda) -> str:
    people = _number(item, "people")
    them = "1 person is" if people == 1 else f"{people:,} people are"
    return f"{item.issue}: {them} in doubt: sent, and no reply came. The relay’s log tells."


def _overdue(item: Item, agenda: Agenda) -> str:
    ago = in_time(_moment(item, "at"), agenda.made_at)
    return f"{item.issue} was due {ago}, and nobody has started it."


def _no_key(item: Item, _: Agenda) -> str:
    if item.facts["files"] == (".env.example",):
        return f"{_NO_KEY}. Copy .env.example first."
    return f"{_NO_KEY}. This makes one."


def _transport(item: Item, _: Agenda) -> str:
    step = f"; {item.facts['step']}" if item.facts["step"] else ""
    return f"Nothing can be sent: {item.facts['fault']}{step}."


def _findings(item: Item, _: Agenda) -> str:
    errors, warnings = _number(item, "errors"), _number(item, "warnings")
    parts = [counted(errors, "error")] if errors else []
    parts += [counted(warnings, "warning")] if warnings else []
    return f"{item.issue}: {', '.join(parts)}."


def _waiting(item: Item, agenda: Agenda) -> str:
    """A run with a slot goes on without anybody, and of the others somebody is asked."""
    until = item.facts["until"]
    when = f"from {_clock(until, agenda)}" if isinstance(until, datetime) else "at the next look"
    why = f" ({item.facts['why']})" if item.facts["why"] else ""
    goes_on = "goes on by itself" if item.urgency == "note" else "can go on"
    return f"{item.issue} {goes_on} {when}{why}: {_left(item)}."


def _letters(item: Item, _: Agenda) -> str:
    letters = counted(_number(item, "letters"), "letter")
    if item.remedy is None:
        return f"{letters} to readers will be sent without you."
    return f"{letters} to readers will be sent as soon as a site or a daemon runs."


def _came_back(item: Item, agenda: Agenda) -> str:
    since = _moment(item, "since").astimezone(agenda.made_at.tzinfo)
    counts = (
        counted(_number(item, "refused"), "refused", "refused"),
        counted(_number(item, "failed"), "failed", "failed"),
        counted(_number(item, "left"), "unsubscribed", "unsubscribed"),
        counted(_number(item, "complaints"), "complaint"),
        counted(_number(item, "bounces"), "bounce"),
        counted(_number(item, "suppressed_by_hand"), "suppressed by hand", "suppressed by hand"),
    )
    some = ", ".join(words for words in counts if not words.startswith("0 "))
    day = f" ({since.day} {since:%B})" if item.issue != since.date().isoformat() else ""
    return f"Since {item.issue}{day}: {some}."


def _ready(item: Item, agenda: Agenda) -> str:
    at = _moment(item, "at")
    return f"{item.issue}: {item.facts['reason']}; it goes out {in_time(at, agenda.made_at)}."


def _clock(moment: datetime, agenda: Agenda) -> str:
    """By the clocks of the publication; with its day where that is not today."""
    local = moment.astimezone(agenda.made_at.tzinfo)
    day = "" if local.date() == agenda.made_at.date() else f"{local:%A} "
    return f"{day}{local:%H:%M}"


def _number(item: Item, name: str) -> int:
    found = item.facts[name]
    assert isinstance(found, int), name
    return found


def _moment(item: Item, name: str) -> datetime:
    found = item.facts[name]
    assert isinstance(found, datetime), name
    return found


def _texts(item: Item, name: str) -> Sequence[str]:
    found = item.facts[name]
    assert not isinstance(found, str | int | datetime | None), name
    return found


_WORDS: Mapping[Kind, Callable[[Item, Agenda], str]] = {
    Kind.RESTORED: lambda *_: (
        "The database is older than what this machine has seen: it is a backup’s, or another one. "
        "Nothing is sent until somebody accepts it."
    ),
    Kind.DATABASE: lambda item, _: f"The database cannot be used: {item.facts['fault']}.",
    Kind.SCHEMA: lambda *_: (
        "The database is another version’s; the next command brings it up to date. "
        "Make a backup first."
    ),
    Kind.UNBALANCED: lambda item, _: (
        f"{item.issue}: the books do not balance: {_number(item, 'frozen'):,} in the audience, "
        f"{_number(item, 'counted'):,} accounted for. Bring back a backup."
    ),
    Kind.DOUBTS: _doubts,
    Kind.INTERRUPTED: lambda item, _: f"{item.issue} was interrupted: {_left(item)}.",
    Kind.HELD: lambda item, _: (
        f"{item.issue} is held, for the books are a backup’s: settle it by the relay’s log, "
        f"then `newsletter resume {item.issue}`."
    ),
    Kind.PAUSED: lambda item, _: f"{item.issue} is paused by {item.facts['by']}: {_left(item)}.",
    Kind.OVERDUE: _overdue,
    Kind.MISSED: lambda item, _: (
        f"{item.issue} was not sent in its slot, {item.facts['slot']}: {item.facts['why']}."
    ),
    Kind.NO_KEY: _no_key,
    Kind.TRANSPORT: _transport,
    Kind.SILENT: lambda item, _: (
        f"{item.facts['process']} is dead or hangs; it was last heard from "
        f"{item.facts['last_heard']} ago."
    ),
    Kind.UNKEPT: lambda *_: (
        "No daemon is there to send what is scheduled. (Cron or a timer would not be seen.)"
    ),
    Kind.UNSERVED: lambda item, _: (
        f"{item.facts['process']} served the site, and is dead or hangs; it was last heard from "
        f"{item.facts['last_heard']} ago."
    ),
    Kind.SITE: lambda item, _: (
        f"The site does not answer at {item.facts['base_url']}: {item.facts['fault']}."
    ),
    Kind.UNREADABLE: lambda item, _: f"{item.facts['fault']}.",
    Kind.MISDATED: lambda item, _: (
        f"{item.issue} is dated {item.facts['day']}, and its slot is {item.facts['slot']}."
    ),
    Kind.FINDINGS: _findings,
    Kind.UNAPPROVED: lambda item, _: f"{item.issue}: {item.facts['reason']}.",
    Kind.UNSCHEDULED: lambda item, _: f"{item.issue} is in no slot yet.",
    Kind.NO_ISSUE: lambda *_: "No issue is being written.",
    Kind.NOBODY: lambda *_: "There is nobody to send to.",
    Kind.LETTERS: _letters,
    Kind.WAITING: _waiting,
    Kind.SENDING: lambda item, _: f"{item.issue} is being sent: {_left(item)}.",
    Kind.READY: _ready,
    Kind.CAME_BACK: _came_back,
    Kind.KEPT: lambda item, _: (
        f"{item.facts['process']} keeps the schedule ({item.facts['doing']}, "
        f"heard from {item.facts['last_heard']} ago)."
    ),
    Kind.SERVED: lambda item, _: (
        f"{item.facts['process']} serves the site (heard from {item.facts['last_heard']} ago)."
    ),
}
