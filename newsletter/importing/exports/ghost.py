"""Ghost's export: one JSON file of database tables (`db[0].data`), and a CSV file of members.

A body is in the column `html`, else in `lexical` or `mobiledoc`, its two editors' own forms. Links
within the site begin with a mark, `__GHOST_URL__`, for Ghost does not say where it was.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from html import escape
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
    System,
)
from newsletter.importing.exports.heap import Heap
from newsletter.importing.exports.lexical import lexical_html
from newsletter.importing.exports.mobiledoc import mobiledoc_html
from newsletter.importing.exports.said import colour, line
from newsletter.importing.exports.tables import day_of, names_of

SITE_MARK = "__GHOST_URL__"
"""What stands for the old site's address."""

_PEOPLE = frozenset({"email", "subscribed_to_emails", "complimentary_plan"})
_NOBODY_NEEDS = frozenset({"id", "stripe_customer_id", "complimentary_plan", "gift_id"})
_OUT = frozenset({"published", "sent"})

Record = Mapping[str, Any]


def recognises(container: Container) -> bool:
    """By the tables in a JSON file, or by the columns of its members."""
    return any(_sites(container)) or any(_people_files(container))


def read(container: Container, site: str = "") -> Export:
    """`site` is where the old one was, for links within it. Raises ExportError for two of them."""
    sites = list(_sites(container))
    if len(sites) > 1:
        raise ExportError(
            "there are two exports of a site in it",
            where=container.path,
            next_step=f"keep one of {sites[0][0].name} and {sites[1][0].name}",
        )
    tables: Record = sites[0][1] if sites else {}
    known = _known(tables)
    heap = Heap()
    about = {str(each.get("post_id")): each for each in _table(tables, "posts_meta")}
    for post in _table(tables, "posts"):
        heap.issues += _issue(post, about.get(str(post.get("id")), {}), known.timezone, heap)
    is_open = any(SITE_MARK in issue.body for issue in heap.issues)
    if site:
        heap.issues = [_at_site(issue, site) for issue in heap.issues]
    return Export(
        system=System.GHOST,
        known=known,
        issues=heap.issues,
        people=list(_people_files(container)),
        left=heap.left,
        leaves_links_open=is_open and not site,
        newsletters=_newsletters(tables),
    )


def _sites(container: Container) -> Iterator[tuple[Member, Record]]:
    for member in container.all(".json"):
        if '"posts"' not in container.begin(member, 200) and not _looks_like_site(
            container, member
        ):
            continue
        found = container.json(member)
        if isinstance(found, dict) and isinstance(found.get("db"), list) and found["db"]:
            found = found["db"][0]
        tables = found.get("data") if isinstance(found, dict) else None
        if isinstance(tables, dict) and isinstance(tables.get("posts"), list):
            yield member, tables


def _looks_like_site(container: Container, member: Member) -> bool:
    begin = container.begin(member, 400)
    return '"db"' in begin or '"exported_on"' in begin or '"data"' in begin


def _table(tables: Record, name: str) -> Sequence[Record]:
    rows = tables.get(name)
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else ()


def _issue(post: Record, about: Record, zone: str, heap: Heap) -> Iterator[PastIssue]:
    title = line(post.get("title"))
    title = "" if title == "(Untitled)" else title
    label = title or line(post.get("slug")) or str(post.get("id"))
    if post.get("type") == "page" or post.get("page") == 1:
        heap.leave(Left.PAGES, label)
        return
    body = _body(post)
    if not body.strip():
        heap.leave(Left.EMPTY, label)
        return
    is_public = str(post.get("visibility") or "public") == "public"
    out = Shelf.ARCHIVE if is_public else Shelf.NOT_PUBLIC
    yield PastIssue(
        label=label,
        title=title,
        subject=line(about.get("email_subject")),
        preheader=line(post.get("custom_excerpt") or post.get("meta_description")),
        day=day_of(str(post.get("published_at") or post.get("created_at") or ""), zone),
        slug=line(post.get("slug")),
        body=_feature_image(post, about) + body,
        form=Form.HTML,
        shelf=out if str(post.get("status")) in _OUT else Shelf.DRAFTS,
    )


def _body(post: Record) -> str:
    for name, reader in (("html", str), ("lexical", lexical_html), ("mobiledoc", mobiledoc_html)):
        text = post.get(name)
        if isinstance(text, str) and text.strip() and (body := reader(text)).strip():
            return body
    return ""


def _feature_image(post: Record, about: Record) -> str:
    """The picture above the text, which Ghost keeps apart."""
    address = line(post.get("feature_image") or post.get("image"))
    if not address:
        return ""
    alt = escape(line(about.get("feature_image_alt")))
    caption = str(about.get("feature_image_caption") or "")
    shown = f"<figcaption>{caption}</figcaption>" if caption else ""
    return f'<figure><img src="{escape(address)}" alt="{alt}">{shown}</figure>'


def _at_site(issue: PastIssue, site: str) -> PastIssue:
    return replace(issue, body=issue.body.replace(SITE_MARK, site.rstrip("/")))


def _people_files(container: Container) -> Iterator[PeopleFile]:
    for member in container.all(".csv"):
        names = names_of(container, member)
        if names >= _PEOPLE:
            yield PeopleFile(name=member.name, without=_NOBODY_NEEDS & names)


def _known(tables: Record) -> Known:
    said = {
        str(row.get("key")): row.get("value")
        for row in _table(tables, "settings")
        if isinstance(row.get("value"), str)
    }
    letters = [row for row in _table(tables, "newsletters") if row.get("status") != "archived"]
    letter = min(letters, key=_place, default={})
    return Known(
        name=line(said.get("title") or letter.get("name")),
        tagline=line(said.get("description") or letter.get("description")),
        language=line(said.get("locale") or said.get("lang") or said.get("default_locale")),
        timezone=line(said.get("timezone") or said.get("active_timezone")),
        accent=colour(said.get("accent_color")),
        sender_name=line(letter.get("sender_name") or letter.get("name") or said.get("title")),
        sender_address=line(letter.get("sender_email")),
        reply_to=_reply_to(letter, said),
    )


def _newsletters(tables: Record) -> Sequence[str]:
    """Those that are sent, where there are several: a member is not said to read which."""
    sent = [row for row in _table(tables, "newsletters") if row.get("status") != "archived"]
    return [line(row.get("name")) for row in sent] if len(sent) > 1 else ()


def _place(letter: Record) -> int:
    """Where Ghost shows it among its newsletters; the first one is the default."""
    place = letter.get("sort_order")
    return place if isinstance(place, int) else 0


def _reply_to(letter: Record, said: Record) -> str:
    """An address; the words `newsletter` and `support` stand for those of the site."""
    told = line(letter.get("sender_reply_to"))
    return told if "@" in told else line(said.get("members_support_address"))
