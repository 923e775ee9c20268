"""The one way to change something: not in a restored database, and never without the witness."""

import shutil
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from newsletter.books import AuditAction, NewRun, RunState, SlotState
from newsletter.errors import NewsletterError, OutputError, StoreError
from newsletter.publishing import controlling
from newsletter.publishing.publication import Publication
from newsletter.publishing.scheduling import accept_restored
from newsletter.publishing.witness import read_witness
from newsletter.settings import Secret
from tests.integration.publishing.conftest import BEFORE, World, publication_of


def publication_in(world: World, warned: list[NewsletterError] | None = None) -> Publication:
    """As the world has it, with its database opened anew for each act."""
    environment = world.settings.environment
    url = Secret(f"sqlite:///{world.folder}/newsletter.db")
    settings = replace(world.settings, environment=replace(environment, database=url))
    return publication_of(settings, lambda: world.now, warned=warned)


def begun(world: World) -> None:
    world.database.runs.open(
        NewRun(issue="2026-11-27", digest="d", subject="Subject", message_date=BEFORE),
        world.database.subscribers.audience(BEFORE),
        BEFORE,
        by="ada",
    )


def restored(world: World) -> None:
    """The database is put back to how it is now, after something more has happened in it."""
    file, backup = world.folder / "newsletter.db", world.folder / "backup.db"
    world.database.close()
    shutil.copy(file, backup)
    with publication_in(world).acting("ada") as books:
        controlling.pause("2026-11-27", books)
        controlling.resume("2026-11-27", books)
    for path in world.folder.glob("newsletter.db*"):
        path.unlink()
    shutil.copy(backup, file)


def test_act_is_in_the_log_by_whoever_acts_and_the_witness_has_seen_it(world: World) -> None:
    begun(world)

    with publication_in(world).acting("Ada Lovelace") as books:
        controlling.pause("2026-11-27", books)

    last = world.database.audit.last()
    assert last
    assert (AuditAction.PAUSED, "Ada Lovelace") == (last.action, last.by)
    witness = read_witness(world.folder)
    assert witness
    assert last.id == witness.entry_id


def test_nobody_acts_on_a_restored_database(world: World) -> None:
    begun(world)
    restored(world)

    with (
        pytest.raises(StoreError, match="restored from a backup"),
        publication_in(world).acting("ada"),
    ):
        raise AssertionError("the act began")
    with publication_in(world).reading() as books:
        assert RunState.RUNNING is books.run_of("2026-11-27").state


def test_witness_is_kept_of_an_act_that_fails_half_way(world: World) -> None:
    begun(world)

    with suppress(RuntimeError), publication_in(world).acting("ada") as books:
        controlling.pause("2026-11-27", books)
        raise RuntimeError("half-way")

    witness, last = read_witness(world.folder), world.database.audit.last()
    assert witness
    assert last
    assert last.id == witness.entry_id


@pytest.mark.parametrize("is_bad_before", [False, True])
def test_witness_that_cannot_be_kept_is_a_warning_and_undoes_nothing(
    world: World, is_bad_before: bool
) -> None:
    """A folder has its name; and where that was so before, nobody begins to act."""
    begun(world)
    warned: list[NewsletterError] = []
    publication, witness = publication_in(world, warned), world.folder / "newsletter.witness"
    if is_bad_before:
        witness.mkdir()
        with pytest.raises(OutputError, match="cannot be read"), publication.acting("ada"):
            raise AssertionError("the act began")
        witness.rmdir()

    with publication.acting("ada") as books:
        controlling.pause("2026-11-27", books)
        witness.mkdir()

    [warning] = [each for each in warned if "Is a directory" in str(each)][-1:]
    assert "witness" in str(warning)
    run = world.database.runs.find("2026-11-27")
    assert run
    assert RunState.PAUSED is run.state


def test_database_that_is_accepted_has_its_unfinished_runs_paused(world: World) -> None:
    """Whoever has the issue since the backup would get it twice if the run just went on."""
    begun(world)
    restored(world)

    accepted = accept_restored(publication_in(world), "the disk died")

    assert ["2026-11-27"] == [run.issue for run in accepted.paused]
    with publication_in(world).acting("ada") as books:
        assert RunState.PAUSED is books.run_of("2026-11-27").state
        actions = [entry.action for entry in books.database.audit.entries()]
    imported, *since = actions
    assert AuditAction.IMPORTED is imported
    assert [AuditAction.STARTED, AuditAction.PAUSED, AuditAction.RESTORED] == since


def test_slot_that_is_past_is_not_started_after_a_database_is_accepted(world: World) -> None:
    """The whole send may be younger than the backup: the tick would send it to everybody again."""
    begun(world)
    world.write(name="2026-12-04")
    world.schedule("2026-12-04", date(2026, 12, 4))
    restored(world)
    world.now = datetime(2026, 12, 4, 7, 5, tzinfo=UTC)

    accepted = accept_restored(publication_in(world), "the disk died")

    assert ["2026-12-04"] == [slot.issue for slot in accepted.missed]
    with publication_in(world).reading() as books:
        [slot] = books.database.slots.in_states()
    assert SlotState.MISSED is slot.state
