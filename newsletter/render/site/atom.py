"""Atom feeds (RFC 4287): one of whole issues, and one of single stories.

An entry's id is a tag URI (RFC 4151) of the host, the issue's own day and its name: it stays the
same when a correction or a move to another path changes all else.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, cast
from urllib.parse import quote, urlsplit

from newsletter.render.site.content import issue_content, story_content
from newsletter.render.site.imprint import SiteImprint
from newsletter.render.site.published import PublishedIssue, PublishedStory

if TYPE_CHECKING:
    from lxml.etree import _Element

MOST_ISSUES = 20
"""How many of the newest issues a feed has; who reads it has the rest."""

_ATOM = "http://www.w3.org/2005/Atom"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no XML 1.0 document may hold (its production 2), escaped or not."""


def issue_feed(issues: Sequence[PublishedIssue], site: SiteImprint) -> bytes:
    """The newest issues, in full, newest first."""
    newest = newest_issues(issues)
    feed = _feed(site, site.publication.name, site.paths.feed, newest)
    for issue in newest:
        url = site.paths.absolute(site.paths.issue(issue.name))
        entry = _entry(feed, issue_id(issue, site), issue.subject, issue)
        _add(entry, "link", rel="alternate", type="text/html", href=url)
        if issue.preheader:
            _add(entry, "summary", issue.preheader)
        _add(entry, "content", issue_content(issue, site), type="html")
    return _written(feed)


def story_feed(issues: Sequence[PublishedIssue], site: SiteImprint) -> bytes:
    """The stories of the newest issues, in each issue's order; no sponsor is among them."""
    newest = newest_issues(issues)
    title = site.words.plain("story_feed", name=site.publication.name)
    feed = _feed(site, title, site.paths.story_feed, newest)
    for issue, story in _stories(newest):
        url = site.paths.absolute(site.paths.story(issue.name, story.anchor))
        entry_id = f"{issue_id(issue, site)}/{story.anchor}"
        entry = _entry(feed, entry_id, story.headline_text, issue)
        _add(entry, "link", rel="alternate", type="text/html", href=url)
        if story.link.lower().startswith("http"):
            _add(entry, "link", rel="related", href=story.link)
        _add(entry, "content", story_content(story), type="html")
    return _written(feed)


def newest_issues(issues: Sequence[PublishedIssue]) -> list[PublishedIssue]:
    ordered = sorted(issues, key=lambda issue: (issue.published_at, issue.name), reverse=True)
    return ordered[:MOST_ISSUES]


def issue_id(issue: PublishedIssue, site: SiteImprint) -> str:
    """`tag:news.example.com,2026-11-27:issues/2026-11-27`."""
    host = urlsplit(site.publication.base_url).hostname or ""
    return f"tag:{host},{issue.date.isoformat()}:issues/{quote(issue.name, safe='')}"


def _stories(
    issues: Sequence[PublishedIssue],
) -> Iterator[tuple[PublishedIssue, PublishedStory]]:
    for issue in issues:
        for story in issue.stories:
            yield issue, story


def _feed(site: SiteImprint, title: str, path: str, issues: Sequence[PublishedIssue]) -> "_Element":
    from lxml.etree import Element

    paths, url = site.paths, site.paths.absolute(path)
    feed = Element(f"{{{_ATOM}}}feed", nsmap=cast("dict[str, str]", {None: _ATOM}))
    feed.set(_LANG, site.publication.language)
    _add(feed, "id", url)
    _add(feed, "title", title)
    if site.description:
        _add(feed, "subtitle", site.description)
    _add(feed, "updated", _moment(max((one.updated_at for one in issues), default=_NEVER)))
    _add(feed, "link", rel="self", type="application/atom+xml", href=url)
    _add(feed, "link", rel="alternate", type="text/html", href=paths.absolute(paths.front))
    author = _add(feed, "author")
    _add(author, "name", site.publication.organisation)
    return feed


def _entry(feed: "_Element", entry_id: str, title: str, issue: PublishedIssue) -> "_Element":
    entry = _add(feed, "entry")
    _add(entry, "id", entry_id)
    _add(entry, "title", title or issue.subject)
    _add(entry, "published", _moment(issue.published_at))
    _add(entry, "updated", _moment(issue.updated_at))
    return entry


def _add(parent: "_Element", name: str, text: str = "", **attributes: str) -> "_Element":
    from lxml.etree import SubElement

    added = SubElement(parent, f"{{{_ATOM}}}{name}")
    for key, value in attributes.items():
        added.set(key, xml_text(value))
    if text:
        added.text = xml_text(text)
    return added


def xml_text(text: str) -> str:
    """Without what XML cannot hold."""
    return _NOT_XML.sub("", text)


def _moment(moment: datetime) -> str:
    """RFC 3339, as RFC 4287, 3.3 wants it."""
    return moment.isoformat(timespec="seconds")


def _written(feed: "_Element") -> bytes:
    from lxml.etree import tostring

    return bytes(tostring(feed, encoding="utf-8", xml_declaration=True, pretty_print=True))
