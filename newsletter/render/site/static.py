"""The archive as files for any web host: the same pages, byte for byte, that the site serves.

`/issues/2026-11-27` is `issues/2026-11-27/index.html`: nginx, Caddy, GitHub Pages and object stores
with an index all find it there, unasked. What a form posts to is not among the files.
"""

from collections.abc import Iterable, Iterator, Sequence

from newsletter.render.site.archive import years_of
from newsletter.render.site.atom import issue_feed, story_feed
from newsletter.render.site.crawlers import robots, sitemap
from newsletter.render.site.data import issue_data, json_feed
from newsletter.render.site.pages import Pages
from newsletter.render.site.published import PublishedIssue, listed_among
from newsletter.render.site.reading import Upcoming, neighbours

Files = Iterator[tuple[str, bytes]]


def static_site(
    issues: Sequence[PublishedIssue],
    pages: Pages,
    *,
    stamp: str,
    upcoming: Upcoming | None = None,
    images: Iterable[tuple[str, bytes]] = (),
) -> Files:
    """Each file's path, relative and with slashes, and its bytes.

    `stamp` is that of the form for other sites, for these may be elsewhere. `images` are the
    pictures' names and bytes. Raises RenderError for a template at fault.
    """
    public = listed_among(issues)
    listed = [issue.listed for issue in public]
    reading = pages.reading
    latest = max(public, key=lambda issue: (issue.date, issue.name), default=None)
    yield (
        "index.html",
        reading.front(listed, latest=latest, upcoming=upcoming, stamp=stamp).encode(),
    )
    yield "issues/index.html", reading.archive(listed, stamp=stamp).encode()
    for year in years_of(listed):
        yield f"issues/{year:04}/index.html", reading.year(year, listed, stamp=stamp).encode()
    for issue in issues:
        yield from _issue(issue, issues, pages, upcoming, stamp)
    yield from _rest(public, pages, latest, stamp)
    for name, data in images:
        yield f"images/{name}", data


def _issue(
    issue: PublishedIssue,
    issues: Sequence[PublishedIssue],
    pages: Pages,
    upcoming: Upcoming | None,
    stamp: str,
) -> Files:
    earlier, later = neighbours(issue.name, [one.listed for one in listed_among(issues)])
    page = pages.reading.issue(
        issue,
        previous=earlier,
        next=later,
        upcoming=None if later else upcoming,
        stamp=stamp,
    )
    yield f"issues/{issue.name}/index.html", page.encode()
    yield f"issues/{issue.name}.json", issue_data(issue, pages.site)


def _rest(
    issues: Sequence[PublishedIssue], pages: Pages, latest: PublishedIssue | None, stamp: str
) -> Files:
    yield "feed.atom", issue_feed(issues, pages.site)
    yield "stories.atom", story_feed(issues, pages.site)
    yield "feed.json", json_feed(issues, pages.site)
    yield "sitemap.xml", sitemap(issues, pages.site)
    yield "robots.txt", robots(pages.site)
    yield "site.css", pages.styles.encode()
    yield "subscribe/embed/index.html", pages.signing_up.embed(stamp=stamp).encode()
    yield "404.html", pages.mistakes.missing(latest=latest).encode()
    yield "503.html", pages.mistakes.away().encode()
