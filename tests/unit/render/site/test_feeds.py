"""The archive for machines: Atom (RFC 4287), JSON Feed 1.1, issues as JSON, sitemap, robots.txt."""

import json
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from lxml import etree, html

from newsletter.render.html import Html
from newsletter.render.site import (
    PublishedIssue,
    SiteImprint,
    issue_data,
    issue_feed,
    json_feed,
    robots,
    sitemap,
    story_feed,
)
from tests.site_specimens import LONDON, issue_of, published_issues, site_imprint

SITE = site_imprint()
ISSUES = published_issues(SITE)
ATOM = {"a": "http://www.w3.org/2005/Atom"}


def read(feed: bytes) -> Any:
    return etree.fromstring(feed, etree.XMLParser(resolve_entities=False))


def texts(tree: Any, path: str) -> list[str]:
    return [str(one.text) for one in tree.xpath(path, namespaces=ATOM)]


def attributes(tree: Any, path: str) -> list[str]:
    return [str(one) for one in tree.xpath(path, namespaces=ATOM)]


@pytest.mark.parametrize("make", [issue_feed, story_feed])
def test_feed_has_what_the_standard_asks_of_it_and_of_each_entry(make: Any) -> None:
    """RFC 4287, 4.1.1 and 4.1.2: id, title, updated; an author; a content or an alternate."""
    feed = read(make(ISSUES, SITE))
    entries = feed.xpath("a:entry", namespaces=ATOM)
    ids = texts(feed, "a:entry/a:id")

    for path in ("a:id", "a:title", "a:updated", "a:author/a:name", "a:link[@rel='self']"):
        assert 1 == len(feed.xpath(path, namespaces=ATOM)), path
    for path in ("a:id", "a:title", "a:updated", "a:link[@rel='alternate']", "a:content"):
        assert all(1 == len(one.xpath(path, namespaces=ATOM)) for one in entries), path
    assert len(set(ids)) == len(ids) == len(entries)
    moments = [*texts(feed, "//a:updated"), *texts(feed, "//a:published")]
    assert all(datetime.fromisoformat(one).tzinfo for one in moments)


def test_feed_of_issues_has_each_in_full_with_the_newest_first() -> None:
    feed = read(issue_feed(ISSUES, SITE))
    content = html.fragment_fromstring(texts(feed, "//a:content")[0], create_parent="div")

    assert [issue.subject for issue in ISSUES] == texts(feed, "a:entry/a:title")
    assert 6 == len(content.xpath(".//h2"))
    assert ["Sponsored by Ropewalk & Sons"] == content.xpath(".//aside/h2/text()")
    assert "https://pictures.example/gulls.jpg" in content.xpath(".//img/@src")
    assert "https://harbour.example/issues/2026-11-27" in attributes(feed, "//a:entry/a:link/@href")


def test_correction_makes_an_entry_new_and_keeps_its_name() -> None:
    before = replace(ISSUES[1], correction="", corrected_at=None)
    fresh, corrected = (
        read(issue_feed([issue], SITE)).xpath("a:entry", namespaces=ATOM)[0]
        for issue in (before, ISSUES[1])
    )

    assert texts(fresh, "a:id") == texts(corrected, "a:id")
    assert ["2026-11-20T07:00:00+00:00"] == texts(fresh, "a:updated")
    assert ["2026-11-23T12:00:00+00:00"] == texts(corrected, "a:updated")
    assert "Correction, 23" in texts(corrected, "a:content")[0]


def test_name_of_an_entry_is_of_the_issue_and_not_of_where_it_is() -> None:
    moved = replace(
        SITE, publication=replace(SITE.publication, base_url="https://harbour.example/moved")
    )

    assert texts(read(issue_feed(ISSUES, SITE)), "//a:entry/a:id") == texts(
        read(issue_feed(ISSUES, moved)), "//a:entry/a:id"
    )
    assert (
        "tag:harbour.example,2026-11-27:issues/2026-11-27"
        == texts(read(issue_feed(ISSUES, SITE)), "//a:entry/a:id")[0]
    )


def test_feed_of_stories_leads_to_each_and_to_what_it_is_about() -> None:
    feed = read(story_feed(ISSUES[:1], SITE))

    assert "The Harbour Letter: stories" == texts(feed, "a:title")[0]
    assert 5 == len(texts(feed, "a:entry/a:title"))
    assert (
        "https://harbour.example/issues/2026-11-27#story-1"
        == attributes(feed, "a:entry[1]/a:link[@rel='alternate']/@href")[0]
    )
    assert ["https://harbour.example/ferry"] == attributes(
        feed, "a:entry[1]/a:link[@rel='related']/@href"
    )
    assert "Ropes" not in str(story_feed(ISSUES, SITE))


@pytest.mark.parametrize(
    "hostile",
    ["]]><script>alert(1)</script>", "<![CDATA[", "&lol;", '" href="x', "<?xml?>", "<!DOCTYPE a>"],
)
def test_nothing_in_an_issue_breaks_a_feed(hostile: str) -> None:
    text = f"# {hostile}\n\n{hostile}\n\n## 1. {hostile}\n\n{hostile}\n\n> {hostile}\n"
    issue = issue_of(text, date(2026, 11, 27), SITE)
    site = replace(SITE, publication=replace(SITE.publication, name=hostile, organisation=hostile))
    shown = html.fragment_fromstring(
        texts(read(issue_feed([issue], site)), "//a:content")[0], create_parent="div"
    )

    assert [hostile] == texts(read(issue_feed([issue], site)), "a:title")
    assert [] == shown.xpath(".//script | .//*[@href='x']")
    assert hostile == json.loads(json_feed([issue], site))["title"]


def test_characters_that_no_xml_can_hold_are_left_out() -> None:
    issue = replace(ISSUES[0], subject="a\x00\x0b\ufffe\ud800b", intro_html=Html("c\x1bd"))

    assert ["ab"] == texts(read(issue_feed([issue], SITE)), "a:entry/a:title")
    assert "cd" in texts(read(issue_feed([issue], SITE)), "//a:content")[0]


def test_feeds_have_the_newest_twenty_in_whatever_order_they_came() -> None:
    many = [
        replace(
            ISSUES[2],
            name=f"n{day:02}",
            published_at=datetime(2026, 1, 1, 7, tzinfo=LONDON) + timedelta(days=day),
        )
        for day in range(30)
    ]

    for order in (many, many[::-1]):
        assert 20 == len(json.loads(json_feed(order, SITE))["items"])
        assert "n29" in texts(read(issue_feed(order, SITE)), "//a:entry/a:id")[0]


@pytest.mark.parametrize("make", [issue_feed, story_feed])
def test_feed_of_nothing_is_a_feed(make: Any) -> None:
    assert ["1970-01-01T00:00:00+00:00"] == texts(read(make([], SITE)), "a:updated")


def test_json_feed_has_what_its_version_asks() -> None:
    feed = json.loads(json_feed(ISSUES, SITE))

    assert "https://jsonfeed.org/version/1.1" == feed["version"]
    assert {"title", "home_page_url", "feed_url", "items", "authors", "language"} <= set(feed)
    assert "https://pictures.example/gulls.jpg" == feed["items"][0]["image"]
    assert "image" not in feed["items"][1]
    for item in feed["items"]:
        assert {"id", "url", "title", "content_html", "date_published"} <= set(item)


def test_issue_as_data_has_its_stories() -> None:
    data = json.loads(issue_data(ISSUES[0], SITE))

    assert ("2026-11-27", 119, None) == (data["name"], data["number"], data["corrected_at"])
    assert [1, 2, 3, 4, 5] == [story["number"] for story in data["stories"]]
    assert {
        "number": 4,
        "anchor": "story-4",
        "url": "https://harbour.example/issues/2026-11-27#story-4",
        "headline": "Ice costs more than fish",
        "headline_html": "Ice costs more than fish",
        "body_html": "<p>For the first time a crate of ice is dearer than what lies on it.</p>",
        "link": "https://harbour.example/ice",
    } == data["stories"][3]


def locations(issues: list[PublishedIssue], site: SiteImprint) -> list[str]:
    return [str(one) for one in read(sitemap(issues, site)).xpath("//*[local-name()='loc']/text()")]


def test_sitemap_has_every_page_that_is_read() -> None:
    found = locations(ISSUES, SITE)

    assert [
        "https://harbour.example/",
        "https://harbour.example/issues/",
        "https://harbour.example/issues/2026",
        "https://harbour.example/issues/2026-11-27",
    ] == found[:4]
    assert 3 + len(ISSUES) == len(found)


def test_sitemap_says_when_a_page_changed() -> None:
    tree = read(sitemap(ISSUES, SITE))
    changed = tree.xpath("//*[local-name()='lastmod']/text()")

    assert ["2026-11-27", "2026-11-27", "2026-11-27", "2026-11-23"] == changed[:4]


def test_issue_that_is_named_like_a_year_has_that_address_for_itself() -> None:
    issue = replace(ISSUES[0], name="2026")

    assert 1 == locations([issue, *ISSUES[1:]], SITE).count("https://harbour.example/issues/2026")


def test_robots_may_look_at_everything() -> None:
    """A page of a reader's own says `noindex`, and only who looks can hear it."""
    lines = robots(SITE).decode().splitlines()

    assert ["User-agent: *", "Disallow:"] == lines[:2]
    assert "Sitemap: https://harbour.example/sitemap.xml" == lines[-1]
