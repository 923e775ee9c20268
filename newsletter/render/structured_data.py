"""An issue as a NewsArticle (https://schema.org/NewsArticle), for machines that read pages.

Knows which facts go by which names, and how JSON stands safely inside HTML. Where in the page it
stands is left to the template.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol

from newsletter.render.html import Html
from newsletter.render.imprint import Imprint

_UNSAFE = {ord(character): f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"}


class _Link(Protocol):
    @property
    def href(self) -> str: ...


class _Story(Protocol):
    @property
    def headline_text(self) -> str: ...
    @property
    def read_more(self) -> _Link | None: ...


class Article(Protocol):
    """What is asked of an issue: a page that is being made has it, and a published one."""

    @property
    def publication(self) -> Imprint: ...
    @property
    def view_url(self) -> str: ...
    @property
    def number(self) -> int | None: ...
    @property
    def subject(self) -> str: ...
    @property
    def preheader(self) -> str: ...
    @property
    def correction(self) -> str: ...
    @property
    def stories(self) -> Sequence[_Story]: ...


def news_article(
    page: Article,
    *,
    published: datetime,
    anchors: Sequence[str],
    images: Sequence[str],
    logo: str,
    modified: datetime | None = None,
) -> dict[str, Any]:
    """The page's facts; `anchors` has a story's own for each, `logo` is "" where there is none.

    What an issue has not is left out: an empty value would be a false statement.
    """
    url, publication = page.view_url, page.publication
    publisher = {"@type": "Organization", "name": publication.organisation}
    article = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "@id": url,
        "url": url,
        "mainEntityOfPage": {"@type": "WebPage", "@id": url},
        "headline": page.subject or publication.name,
        "description": page.preheader,
        "inLanguage": publication.language,
        "datePublished": published.isoformat(timespec="seconds"),
        "dateModified": modified.isoformat(timespec="seconds") if modified else "",
        "image": list(images),
        "correction": _correction(page),
        "author": publisher | {"url": publication.base_url},
        "publisher": publisher
        | {
            "url": publication.base_url,
            "logo": {"@type": "ImageObject", "url": logo} if logo else None,
        },
        "isPartOf": _series(page),
        "hasPart": [
            _part(story, position, f"{url}#{anchor}")
            for position, (story, anchor) in enumerate(zip(page.stories, anchors, strict=True), 1)
        ],
    }
    return _filled(article)


def _correction(page: Article) -> dict[str, Any] | None:
    """https://schema.org/correction."""
    if not page.correction:
        return None
    return {"@type": "CorrectionComment", "text": page.correction}


def _series(page: Article) -> dict[str, Any]:
    name, url = page.publication.name, page.publication.base_url
    periodical = {"@type": "Periodical", "name": name, "url": url}
    if page.number is None:
        return periodical
    return {"@type": "PublicationIssue", "issueNumber": page.number, "isPartOf": periodical}


def _part(story: _Story, position: int, url: str) -> dict[str, Any]:
    part = {
        "@type": "CreativeWork",
        "@id": url,
        "url": url,
        "position": position,
        "headline": story.headline_text,
        "isBasedOn": story.read_more.href if story.read_more else "",
    }
    return _filled(part)


def _filled(record: dict[str, Any]) -> dict[str, Any]:
    """The record, and those directly in it, without what is None, "" or []."""
    return {
        key: _filled(value) if isinstance(value, dict) else value
        for key, value in record.items()
        if value is not None and value != "" and value != []
    }


def as_script(data: Any) -> Html:
    """JSON that no `</script>`, `<!--` or entity in it can end or change: `<`, `>` and `&` are
    written as escapes, which JSON reads as the same characters.
    """
    return Html(json.dumps(data, ensure_ascii=False, indent=1).translate(_UNSAFE))
