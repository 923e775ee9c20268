"""An issue made ready to send: checked, rendered, with a desk to write its messages at."""

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from newsletter import wiring
from newsletter.check import FORMATS, Diagnostic, Severity
from newsletter.cli.console import bad, say, say_block
from newsletter.cli.exit_status import ExitStatus
from newsletter.clock import now
from newsletter.errors import MessageError, RenderError
from newsletter.files import write_file
from newsletter.issue import Issue
from newsletter.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterable

    from newsletter.delivery import AudiencePlan, Plan, Recipient
    from newsletter.render import Rendered
    from newsletter.transports import Transport


@dataclass(frozen=True, slots=True)
class Ready:
    """An issue that was checked and rendered, at one moment, with a desk to write messages at.

    `name` is its run's: the issue's own, or that of a correction of it.
    """

    name: str
    issue: Issue
    settings: Settings
    moment: datetime
    diagnostics: tuple[Diagnostic, ...]
    rendered: "Rendered"
    desk: wiring.Desk

    @property
    def has_errors(self) -> bool:
        return bool(errors_of(self.diagnostics))

    @property
    def digest(self) -> str:
        """What is approved, and what the run holds on to."""
        return wiring.issue_digest(self.rendered, self.settings)


def errors_of(diagnostics: "Iterable[Diagnostic]") -> tuple[Diagnostic, ...]:
    return tuple(item for item in diagnostics if item.severity is Severity.ERROR)


def prepare(
    issue: Issue, settings: Settings, moment: datetime, *, mark: str = "", name: str = ""
) -> Ready | tuple[Diagnostic, ...]:
    """Check, render and compile. `moment` is the Date of every message.

    An issue with errors may be one that cannot be rendered: then what the check says is enough,
    and is all that is returned. Raises RenderError or MessageError where the check finds nothing.
    """
    try:
        rendered = wiring.render(issue, settings, moment)
        desk = wiring.open_desk(issue, rendered, settings, message_date=moment, subject_mark=mark)
    except (RenderError, MessageError):
        found = wiring.check(issue, settings, moment, None)
        if errors_of(found):
            return found
        raise
    if name:
        desk = replace(desk, issue=name)  # a message of its own, with a Message-ID of its own
    found = wiring.check(issue, settings, moment, rendered)
    return Ready(name or issue.name, issue, settings, moment, found, rendered, desk)


def make_ready(
    issue: Issue,
    settings: Settings,
    *,
    moment: datetime | None = None,
    mark: str = "",
    name: str = "",
) -> Ready:
    """The issue, ready; one that cannot even be rendered ends the command with its errors.

    `moment` is that of the run where there is one already, `name` the run's where it is not the
    issue's own.
    """
    ready = prepare(issue, settings, moment or this_second(), mark=mark, name=name)
    if isinstance(ready, Ready):
        return ready
    say_block(FORMATS["text"](ready))
    say(bad("Nothing was sent: the check has errors."))
    raise typer.Exit(ExitStatus.FOUND)


def this_second() -> datetime:
    """A Date header has no smaller parts."""
    return now().replace(microsecond=0)


def describe(ready: Ready, audience: "AudiencePlan", transport: "Transport") -> "Plan":
    from newsletter.delivery import Plan

    composer = ready.desk.composer
    sizes = composer.part_sizes
    return Plan(
        issue=ready.name,
        digest=ready.digest,
        sender=ready.settings.sender.mailbox,
        subject=ready.rendered.subject,
        preheader=ready.rendered.preheader,
        audience=audience,
        message_size=composer.size,
        headers_size=sizes.headers,
        text_size=sizes.text,
        html_size=sizes.html,
        transport=transport.name,
        connections=transport.connections,
        rate=transport.rate,
        diagnostics=ready.diagnostics,
    )


def show_plan(plan: "Plan", ready: Ready, *, with_sizes: bool) -> None:
    from newsletter.cli.plan_view import plan_lines
    from newsletter.cli.size_view import size_lines

    sizes: Iterable[str] = ()
    if with_sizes:
        shares = wiring.weigh(ready.issue, ready.rendered, ready.settings, ready.moment)
        sizes = size_lines(shares, ready.issue, ready.settings.limits.html_bytes)
    for line in plan_lines(plan, sizes):
        say(line)
    say()


def write_first(ready: Ready, first: "tuple[Recipient, ...]", out: Path) -> None:
    if not first:
        say("There is nobody to send to: `newsletter subscribers import FILE.csv`.")
        return
    target = out / f"{ready.name}.first.eml"
    write_file(target, ready.desk.message(first[0].address, first[0].fields))
    say(f"The exact message for {first[0].address} is in {target}.")
