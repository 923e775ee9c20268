"""Buttondown's export: `emails.csv` or `emails.json` beside `emails/SLUG.md`, and subscribers.csv.

What its command line pulls has the same files with front matter, and newsletter.json with the
settings. A body says by a comment in its first line whether it is Markdown or the HTML of the
“fancy” editor. Drafts are a collection of their own.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

from newsletter.importing.exports.container import Container, Member
from newsletter.importing.exports.export import (
    Export,
    Form,
    Known,
    Left,
    PastIssue,
    PeopleFile,
    Shelf,
    System,
)
from newsletter.importing.exports.heap import Heap
from newsletter.importing.exports.said import colour, line, number
from newsletter.importing.exports.tables import Row, day_of, first, names_of, rows_of
from newsletter.issue import read_front_matter, source_from_text

_MODE = re.compile(r"\s*<!--\s*buttondown-editor-mode:\s*(\w+)\s*-->\s*")
_HTML = re.compile(
    r"\s*<(?:!doctype|html|body|p|h[1-6]|div|table|figure|ul|ol|blockquote)\b", re.IGNORECASE
)
_PEOPLE = (
    frozenset({"email", "unsubscription_date", "undeliverability_date"}),
    frozenset({"email_address", "unsubscription_date"}),
    frozenset({"email", "referrer_url", "metadata", "type"}),
)
_NOBODY_NEEDS = frozenset(
    {"id", "secondary_id", "ip_address", "stripe_customer_id", "risk_score", "transitions"}
)
_OUT = frozenset({"", "sent", "imported", "in_flight", "resending", "throttled", "paused"})
"""What readers have, or some of them. Whatever else it says, they do not."""

_UNSENT = frozenset({"drafts", "scheduled_emails"})
_NO_ISSUE = frozenset({"transactional", "deleted"})
_PUBLIC = frozenset({"", "public", "archival", "free"})
_FIELDS = ("subject", "slug", "publish_date", "description", "status", "email_type", "secondary_id")
_ABOUT = "newsletter.json"


def recognises(container: Container) -> bool:
    """By its list of e-mails, by a body of its editor, or by the columns of its subscribers."""
    if _list_of(container) is not None or any(_people_files(container)):
        return True
    return any(
        _MODE.match(_body_of(begin)) or ("email_type:" in begin or "publish_date:" in begin)
        for member in _texts(container)[:50]
        if (begin := container.begin(member))
    )


def read(container: Container) -> Export:
    """Raises ExportError for a list of e-mails that cannot be read."""
    heap = Heap()
    rows = {row["slug"]: row for row in _rows(container) if row.get("slug")}
    for member in _texts(container):
        if text := heap.text(container, member):
            told, body = _split(text, member)
            slug = told.get("slug") or PurePosixPath(member.name).stem
            heap.issues += _issue({**told, **rows.pop(slug, {})}, member.name, body, heap)
    for row in rows.values():
        heap.issues += _issue(row, row["slug"], row.get("body", ""), heap)
    return Export(
        system=System.BUTTONDOWN,
        known=_known(container),
        issues=heap.issues,
        people=list(_people_files(container)),
        left=heap.left,
    )


def _texts(container: Container) -> list[Member]:
    folders = {"emails", *_UNSENT}
    found = [
        each for each in container.all(".md") if folders & set(PurePosixPath(each.name).parts[:-1])
    ]
    return found or [each for each in container.all(".md") if each.base.lower() != "readme.md"]


def _list_of(container: Container) -> Member | None:
    member = container.find("emails.json") or container.find("emails.csv")
    if member is None or member.suffix == ".json":
        return member
    return member if names_of(container, member) >= {"subject", "slug"} else None


def _rows(container: Container) -> list[Row]:
    member = _list_of(container)
    if member is None:
        return []
    if member.suffix == ".csv":
        return rows_of(container, member)
    found = container.json(member)
    found = found.get("results", []) if isinstance(found, dict) else found
    return [_texts_of(each) for each in found if isinstance(each, dict)]


def _texts_of(record: Mapping[str, Any]) -> Row:
    kept = {name: record.get(name) for name in (*_FIELDS, "body")}
    return {name: str(value) for name, value in kept.items() if isinstance(value, str | int)}


def _split(text: str, member: Member) -> tuple[Row, str]:
    """What stands in front matter, and the body below it."""
    if not text.startswith("---"):
        return {}, text
    source = source_from_text(text, path=member.name)
    front_matter, below = read_front_matter(source)
    told = {name: entry.value for name in _FIELDS if (entry := front_matter.get(name)) is not None}
    return told, "\n".join(text.splitlines()[below - 1 :]) if told else text


def _body_of(text: str) -> str:
    """The text below what may be front matter."""
    return text.rpartition("\n---\n")[2].lstrip() if text.startswith("---") else text


def _issue(row: Row, label: str, body: str, heap: Heap) -> Iterator[PastIssue]:
    status, kind = row.get("status", "").lower(), row.get("email_type", "").lower()
    waits = status not in _OUT or bool(_UNSENT & set(PurePosixPath(label).parts[:-1]))
    if status in _NO_ISSUE:
        heap.leave(Left.MACHINE, row.get("subject") or label)
        return
    mode = _MODE.match(body)
    body = body[mode.end() :] if mode else body
    if not body.strip():
        heap.leave(Left.EMPTY, row.get("subject") or label)
        return
    is_html = mode[1].lower() == "fancy" if mode else _HTML.match(body) is not None
    out = Shelf.ARCHIVE if kind in _PUBLIC else Shelf.NOT_PUBLIC
    yield PastIssue(
        label=label,
        title=line(row.get("subject")),
        preheader=line(row.get("description")),
        day=day_of(first(row, "publish_date", "creation_date")),
        number=number(row.get("secondary_id")),
        slug=row.get("slug", ""),
        body=body,
        form=Form.HTML if is_html else Form.MARKDOWN,
        shelf=Shelf.DRAFTS if waits else out,
    )


def _people_files(container: Container) -> Iterator[PeopleFile]:
    for member in container.all(".csv"):
        names = names_of(container, member)
        if any(names >= wanted for wanted in _PEOPLE):
            yield PeopleFile(name=member.name, without=_NOBODY_NEEDS & names)


def _known(container: Container) -> Known:
    member = container.find(_ABOUT)
    about = container.json(member) if member else {}
    if not isinstance(about, dict):
        return Known()
    return Known(
        name=line(about.get("name")),
        tagline=line(about.get("description")),
        language=line(about.get("locale") or about.get("language")),
        timezone=line(about.get("timezone")),
        accent=colour(about.get("tint_color")),
        sender_name=line(about.get("from_name") or about.get("name")),
        sender_address=line(about.get("email_address")),
        reply_to=line(about.get("reply_to_address")),
    )
