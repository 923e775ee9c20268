"""An issue frozen for the archive: typeset, with its defaults, and nothing of one reader."""

from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from newsletter.errors import RenderError
from newsletter.issue import parse_issue, source_from_text
from newsletter.pictures import Picture
from newsletter.render import Pictures, Theme
from newsletter.render.site import PublishedIssue, PublishedPicture, publish_issue
from tests.site_specimens import LONDON, issue_of, site_imprint

DAY = date(2026, 11, 27)


def published(text: str, **options: object) -> PublishedIssue:
    return publish_issue(
        parse_issue(source_from_text(text, path="issues/2026-11-27.md")),
        publication=site_imprint().publication,
        theme=Theme(),
        published=datetime(2026, 11, 27, 7, tzinfo=LONDON),
        tag="0" * 32,
        **options,  # type: ignore[arg-type]
    )


def test_publish_says_the_default_of_every_merge_field() -> None:
    issue = published('# T\n\nHello {{ first_name | default("there") }}, "this" is it.\n')

    assert "<p>Hello there, “this” is it.</p>" == issue.intro_html
    assert "Hello there, “this” is it." == issue.intro_text.strip()


def test_publish_takes_subject_and_preheader_as_the_message_has_them() -> None:
    issue = published("---\nsubject: S\npreheader: P\nnumber: 7\n---\n# T\n\nIntro.\n")

    assert ("S", "P", "T", 7) == (issue.subject, issue.preheader, issue.title, issue.number)
    assert "T" == published("# T\n\nIntro.\n").subject
    assert "The Harbour Letter" == published("Intro.\n").subject


def test_publish_keeps_each_story_with_its_anchor_and_its_link() -> None:
    text = "# T\n\n## 1. A *b*\n\nWords.\n\n[Read](https://a.example/1)\n\n## 1. C\n\nMore.\n"
    first, second = published(text).stories

    assert ("story-1", "story-1-2") == (first.anchor, second.anchor)
    assert ("A <em>b</em>", "A b") == (first.headline_html, first.headline_text)
    assert ("<p>Words.</p>", "https://a.example/1") == (first.body_html, first.link)
    assert first.read_more
    assert ("https://a.example/1", "Read") == (first.read_more.href, first.read_more.text)
    assert (None, "") == (second.read_more, second.link)


def test_publish_keeps_a_sponsor_in_its_place_and_says_so_in_its_links() -> None:
    text = "# T\n\n## 1. A\n\nB.\n\n## Sponsored by Acme\n\n[Tills](https://acme.example) work.\n"
    sponsor = published(text).sponsor

    assert sponsor
    assert ("Acme", 1) == (sponsor.name, sponsor.after)
    assert 'rel="sponsored noopener"' in sponsor.body_html


def test_publish_takes_pictures_from_their_published_addresses() -> None:
    text = "# T\n\n## 1. A\n\n![Gulls](images/gulls.jpg)\n\n![No](images/other.jpg)\n"
    source = "images/gulls.jpg"
    gulls = Picture.of(b"gulls", "image/jpeg", (800, 400), source=source, file=b"file")
    address = f"https://harbour.example/images/{gulls.name}"
    issue = published(text, pictures=Pictures(by_source={source: gulls}, inline_at="mail.example"))

    assert (PublishedPicture(src=address, alt="Gulls"),) == issue.pictures
    assert f'<img src="{address}"' in issue.stories[0].body_html
    assert "images/other.jpg" not in issue.stories[0].body_html
    assert PublishedPicture(src=address, alt="Gulls") == issue.lead


def test_lead_is_the_first_picture_that_comes_by_https() -> None:
    text = "# T\n\n![A](http://a.example/a.png)\n\n![B](https://a.example/b.png)\n"
    lead = published(text).lead

    assert lead
    assert "https://a.example/b.png" == lead.src


def test_correction_has_the_moment_it_was_made() -> None:
    corrected = datetime(2026, 11, 30, 12, tzinfo=LONDON)
    text = "---\ncorrection: It was nine.\n---\n# T\n\nIntro.\n"
    issue = published(text, corrected=corrected)

    assert ("It was nine.", corrected) == (issue.correction, issue.corrected_at)
    assert corrected == issue.updated_at
    assert published("# T\n", corrected=corrected).corrected_at is None


def test_halves_of_characters_and_controls_do_not_reach_the_archive() -> None:
    """A file may hold them; no feed could."""
    issue = published("# T\n\n## 1. A\ud800B\n\nC\x0b\ufffeD\n")

    assert "A\ufffdB" == issue.stories[0].headline_text
    assert "<p>CD</p>" == issue.stories[0].body_html


@pytest.mark.parametrize(
    "name", ["", ".htaccess", "a/b", "a\\b", "..", "a\x00b", "x.json", "x.JSON", "é" * 101, "a\nb"]
)
def test_name_that_could_not_be_an_address_is_refused(name: str) -> None:
    issue = issue_of("# T\n", DAY, site_imprint())

    with pytest.raises(RenderError, match="cannot be the address of a page"):
        replace(issue, name=name)


def test_issue_is_dated_by_itself_and_not_by_its_sending() -> None:
    """Late is late, and the archive's order is the editors'."""
    late = datetime(2026, 11, 29, 9, tzinfo=ZoneInfo("Europe/London"))
    issue = publish_issue(
        parse_issue(source_from_text("# T\n", path="issues/2026-11-27.md")),
        publication=site_imprint().publication,
        theme=Theme(),
        published=late,
        tag="0" * 32,
    )

    assert (DAY, late) == (issue.date, issue.published_at)
