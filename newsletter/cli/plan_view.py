"""A plan as lines of text: what a dry run shows and a send asks about."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from newsletter.books import in_words
from newsletter.check import Severity, count_line
from newsletter.cli.console import bad, faint, good, say, strong, warning
from newsletter.cli.findings import told
from newsletter.cli.size_view import size_lines
from newsletter.cli.timetable_view import done_words, timetable_lines
from newsletter.files import write_file
from newsletter.publishing.plan import AudiencePlan, Plan, Recipient, Stint
from newsletter.publishing.publication import Books
from newsletter.publishing.ready import Ready
from newsletter.publishing.rendering import weigh

_LABEL = 11

_MAX_WARNINGS = 2
"""So many are shown whole before a send, so that the plan stays in sight of its question."""

_MAX_LINES = 8
"""Warnings with a line each; of more, how many they are."""


def show_plan(plan: Plan, ready: Ready, *, with_sizes: bool) -> None:
    """With the sizes come all warnings; else each has one line, and many are only counted."""
    sizes: Iterable[str] = ()
    if with_sizes:
        shares = weigh(ready.issue, ready.rendered, ready.settings, ready.moment, ready.pictures)
        sizes = size_lines(shares, ready.issue, ready.settings.limits.html_bytes)
    for line in plan_lines(plan, sizes, is_folded=not with_sizes):
        say(line)
    say()


def write_first(ready: Ready, first: tuple[Recipient, ...], out: Path, books: Books) -> None:
    """The first recipient's message, to the byte, into a folder."""
    if not first:
        say("There is nobody to send to: `newsletter subscribers import FILE.csv`.")
        return
    target = out / f"{ready.name}.first.eml"
    # It holds a living unsubscribe token of a person's.
    exact = ready.desk.of(books.salt).message(first[0].address, first[0].fields)
    write_file(target, exact, mode=0o600)
    say(f"The exact message for {first[0].address} is in {target}.")


def plan_lines(plan: Plan, sizes: Iterable[str] = (), *, is_folded: bool = False) -> Iterator[str]:
    """Every line of a plan, its diagnostics last; `sizes` are those of `size_lines`."""
    yield _row("Issue", f"{strong(plan.issue)}  {faint(f'digest {plan.digest[:12]}')}")
    yield _row("From", str(plan.sender))
    yield _row("Subject", f"{plan.subject}  {faint(f'{len(plan.subject)} characters')}")
    yield _row("Preheader", f"{plan.preheader}  {faint(f'{len(plan.preheader)} characters')}")
    if plan.audience.segment:
        yield _row("Segment", _segment(plan.audience))
    yield from _audience(plan.audience)
    yield _row(
        "Message",
        f"{plan.message_size:,} bytes: headers {plan.headers_size:,}, text {plan.text_size:,}, "
        f"HTML {plan.html_size:,}"
        + (f", pictures {plan.pictures_size:,}" if plan.pictures_size else ""),
    )
    for at, line in enumerate(sizes):
        yield _row("" if at else "HTML", line)
    yield _row("Bounces", _bounces(plan))
    yield _row("Transport", f"{plan.transport}  {faint(_sessions(plan.connections))}")
    for relay in plan.relays:
        yield _row("", f"{relay.transport}  {faint(f'for {_listed(relay.groups)} alone')}")
    for caution in plan.cautions:
        yield _row("", bad(caution.what))
    yield _row("Time", _time(plan))
    if plan.stint is not None:
        yield _row("Limit", warning(_stint(plan.stint)))
    if plan.paused:
        yield _row("Paused", warning(f"nothing goes to {', '.join(plan.paused)} now"))
    if plan.timetable is not None:
        for at, line in enumerate(timetable_lines(plan.timetable)):
            yield _row("" if at else "When", line) if line else ""
    for weak in plan.weak_keys:
        yield _row("DKIM", warning(f"the key {weak}; receivers want 2048 (RFC 8301)"))
    yield from _diagnostics(plan, is_folded=is_folded)


def _row(label: str, text: str) -> str:
    return f"  {faint(label.ljust(_LABEL))}{text}"


def _segment(audience: AudiencePlan) -> str:
    """Of a run it is only named: who is in it was frozen, and the list has gone on since."""
    share = f": {audience.due:,} of {audience.everybody:,} people" if audience.everybody else ""
    return f"to a segment: {strong(audience.segment)}{share}"


def _audience(audience: AudiencePlan) -> Iterator[str]:
    suppressed = sum(audience.suppressed.values())
    text = f"{strong(f'{audience.due:,} to send')}, {suppressed:,} suppressed"
    if suppressed:
        text += f" ({', '.join(f'{count:,} {why}' for why, count in audience.suppressed.items())})"
    yield _row("Audience", text)
    if audience.first:
        names = ", ".join(str(recipient.address) for recipient in audience.first)
        more = audience.due - len(audience.first)
        yield _row("", faint(names + (f" and {more:,} more" if more > 0 else "")))
    if audience.accepted:
        yield _row("", good(f"{audience.accepted:,} already have this issue"))
    if audience.settled:
        yield _row(
            "", warning(f"{audience.settled:,} refused, failed or in doubt: not tried again")
        )
    if audience.newcomers:
        text = f"{audience.newcomers:,} joined since this run began: --extend sends to them too"
        yield _row("", warning(text))


def _listed(names: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def _sessions(connections: int) -> str:
    return "one session" if connections == 1 else f"up to {connections} sessions"


def _bounces(plan: Plan) -> str:
    path = plan.reverse_path
    if not plan.verp:
        return f"to {path}"
    return f"to {path.local_part}+…@{path.domain}  {faint('one for each delivery')}"


def _time(plan: Plan) -> str:
    if plan.timetable is not None and (done := done_words(plan.timetable)):
        return done
    if plan.duration is None:
        return "no ceiling is set: as fast as the relay takes it"
    return f"about {in_words(plan.duration)} at {plan.rate:g} messages a second"


def _stint(stint: Stint) -> str:
    """`at most 500 a day: 5 days, 500 now and the last ones in 4 days`."""
    unit = "day" if stint.span.days else "hour"
    times = f"1 {unit}" if stint.times == 1 else f"{stint.times:,} {unit}s"
    now = f"{stint.now:,} now" if stint.now else "none now"
    return f"at most {stint.limit}: {times}, {now} and the last ones in {in_words(stint.after)}"


def _diagnostics(plan: Plan, *, is_folded: bool) -> Iterator[str]:
    errors = [item for item in plan.diagnostics if item.severity is Severity.ERROR]
    is_folded = is_folded and len(plan.diagnostics) - len(errors) > _MAX_WARNINGS
    if not plan.diagnostics:
        yield _row("Check", good("nothing found"))
        return
    paint = bad if errors else warning
    yield _row("Check", paint(count_line(plan.diagnostics, files=1)))
    if is_folded:
        warnings = [item for item in plan.diagnostics if item.severity is not Severity.ERROR]
        for item in warnings[:_MAX_LINES]:
            yield _row("", warning(f"line {item.span.line}: {item.message} [{item.slug}]"))
        more = len(warnings) - _MAX_LINES
        named = f"{more} more; " if more > 0 else ""
        yield _row("", faint(f"{named}`newsletter check {plan.path}` shows them all"))
    if shown := errors if is_folded else plan.diagnostics:
        yield ""
        yield told(shown).removesuffix("\n")
