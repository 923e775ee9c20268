"""The pages for what went wrong: what it was, that nothing has changed, and what to do next.

None repeats anything of the request, and none knows what broke: that is for the log.
"""

from dataclasses import dataclass
from datetime import datetime
from html import escape

from newsletter.render.html import Html
from newsletter.render.site.imprint import clock_time
from newsletter.render.site.page import Frame
from newsletter.render.site.published import PublishedIssue
from newsletter.render.site.told import ToldPage


@dataclass(frozen=True, kw_only=True, slots=True)
class MistakePages:
    """Each method makes the page of one status and raises RenderError for a template at fault."""

    frame: Frame

    def broken_link(self) -> str:
        """For 400: a token that is cut, doubled, or none of ours."""
        site = self.frame.site
        return self._told(
            site.words.link_title,
            site.say("link_label"),
            site.say("link_lead"),
            site.say("link_more", contact=site.contact),
        )

    def stale_form(self) -> str:
        """For 403: a form without our stamp, or with an old one."""
        site = self.frame.site
        return self._told(
            site.words.form_title,
            site.say("form_label"),
            site.say("form_lead"),
            site.say("nothing_changed"),
        )

    def missing(self, *, latest: PublishedIssue | None = None) -> str:
        """For 404."""
        site = self.frame.site
        page = ToldPage(
            site=site,
            styles_path=self.frame.styles_path,
            title=site.words.missing_title,
            label=self._numbered(404),
            heading=site.say("missing_heading"),
            paragraphs=(site.say("missing_lead"),),
            next_path=site.paths.archive,
            next_words=site.say("all_issues"),
            latest_heading=site.say("missing_latest"),
            latest=latest,
        )
        return self.frame.fill("told", page)

    def too_large(self) -> str:
        """For 413."""
        site = self.frame.site
        return self._told(
            site.words.large_title,
            self._numbered(413),
            site.say("large_lead"),
            site.say("nothing_changed"),
        )

    def too_many(self, *, until: datetime) -> str:
        """For 429; `until`, aware and in the publication's zone, is when to try again."""
        site = self.frame.site
        return self._told(
            site.words.tries_title,
            site.say("tries_label"),
            site.say("tries_lead", time=clock_time(until)),
            site.say("tries_more"),
            heading=site.say("tries_heading"),
        )

    def broken(self) -> str:
        """For 500."""
        site = self.frame.site
        return self._told(
            site.words.broken_title,
            self._numbered(500),
            site.say("broken_lead"),
            site.say("press_again"),
        )

    def away(self) -> str:
        """For 503: it asks no database, so that it can be made beforehand."""
        site = self.frame.site
        return self._told(
            site.words.away_title,
            self._numbered(503),
            site.say("away_lead"),
            site.say("press_again"),
        )

    def _numbered(self, status: int) -> Html:
        return self.frame.site.say("error_number", number=str(status))

    def _told(self, title: str, label: Html, *paragraphs: Html, heading: Html | None = None) -> str:
        page = ToldPage(
            site=self.frame.site,
            styles_path=self.frame.styles_path,
            title=title,
            label=label,
            heading=heading or Html(escape(title)),
            paragraphs=paragraphs,
        )
        return self.frame.fill("told", page)
