"""Two folders, two publications, one database, with the installed command."""

import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from pathlib import Path

import pytest

from newsletter.books import PublicationKey, key_of
from newsletter.store import open_database
from tests.acceptance.publication import Publication
from tests.acceptance.schedule_world import Desk, needs_faketime
from tests.people import bring

pytestmark = pytest.mark.slow

NAME = "2021-11-26"
ISSUE = f"issues/{NAME}.md"
PEOPLE = 6
BOB = "reader1@example.com"


@dataclass(frozen=True)
class Two:
    """Two publications of one database; the second has even the first one's secret."""

    one: Publication
    other: Publication


def lay_out(publication: Publication, laid_out: Path, key: str, name: str = "") -> Publication:
    """The example with a key of its own, or with a name of its own and no key, and people."""
    shutil.copytree(laid_out, publication.folder, dirs_exist_ok=True)
    settings = publication.folder / "newsletter.toml"
    lines = settings.read_text().splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith('key = "')]
    text = "".join(kept).replace('"The Friday Five"', f'"{name or "The Friday Five"}"', 1)
    given = f'[publication]\nkey = "{key}"\n' if key else "[publication]\n"
    settings.write_text(text.replace("[publication]\n", given, 1))
    known = PublicationKey(
        key=key or key_of(name), name=name or "The Friday Five", is_given=bool(key)
    )
    with open_database(publication.environment["NEWSLETTER_DATABASE"], known) as database:
        people = publication.people(PEOPLE).read_text()
        bring(database, people, datetime(2021, 11, 1, tzinfo=UTC))
    return publication


def folders(empty: Publication, base: Path) -> Two:
    environment = {**empty.environment, "NEWSLETTER_DATABASE": f"sqlite:///{base}/shared.db"}
    for name in ("one", "other"):
        (base / name).mkdir()
    return Two(Publication(base / "one", environment), Publication(base / "other", environment))


@pytest.fixture
def two(empty: Publication, laid_out: Path, tmp_path: Path) -> Two:
    found = folders(empty, tmp_path)
    lay_out(found.one, laid_out, "one")
    lay_out(found.other, laid_out, "other")
    return found


def mails(publication: Publication) -> dict[str, tuple[str, str]]:
    """Who was sent to from this folder: the Message-ID and the List-Unsubscribe of each."""
    found = {}
    for path in sorted(publication.folder.glob("sent/*.eml")):
        message = message_from_bytes(path.read_bytes())
        to = message["To"].split("<")[-1].strip(">")
        assert to not in found, f"{to} was sent to twice"
        found[to] = message["Message-ID"], message["List-Unsubscribe"]
    return found


def test_each_has_its_own_list_run_and_links(two: Two) -> None:
    assert 0 == two.one.run("subscribers", "suppress", BOB, "--yes").status

    sent = [each.run("send", ISSUE, "--yes") for each in (two.one, two.other)]
    ours, theirs = mails(two.one), mails(two.other)

    assert [0, 0] == [each.status for each in sent], sent[0].err + sent[1].err
    everybody = {f"reader{number}@example.com" for number in range(PEOPLE)}
    assert (everybody - {BOB}, everybody) == (set(ours), set(theirs))
    for address in ours:
        assert ours[address][0] != theirs[address][0], "one Message-ID for two mails"
        assert ours[address][1] != theirs[address][1], "one token for two lists"
    status = [each.run("status", NAME).out for each in (two.one, two.other)]
    assert ["suppressed" in text for text in status] == [True, False]
    doctor = two.other.run("doctor").out
    assert "also that of “The Friday Five”" in doctor


@needs_faketime
def test_one_moment_is_a_slot_of_each_and_due_starts_only_its_own(two: Two) -> None:
    desks = [Desk(publication) for publication in (two.one, two.other)]
    for desk in desks:
        desk.settings("house", "memory = 0")
        desk.approved()

    first = desks[0].run("due", moment="2026-11-27 07:00:00")
    between = [len(desk.readers()) for desk in desks]
    second = desks[1].run("due", moment="2026-11-27 07:01:00")

    assert [0, 0] == [first.status, second.status], first.err + second.err
    assert [PEOPLE, 0] == between
    assert [PEOPLE, PEOPLE] == [len(desk.readers()) for desk in desks]


def test_renamed_publication_is_told_which_line_helps(
    empty: Publication, laid_out: Path, tmp_path: Path
) -> None:
    one = lay_out(folders(empty, tmp_path).one, laid_out, "", "The Friday Six")
    settings = one.folder / "newsletter.toml"
    settings.write_text(settings.read_text().replace("The Friday Six", "Six on Friday"))

    refused = [
        one.run("send", ISSUE, "--yes"),
        one.run("subscribers", "import", one.people(PEOPLE), "--yes"),
        one.run("due"),
    ]
    doctor = one.run("doctor")

    assert [2, 2, 2] == [done.status for done in refused], refused
    for done in (*refused, doctor):
        said = done.err + done.out
        assert "is that of “The Friday Six”, and newsletter.toml says “Six on Friday”" in said
        assert 'key = "the-friday-six"' in said
    settings.write_text(
        settings.read_text().replace("[publication]\n", '[publication]\nkey = "the-friday-six"\n')
    )
    done = one.run("send", ISSUE, "--yes")
    assert (0, PEOPLE) == (done.status, len(mails(one))), done.err


def test_changed_key_is_told_where_the_books_are(two: Two) -> None:
    """The list would seem empty; whoever imported it again would send to everybody again."""
    assert 0 == two.one.run("send", ISSUE, "--yes").status
    settings = two.one.folder / "newsletter.toml"
    before = settings.read_text()
    settings.write_text(before.replace('key = "one"', 'key = "friday"'))

    refused = two.one.run("subscribers", "import", two.one.people(PEOPLE), "--yes")
    accepted = two.one.run("due", "--accept-restored", "--reason", "sure")
    settings.write_text(before)
    mended = two.one.run("send", ISSUE, "--yes")

    assert 2 == refused.status
    assert 'write key = "one" under [publication]' in refused.err
    assert 0 != accepted.status
    assert 0 == mended.status
    assert PEOPLE == len(mails(two.one))


def test_copied_folder_is_the_same_publication(two: Two, tmp_path: Path) -> None:
    """As on a second machine: nobody is sent to twice, and neither witness complains."""
    copy = Publication(tmp_path / "copy", two.one.environment)
    assert 0 == two.one.run("send", ISSUE, "--yes").status
    shutil.copytree(two.one.folder, copy.folder)
    shutil.rmtree(copy.folder / "sent")

    done = copy.run("send", ISSUE, "--yes")
    suppressed = copy.run("subscribers", "suppress", BOB, "--yes")
    here = two.one.run("subscribers", "suppress", "reader2@example.com", "--yes")

    assert [0, 0, 0] == [done.status, suppressed.status, here.status], done.err
    assert {} == mails(copy)


def test_backup_has_one_and_restore_takes_nothing_from_the_other(two: Two, tmp_path: Path) -> None:
    assert 0 == two.one.run("send", ISSUE, "--yes").status
    made = two.one.run("backup", tmp_path / "one.tar")
    assert 0 == two.other.run("send", ISSUE, "--yes").status

    refused = two.one.run("restore", tmp_path / "one.tar", "--yes")
    apart = {"NEWSLETTER_DATABASE": f"sqlite:///{tmp_path}/apart.db"}
    restored = two.one.run("restore", tmp_path / "one.tar", "--yes", env=apart)
    sent_again = two.one.run("send", ISSUE, "--yes", env=apart)
    others = two.other.run("send", ISSUE, "--yes")
    foreign = two.other.run(
        "restore",
        tmp_path / "one.tar",
        "--yes",
        env={"NEWSLETTER_DATABASE": f"sqlite:///{tmp_path}/third.db"},
    )

    assert "The database is also that of “The Friday Five”" in made.out
    assert 2 == refused.status
    assert "whose books a restore would take away" in refused.err
    assert restored.status in (0, 1), restored.err
    assert PEOPLE == len(mails(two.one)), sent_again.err
    assert (0, PEOPLE) == (others.status, len(mails(two.other)))
    assert 2 == foreign.status
    assert "the backup is that of" in foreign.err
