"""The witness in the publication's folder: when a database counts as restored."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from newsletter.books import AuditAction, Deed
from newsletter.cli.wording import line_of
from newsletter.errors import OutputError, StoreError
from newsletter.publishing.witness import is_restored, keep_witness, read_witness
from newsletter.store import Database, open_database
from tests.new_database import open_new

NOW = datetime(2026, 11, 27, 7, tzinfo=UTC)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with open_new(tmp_path / "a.db") as opened:
        yield opened


def log(database: Database, times: int = 1, by: str = "ada") -> None:
    for _ in range(times):
        database.audit.append(Deed(by=by, action=AuditAction.STARTED, issue="issue", at=NOW))


def test_witness_of_an_empty_log_is_none(database: Database, tmp_path: Path) -> None:
    assert None is keep_witness(database.audit, tmp_path)
    assert None is read_witness(tmp_path)
    assert not is_restored(database.audit, None)


def test_log_that_has_what_was_seen_is_the_true_one(database: Database, tmp_path: Path) -> None:
    log(database, 2)
    keep_witness(database.audit, tmp_path)
    log(database)

    assert not is_restored(database.audit, read_witness(tmp_path))


def test_log_without_what_was_seen_was_restored(database: Database, tmp_path: Path) -> None:
    log(database, 3)
    keep_witness(database.audit, tmp_path)
    with open_new(tmp_path / "old.db") as old:
        empty = is_restored(old.audit, read_witness(tmp_path))
        log(old, 2)
        shorter = is_restored(old.audit, read_witness(tmp_path))
        log(old, 2, by="grace")
        longer = is_restored(old.audit, read_witness(tmp_path))

    assert (True, True, True) == (empty, shorter, longer)


def test_witness_never_goes_back(database: Database, tmp_path: Path) -> None:
    """Two hosts share a folder, and one is a little behind."""
    log(database, 2)
    keep_witness(database.audit, tmp_path)
    with open_new(tmp_path / "old.db") as old:
        log(old)
        keep_witness(old.audit, tmp_path)
        kept = read_witness(tmp_path)
        keep_witness(old.audit, tmp_path, anew=True)
        anew = read_witness(tmp_path)

    assert kept
    assert anew
    assert (2, 1) == (kept.entry_id, anew.entry_id)


@pytest.mark.parametrize("text", ["", "7\n", "1 " + "g" * 64 + "\n", "\udcff"])
def test_witness_that_means_nothing_is_no_all_clear(text: str, tmp_path: Path) -> None:
    (tmp_path / "newsletter.witness").write_bytes(text.encode("utf-8", "surrogateescape"))

    with pytest.raises((OutputError, StoreError)) as caught:
        read_witness(tmp_path)
    assert "accept-restored" in line_of(caught.value)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_witness_that_cannot_be_written_is_told(database: Database, tmp_path: Path) -> None:
    log(database)
    folder = tmp_path / "read-only"
    folder.mkdir(mode=0o500)

    fault = keep_witness(database.audit, folder)

    assert fault
    assert "cannot be written" in str(fault)


def test_witness_without_a_folder_is_told(database: Database, tmp_path: Path) -> None:
    log(database)

    assert "cannot be written" in str(keep_witness(database.audit, tmp_path / "gone"))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_what_root_leaves_behind_belongs_to_the_folders_owner(tmp_path: Path) -> None:
    """Or the daemon could neither read the witness nor write to the database."""
    os.chown(tmp_path, 4711, 4712)
    with open_database(f"sqlite:///{tmp_path}/a.db") as database:
        log(database)
        keep_witness(database.audit, tmp_path)
        names = {path.name for path in tmp_path.iterdir()}
        owners = {path.stat().st_uid for path in tmp_path.iterdir()}

    assert {"a.db", "a.db-wal", "a.db-shm", "newsletter.witness"} == names
    assert {4711} == owners
