"""Approvals: given, taken back, and never both used and taken back unseen."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest

from newsletter.addresses import AddrSpec
from newsletter.books import Approval, NewRun, Run, RunState, Withdrawal
from newsletter.errors import NotApprovedError
from newsletter.store import Database
from newsletter.subscribers import AudienceMember

pytestmark = pytest.mark.slow

NOW = datetime(2026, 11, 26, 15, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
ISSUE = "2026-11-27"


def yes(by: str, digest: str = "d1", issue: str = ISSUE, reason: str | None = None) -> Approval:
    return Approval(
        issue=issue, digest=digest, approved_by=by, approved_at=NOW, override_reason=reason
    )


def people() -> Iterable[AudienceMember]:
    address = AddrSpec("reader", "example.com")
    yield AudienceMember(subscriber_id=None, address=address, first_name="")


def begin(database: Database, *approved_by: str, issue: str = ISSUE) -> Run:
    new = NewRun(
        issue=issue,
        digest="d1",
        subject="Five",
        message_date=NOW,
        approved_by=approved_by,
        approved_as=issue,
    )
    return database.runs.open(new, people(), NOW, by="ada")


def test_withdrawing_takes_back_every_yes_under_the_name_and_logs_each(database: Database) -> None:
    for approval in (yes("Ada"), yes("Ada", "d2"), yes("Ada", reason="alone"), yes("Eve")):
        database.approvals.add(approval)
    database.approvals.add(yes("Ada", issue="2026-12-04"))

    done = database.approvals.withdraw(ISSUE, ["Ada"], LATER, "a wrong figure")

    standing = [each for each in database.approvals.of(ISSUE) if each.withdrawn_at is None]
    entries = [
        (entry.by, entry.action.value, entry.digest, entry.detail, entry.at)
        for entry in database.audit.entries()
    ][-3:]
    assert (3, {}) == (len(done.approvals), done.runs)
    assert ["Eve"] == [each.approved_by for each in standing]
    assert {"a wrong figure"} == {each.withdrawn_because for each in done.approvals}
    assert [None] == [each.withdrawn_at for each in database.approvals.of("2026-12-04")]
    assert {
        ("Ada", "withdrawn", "d1", "a wrong figure", LATER),
        ("Ada", "withdrawn", "d2", "a wrong figure", LATER),
    } == {*entries}
    assert database.audit.verify() is None


def test_withdrawing_again_changes_nothing_and_is_not_logged(database: Database) -> None:
    database.approvals.add(yes("Ada"))
    database.approvals.withdraw(ISSUE, ["Ada"], LATER)

    done = database.approvals.withdraw(ISSUE, ["Ada", "Eve"], LATER)

    assert [] == done.approvals
    assert 2 == len([*database.audit.entries()])


def test_whoever_took_it_back_may_approve_the_same_bytes_anew(database: Database) -> None:
    database.approvals.add(yes("Ada"))
    database.approvals.withdraw(ISSUE, ["Ada"], LATER)

    database.approvals.add(yes("Ada"))

    found = [each.withdrawn_at for each in database.approvals.of(ISSUE)]
    assert [None, LATER] == found
    assert [RunState.RUNNING] == [begin(database, "Ada").state]


def test_run_does_not_begin_by_an_approval_that_was_taken_back(database: Database) -> None:
    database.approvals.add(yes("Ada"))
    database.approvals.add(yes("Eve"))
    database.approvals.withdraw(ISSUE, ["Ada"], LATER)

    with pytest.raises(NotApprovedError, match="Ada has withdrawn the approval"):
        begin(database, "Ada", "Eve")

    assert None is database.runs.find(ISSUE)
    assert ISSUE == begin(database, "Eve").issue


def test_run_that_has_begun_goes_on_and_is_told_of(database: Database) -> None:
    database.approvals.add(yes("Ada"))
    begin(database, "Ada")

    done = database.approvals.withdraw(ISSUE, ["Ada"], LATER)

    assert {ISSUE: RunState.RUNNING} == done.runs
    assert ISSUE == begin(database, "Ada").issue  # it is found, not begun


def test_of_a_run_and_a_withdrawal_at_once_one_knows_of_the_other(database: Database) -> None:
    for number in range(12):
        issue, both = f"issue-{number}", Barrier(2)
        database.approvals.add(yes("Ada", issue=issue))

        with ThreadPoolExecutor(2) as threads:
            began = threads.submit(_begin_at, both, database, issue)
            taken = threads.submit(_withdraw_at, both, database, issue)

        is_told = issue in taken.result().runs
        assert began.result() is is_told, number


def _begin_at(both: Barrier, database: Database, issue: str) -> bool:
    both.wait()
    try:
        begin(database, "Ada", issue=issue)
    except NotApprovedError:
        return False
    return True


def _withdraw_at(both: Barrier, database: Database, issue: str) -> Withdrawal:
    both.wait()
    return database.approvals.withdraw(issue, ["Ada"], LATER)
