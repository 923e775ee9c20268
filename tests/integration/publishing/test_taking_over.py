"""Exports taken over: issues as files, readers in a database, nobody mailed who was not before."""

from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path

import pytest

from newsletter.errors import ExportError, OutputError
from newsletter.importing.exports import Shelf, System
from newsletter.publishing.taking_over import Asked, TakenOver, aside, bring, opening, settled
from newsletter.subscribers import SubscriberState, SuppressionKind
from tests.export_samples import SAMPLES
from tests.integration.publishing.conftest import World

CONFIRMED, GONE = SubscriberState.CONFIRMED, SubscriberState.UNSUBSCRIBED


def taken_over(system: System, world: World, place: Path) -> TakenOver:
    with opening(Asked(path=SAMPLES / system)) as opened:
        return bring(opened, place, open_books=lambda _: nullcontext(world.books()))


@pytest.mark.parametrize(
    ("system", "readers", "gone", "stopped", "unconfirmed", "bad"),
    [
        (System.SUBSTACK, ["emil", "noor"], ["gone"], {}, 0, 1),
        (System.GHOST, ["alma", "chloé"], ["boris"], {}, 0, 0),
        (System.MAILCHIMP, ["ada"], ["both", "left"], {SuppressionKind.BOUNCE: 1}, 0, 0),
        (
            System.BUTTONDOWN,
            ["ines"],
            ["jan"],
            {SuppressionKind.BOUNCE: 1, SuppressionKind.COMPLAINT: 1},
            1,
            0,
        ),
        (System.LISTMONK, ["dina"], ["egon", "hal"], {SuppressionKind.BY_HAND: 1}, 1, 0),
    ],
)
def test_readers_are_what_they_were_and_nobody_is_mailed_who_was_not(
    system: System,
    readers: list[str],
    gone: list[str],
    stopped: dict[SuppressionKind, int],
    unconfirmed: int,
    bad: int,
    world: World,
    tmp_path: Path,
) -> None:
    before = world.database.subscribers.count()
    taken = taken_over(system, world, tmp_path / "new").readers
    assert taken is not None
    keys = [f"{name}@reader.example.com" for name in (*readers, *gone)]
    found = world.database.subscribers.find(keys)

    assert [CONFIRMED] * len(readers) + [GONE] * len(gone) == [found[key].state for key in keys]
    assert len(readers) == taken.counts.states[CONFIRMED] - before[CONFIRMED]
    assert stopped == {kind: n for kind, n in taken.counts.suppressions.items() if n}
    assert (unconfirmed, bad) == (taken.unconfirmed, taken.faults)
    for name in readers:
        consent = found[f"{name}@reader.example.com"].consent
        assert consent is not None
        assert consent.at is not None


def test_consent_says_where_and_when(world: World, tmp_path: Path) -> None:
    taken_over(System.SUBSTACK, world, tmp_path / "new")
    noor = world.database.subscribers.find(["noor@reader.example.com"])["noor@reader.example.com"]

    assert noor.consent is not None
    assert "reader at Substack" == noor.consent.source
    assert datetime(2024, 1, 15, 10, tzinfo=UTC) == noor.consent.at


def test_issues_are_files_on_their_shelves_and_the_report_names_no_reader(
    world: World, tmp_path: Path
) -> None:
    place = tmp_path / "new"
    taken = taken_over(System.SUBSTACK, world, place)
    report = (place / "moved.md").read_text()

    assert {f"issues/{issue.shelf}/{issue.name}.md" for issue in taken.written} == {
        str(path.relative_to(place)) for path in place.glob("issues/*/*.md")
    }
    assert 4 == len(taken.on(Shelf.ARCHIVE))
    assert "## issues/archive/2024-03-08.md" in report
    assert "- The lost file" in report
    assert "@" not in report


def test_copies_are_for_the_owner_alone_and_gone_with_their_folder(
    world: World, tmp_path: Path
) -> None:
    with aside(tmp_path / "new") as place:
        taken_over(System.SUBSTACK, world, place)
        [copy] = place.glob("copies/*/*.csv")

        assert (0o600, 0o700) == (copy.stat().st_mode & 0o777, place.stat().st_mode & 0o777)
        assert "email_list.harbour.csv" == copy.name
    assert not (tmp_path / "new").exists()


def test_settling_moves_everything_or_nothing(world: World, tmp_path: Path) -> None:
    folder = tmp_path / "new"
    with aside(folder) as place:
        taken_over(System.LISTMONK, world, place)
        (folder / "issues/archive").mkdir(parents=True)
        (folder / "issues/archive/2024-02-09.md").write_text("mine")
        with pytest.raises(OutputError, match="already exists"), settled(place, folder):
            pass

        assert ["issues"] == [path.name for path in folder.iterdir() if path != place]
        assert 1 == len(list(folder.glob("issues/*/*.md")))
        (folder / "issues/archive/2024-02-09.md").unlink()
        with pytest.raises(OutputError, match="full"), settled(place, folder):
            raise OutputError("the disk is full")
        assert [] == [path for path in folder.iterdir() if path != place]
        with settled(place, folder):
            pass

    assert {"issues", "moved.md"} == {path.name for path in folder.iterdir()}
    assert 4 == len(list(folder.glob("issues/*/*.md")))


def test_list_is_asked_for_where_there_are_two(tmp_path: Path) -> None:
    lists = SAMPLES / "mailchimp/lists/harbour-letter"
    for end in ("0c1d2e3f4a", "99887766aa"):
        octets = (lists / "subscribed_members_export_0c1d2e3f4a.csv").read_bytes()
        (tmp_path / f"subscribed_members_export_{end}.csv").write_bytes(octets)

    with pytest.raises(ExportError, match="say which: “0c1d2e3f4a”, “99887766aa”"):
        opening(Asked(path=tmp_path)).__enter__()
    with pytest.raises(ExportError, match="no list “x” in it"):
        opening(Asked(path=tmp_path, audience="x")).__enter__()
    with opening(Asked(path=tmp_path, audience="99887766aa")) as opened:
        assert 1 == len(opened.export.people)
