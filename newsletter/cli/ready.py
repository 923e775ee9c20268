"""An issue made ready to send: checked, rendered, with a desk to write its messages at."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from newsletter import wiring
from newsletter.check import FORMATS, Diagnostic, Severity
from newsletter.cli.console import bad, say, say_block
from newsletter.cli.exit_status import ExitStatus
from newsletter.cli.output_files import write_file
from newsletter.clock import now
from newsletter.errors import MessageError, RenderError
from newsletter.issue import Issue
from newsletter.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterable

    from newsletter.delivery import AudiencePlan, Plan, Recipient
    from newsletter.render import Rendered
    from newsletter.transports import Transport


@dataclass(frozen=True, slots=True)
class Ready:
    """An issue that was checked and rendered, at one moment, with a desk to write messages at."""

    issue: Issue
    settings: Settings
    moment: datetime
    diagnostics: tuple[Diagnostic, ...]
    rendered: "Rendered"
    desk: wiring.Desk

    @property
    def has_errors(self) -> bool:
        return any(item.severity is Severity.ERROR for item in self.diagnostics)


def make_ready(
    issue: Issue, settings: Settings, *, moment: datetime | None = None, mark: str = ""
) -> Ready:
    """Check, render and compile. `moment` is that of the run where there is one already.

    An issue with errors may be one that cannot be rendered; then what the check says is enough.
    """
    moment = moment or now().replace(microsecond=0)
    try:
        rendered = wiring.render(issue, settings, moment)
        desk = wiring.open_desk(issue, rendered, settings, message_date=moment, subject_mark=mark)
    except (RenderError, MessageError):
        found = wiring.check(issue, settings, moment, None)
        if any(item.severity is Severity.ERROR for item in found):
            say_block(FORMATS["text"](found))
            say(bad("Nothing was sent: the check has errors."))
            raise typer.Exit(ExitStatus.FOUND) from None
        raise
    found = wiring.check(issue, settings, moment, rendered)
    return Ready(issue, settings, moment, found, rendered, desk)


def describe(ready: Ready, audience: "AudiencePlan", transport: "Transport") -> "Plan":
    from newsletter.delivery import Plan

    composer = ready.desk.composer
    sizes = composer.part_sizes
    return Plan(
        issue=ready.issue.name,
        digest=ready.rendered.digest,
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
    target = out / f"{ready.issue.name}.first.eml"
    write_file(target, ready.desk.message(first[0].address, first[0].fields))
    say(f"The exact message for {first[0].address} is in {target}.")
