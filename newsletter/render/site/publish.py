"""A published issue made of an issue: typeset as its web page is, every placeholder its default."""

import re
from collections.abc import Collection
from dataclasses import fields, is_dataclass, replace
from datetime import datetime
from typing import Any

from newsletter.issue import Issue, Link, plain_inlines, plain_text
from newsletter.render.html import Html, WebWriter
from newsletter.render.imprint import Imprint
from newsletter.render.page import PageSponsor, PageStory, make_page
from newsletter.render.pictures import NO_PICTURES, Pictures, with_pictures
from newsletter.render.site.published import (
    PublishedIssue,
    PublishedLink,
    PublishedPicture,
    PublishedSponsor,
    PublishedStory,
)
from newsletter.render.theme import Theme
from newsletter.render.web_page import make_web_page, pictures_of

_SURROGATE = re.compile("[\ud800-\udfff]")


def publish_issue(
    issue: Issue,
    *,
    publication: Imprint,
    theme: Theme,
    published: datetime,
    tag: str,
    corrected: datetime | None = None,
    pictures: Pictures = NO_PICTURES,
    merge_fields: Collection[str] = (),
) -> PublishedIssue:
    """What the archive shows of it from `published` on, an aware moment in the publication's zone.

    `tag` is 32 hexadecimal digits that the issue's writer could not know. `corrected` is when the
    correction that the issue tells of went out. `pictures` are those that the issue has as files.
    Raises RenderError for an issue that cannot become a page.
    """
    day = issue.date or published.date()
    own = make_page(issue, publication, theme, day, tag=tag, merge_fields=merge_fields)
    page = _whole(make_web_page(with_pictures(own, pictures.on_the_site()), published))
    anchors = page.anchors
    return PublishedIssue(
        name=issue.name,
        number=page.number,
        date=day,
        language=publication.language,
        title=plain_inlines(page.title),
        subject=page.subject or publication.name,
        preheader=page.preheader,
        intro_html=page.write_opening.nodes(page.intro),
        intro_text=plain_text(page.intro),
        stories=tuple(
            _story(story, anchor, page.write)
            for story, anchor in zip(page.stories, anchors, strict=True)
        ),
        sponsor=_sponsor(page.sponsor, page.write_sponsor) if page.sponsor else None,
        call_html=page.write.nodes(page.call),
        closing_html=page.write.nodes(page.after_footer),
        correction=page.correction,
        corrected_at=corrected if page.correction else None,
        published_at=published,
        pictures=tuple(PublishedPicture(src=one.src, alt=one.alt) for one in pictures_of(page)),
    )


def _story(story: PageStory, anchor: str, write: WebWriter) -> PublishedStory:
    return PublishedStory(
        number=story.number,
        anchor=anchor,
        headline_html=write.inlines(story.headline),
        headline_text=story.headline_text,
        body_html=write.nodes(story.body),
        read_more=_link(story.read_more, write),
        link=story.link,
    )


def _sponsor(sponsor: PageSponsor, write: WebWriter) -> PublishedSponsor:
    return PublishedSponsor(
        name=sponsor.name_text,
        body_html=write.nodes(sponsor.body),
        read_more=_link(sponsor.read_more, write),
        after=sponsor.after,
    )


def _link(link: Link | None, write: WebWriter) -> PublishedLink | None:
    if link is None:
        return None
    text = plain_inlines(link.children)
    return PublishedLink(href=link.href, html=Html(write.plain(link.children)), text=text)


def _whole(value: Any) -> Any:
    """With no half of a surrogate pair in any text."""
    match value:
        case str():
            return _SURROGATE.sub("\ufffd", value)
        case tuple():
            return tuple(map(_whole, value))
        case Imprint() | Theme() | WebWriter():
            return value
        case _ if is_dataclass(value) and not isinstance(value, type):
            kept = {field.name: getattr(value, field.name) for field in fields(value)}
            return replace(value, **{name: _whole(one) for name, one in kept.items()})
        case _:
            return value
