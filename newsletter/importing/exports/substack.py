"""Substack's export: `posts.csv`, a page in `posts/` for each of its rows, `email_list.NAME.csv`.

Opens and deliveries (`posts/*.opens.csv`) are not read. The export says nothing of the publication
but its address, in the name of the list.
"""

from collections.abc import Iterator
from html import escape

from newsletter.importing.exports.container import Container, Member
from newsletter.importing.exports.export import (
    Export,
    Form,
    Left,
    PastIssue,
    PeopleFile,
    Shelf,
    System,
)
from newsletter.importing.exports.heap import Heap
from newsletter.importing.exports.tables import Row, day_of, first, names_of, rows_of

_POSTS = frozenset({"post_id", "post_date", "is_published"})
_PEOPLE = frozenset({"email", "active_subscription", "email_disabled"})
_PEOPLE_BEFORE = frozenset({"email", "email_disabled", "stripe_connected_customer_id"})
_PAYMENTS = frozenset({"stripe_connected_customer_id", "first_payment_at", "expiry"})
_PUBLIC = frozenset({"", "everyone"})


def recognises(container: Container) -> bool:
    """By the columns of its tables, whatever they are called."""
    tables = _csv(container)
    return any(_is_posts(container, each) or _is_people(container, each) for each in tables)


def read(container: Container) -> Export:
    """Raises ExportError for a table that cannot be read."""
    heap = Heap()
    people: list[PeopleFile] = []
    for member in _csv(container):
        names = names_of(container, member)
        if _is_posts(container, member):
            heap.issues += _issues(container, member, heap)
        elif _is_people(container, member):
            people.append(PeopleFile(name=member.name, without=_PAYMENTS & names))
    return Export(system=System.SUBSTACK, issues=heap.issues, people=people, left=heap.left)


def _csv(container: Container) -> list[Member]:
    return [each for each in container.all(".csv") if "/posts/" not in f"/{each.name}"]


def _is_posts(container: Container, member: Member) -> bool:
    return names_of(container, member) >= _POSTS


def _is_people(container: Container, member: Member) -> bool:
    names = names_of(container, member)
    return names >= _PEOPLE or names >= _PEOPLE_BEFORE


def _issues(container: Container, member: Member, heap: Heap) -> Iterator[PastIssue]:
    pages = {each.base: each for each in container.all(".html")}
    for row in rows_of(container, member):
        label = first(row, "title", "post_id")
        kind = row.get("type", "").lower()
        page = pages.get(f"{row['post_id']}.html")
        if kind == "page":
            heap.leave(Left.PAGES, label)
        elif kind == "thread":
            heap.leave(Left.THREADS, label)
        elif page is None:
            heap.leave(Left.MISSING, label)
        elif body := heap.text(container, page):
            yield _issue(row, page, body)
        else:
            heap.leave(Left.EMPTY, label)


def _issue(row: Row, page: Member, body: str) -> PastIssue:
    is_out = row.get("is_published", "").lower() == "true"
    is_public = row.get("audience", "").lower() in _PUBLIC
    out = Shelf.ARCHIVE if is_public else Shelf.NOT_PUBLIC
    return PastIssue(
        label=page.base,
        title=row.get("title", ""),
        preheader=row.get("subtitle", ""),
        day=day_of(first(row, "email_sent_at", "post_date")),
        slug=row["post_id"].partition(".")[2],
        body=body + _recording(row),
        form=Form.HTML,
        shelf=out if is_out else Shelf.DRAFTS,
    )


def _recording(row: Row) -> str:
    """A podcast's sound, as a link."""
    address = row.get("podcast_url", "")
    return f'<p><a href="{escape(address)}">{escape(address)}</a></p>' if address else ""
