"""What came back, on the studio's pages: of an issue, of a reader, all of it, one message."""

import pytest

from newsletter.publishing.bouncing import Arrival, take_in
from tests.integration.publishing.conftest import World
from tests.integration.web.studio.pages_world import Browser, words_of
from tests.returned_mail import complaint, report, sent_mails

REPORT = "/issues/2026-11-27/report"
STRANGE = (
    b"From: x@example.net\r\nTo: bounces@news.example.com\r\n"
    b"Subject: <script>alert(1)</script>\r\n\r\n"
    b'<a href="https://bad.example">\xe2\x80\xaepress</a>\r\n'
)


@pytest.fixture
def sent(ready_world: World) -> World:
    assert "finished" in ready_world.events(transport=f"maildir:{ready_world.folder}/mail")
    return ready_world


def take(world: World, *messages: bytes) -> None:
    for raw in messages:
        take_in(Arrival(raw=raw, source="a test"), world.books())


def test_nothing_has_come_back_and_it_is_said_where_it_would_be_read(
    sent: World, browser: Browser
) -> None:
    page = browser.words("/returned")

    assert "Nothing has come back. Bounces, complaints and notes of absence are read" in page
    assert "What came back" not in browser.words(REPORT)


def test_report_has_what_came_back_and_its_stamp_is_another_by_it(
    sent: World, browser: Browser
) -> None:
    found = sent_mails(sent.folder / "mail")
    before = browser.get("/api/issues/2026-11-27/report").json()["stamp"]
    take(sent, report(found["reader1@example.com"]), complaint(found["reader2@example.com"]))
    page = browser.words(REPORT)

    assert "What came back returned (25.0 % of those accepted) 1 hard: no such mailbox 1" in page
    assert "By receiver example.com 1 hard, 1 complaint" in page
    assert '<a href="/returned?issue=2026-11-27">' in browser.get(REPORT).text
    assert before != browser.get("/api/issues/2026-11-27/report").json()["stamp"]


def test_all_of_it_is_listed_and_of_one_reader_it_stands_with_them(
    sent: World, browser: Browser
) -> None:
    found = sent_mails(sent.folder / "mail")
    full = report(found["reader2@example.com"], status="4.2.2", said="452 4.2.2 mailbox full")
    take(sent, report(found["reader1@example.com"]), full, STRANGE)
    page = browser.words("/returned")
    asked = {"address": "reader1@example.com"}
    person = words_of(browser.post("/api/people/person", asked).json()["html"])
    of_issue = browser.words("/returned?issue=2026-11-27")

    assert "3 have come back. 1 suppressed somebody. 1 counted against a mailbox" in page
    assert "1 did nothing: nothing proves whose it is." in page
    assert "reader2@example.com soft counted 2026-11-27 452 4.2.2 mailbox full" in page
    assert "hard suppressed 2026-11-27 550 5.1.1 no such user" in person
    assert "reader2@example.com" not in person
    assert "2 have come back." in of_issue


def test_message_of_a_stranger_is_text_and_nothing_else(sent: World, browser: Browser) -> None:
    take(sent, STRANGE)
    page = browser.get("/returned/1").text

    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert" not in page
    assert "bad.example&#34;&gt;\N{REPLACEMENT CHARACTER}press" in page
    assert 404 == browser.get("/returned/2").status_code
    assert 404 == browser.get("/returned/99999999999999999999").status_code


def test_no_books_are_made_by_looking(world: World, browser: Browser) -> None:
    assert 200 == browser.get("/returned").status_code
    assert 404 == browser.get("/returned/1").status_code
