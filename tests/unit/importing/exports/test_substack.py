"""Substack: a table of posts, a page each, a list of addresses."""

from newsletter.importing.exports import Left, System
from tests.export_samples import sample, written_of

EXPORT = sample(System.SUBSTACK)
ISSUES = written_of(EXPORT)


def test_posts_stand_on_the_shelf_they_belong_on() -> None:
    assert [
        "archive/2024-03-01",
        "archive/2024-03-08",
        "archive/2024-03-08-2",
        "not-public/2024-03-15",
        "archive/2024-03-22",
        "drafts/the-lighthouse",
    ] == list(ISSUES)


def test_what_is_no_issue_is_left_out_by_name() -> None:
    assert {
        Left.PAGES: ["About"],
        Left.THREADS: ["What do you read?"],
        Left.EMPTY: ["Nothing written"],
        Left.MISSING: ["The lost file"],
    } == dict(EXPORT.left)


def test_post_keeps_its_words_and_loses_its_buttons() -> None:
    ferry = ISSUES["archive/2024-03-01"]

    assert (
        "---\n"
        "subject: A ferry, at last\n"
        "preheader: The boat is blue and it runs on Sundays\n"
        "date: 2024-03-01\n"
        "---\n"
        "# A ferry, at last\n\n"
        "The **ferry** is back. It is blue, and it *runs on Sundays*, as "
        "[the port says](https://harbour.example.org/ferry?x=1&y=2).\n\n"
        "![A blue ferry at the quay](https://substackcdn.com/image/fetch/w_1456/ferry.jpeg "
        '"She is called Möwe.")\n\n'
        "She holds forty people and one horse. (The horse is a regular.)\n\n"
        "[See the timetable](https://harbour.example.org/timetable)\n"
    ) == ferry.text
    assert {"substackcdn.com": 1} == ferry.hosts
    assert any("for signing up, paying and sharing (2)" in loss for loss in ferry.losses)


def test_numbered_headings_are_stories_and_the_number_is_in_the_title() -> None:
    quay = ISSUES["archive/2024-03-08"].text

    assert "\nnumber: 12\n" in quay
    assert all(f"\n## {number}. The " in quay for number in range(1, 6))
    assert "\n### Who paid?\n" in quay
    assert "(https://www.youtube.com/watch?v=abc123)" in quay
    assert "\n- Monday · 7:00\n" in quay


def test_paid_post_is_not_for_the_archive_and_keeps_all_its_words() -> None:
    pilot = ISSUES["not-public/2024-03-15"]

    assert "only members may read this one" in pilot.text
    assert any("a paywall" in loss for loss in pilot.losses)


def test_sound_of_a_podcast_is_a_link() -> None:
    assert "(https://api.substack.example/feed/podcast/148200050/horn.mp3)" in (
        ISSUES["archive/2024-03-22"].text
    )


def test_draft_has_no_day() -> None:
    assert "date:" not in ISSUES["drafts/the-lighthouse"].text


def test_payments_are_not_read() -> None:
    [people] = EXPORT.people

    assert {"expiry", "first_payment_at"} == people.without
