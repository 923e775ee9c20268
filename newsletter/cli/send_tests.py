"""`newsletter send --test`, `--to`: tests of an issue to a few addresses, outside of the books."""

import asyncio
from collections.abc import Sequence

from newsletter.addresses import AddrSpec, parse_addr_spec
from newsletter.cli.asked import Wishes
from newsletter.cli.console import bad, confirm, good, say
from newsletter.cli.exit_status import ExitStatus
from newsletter.cli.formats import Record
from newsletter.cli.plan_record import plan_record
from newsletter.cli.plan_view import show_plan
from newsletter.cli.readiness import ready_or_exit
from newsletter.errors import NewsletterError
from newsletter.issue import Issue
from newsletter.publishing.plan import describe, plan_tests
from newsletter.publishing.publication import Publication
from newsletter.publishing.ready import make_ready
from newsletter.publishing.testing import TEST_MARK, send_tests
from newsletter.settings import Settings


def recipients_of_tests(to: Sequence[str], settings: Settings, *, is_test: bool) -> list[AddrSpec]:
    """The addresses named, after those of the settings where a test was asked for; each once.

    Raises NewsletterError where the settings name none and nobody was named either.
    """
    named = [parse_addr_spec(text, lenient=settings.limits.lenient_addresses) for text in to]
    ours = settings.tests.recipients if is_test else ()
    if is_test and not (ours or named):
        raise NewsletterError(
            "there is nobody to send a test to",
            where="--test",
            next_step='write recipients = ["desk@example.com"] in the section [test] of '
            "newsletter.toml, or name an address with --to",
        )
    return list({address.key: address for address in (*ours, *named)}.values())


def send_tests_of(
    issue: Issue,
    publication: Publication,
    addresses: Sequence[AddrSpec],
    wishes: Wishes,
    *,
    dry_run: bool,
) -> tuple[ExitStatus, Record]:
    """Tests go out even with errors in the check: how it looks is what a test is for."""
    ready = ready_or_exit(make_ready(issue, publication, mark=TEST_MARK))
    plan = describe(ready, plan_tests(addresses), publication)
    show_plan(plan, ready, with_sizes=dry_run)
    if dry_run:
        return ExitStatus.DONE, plan_record(plan)
    whom = str(addresses[0]) if len(addresses) == 1 else f"{len(addresses)} addresses"
    if not confirm(f"Send a test to {whom}?", yes=wishes.yes):
        return ExitStatus.COULD_NOT_RUN, {"tests": []}
    tests: list[Record] = []

    async def deliver() -> ExitStatus:
        status = ExitStatus.DONE
        async for test in send_tests(ready, addresses, publication):
            word = good("accepted") if test.is_accepted else bad(test.verdict)
            say(f"  {test.address}: {word}  {test.said}".rstrip())
            tests.append(
                {"recipient": str(test.address), "verdict": test.verdict, "text": test.said}
            )
            status = status if test.is_accepted else ExitStatus.FOUND
        return status

    return asyncio.run(deliver()), {"tests": tests}
