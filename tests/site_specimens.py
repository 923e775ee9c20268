"""Every page of the public site of a publication that is none: for tests, and to be looked at."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from newsletter.issue import parse_issue, source_from_text
from newsletter.render import Imprint, Theme
from newsletter.render.site import (
    Fault,
    Pages,
    PublishedIssue,
    SiteImprint,
    Topic,
    Upcoming,
    neighbours,
    publish_issue,
)
from newsletter.settings.spoken import site_words_in, words_in

ROOT = Path(__file__).parents[1]
LONDON = ZoneInfo("Europe/London")
UPCOMING = Upcoming(moment=datetime(2026, 12, 4, 7, tzinfo=LONDON), number=120)
STAMP = "1764313500.c3RhbXA"
READER = "rosalind@reader.example"
TOKEN = "n7Qw2_e-token"

_NEWEST = """---
number: 119
subject: A ferry that waits, gulls on the payroll, and a lock without a keeper
preheader: The harbour learns patience, and three other things
---
# The five stories of the week from the water

Hello {{ first_name | default("there") }}, the tide was late on Friday and nobody minded. Here are
the week’s five, from the patience of ferries to the price of ice.

## 1. The ferry to Low Island waits for whoever is late

The crossing at ten past seven now leaves when its last commuter is aboard. The *Margaret* has a
list of 41 names, and her mate calls out the missing ones.

> Two minutes and ten seconds: how long the ferry has waited on average since September.

[Read the full story](https://harbour.example/ferry)

## 2. Gulls are counted among the staff

The fish market of Upper Quay pays for eleven gulls: they eat what falls from the crates, and the
market saves a sweeper.

![Gulls on a crate of ice](https://pictures.example/gulls.jpg "The night shift, seen by day")

[Read the full story](https://harbour.example/gulls)

## 3. A lock that opens by itself

Since Monday the lock at Nether Weir has no keeper. It listens for a horn, three times, and
answers once.

- It hears 200 metres upstream.
- It does not hear kayaks.

[Read the full story](https://harbour.example/lock)

## 4. Ice costs more than fish

For the first time a crate of ice is dearer than what lies on it.

[Read the full story](https://harbour.example/ice)

## 5. A lighthouse for sale, lamp included

The lamp has to stay lit. The buyer gets the electricity bill, and the view.

[Read the full story](https://harbour.example/lighthouse)

## Sponsored by Ropewalk & Sons

Ropes for people who mean it.

[See the ropes](https://ropewalk.example/)

---
Sign up for our free harbour letter [here](https://harbour.example/subscribe).
"""
_OLDER = """---
number: {number}
subject: {subject}
---
# The three stories of the week from the water

A short letter this week.

## 1. {first}

Words about it, and a [link](https://harbour.example/{number}).

## 2. A bell is cast again for the church on the pier

It rings a little flat.

## 3. The dredger comes back in spring

It is called *Patience*.
"""
_SUBJECTS = (
    ("A bell, a bridge and a boat that nobody claims", "The boat at berth nine has no owner"),
    ("Fog for a week", "Foghorns are tuned to the same note"),
    ("Who feeds the harbour cat?", "Five people say that they do"),
    ("A bridge that is closed to nobody", "The bridge master retires"),
    ("Nets, and what else they catch", "A bicycle is landed at Upper Quay"),
    ("The long way round the island", "Rowers find a shorter one"),
    ("Salt on everything", "The museum dries its letters"),
    ("A quiet regatta", "Both boats wait for each other"),
)


def site_imprint(language: str = "en-GB") -> SiteImprint:
    publication = Imprint(
        name="The Harbour Letter",
        tagline="Boats and tides, weekly",
        language=language,
        base_url="https://harbour.example",
        signup_url="https://harbour.example/subscribe",
        why="You get this because you signed up at harbour.example.",
        organisation="Harbour Press",
        postal_address="1 Quay Street, Whitby YO21 1DH, United Kingdom",
        words=words_in(language),
    )
    return SiteImprint(
        publication=publication,
        theme=Theme(),
        mailbox="letter@harbour.example",
        promise="The week on the water: five stories, told in four minutes, every Friday at seven.",
        privacy_url="https://harbour.example/privacy",
        contact_url="mailto:editors@harbour.example",
        topics=(
            Topic(tag="letter", name="The Harbour Letter", sentence="Every Friday at 07:00"),
            Topic(tag="tides", name="Tide tables", sentence="On the last day of the month"),
            Topic(tag="long", name="Long reads"),
        ),
        words=site_words_in(language),
    )


def issue_of(
    text: str, day: date, site: SiteImprint, *, corrected: datetime | None = None
) -> PublishedIssue:
    return publish_issue(
        parse_issue(source_from_text(text, path=f"issues/{day}.md")),
        publication=site.publication,
        theme=site.theme,
        published=datetime(day.year, day.month, day.day, 7, tzinfo=LONDON),
        tag="0" * 32,
        corrected=corrected,
    )


def published_issues(site: SiteImprint) -> list[PublishedIssue]:
    """Nine weeks of them, newest first; the second has been corrected."""
    day = date(2026, 11, 27)
    found = [issue_of(_NEWEST, day, site)]
    for week, (subject, first) in enumerate(_SUBJECTS, 1):
        text = _OLDER.format(number=119 - week, subject=subject, first=first)
        corrected = None
        if week == 1:
            corrected = datetime(2026, 11, 23, 12, tzinfo=LONDON)
            words = "The boat lies at berth nine, and not at berth six, as we wrote."
            text = text.replace("---\n#", f"correction: {words}\n---\n#")
        found.append(issue_of(text, day - timedelta(weeks=week), site, corrected=corrected))
    return found


def every_page(pages: Pages, issues: list[PublishedIssue]) -> Iterator[tuple[str, str]]:
    """Each page's name and text."""
    yield from _read(pages, issues)
    yield from _signing_up(pages, issues)
    yield from _own(pages)
    yield from _mistakes(pages, issues)


def _read(pages: Pages, issues: list[PublishedIssue]) -> Iterator[tuple[str, str]]:
    listed = [issue.listed for issue in issues]
    reading = pages.reading
    yield "front", reading.front(listed, latest=issues[0], upcoming=UPCOMING)
    yield "front-empty", reading.front([], latest=None)
    yield "archive", reading.archive(listed)
    yield "year", reading.year(2026, listed)
    for name, issue in (("issue", issues[0]), ("issue-corrected", issues[1])):
        earlier, later = neighbours(issue.name, listed)
        upcoming = None if later else UPCOMING
        yield name, reading.issue(issue, previous=earlier, next=later, upcoming=upcoming)


def _signing_up(pages: Pages, issues: list[PublishedIssue]) -> Iterator[tuple[str, str]]:
    signing_up, action = pages.signing_up, pages.site.paths.subscribe
    yield "subscribe", signing_up.subscribe(action=action, stamp=STAMP, latest=issues[0])
    yield (
        "subscribe-fault",
        signing_up.subscribe(action=action, stamp=STAMP, email="rosalind@", fault=Fault.NO_HOST),
    )
    yield (
        "subscribe-name-fault",
        signing_up.subscribe(
            action=action, stamp=STAMP, email=READER, first_name="R" * 90, fault=Fault.NAME
        ),
    )
    subject = "Please confirm: The Harbour Letter"
    yield "sent", signing_up.sent(address=READER, subject=subject, upcoming=UPCOMING)
    yield "sent-embedded", signing_up.sent(address=READER, subject=subject, is_embedded=True)
    confirm = pages.site.paths.confirm(TOKEN)
    yield (
        "confirm",
        signing_up.confirm(address=READER, action=confirm, stamp=STAMP, upcoming=UPCOMING),
    )
    yield (
        "confirmed",
        signing_up.confirmed(
            address=READER,
            preferences_path=pages.site.paths.preferences(TOKEN),
            upcoming=UPCOMING,
            latest=issues[0],
        ),
    )
    yield "expired", signing_up.expired(action=action, stamp=STAMP)
    yield "embed", signing_up.embed(stamp=STAMP)


def _own(pages: Pages) -> Iterator[tuple[str, str]]:
    reader, paths = pages.reader, pages.site.paths
    own, leave = paths.preferences(TOKEN), paths.unsubscribe(TOKEN)
    yield (
        "unsubscribe",
        reader.unsubscribe(address=READER, action=leave, stamp=STAMP, pause_path=f"{own}#pause"),
    )
    for name, is_thanked in (("unsubscribed", False), ("unsubscribed-thanked", True)):
        yield (
            name,
            reader.unsubscribed(
                address=READER,
                undo_action=own,
                reason_action=leave,
                stamp=STAMP,
                is_thanked=is_thanked,
            ),
        )
    yield "back", reader.back(address=READER)
    for name, is_saved in (("preferences", False), ("preferences-saved", True)):
        yield (
            name,
            reader.preferences(
                address=READER,
                action=own,
                stamp=STAMP,
                leave_path=leave,
                data_path=paths.data(TOKEN),
                erase_path=paths.erase(TOKEN),
                first_name="Rosalind",
                chosen=("letter", "tides"),
                pause=4 if is_saved else 0,
                ends={2: date(2026, 12, 18), 4: date(2027, 1, 1), 8: date(2027, 1, 29)},
                is_saved=is_saved,
            ),
        )
    yield (
        "erase",
        reader.erase(address=READER, action=paths.erase(TOKEN), stamp=STAMP, back_path=own),
    )
    yield "erased", reader.erased()


def _mistakes(pages: Pages, issues: list[PublishedIssue]) -> Iterator[tuple[str, str]]:
    mistakes = pages.mistakes
    yield "error-link", mistakes.broken_link()
    yield "error-form", mistakes.stale_form()
    yield "error-404", mistakes.missing(latest=issues[0])
    yield "error-413", mistakes.too_large()
    yield "error-tries", mistakes.too_many(until=datetime(2026, 11, 27, 14, 20, tzinfo=LONDON))
    yield "error-500", mistakes.broken()
    yield "error-503", mistakes.away()


def all_pages(language: str = "en-GB") -> dict[str, str]:
    """Every page of the specimen, by name, from our own templates."""
    site = site_imprint(language)
    pages = Pages(site, [ROOT / "templates"])
    return dict(every_page(pages, published_issues(site)))
