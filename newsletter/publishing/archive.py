"""The archive: what of an issue readers may see, from the moment its sending begins.

What is kept is what went out, so that no later change of the file, of a template or of this
program shows in it. A correction takes the place of what it corrects, and says so.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from newsletter.books import ArchivedIssue, Run, SlotState, StoredPicture
from newsletter.errors import StoreError
from newsletter.issue import Issue
from newsletter.pictures import Picture
from newsletter.publishing.dating import dated, issue_date
from newsletter.publishing.publication import Books
from newsletter.publishing.ready import Ready
from newsletter.publishing.rendering import gather_pictures, new_tag
from newsletter.render import Pictures
from newsletter.render.site import (
    Pages,
    PublishedIssue,
    Upcoming,
    from_json,
    publish_issue,
    to_json,
)
from newsletter.schedule import next_slot_date, slot_instant
from newsletter.settings import Settings


def publish_sent(ready: Ready, books: Books, corrects: Run | None = None) -> None:
    """The issue that is being sent is published; a correction, in the place of the first one.

    One that goes to a segment has its page, which its message leads to, and stands in no list.
    Raises RenderError for an issue that cannot become a page, StoreError.
    """
    name = corrects.issue if corrects else ready.name
    found = books.database.archive.find(name)
    if found is not None and found.digest == ready.digest:
        return
    first = corrects.started_at if corrects else books.now()
    pictures = gather_pictures(ready.issue, ready.settings, ready.pictures)
    published = found.published_at if found else first
    corrected = books.now() if corrects else None
    issue = _published(ready.issue, ready.settings, pictures, published, corrected)
    # What goes to a part of the list is for them, and for whoever they show it to.
    issue = replace(issue, name=name, is_listed=not (corrects or ready).segment)
    _keep(issue, ready.digest, pictures, books)


def publish_file(issue: Issue, books: Books) -> PublishedIssue:
    """Publish an issue that was sent before there was an archive, or elsewhere.

    It is published as of its slot, or of the moment at which its date's slot would have been.
    Raises RenderError, StoreError.
    """
    settings = books.settings
    day = issue_date(issue, settings, books.now())
    run = books.database.runs.find(issue.name)
    zone, at = settings.schedule.zone, settings.schedule.time
    moment = run.started_at if run else datetime.combine(day, at, zone)
    pictures = gather_pictures(issue, settings)
    published = _published(dated(issue, day), settings, pictures, min(moment, books.now()))
    _keep(published, "", pictures, books)
    return published


def _published(
    issue: Issue,
    settings: Settings,
    pictures: Pictures,
    published: datetime,
    corrected: datetime | None = None,
) -> PublishedIssue:
    """The issue by the publication's settings, its moments by its clocks."""
    return publish_issue(
        issue,
        publication=settings.publication,
        theme=settings.theme,
        published=_local(published, settings),
        corrected=_local(corrected, settings) if corrected else None,
        tag=new_tag(),
        merge_fields=settings.house.merge_fields,
        pictures=pictures,
    )


def published_issues(books: Books) -> Sequence[PublishedIssue]:
    """All of the archive, the newest first; an issue that is damaged in it is told, and left out.

    Raises StoreError.
    """
    found: list[PublishedIssue] = []
    for each in books.database.archive.all():
        try:
            found.append(from_json(each.content))
        except StoreError as error:
            step = error.next_step
            books.publication.warn(StoreError(error.what, where=each.name, next_step=step))
    return found


def upcoming(books: Books) -> Upcoming:
    """When the next issue goes out: by its slot, else by the rule."""
    settings, now = books.settings, books.now()
    slots = books.database.slots.in_states(SlotState.SCHEDULED)
    ahead = [slot_instant(slot) for slot in slots if slot_instant(slot) > now]
    if ahead:
        return Upcoming(moment=_local(min(ahead), settings))
    day = next_slot_date(settings.schedule, now)
    return Upcoming(moment=datetime.combine(day, settings.schedule.time, settings.schedule.zone))


def pages_of(settings: Settings, logo: Picture | None = None) -> Pages:
    """The pages of a publication's site, from its own templates and ours.

    `logo` is what `rendering.logo_of` has made ready.
    """
    site = settings.public_site
    if logo is not None:
        theme = replace(site.theme, logo=site.paths.absolute(site.paths.image(logo.name)))
        site = replace(site, theme=theme)
    return Pages(site, settings.template_folders)


def _keep(issue: PublishedIssue, digest: str, pictures: Pictures, books: Books) -> None:
    shown = [stored(picture) for picture in pictures.all]
    kept = ArchivedIssue(
        name=issue.name,
        local_date=issue.date,
        published_at=issue.published_at,
        corrected_at=issue.corrected_at,
        digest=digest,
        content=to_json(issue),
    )
    books.database.archive.publish(kept, shown)


def stored(picture: Picture) -> StoredPicture:
    """A picture as the archive keeps it."""
    return StoredPicture(name=picture.name, media_type=picture.media_type, octets=picture.octets)


def _local(moment: datetime, settings: Settings) -> datetime:
    return moment.astimezone(settings.schedule.zone).replace(microsecond=0)
