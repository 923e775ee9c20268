"""listmonk's answers, as its API gives them in JSON: campaigns, subscribers, lists, settings; and
the table of subscribers that its pages export.

That table does not say who has left a list, only who is blocked. So it is taken for readers, or
for people who have gone, by its name alone, which somebody has given it.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from email.utils import parseaddr
from typing import Any

from newsletter.errors import ExportError
from newsletter.importing.exports.container import Container, Member
from newsletter.importing.exports.export import (
    Export,
    Form,
    Known,
    Left,
    PastIssue,
    PeopleFile,
    Shelf,
    Standing,
    System,
)
from newsletter.importing.exports.heap import Heap
from newsletter.importing.exports.said import line
from newsletter.importing.exports.tables import day_of, names_of

_PEOPLE = frozenset({"uuid", "email", "attributes", "status"})
_NOBODY_NEEDS = frozenset({"uuid"})
_CAMPAIGN = frozenset({"subject", "from_email"})
_SUBSCRIBER = frozenset({"email", "status", "lists"})
_SENT = frozenset({"finished", "running", "paused", "cancelled"})
_FORMS = {"markdown": Form.MARKDOWN, "plain": Form.TEXT}
_STANDINGS = (
    (re.compile(r"unsubscribed|left|gone", re.IGNORECASE), Standing.GONE),
    (re.compile(r"confirmed|readers", re.IGNORECASE), Standing.AS_TOLD),
)
_UNCONFIRMED = re.compile(r"unconfirmed", re.IGNORECASE)

Record = Mapping[str, Any]


def recognises(container: Container) -> bool:
    """By the records in its JSON, or by the columns of its table."""
    if any(names_of(container, each) >= _PEOPLE for each in container.all(".csv")):
        return True
    return any(_is_ours(record) for _, record in _records(container))


def read(container: Container) -> Export:
    """Raises ExportError for a table that does not say who has left."""
    heap = Heap()
    subscribers: list[Record] = []
    single: set[str] = set()
    for member, record in _records(container):
        if record.get("optin") == "single":
            single.add(str(record.get("id")))
        if record.keys() >= _CAMPAIGN:
            heap.issues += _issue(record, member, heap)
        elif record.keys() >= _SUBSCRIBER:
            subscribers.append(record)
    people = [*_tables(container, heap), *_answered(subscribers, single)]
    return Export(
        system=System.LISTMONK,
        known=_known(container),
        issues=heap.issues,
        people=people,
        left=heap.left,
    )


def _is_ours(record: Record) -> bool:
    keys = record.keys()
    return keys >= _CAMPAIGN or keys >= _SUBSCRIBER or "app.site_name" in keys


def _records(container: Container) -> Iterator[tuple[Member, Record]]:
    """Each record of each answer: `{"data": {"results": [...]}}`, `{"data": {...}}`, or a list."""
    for member in container.all(".json"):
        begin = container.begin(member, 200)
        if '"data"' not in begin and not begin.lstrip().startswith("["):
            continue
        found = container.json(member)
        found = found.get("data") if isinstance(found, dict) else found
        if isinstance(found, dict):
            found = found["results"] if isinstance(found.get("results"), list) else [found]
        for record in found if isinstance(found, list) else ():
            if isinstance(record, dict):
                yield member, record


def _issue(record: Record, member: Member, heap: Heap) -> Iterator[PastIssue]:
    label = line(record.get("name") or record.get("subject")) or member.base
    if record.get("type") == "optin":
        heap.leave(Left.MACHINE, label)
        return
    body = record.get("body")
    if not isinstance(body, str) or not body.strip():
        heap.leave(Left.EMPTY, label)
        return
    sent = record.get("started_at") or record.get("send_at") or record.get("created_at")
    is_out = str(record.get("status")) in _SENT and bool(record.get("started_at"))
    yield PastIssue(
        label=label,
        title=line(record.get("subject")),
        day=day_of(str(sent or "")),
        slug=line(record.get("archive_slug")),
        body=body,
        form=_FORMS.get(str(record.get("content_type")), Form.HTML),
        shelf=Shelf.ARCHIVE if is_out else Shelf.DRAFTS,
    )


def _tables(container: Container, heap: Heap) -> Iterator[PeopleFile]:
    for member in container.all(".csv"):
        names = names_of(container, member)
        if not names >= _PEOPLE:
            continue
        if _UNCONFIRMED.search(member.base):
            heap.leave(Left.NOT_SUBSCRIBED, member.name)
            continue
        standing = next((s for pattern, s in _STANDINGS if pattern.search(member.base)), None)
        if standing is None:
            raise ExportError(
                "this table does not say who has left the list",
                where=member.name,
                next_step="export the list’s subscribers by status, and call the files "
                "confirmed.csv and unsubscribed.csv",
            )
        yield PeopleFile(name=member.name, standing=standing, without=_NOBODY_NEEDS & names)


def _answered(subscribers: Sequence[Record], single: AbstractSet[str]) -> Iterator[PeopleFile]:
    """A table of our own for each list, with what its people are there; `single` are the lists
    that nobody ever confirms on, by their numbers.
    """
    rows: dict[str, list[Mapping[str, str]]] = {}
    for record in subscribers:
        for membership in record["lists"] if isinstance(record["lists"], list) else ():
            if isinstance(membership, dict):
                name = line(membership.get("name")) or str(membership.get("id"))
                rows.setdefault(name, []).append(_row(record, membership, single))
    for name, people in rows.items():
        yield PeopleFile(name="subscribers.json", audience=name, rows=people)


def _row(record: Record, membership: Record, single: AbstractSet[str]) -> Mapping[str, str]:
    attributes = record.get("attribs")
    return {
        "email": line(record.get("email")),
        "first_name": line(record.get("name"))[:200],
        "status": _status(record, membership, single),
        "attributes": json.dumps(attributes) if isinstance(attributes, dict) else "",
        "created_at": str(
            membership.get("subscription_created_at") or record.get("created_at") or ""
        ),
    }


def _status(record: Record, membership: Record, single: AbstractSet[str]) -> str:
    """Blocked everywhere, else as in this list. Where nothing tells how people opt in to it, who
    has not confirmed is not written to.
    """
    status = str(record.get("status"))
    if status != "enabled":
        return status
    here = str(membership.get("subscription_status"))
    is_single = membership.get("optin") == "single" or str(membership.get("id")) in single
    if here == "unconfirmed" and is_single:
        return "confirmed"
    return here


def _known(container: Container) -> Known:
    """By the settings, where somebody has saved their answer too; else by who sent the issues."""
    said = next((r for _, r in _records(container) if "app.site_name" in r), {})
    senders = (r.get("from_email") for _, r in _records(container) if r.keys() >= _CAMPAIGN)
    sender = line(said.get("app.from_email") or next((each for each in senders if each), ""))
    name, address = parseaddr(sender)
    return Known(
        name=line(said.get("app.site_name")),
        language=line(said.get("app.lang")),
        sender_name=line(name),
        sender_address=line(address),
    )
