"""The archive as files: complete, the same as what is served, and nowhere but in its folder."""

import re
from dataclasses import replace
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from lxml import html

from newsletter.render.site import Pages, neighbours, static_site
from tests.site_specimens import ROOT, STAMP, UPCOMING, published_issues, site_imprint

SITE = site_imprint()
ISSUES = published_issues(SITE)
PAGES = Pages(SITE, [ROOT / "templates"])
FILES = dict(
    static_site(ISSUES, PAGES, stamp=STAMP, upcoming=UPCOMING, images=[("0f3a.jpg", b"picture")])
)
POSTED = {"/subscribe"}
"""What no file can answer."""


def file_for(path: str) -> str:
    """What every web host looks for, unasked."""
    name = unquote(urlsplit(path).path).lstrip("/")
    return name if name in FILES else f"{name.rstrip('/')}/index.html".lstrip("/")


def test_files_are_the_pages_and_the_feeds() -> None:
    assert {
        "index.html",
        "404.html",
        "503.html",
        "site.css",
        "robots.txt",
        "sitemap.xml",
        "feed.atom",
        "stories.atom",
        "feed.json",
        "subscribe/embed/index.html",
        "issues/index.html",
        "issues/2026/index.html",
        "issues/2026-11-27/index.html",
        "issues/2026-11-27.json",
        "images/0f3a.jpg",
    } <= set(FILES)
    assert 2 * len(ISSUES) + 13 == len(FILES)


def test_files_are_what_the_site_serves() -> None:
    listed = [issue.listed for issue in ISSUES]
    earlier, later = neighbours(ISSUES[1].name, listed)
    page = PAGES.reading.issue(ISSUES[1], previous=earlier, next=later, stamp=STAMP)
    front = PAGES.reading.front(listed, latest=ISSUES[0], upcoming=UPCOMING, stamp=STAMP)

    assert page.encode() == FILES["issues/2026-11-20/index.html"]
    assert front.encode() == FILES["index.html"]
    assert PAGES.styles.encode() == FILES["site.css"]


def test_every_link_of_a_file_leads_to_a_file() -> None:
    missing = set()
    for name, data in FILES.items():
        if name.endswith(".html"):
            tree = html.document_fromstring(data)
            paths = [one.get("href") or one.get("action") or "" for one in tree.iter()]
            own = {one for one in paths if one.startswith("/")} - POSTED
            missing |= {path for path in own if file_for(path) not in FILES}

    assert set() == missing


def test_no_file_leaves_its_folder_nor_is_there_twice() -> None:
    issues = [replace(issue, name=f"a name {at} %2e%2e") for at, issue in enumerate(ISSUES)]
    names = [name for name, _ in static_site(issues, PAGES, stamp="")]

    assert len(set(names)) == len(names)
    for name in names:
        assert ".." not in PurePosixPath(name).parts
        assert not re.match(r"[/\\]|[a-z]:", name)


def test_archive_of_nothing_has_its_pages() -> None:
    names = {name for name, _ in static_site([], PAGES, stamp="")}

    assert {"index.html", "issues/index.html", "feed.atom", "404.html"} <= names


def test_only_the_newest_issue_says_when_the_next_one_comes() -> None:
    said = [name for name, data in FILES.items() if b"Friday 4" in data and name.endswith(".html")]

    assert ["index.html", "issues/2026-11-27/index.html"] == said
