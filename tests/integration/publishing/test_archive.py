"""What readers may see: from the moment of sending, as it was sent, with its correction."""

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from newsletter.books import ArchivedIssue
from newsletter.publishing.archive import (
    pages_of,
    publish_file,
    publish_sent,
    published_issues,
    upcoming,
)
from newsletter.publishing.correcting import make_correction
from newsletter.publishing.issues import read_issue
from newsletter.publishing.publication import Books
from newsletter.publishing.ready import Ready
from newsletter.publishing.sending import open_run
from newsletter.publishing.static_site import write_static_site
from newsletter.render.site import static_site
from tests.integration.publishing.conftest import FRIDAY, SLOT, World, publication_of
from tests.pictures import photo, saved

if TYPE_CHECKING:
    from newsletter.errors import NewsletterError


def test_open_run_publishes_what_it_sends_and_no_draft(ready_world: World) -> None:
    world = ready_world
    world.write("Sent.")
    world.write("A draft.", name="2026-12-04")
    ready = world.ready(world.path, FRIDAY)
    assert [] == list(published_issues(world.books()))

    open_run(ready, world.books())
    world.write("Changed since.")
    open_run(ready, world.books())

    (issue,) = published_issues(world.books())
    assert ("2026-11-27", FRIDAY) == (issue.name, issue.date)
    assert "Sent." in issue.stories[0].body_html
    assert world.now == issue.published_at


def test_a_correction_takes_the_place_of_the_first_one_and_says_so(ready_world: World) -> None:
    world = ready_world
    books = world.books()
    run = open_run(world.ready(world.path, FRIDAY), books)
    world.database.runs.cancel(run.issue, "ada", world.now)
    first = world.now
    text = world.path.read_text(encoding="utf-8")
    world.path.write_text(f"---\ncorrection: It was not so.\n---\n{text}", encoding="utf-8")
    world.now += timedelta(hours=2)

    ready, corrects = make_correction(read_issue(world.path, world.settings.house), books)
    assert isinstance(ready, Ready)
    publish_sent(ready, books, corrects)

    (issue,) = published_issues(books)
    assert ("2026-11-27", "It was not so.", first, world.now) == (
        issue.name,
        issue.correction,
        issue.published_at,
        issue.corrected_at,
    )


def test_publish_file_is_as_of_its_slot_and_never_of_the_future(ready_world: World) -> None:
    books = ready_world.books()
    issue = read_issue(ready_world.path, ready_world.settings.house)

    before = publish_file(issue, books)
    ready_world.now = SLOT + timedelta(days=9)
    after = publish_file(issue, ready_world.books())

    assert (ready_world.now - timedelta(days=11), SLOT) == (
        before.published_at,
        after.published_at,
    )


def test_upcoming_is_the_slots_else_the_rules(ready_world: World) -> None:
    books = ready_world.books()
    ready_world.schedule("2026-12-04", FRIDAY + timedelta(days=7))

    assert SLOT == upcoming(books).moment
    ready_world.database.slots.unschedule("2026-11-27", "ada", ready_world.now)
    assert SLOT + timedelta(days=7) == upcoming(books).moment
    ready_world.database.slots.unschedule("2026-12-04", "ada", ready_world.now)
    assert SLOT == upcoming(books).moment


def test_static_site_has_every_page_and_nothing_outside_its_folder(ready_world: World) -> None:
    books = ready_world.books()
    publish_file(read_issue(ready_world.path, ready_world.settings.house), books)
    folder = ready_world.folder / "www"

    written = {path.relative_to(folder).as_posix() for path in write_static_site(books, folder)}

    assert {
        "index.html",
        "issues/index.html",
        "issues/2026-11-27/index.html",
        "issues/2026-11-27.json",
        "feed.atom",
        "site.css",
        "404.html",
    } <= written
    page = (folder / "issues/2026-11-27/index.html").read_text(encoding="utf-8")
    assert "Walmart opens a shop on Twitter" in page
    assert "<script>" not in page


def test_pictures_of_an_issue_and_the_logo_are_in_the_archive_with_it(ready_world: World) -> None:
    world = ready_world
    folder = world.folder / "images"
    folder.mkdir()
    (folder / "tram.jpg").write_bytes(saved(photo(640, 320), "JPEG"))
    (folder / "logo.png").write_bytes(saved(photo(320, 80), "PNG"))
    world.settings = replace(
        world.settings, theme=replace(world.settings.theme, logo="images/logo.png")
    )
    world.write("\n\n![A tram in the rain](images/tram.jpg)")

    open_run(world.ready(world.path, FRIDAY), world.books())

    (issue,) = published_issues(world.books())
    (shown,) = issue.pictures
    names = world.database.archive.picture_names()
    assert f"https://news.example.com/images/{shown.src.rpartition('/')[2]}" == shown.src
    assert "A tram in the rain" == shown.alt
    assert 2 == len(names)
    assert shown.src.rpartition("/")[2] in names
    written = {path.name for path in write_static_site(world.books(), world.folder / "www")}
    assert set(names) <= written


def test_an_issue_for_a_segment_has_its_page_and_stands_in_no_list(ready_world: World) -> None:
    ready = replace(ready_world.ready(ready_world.path, FRIDAY), segment="tag:press")

    publish_sent(ready, ready_world.books())

    (issue,) = published_issues(ready_world.books())
    assert not issue.is_listed
    pages = dict(static_site([issue], pages_of(ready_world.settings), stamp="stamp"))
    page = pages.pop("issues/2026-11-27/index.html")
    assert b"noindex" in page
    pages.pop("issues/2026-11-27.json")
    assert [] == [name for name, content in pages.items() if b"Walmart" in content]


def test_a_damaged_issue_is_told_and_takes_no_other_with_it(ready_world: World) -> None:
    warned: list[NewsletterError] = []
    books = Books(
        publication=publication_of(ready_world.settings, lambda: SLOT, warned=warned),
        database=ready_world.database,
        by="ada",
    )
    publish_file(read_issue(ready_world.path, ready_world.settings.house), books)
    damaged = ArchivedIssue(
        name="2026-11-20", local_date=FRIDAY, published_at=SLOT, digest="", content='{"version":1}'
    )
    ready_world.database.archive.publish(damaged)

    assert ["2026-11-27"] == [issue.name for issue in published_issues(books)]
    assert ["2026-11-20"] == [error.where for error in warned]
