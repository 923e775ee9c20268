"""Mailchimp's export: of an account, with `lists/`, `campaigns.csv` and `campaigns_content/`; or of
an audience, with a table each for those who read, who left, and whose mailbox is gone.

Those tables are told apart by their names and their columns. Contacts who never subscribed have a
table as well, and nobody may write to them.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from newsletter.errors import ExportError
from newsletter.importing.exports.container import Container, Member
from newsletter.importing.exports.export import (
    Export,
    Form,
    Left,
    PastIssue,
    PeopleFile,
    Shelf,
    Standing,
    System,
)
from newsletter.importing.exports.heap import Heap
from newsletter.importing.exports.said import line
from newsletter.importing.exports.tables import Row, day_of, first, names_of, rows_of
from newsletter.subscribers import has_address

_PEOPLE = frozenset({"member_rating", "optin_time", "confirm_time"})
_CAMPAIGNS = (
    frozenset({"title", "subject", "send date"}),
    frozenset({"title", "subject", "send_date"}),
)
_NAMED = re.compile(
    r"(?<![^\W_])(?P<kind>un|non)?subscribed(?![^\W_])|"
    r"(?<![^\W_])(?P<cleaned>cleaned)(?![^\W_])|(?P<other>transactional)",
    re.IGNORECASE,
)
_HEX = re.compile(
    r"^(?:(?:un|non)?subscribed|cleaned)_"
    r"(?:(?:members|contacts|segment|email_audience|audience)_?)?(?:export_?)?"
)
_NOBODY_NEEDS = frozenset(
    {"leid", "euid", "latitude", "longitude", "gmtoff", "dstoff", "optin_ip", "confirm_ip"}
    | {"last_changed", "unsub_campaign_title", "unsub_campaign_id", "unsub_reason"}
    | {"unsub_reason_other", "clean_campaign_title", "clean_campaign_id"}
)
_CONTENT = "campaigns_content"
_NOT_SENT = frozenset({"save", "draft", "paused", "schedule", "scheduled"})
_BY_RULE = frozenset({"automation", "automation-email", "rss-email", "welcome"})
_UNNAMED = re.compile(r"\A(?P<id>[0-9a-f]+)[_ -]+(?P<rest>.+)\Z", re.IGNORECASE)
_WORDS = re.compile(r"[^\W_]+")


def recognises(container: Container) -> bool:
    """By the columns of its tables, or by the folder of its campaigns."""
    if any(_CONTENT in PurePosixPath(each.name).parts for each in container.all(".html", ".htm")):
        return True
    return any(names_of(container, each) >= _PEOPLE for each in container.all(".csv"))


def read(container: Container) -> Export:
    """Raises ExportError for a table that cannot be read."""
    heap = Heap()
    people = list(_people(container, heap))
    heap.issues += _issues(container, heap)
    return Export(system=System.MAILCHIMP, issues=heap.issues, people=people, left=heap.left)


def _people(container: Container, heap: Heap) -> Iterator[PeopleFile]:
    for member in container.all(".csv"):
        names = names_of(container, member)
        named = _NAMED.search(member.base)
        if not has_address(names) or not (names >= _PEOPLE or named):
            continue
        if named and (named["other"] or (named["kind"] or "").lower() == "non"):
            heap.leave(Left.NOT_SUBSCRIBED, member.name)
            continue
        yield PeopleFile(
            name=member.name,
            standing=_standing(named, names, member),
            without=_NOBODY_NEEDS & names,
            audience=_audience(member),
        )


def _standing(named: re.Match[str] | None, names: frozenset[str], member: Member) -> Standing:
    """By the columns where they tell it of each, else by the name of the file.

    Raises ExportError for a table of which nothing says that its people ever subscribed.
    """
    if "unsub_time" in names or "clean_time" in names:
        return Standing.AS_TOLD
    if named is None:
        raise ExportError(
            "nothing says whether the people in this table have subscribed",
            where=member.name,
            next_step="call it subscribed.csv, unsubscribed.csv, cleaned.csv or nonsubscribed.csv,"
            " as Mailchimp did",
        )
    if named["cleaned"]:
        return Standing.BOUNCED
    return Standing.GONE if named["kind"] else Standing.AS_TOLD


def _audience(member: Member) -> str:
    """The three tables of an audience have a folder, or the end of their names, in common."""
    stem = PurePosixPath(member.base).stem.lower()
    rest = _HEX.sub("", stem)
    if rest and rest != stem:
        return rest
    parent = PurePosixPath(member.name).parent.name
    return parent if parent not in {"", "lists", "audiences"} else ""


def _issues(container: Container, heap: Heap) -> Iterator[PastIssue]:
    told = list(_told(container))
    for member in _pages(container):
        row = _row_of(member, told)
        label = line(first(row, "title", "subject")) or member.base
        status, kind = first(row, "status").lower(), first(row, "type").lower()
        if kind in _BY_RULE:
            heap.leave(Left.MACHINE, label)
        elif body := heap.text(container, member):
            yield _issue(row, member, body, waits=status in _NOT_SENT)
        else:
            heap.leave(Left.EMPTY, label)


def _pages(container: Container) -> list[Member]:
    pages = container.all(".html", ".htm")
    inside = [each for each in pages if _CONTENT in PurePosixPath(each.name).parts]
    if inside:
        return inside
    others = {"templates", "reports", "files"}
    return [each for each in pages if not others & set(PurePosixPath(each.name).parts[:-1])]


def _told(container: Container) -> Iterator[Row]:
    for member in container.all(".csv"):
        names = names_of(container, member)
        if any(names >= wanted for wanted in _CAMPAIGNS):
            yield from rows_of(container, member)


def _row_of(member: Member, told: list[Row]) -> Row:
    """The campaign whose page this is, by its identifier or by the words of its title."""
    stem = PurePosixPath(member.base).stem
    named = _UNNAMED.match(stem)
    words = _WORDS.findall((named["rest"] if named else stem).lower())
    for row in told:
        known = {first(row, "id").lower(), first(row, "unique id", "unique_id").lower()} - {""}
        if named and named["id"].lower() in known:
            return row
        titles = (_WORDS.findall(row.get(name, "").lower()) for name in ("title", "subject"))
        if words and words in titles:
            return row
    return {}


def _issue(row: Mapping[str, str], member: Member, body: str, *, waits: bool) -> PastIssue:
    sent = first(row, "send date", "send_date", "send time", "send_time")
    day = day_of(sent) or day_of(first(row, "create date", "create_time", "date created"))
    unsent = bool(row) and not sent
    return PastIssue(
        label=member.base,
        title=line(first(row, "subject", "subject line", "title")),
        preheader=line(first(row, "preview text", "preview_text")),
        day=day,
        body=body,
        form=Form.HTML,
        shelf=Shelf.DRAFTS if waits or unsent else Shelf.ARCHIVE,
    )
