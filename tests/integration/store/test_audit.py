"""The audit log and the approvals in it: append-only, one chain, over both databases."""

import multiprocessing
import sqlite3
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from newsletter.books import Approval, AuditAction, Deed
from newsletter.errors import StoreError
from newsletter.store import Database, open_database
from tests.neighbour import OURS

pytestmark = pytest.mark.slow

NOW = datetime(2026, 11, 23, 9, 0, 0, 123456, tzinfo=UTC)
ISSUE = "2026-11-27"


def log(database: Database, detail: str, issue: str = ISSUE) -> int:
    return database.audit.append(
        Deed(by="ada", action=AuditAction.ALERTED, issue=issue, digest="d1", detail=detail, at=NOW)
    ).id


def unsealed(database: Database, statement: str) -> None:
    """What somebody could do who has the database in hand, and takes the triggers away."""
    connections = database._connections
    with connections.writing() as connection:
        if connections.is_sqlite:
            for trigger in ("audit_no_update", "audit_no_delete", "audit_at_the_end"):
                connection.execute(text(f"DROP TRIGGER {trigger}"))
        else:
            connection.execute(text("ALTER TABLE audit DISABLE TRIGGER ALL"))
        connection.execute(text(statement))


def test_log_seals_each_entry_with_the_one_before_it(database: Database) -> None:
    first = database.audit.append(
        Deed(
            by="ada",
            action=AuditAction.ALERTED,
            issue=ISSUE,
            digest="d1",
            detail="no “approval”",
            at=NOW,
        )
    )
    second = database.audit.append(
        Deed(by="bob", action=AuditAction.RESTORED, issue="", detail="disk failed", at=NOW)
    )

    assert [first, second] == list(database.audit.entries())
    assert (1, 2, "no “approval”") == (first.id, second.id, first.detail)
    assert datetime(2026, 11, 23, 9, 0, 0, 123000, tzinfo=UTC) == first.at
    assert second == database.audit.last() == database.audit.find(2)
    assert None is database.audit.find(3)
    assert None is database.audit.verify()


def test_chain_is_what_anybody_can_work_out(database: Database) -> None:
    """Pinned: a chain that was written down once must stay true in every later version."""
    at = datetime(2026, 11, 27, 7, 0, tzinfo=UTC)
    first = database.audit.append(
        Deed(by="ada", action=AuditAction.ALERTED, issue=ISSUE, digest="d1", detail="“é”", at=at)
    )
    second = database.audit.append(Deed(by="bob", action=AuditAction.REMINDED, issue="", at=at))

    assert [FIRST_CHAIN, SECOND_CHAIN] == [first.chain, second.chain]


# sha256 of '\n[1,1795762800000,"ada","alerted","2026-11-27","d1","\\u201c\\u00e9\\u201d"]', and of
# that in hex + '\n[2,1795762800000,"bob","reminded","","",""]'; worked out with sha256sum.
FIRST_CHAIN = "39efaba3dc37a36b84b15b79589c1b80c7828a990d2bb6329098ffd2083ec060"
SECOND_CHAIN = "b68db26bc63e070f364f7d549e02c33c255f2f8c0a45039c08fedfd439587e71"


def test_empty_log_is_whole_and_has_no_last_entry(database: Database) -> None:
    assert None is database.audit.last()
    assert None is database.audit.verify()
    assert [] == list(database.audit.entries())


def test_entries_are_those_of_an_issue_and_behind_an_id(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("newsletter.store.schedule.audit.CHUNK", 2)
    for number in range(7):
        log(database, f"{number}", ISSUE if number % 2 else "another")

    assert [1, 3, 5] == [int(entry.detail) for entry in database.audit.entries(ISSUE)]
    assert [5, 6] == [int(entry.detail) for entry in database.audit.entries(after=5)]
    assert 7 == len(list(database.audit.entries()))
    assert None is database.audit.verify()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET detail = 'nothing happened' WHERE id = 1",
        "UPDATE audit SET detail = detail",
        "DELETE FROM audit WHERE id = 2",
        "DELETE FROM audit",
    ],
)
def test_database_refuses_to_change_or_delete_an_entry(database: Database, statement: str) -> None:
    log(database, "one")
    log(database, "two")
    before = list(database.audit.entries())

    refused = pytest.raises(StoreError, match="the audit log is append-only")
    with refused, database._connections.writing() as connection:
        connection.execute(text(statement))

    assert before == list(database.audit.entries())


def test_postgresql_refuses_to_empty_the_log_at_a_stroke(postgresql_url: str) -> None:
    with open_database(postgresql_url) as database:
        log(database, "one")
        refused = pytest.raises(StoreError, match="the audit log is append-only")
        with refused, database._connections.writing() as connection:
            connection.execute(text("TRUNCATE audit"))


def test_sqlite_refuses_to_replace_an_entry_or_to_put_one_in_between(tmp_path: Path) -> None:
    """INSERT OR REPLACE deletes the row in its way, and asks no DELETE trigger."""
    with open_database(f"sqlite:///{tmp_path}/newsletter.db") as database:
        log(database, "one")
        log(database, "two")
    connection = sqlite3.connect(tmp_path / "newsletter.db")
    columns = "publication_id, id, at, done_by, action, issue, digest, detail, chain"
    row = f"({columns}) VALUES (1, ?, 0, '', '', '', '', '', '')"
    for number in (-1, 1, 2, 9):
        for verb in ("INSERT", "INSERT OR REPLACE", "REPLACE", "INSERT OR IGNORE"):
            with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                connection.execute(f"{verb} INTO audit {row}", (number,))
    connection.close()


@pytest.mark.parametrize(
    ("broken", "statement"),
    [
        (2, "UPDATE audit SET detail = 'nothing happened' WHERE id = 2"),
        (2, "UPDATE audit SET at = at + 1 WHERE id = 2"),
        (1, "UPDATE audit SET done_by = 'eve' WHERE id = 1"),
        (3, "UPDATE audit SET action = 'reminded' WHERE id = 3"),
        (3, "UPDATE audit SET digest = 'd2' WHERE id = 3"),
        (3, "UPDATE audit SET issue = 'other' WHERE id = 3"),
        (3, "DELETE FROM audit WHERE id = 2"),
        (2, "DELETE FROM audit WHERE id = 1"),
        (2, "UPDATE audit SET chain = 'x' WHERE id = 2"),
        (4, "UPDATE audit SET id = 90 WHERE id = 3"),
    ],
)
def test_verify_finds_the_first_entry_that_was_tampered_with(
    database: Database, broken: int, statement: str
) -> None:
    for number in range(1, 5):
        log(database, f"{number}")

    unsealed(database, statement)

    found = database.audit.verify()
    assert found is not None
    assert broken == found.id


def test_verify_finds_a_break_at_the_edge_of_a_page(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("newsletter.store.schedule.audit.CHUNK", 2)
    for number in range(1, 7):
        log(database, f"{number}")
    unsealed(database, "DELETE FROM audit WHERE id = 4")

    found = database.audit.verify()

    assert found is not None
    assert 5 == found.id


def test_log_stays_one_chain_when_many_threads_and_processes_append(database: Database) -> None:
    def append() -> None:
        for number in range(10):
            log(database, f"{number}")

    with multiprocessing.get_context("spawn").Pool(2) as pool:
        elsewhere = pool.map_async(_append_elsewhere, [database.name] * 2)
        threads = [threading.Thread(target=append) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        elsewhere.get(60)

    assert list(range(1, 81)) == [entry.id for entry in database.audit.entries()]
    assert None is database.audit.verify()


def _append_elsewhere(url: str) -> None:
    with open_database(url, OURS) as database:
        for number in range(10):
            log(database, f"{number}")


def test_log_takes_any_text_and_still_verifies(database: Database) -> None:
    """Both databases must give back what the chain was made of."""
    entry = database.audit.append(
        Deed(by="a\x00b", action=AuditAction.ALERTED, issue="\ud800", detail="x" * 9_000, at=NOW)
    )

    assert ("a\ufffdb", "?", 2_000) == (entry.by, entry.issue, len(entry.detail))
    assert [entry] == list(database.audit.entries())
    assert None is database.audit.verify()


def test_nothing_is_logged_when_the_transaction_fails(database: Database) -> None:
    naive = datetime(2026, 1, 1)  # noqa: DTZ001
    with pytest.raises(ValueError, match="naive"):
        database.audit.append(Deed(by="ada", action=AuditAction.ALERTED, issue=ISSUE, at=naive))

    assert 1 == log(database, "the first")


def approval(**changed: object) -> Approval:
    given = Approval(
        issue=ISSUE,
        digest="d1",
        approved_by="Ada",
        approved_at=datetime(2026, 11, 23, 9, 0, tzinfo=UTC),
        author="Bob",
        subject="Five stories",
        text="It’s Friday\n" * 1_000,
        inputs={"sender": "aa", "issues/2026-11-27.md": "bb"},
    )
    return replace(given, **changed)  # type: ignore[arg-type]


def test_approve_keeps_everything_and_the_first_yes_of_a_person(database: Database) -> None:
    later = approval().approved_at + timedelta(hours=1)
    database.approvals.add(approval())
    database.approvals.add(approval(approved_at=later, subject="another"))
    database.approvals.add(approval(approved_by="Eve", approved_at=later))
    database.approvals.add(approval(digest="d2", approved_at=later + timedelta(hours=1)))

    expected = [
        approval(digest="d2", approved_at=later + timedelta(hours=1)),
        approval(approved_by="Eve", approved_at=later),
        approval(),
    ]
    assert expected == database.approvals.of(ISSUE)
    assert [] == database.approvals.of("another")
    logged = [
        (entry.by, entry.action, entry.digest, entry.detail) for entry in database.audit.entries()
    ]
    assert [
        ("Ada", AuditAction.APPROVED, "d1", "Five stories"),
        ("Eve", AuditAction.APPROVED, "d1", "Five stories"),
        ("Ada", AuditAction.APPROVED, "d2", "Five stories"),
    ] == logged


def test_approve_keeps_an_override_beside_the_same_persons_plain_yes(database: Database) -> None:
    """Else an author, whose yes does not count, could not override after saying it."""
    database.approvals.add(approval(approved_by="Bob"))
    for _ in range(2):
        database.approvals.add(approval(approved_by="Bob", override_reason="the others are ill"))

    reasons = [each.override_reason for each in database.approvals.of(ISSUE)]
    assert ["the others are ill", None] == reasons
    logged = [(entry.action, entry.detail) for entry in database.audit.entries()]
    assert [
        (AuditAction.APPROVED, "Five stories"),
        (AuditAction.OVERRIDDEN, "the others are ill"),
    ] == logged
