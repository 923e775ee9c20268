"""`newsletter resolve`: settles what is in doubt, by a word, a policy or the relay's log."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from newsletter import wiring
from newsletter.addresses import parse_addr_spec
from newsletter.cli.console import confirm, faint, say
from newsletter.cli.exit_status import ExitStatus
from newsletter.cli.publication import settings_here
from newsletter.cli.run_names import known_run
from newsletter.clock import now
from newsletter.errors import NewsletterError

if TYPE_CHECKING:
    from newsletter.books import Failure, Run
    from newsletter.settings import Settings
    from newsletter.store import Database

_SHOWN = 20


class Become(StrEnum):
    """What a delivery in doubt may become by somebody's word."""

    ACCEPTED = "accepted"
    PLANNED = "planned"


class Policy(StrEnum):
    """What is done with everyone in doubt: leave them, or send to them again."""

    HOLD = "hold"
    RESEND = "resend"


def resolve(
    issue: Annotated[str, typer.Argument(help="The issue's name or file.", show_default=False)],
    address: Annotated[
        str | None, typer.Argument(help="One recipient; all without it.", show_default=False)
    ] = None,
    become: Annotated[
        Become | None,
        typer.Option("--as", help="They have it, or it is sent to them again.", show_default=False),
    ] = None,
    policy: Annotated[
        Policy | None,
        typer.Option(help="For all: leave them, or send again.", show_default=False),
    ] = None,
    log: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="The relay's log, Postfix's or Exim's.", show_default=False
        ),
    ] = None,
    reason: Annotated[
        str, typer.Option(help="Why, for the books.", show_default=False)
    ] = "resolved by hand",
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Settle deliveries in doubt: sent, and no reply came. Without an option, list them."""
    _check_one_way(address, become, policy, log)
    settings = settings_here(with_environment=True)
    with wiring.open_database(settings) as database:
        run = known_run(database.runs, issue)
        if log is not None:
            raise typer.Exit(_by_log(database, run, settings, log, yes=yes))
        if address is not None and become is not None:
            raise typer.Exit(_one(database, run, address, become, reason, yes=yes))
        if policy is Policy.RESEND:
            become, reason = Become.PLANNED, "in doubt, and sent again by the policy"
        raise typer.Exit(_all(database, run, become, reason, yes=yes))


def _check_one_way(
    address: str | None, become: Become | None, policy: Policy | None, log: Path | None
) -> None:
    if sum(option is not None for option in (become, policy, log)) > 1:
        raise NewsletterError(
            "--as, --policy and --log are three ways to settle it", next_step="say one of them"
        )
    if address is not None and become is None:
        raise NewsletterError(
            "what becomes of this recipient is not said",
            where=address,
            next_step="say --as accepted or --as planned",
        )


def _one(
    database: "Database", run: "Run", address: str, become: Become, reason: str, *, yes: bool
) -> ExitStatus:
    key = parse_addr_spec(address).key
    if not confirm(f"Settle {key} of {run.issue} as {become.value}?", yes=yes):
        return _unchanged()
    database.doubts.resolve(
        run.issue,
        key,
        accepted=become is Become.ACCEPTED,
        now=now(),
        reason=reason,
        by=wiring.person_name(),
    )
    say(f"{key} is {become.value}.")
    return _finish(database, run)


def _all(
    database: "Database", run: "Run", become: Become | None, reason: str, *, yes: bool
) -> ExitStatus:
    count = _list(database, run)
    if become is None or not count:
        return ExitStatus.FOUND if count else ExitStatus.DONE
    if not confirm(f"Settle these {count:,} as {become.value}?", yes=yes):
        return _unchanged()
    done = database.doubts.resolve_all(
        run.issue,
        accepted=become is Become.ACCEPTED,
        now=now(),
        reason=reason,
        by=wiring.person_name(),
    )
    say(f"{done:,} are {become.value}.")
    if done < count:
        say(f"{count - done:,} are left: a process that is sending may still hear of them.")
    return _finish(database, run)


def _by_log(
    database: "Database", run: "Run", settings: "Settings", log: Path, *, yes: bool
) -> ExitStatus:
    from newsletter.delivery import find_taken, open_relay_log

    keys = {
        wiring.message_id(settings, run.issue, failure.recipient.key): failure.recipient.key
        for failure in _in_doubt(database, run)
    }
    with open_relay_log(log) as lines:
        found = find_taken(lines, keys)
    for message_id, line in found.items():
        say(keys[message_id])
        say(faint(f"  {line}"))
    say(f"The log proves {len(found):,} of {len(keys):,} in doubt.")
    if not found:
        return ExitStatus.FOUND if keys else ExitStatus.DONE
    if not confirm("Settle these as accepted?", yes=yes):
        return _unchanged()
    reasons = {
        keys[message_id]: f"by the relay's log: {line}" for message_id, line in found.items()
    }
    database.doubts.resolve_all(
        run.issue, accepted=True, now=now(), reasons=reasons, by=wiring.person_name()
    )
    return _finish(database, run)


def _in_doubt(database: "Database", run: "Run") -> "list[Failure]":
    from newsletter.books import DeliveryState

    return list(database.audiences.failures(run.issue, {DeliveryState.IN_DOUBT}))


def _list(database: "Database", run: "Run") -> int:
    """Name them, and say how many there are."""
    from newsletter.cli.books import failure_line

    doubts = _in_doubt(database, run)
    for failure in doubts[:_SHOWN]:
        say(failure_line(failure))
    if len(doubts) > _SHOWN:
        say(f"  … and {len(doubts) - _SHOWN:,} more: `newsletter report {run.issue}`")
    say(f"{len(doubts):,} in doubt." if doubts else f"Nobody of {run.issue} is in doubt.")
    return len(doubts)


def _unchanged() -> ExitStatus:
    say("Nothing has changed.")
    return ExitStatus.COULD_NOT_RUN


def _finish(database: "Database", run: "Run") -> ExitStatus:
    from newsletter.cli.books import status_of
    from newsletter.reports import balance_lines

    balance = database.runs.finish(run.id, wiring.person_name(), now())
    for line in balance_lines(balance):
        say(line)
    return status_of(balance)
