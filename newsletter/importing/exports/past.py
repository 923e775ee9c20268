"""An issue of an export as a text of ours: its words as they are, with subject, preheader and date
above, and a list of what could not come along.

Nothing is made to fit the house format. What was five stories is five stories; what was an essay
stays one.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urlsplit

from newsletter.errors import IssueFileError
from newsletter.importing.exports.embeds import with_links
from newsletter.importing.exports.export import Form, PastIssue, Shelf, System
from newsletter.importing.exports.markdown_page import markdown_html, text_html
from newsletter.importing.exports.merge_tags import without_tags
from newsletter.importing.exports.naming import Names, number_in
from newsletter.importing.exports.said import line
from newsletter.importing.losses import Change, Kind, told
from newsletter.importing.stories import write_as_is
from newsletter.importing.walk import Walk
from newsletter.issue import Node, lead_text, shorten

_PICTURE = re.compile(r"!\[[^\]]*\]\((https?://[^\s)]+)")
_TAGS_GONE = "merge fields of the old system, for which there is no reader here"
_FRAMES_LINKED = "videos and frames are links to them now"
_LONGEST_LEAD = 80


@dataclass(frozen=True, kw_only=True, slots=True)
class Written:
    """An issue ready to be put on its shelf. `losses` has a sentence for each kind; `lost` is how
    many of each there are, `changed` how many are written otherwise than they stood there, and
    `hosts` from where its pictures come.
    """

    shelf: Shelf
    name: str
    text: str
    label: str
    losses: Sequence[str] = ()
    lost: Counter[str] = field(default_factory=Counter)
    changed: Counter[str] = field(default_factory=Counter)
    hosts: Counter[str] = field(default_factory=Counter)


def write_all(issues: Iterable[PastIssue], system: System) -> Iterator[Written | PastIssue]:
    """Each as a text of its own name, the oldest first; one of which no word is left comes back
    as it was.
    """
    names = Names()
    for issue in sorted(issues, key=lambda each: each.day or date.max):
        yield _written(issue, system, names) or issue


def _written(issue: PastIssue, system: System, names: Names) -> Written | None:
    from newsletter.importing.html import read_html  # and lxml with it

    body, fields = without_tags(issue.body, system)
    html, frames = with_links(_html(body, issue.form))
    try:
        page = read_html(f"\ufeff{html}".encode("utf-8", "replace"), path="-")
    except IssueFileError:
        return None
    walk = Walk(page.address)
    nodes = walk.nodes(page.body)
    title = issue.title or issue.subject or page.title or _lead(nodes)
    if not nodes or not title:
        return None
    text = _front_matter(issue, title) + write_as_is(nodes, title=title)
    found = walk.losses.found
    lost = Counter(str(loss.what) for loss in found if isinstance(loss.what, Kind))
    changed = Counter(str(loss.what) for loss in found if isinstance(loss.what, Change))
    sentences = list(told(walk.losses, text))
    if frames:
        changed[_FRAMES_LINKED] = frames
        sentences.append(f"{_FRAMES_LINKED} ({frames})")
    if fields:
        lost[_TAGS_GONE] = fields
        sentences.append(f"left out: {_TAGS_GONE} ({fields})")
    if not (issue.title or issue.subject):
        sentences.append("it had no subject: its first words are the subject now")
    return Written(
        shelf=issue.shelf,
        name=names.of(issue, title),
        text=text,
        label=issue.label,
        losses=sentences,
        lost=lost,
        changed=changed,
        hosts=Counter(_hosts(text)),
    )


def _html(body: str, form: Form) -> str:
    if form is Form.HTML:
        return body
    return markdown_html(body) if form is Form.MARKDOWN else text_html(body)


def _lead(nodes: Sequence[Node]) -> str:
    """The first words, for an issue without a subject."""
    return shorten(lead_text(nodes[:1]), _LONGEST_LEAD)


def _front_matter(issue: PastIssue, title: str) -> str:
    lines = [f"subject: {_value(issue.subject or title)}"]
    if issue.preheader:
        lines.append(f"preheader: {_value(issue.preheader)}")
    if issue.day and issue.shelf is not Shelf.DRAFTS:
        lines.append(f"date: {issue.day.isoformat()}")
    if number := issue.number or number_in(f"{issue.subject} {title}"):
        lines.append(f"number: {number}")
    return "\n".join(["---", *lines, "---", ""])


def _value(text: str) -> str:
    """A value on its line; in quotation marks where what stands there would mean something."""
    text = line(text)
    if text[:1] in {'"', "'", "|", ">"} or text.endswith("\\"):
        escaped = text.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'
    return text


def _hosts(text: str) -> Iterator[str]:
    for address in _PICTURE.findall(text):
        if host := urlsplit(address).hostname:
            yield host
