"""The door of the public site's pages: records in, text and bytes out.

It knows what each page shows and says, and where it is. Who asks for it, which forms are stamped
and what a press of a button does is left to the web front; what is published, to the acts.
"""

from typing import TYPE_CHECKING

from newsletter.doors import later

if TYPE_CHECKING:
    from newsletter.render.site.archive import years_of
    from newsletter.render.site.atom import issue_feed, story_feed
    from newsletter.render.site.crawlers import robots, sitemap
    from newsletter.render.site.data import issue_data, json_feed
    from newsletter.render.site.forms import (
        MOST_OF_ADDRESS,
        MOST_OF_NAME,
        PAUSES,
        Fault,
        Reason,
        Weeks,
        address_fault,
        masked,
    )
    from newsletter.render.site.imprint import SiteImprint, Topic
    from newsletter.render.site.kept import from_json, to_json
    from newsletter.render.site.pages import Pages
    from newsletter.render.site.paths import SitePaths
    from newsletter.render.site.publish import publish_issue
    from newsletter.render.site.published import (
        ListedIssue,
        PublishedIssue,
        PublishedPicture,
        PublishedStory,
        listed_among,
    )
    from newsletter.render.site.reading import Upcoming, neighbours
    from newsletter.render.site.static import static_site
    from newsletter.render.site.words import SiteWords, word_names

__all__ = [
    "MOST_OF_ADDRESS",
    "MOST_OF_NAME",
    "PAUSES",
    "Fault",
    "ListedIssue",
    "Pages",
    "PublishedIssue",
    "PublishedPicture",
    "PublishedStory",
    "Reason",
    "SiteImprint",
    "SitePaths",
    "SiteWords",
    "Topic",
    "Upcoming",
    "Weeks",
    "address_fault",
    "from_json",
    "issue_data",
    "issue_feed",
    "json_feed",
    "listed_among",
    "masked",
    "neighbours",
    "publish_issue",
    "robots",
    "sitemap",
    "static_site",
    "story_feed",
    "to_json",
    "word_names",
    "years_of",
]

_FORMS = (
    "MOST_OF_ADDRESS",
    "MOST_OF_NAME",
    "PAUSES",
    "Fault",
    "Reason",
    "Weeks",
    "address_fault",
    "masked",
)
_PUBLISHED = (
    "ListedIssue",
    "PublishedIssue",
    "PublishedPicture",
    "PublishedStory",
    "listed_among",
)

__getattr__ = later(
    __name__,
    dict.fromkeys(_FORMS, "forms")
    | dict.fromkeys(_PUBLISHED, "published")
    | {
        "Pages": "pages",
        "SiteImprint": "imprint",
        "SitePaths": "paths",
        "SiteWords": "words",
        "Topic": "imprint",
        "Upcoming": "reading",
        "from_json": "kept",
        "issue_data": "data",
        "issue_feed": "atom",
        "json_feed": "data",
        "neighbours": "reading",
        "publish_issue": "publish",
        "robots": "crawlers",
        "sitemap": "crawlers",
        "static_site": "static",
        "story_feed": "atom",
        "to_json": "kept",
        "word_names": "words",
        "years_of": "archive",
    },
)
