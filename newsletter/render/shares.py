"""Where the bytes of an e-mail's HTML go: to each story, to the sponsor, and to the frame.

The issue is rendered a second time with a mark in each headline; what stands round one story's
marks and no other's is that story's, in whatever template. The frame is all the rest, so that the
shares add up to the whole.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from newsletter.issue import Issue, Text, untagged
from newsletter.render.environment import Templates
from newsletter.render.imprint import Imprint
from newsletter.render.page import Page, PageSponsor, PageStory, make_page
from newsletter.render.pictures import NO_PICTURES, Pictures, with_pictures
from newsletter.render.pipeline import render_html
from newsletter.render.rendered import Rendered
from newsletter.render.size import encoded_size
from newsletter.render.theme import Theme

if TYPE_CHECKING:
    from lxml.etree import _Element

_FRAME, _SPONSOR = 0, 1
"""Numbers of parts; those of the stories follow."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Shares:
    """Octets of the quoted-printable HTML part: `stories` in order, `sponsor` None for none.

    `pictures` are the octets of each file that it shows, which are no part of it.
    """

    whole: int
    stories: tuple[int, ...]
    sponsor: int | None
    pictures: tuple[int, ...] = ()

    @property
    def frame(self) -> int:
        return self.whole - sum(self.stories) - (self.sponsor or 0)


def share_out(
    rendered: Rendered,
    issue: Issue,
    *,
    publication: Imprint,
    theme: Theme,
    templates: Sequence[Path],
    issue_date: date,
    tag: str,
    pictures: Pictures = NO_PICTURES,
    merge_fields: Collection[str] = (),
) -> Shares:
    """The shares of an issue that was rendered from the same things; for `tag` see there."""
    from lxml import etree

    page = make_page(issue, publication, theme, issue_date, tag=tag, merge_fields=merge_fields)
    page = with_pictures(page, pictures)
    html = render_html(Templates(templates), _marked(page, tag))
    found: dict[int, int] = {}
    marks = re.compile(_mark("([0-9]+)", tag))
    _add_parts(etree.fromstring(html, etree.HTMLParser()), found, marks)
    return Shares(
        whole=encoded_size(rendered.html),
        stories=tuple(found.get(_part(at), 0) for at in range(len(page.stories))),
        sponsor=found.get(_SPONSOR, 0) if page.sponsor else None,
        pictures=tuple(len(each.octets) for each in rendered.pictures),
    )


def _marked(page: Page, tag: str) -> Page:
    """The frame's mark is in the one address that no template can do without, and in the title."""
    return replace(
        page,
        title=(Text(text=_mark(_FRAME, tag)), *page.title) if page.title else (),
        subject=page.subject if page.title else f"{_mark(_FRAME, tag)}{page.subject}",
        unsubscribe_url=f"{page.unsubscribe_url}{_mark(_FRAME, tag)}",
        stories=tuple(_marked_story(story, at, tag) for at, story in enumerate(page.stories)),
        sponsor=page.sponsor and _marked_sponsor(page.sponsor, tag),
    )


def _part(story: int) -> int:
    return _SPONSOR + 1 + story


def _mark(part: int | str, tag: str) -> str:
    return f"zz{tag}SHARE{part}zz"


def _marked_story(story: PageStory, at: int, tag: str) -> PageStory:
    mark = _mark(_part(at), tag)
    return replace(
        story,
        headline=(Text(text=mark), *story.headline),
        headline_text=f"{mark}{story.headline_text}",
    )


def _marked_sponsor(sponsor: PageSponsor, tag: str) -> PageSponsor:
    mark = _mark(_SPONSOR, tag)
    return replace(
        sponsor,
        name=(Text(text=mark), *sponsor.name),
        name_text=f"{mark}{sponsor.name_text}",
    )


def _add_parts(root: "_Element", found: dict[int, int], marks: re.Pattern[str]) -> None:
    """For each part the size of the largest elements that hold its marks and no other part's."""
    inside: dict[_Element, frozenset[int]] = {}
    for element in reversed(list(root.iter())):  # what is inside comes before what is round it
        own = _own_marks(element, marks)
        inside[element] = own.union(*(inside[child] for child in element.iterchildren()))
    for element, parts in inside.items():
        parent = element.getparent()
        if len(parts) == 1 and (parent is None or inside[parent] != parts):
            (part,) = parts
            found[part] = found.get(part, 0) + _size(element, marks)


def _own_marks(element: "_Element", marks: re.Pattern[str]) -> frozenset[int]:
    words = [element.text or "", *(str(value) for value in element.attrib.values())]
    words += [child.tail or "" for child in element.iterchildren()]
    return frozenset(int(at) for one in words for at in marks.findall(one))


def _size(element: "_Element", marks: re.Pattern[str]) -> int:
    """With the comments before it, which are what Outlook puts round it, without the marks."""
    from lxml.etree import _Comment, tostring

    pieces = [tostring(element, method="html", encoding="unicode")]
    before = element.getprevious()
    while isinstance(before, _Comment):
        pieces.append(f"<!--{before.text}-->")
        before = before.getprevious()
    return encoded_size(untagged(marks.sub("", "".join(reversed(pieces)))))
