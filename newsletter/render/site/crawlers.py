"""What search engines are told: by a sitemap (https://www.sitemaps.org), and by robots.txt.

No page of a reader's own is shut away in robots.txt (RFC 9309): those pages say `noindex`, and an
engine that may not look at them would never hear it.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import cast

from newsletter.render.site.archive import years_of
from newsletter.render.site.imprint import SiteImprint
from newsletter.render.site.published import PublishedIssue

_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
_MOST_PAGES = 50_000
"""Of one file, as the protocol has it."""


def sitemap(issues: Sequence[PublishedIssue], site: SiteImprint) -> bytes:
    """Front page, archive, its years, and every issue, newest first."""
    from lxml.etree import Element, SubElement, tostring

    pages = Element(f"{{{_SITEMAP}}}urlset", nsmap=cast("dict[str, str]", {None: _SITEMAP}))
    for path, changed in list(_pages(issues, site))[:_MOST_PAGES]:
        page = SubElement(pages, f"{{{_SITEMAP}}}url")
        SubElement(page, f"{{{_SITEMAP}}}loc").text = site.paths.absolute(path)
        if changed:
            SubElement(page, f"{{{_SITEMAP}}}lastmod").text = changed.isoformat()
    return bytes(tostring(pages, encoding="utf-8", xml_declaration=True, pretty_print=True))


def robots(site: SiteImprint) -> bytes:
    """Everybody may look at everything: no link of ours changes a thing by being looked at."""
    where = site.paths.absolute(site.paths.sitemap)
    return f"User-agent: *\nDisallow:\n\nSitemap: {where}\n".encode()


def _pages(
    issues: Sequence[PublishedIssue], site: SiteImprint
) -> Iterator[tuple[str, date | None]]:
    newest = sorted(issues, key=lambda issue: (issue.date, issue.name), reverse=True)
    last = max((issue.updated_at.date() for issue in newest), default=None)
    yield site.paths.front, last
    yield site.paths.archive, last
    yield from ((site.paths.year(year), None) for year in years_of([one.listed for one in newest]))
    for issue in newest:
        yield site.paths.issue(issue.name), issue.updated_at.date()
