"""`newsletter resolve`: settles what is in doubt, by a word, a policy or the relay's log."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from newsletter.addresses import parse_addr_spec
from newsletter.books import (
    Balance,
    Refused,
    Run,
    RunState,
    standing_of,
)
from newsletter.cli.acting import acting_on
from newsletter.cli.books import failure_line, status_for
from newsletter.cli.console import confirm, faint, say
from newsletter.cli.exit_status import ExitStatus
from newsletter.cli.formats import AsFormat, Format
from newsletter.cli.issue_files import ISSUE
from newsletter.errors import NewsletterError
from newsletter.publishing import doubts
from newsletter.publishing.issues import issue_name
from newsletter.publishing.publication import Books
from newsletter.reports import balance_lines

_SHOWN = 20


class Become(StrEnum):
    """What a delivery in doubt may become by somebody's word."""

    ACCEPTED = "accepted"
    PLANNED = "planned"


class State(StrEnum):
    """Who is meant: those in doubt, or those refused."""

    IN_DOUBT = "in_doubt"
    REFUSED = "refused"


class Policy(StrEnum):
    """What is done with everyone in doubt: leave them, or send to them again."""

    HOLD = "hold"
    RESEND = "resend"


def resolve(
    issue: Annotated[str, ISSUE],
    address: Annotated[
        str | None, typer.Argument(help="One recipient; all without it.", show_default=False)
    ] = None,
    become: Annotated[
        Become | None,
        typer.Option("--as", help="They have it, or it is sent to them again.", show_default=False),
    ] = None,
    policy: Annotated[
        Policy | None,
        typer.Option(help="For all: leave them, or send them again.", show_default=False),
    ] = None,
    log: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="The relay's log, Postfix's or Exim's.", show_default=False
        ),
    ] = None,
    state: Annotated[
        State, typer.Option("--state", help="Who is meant.", show_default=False)
    ] = State.IN_DOUBT,
    domain: Annotated[
        str, typer.Option(help="Of the refused: those of a domain.", show_default=False)
    ] = "",
    reply: Annotated[
        str,
        typer.Option(metavar="WORDS", help="Of the refused: who heard this.", show_default=False),
    ] = "",
    reason: Annotated[
        str, typer.Option(help="Why, for the books.", show_default=False)
    ] = "resolved by hand",
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    format_: AsFormat = Format.TEXT,
) -> None:
    """Settle deliveries in doubt: sent, and no reply came. Without an option, list them.

    With --state refused, plan those refused again: the relay may have meant all of us.
    """
    wanted = _wanted(state, address, domain, reply)
    _check_one_way(address, become, policy, log, state)
    if policy is Policy.RESEND:
        become, reason = Become.PLANNED, "in doubt, and sent again by the policy"
    with acting_on(issue, format_) as books:
        run = books.run_of(issue_name(issue))
        if wanted is not None:
            status = _refused(run, books, wanted, become, reason, yes=yes)
        elif log is not None:
            status = _by_log(run, books, log, yes=yes)
        elif address is not None and become is not None:
            status = _one(run, books, address, become, reason, yes=yes)
        else:
            status = _all(run, books, become, reason, yes=yes)
    raise typer.Exit(status)


def _wanted(state: State, address: str | None, domain: str, reply: str) -> Refused | None:
    """Whom of the refused; None where those in doubt are meant."""
    if state is State.REFUSED:
        key = parse_addr_spec(address).key if address else ""
        return Refused(recipient_key=key, domain=domain.lower().lstrip("@"), reply=reply)
    if domain or reply:
        raise NewsletterError(
            "--domain and --reply choose among those refused", next_step="say --state refused"
        )
    return None


def _refused(
    run: Run, books: Books, wanted: Refused, become: Become | None, reason: str, *, yes: bool
) -> ExitStatus:
    found = doubts.refused(run, wanted, books)
    for key in found[:_SHOWN]:
        say(f"  {key}")
    if len(found) > _SHOWN:
        say(f"  … and {len(found) - _SHOWN:,} more: `newsletter report {run.issue}`")
    say(f"{len(found):,} refused." if found else "Nobody like that was refused.")
    if become is None or not found:
        return ExitStatus.FOUND if found else ExitStatus.DONE
    if not confirm(f"Plan these {len(found):,} again?", yes=yes):
        return _unchanged()
    done, balance = doubts.plan_again(run, wanted, books, reason=reason)
    say(f"{done:,} are planned: the next send of {run.issue} goes to them.")
    return _finish(balance)


def _check_one_way(
    address: str | None,
    become: Become | None,
    policy: Policy | None,
    log: Path | None,
    state: State,
) -> None:
    if state is State.REFUSED:
        if policy or log or become is Become.ACCEPTED:
            raise NewsletterError(
                "those refused can be planned again, and nothing else",
                next_step="say --state refused --as planned",
            )
        return
    if sum(option is not None for option in (become, policy, log)) > 1:
        raise NewsletterError(
            "--as, --policy and --log each settle it", next_step="use one of them"
        )
    if address is not None and become is None:
        raise NewsletterError(
            "nothing says what becomes of this recipient",
            where=address,
            next_step="add --as accepted or --as planned",
        )


def _one(
    run: Run, books: Books, address: str, become: Become, reason: str, *, yes: bool
) -> ExitStatus:
    spec = parse_addr_spec(address, lenient=books.settings.limits.lenient_addresses)
    if not confirm(f"Settle {spec.key} of {run.issue} as {become.value}?", yes=yes):
        return _unchanged()
    balance = doubts.settle_one(run, spec, books, accepted=become is Become.ACCEPTED, reason=reason)
    say(f"{spec.key} is {become.value}.")
    return _finish(balance)


def _all(run: Run, books: Books, become: Become | None, reason: str, *, yes: bool) -> ExitStatus:
    count = _list(run, books)
    if become is None or not count:
        return ExitStatus.FOUND if count else ExitStatus.DONE
    if not confirm(f"Settle these {count:,} as {become.value}?", yes=yes):
        return _unchanged()
    done, balance = doubts.settle_all(run, books, accepted=become is Become.ACCEPTED, reason=reason)
    say(f"{done:,} are {become.value}.")
    if done < count:
        say(f"{count - done:,} are left: a sending process may still hear back about them.")
    return _finish(balance)


def _by_log(run: Run, books: Books, log: Path, *, yes: bool) -> ExitStatus:
    proof = doubts.proof_in(log, run, books)
    for address, line in proof.lines.items():
        say(address)
        say(faint(f"  {line}"))
    asked = "in doubt or to be sent" if run.state is RunState.PAUSED else "in doubt"
    say(f"The log proves {len(proof.lines):,} of {proof.asked:,} {asked}.")
    if not proof.lines:
        return ExitStatus.FOUND if proof.asked else ExitStatus.DONE
    if not confirm("Settle these as accepted?", yes=yes):
        return _unchanged()
    return _finish(doubts.settle_by(proof, run, books))


def _list(run: Run, books: Books) -> int:
    """Name them, and say how many there are."""
    found = doubts.in_doubt(run, books)
    for failure in found[:_SHOWN]:
        say(failure_line(failure))
    if len(found) > _SHOWN:
        say(f"  … and {len(found) - _SHOWN:,} more: `newsletter report {run.issue}`")
    say(f"{len(found):,} in doubt." if found else f"Nobody of {run.issue} is in doubt.")
    return len(found)


def _unchanged() -> ExitStatus:
    say("Nothing has changed.")
    return ExitStatus.COULD_NOT_RUN


def _finish(balance: Balance) -> ExitStatus:
    for line in balance_lines(balance):
        say(line)
    return status_for(standing_of(balance))
