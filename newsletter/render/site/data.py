"""The archive as JSON: each issue's stories as data, and a JSON Feed of whole issues.

JSON Feed is version 1.1, https://www.jsonfeed.org/version/1.1/. The form of an issue is our own and
told in docs/site.md; keys may join it, none will go.
"""

import json
from collections.abc import Sequence
from typing import Any

from newsletter.render.site.atom import issue_id, newest_issues
from newsletter.render.site.content import issue_content
from newsletter.render.site.imprint import SiteImprint
from newsletter.render.site.published import PublishedIssue, PublishedStory


def issue_data(issue: PublishedIssue, site: SiteImprint) -> bytes:
    """One issue, with its stories; what it does not have is null or empty, never left out."""
    paths = site.paths
    lead = issue.lead
    return _written(
        {
            "name": issue.name,
            "number": issue.number,
            "date": issue.date.isoformat(),
            "language": issue.language,
            "url": paths.absolute(paths.issue(issue.name)),
            "publication": site.publication.name,
            "title": issue.title,
            "subject": issue.subject,
            "preheader": issue.preheader,
            "published_at": issue.published_at.isoformat(timespec="seconds"),
            "corrected_at": issue.corrected_at.isoformat(timespec="seconds")
            if issue.corrected_at
            else None,
            "correction": issue.correction,
            "intro_html": issue.intro_html,
            "intro_text": issue.intro_text,
            "image": {"url": lead.src, "alt": lead.alt} if lead else None,
            "stories": [_story(story, issue, site) for story in issue.stories],
        }
    )


def json_feed(issues: Sequence[PublishedIssue], site: SiteImprint) -> bytes:
    """The newest issues, in full, newest first."""
    publication, paths = site.publication, site.paths
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": publication.name,
        "home_page_url": paths.absolute(paths.front),
        "feed_url": paths.absolute(paths.json_feed),
        "description": site.description,
        "language": publication.language,
        "authors": [{"name": publication.organisation, "url": publication.base_url}],
        "items": [_item(issue, site) for issue in newest_issues(issues)],
    }
    return _written(_filled(feed))


def _item(issue: PublishedIssue, site: SiteImprint) -> dict[str, Any]:
    lead = issue.lead
    return _filled(
        {
            "id": issue_id(issue, site),
            "url": site.paths.absolute(site.paths.issue(issue.name)),
            "title": issue.subject,
            "summary": issue.preheader,
            "content_html": issue_content(issue, site),
            "image": lead.src if lead else "",
            "date_published": issue.published_at.isoformat(timespec="seconds"),
            "date_modified": issue.updated_at.isoformat(timespec="seconds"),
            "language": issue.language,
        }
    )


def _story(story: PublishedStory, issue: PublishedIssue, site: SiteImprint) -> dict[str, Any]:
    return {
        "number": story.number,
        "anchor": story.anchor,
        "url": site.paths.absolute(site.paths.story(issue.name, story.anchor)),
        "headline": story.headline_text,
        "headline_html": story.headline_html,
        "body_html": story.body_html,
        "link": story.link,
    }


def _filled(record: dict[str, Any]) -> dict[str, Any]:
    """Without what is "": in a feed a key that is there says something."""
    return {key: value for key, value in record.items() if value != ""}


def _written(record: dict[str, Any]) -> bytes:
    return json.dumps(record, ensure_ascii=False, indent=1).encode("utf-8", "replace") + b"\n"
