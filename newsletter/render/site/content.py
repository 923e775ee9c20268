"""A whole issue as one piece of HTML, for feed readers: no class, no style, nothing to run."""

from collections.abc import Iterator
from html import escape

from newsletter.render.site.imprint import SiteImprint
from newsletter.render.site.published import (
    PublishedIssue,
    PublishedLink,
    PublishedSponsor,
    PublishedStory,
)


def issue_content(issue: PublishedIssue, site: SiteImprint) -> str:
    """Correction, intro, stories with the sponsor in its place, and what stands below them."""
    return "\n".join(_parts(issue, site))


def story_content(story: PublishedStory) -> str:
    """A story's body, and the link that ends it."""
    return "\n".join(part for part in (story.body_html, _more(story.read_more)) if part)


def _parts(issue: PublishedIssue, site: SiteImprint) -> Iterator[str]:
    if issue.correction:
        yield f"<p><strong>{escape(_over_correction(issue, site))}:</strong> "
        yield f"{escape(issue.correction)}</p>"
    yield issue.intro_html
    sponsor = issue.sponsor
    if sponsor and sponsor.after == 0:
        yield _sponsor(sponsor, site)
    for position, story in enumerate(issue.stories, 1):
        yield f"<h2>{story.number}. {story.headline_html}</h2>\n{story_content(story)}"
        if sponsor and sponsor.after == position:
            yield _sponsor(sponsor, site)
    yield issue.closing_html


def _over_correction(issue: PublishedIssue, site: SiteImprint) -> str:
    if issue.corrected_at is None:
        return site.frame.correction
    return site.words.plain("correction", date=site.day(issue.corrected_at))


def _sponsor(sponsor: PublishedSponsor, site: SiteImprint) -> str:
    heading = escape(site.frame.sponsored(sponsor.name))
    more = _more(sponsor.read_more, rel="sponsored noopener")
    return f"<aside><h2>{heading}</h2>\n{sponsor.body_html}\n{more}</aside>"


def _more(link: PublishedLink | None, *, rel: str = "noopener") -> str:
    if link is None:
        return ""
    return f'<p><a href="{escape(link.href)}" rel="{rel}">{link.html}</a></p>'
