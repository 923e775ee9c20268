"""An issue as a template sees it: typeset, framed by its publication, with placeholders.

The issue's own nodes are as typed; here its Markdown is read again with typographic quotation
marks and with every merge field replaced by its placeholder. What it looks like is left to the
templates.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

from newsletter.errors import RenderError
from newsletter.issue import (
    EDITORS_FIELDS,
    Block,
    Image,
    Inline,
    Issue,
    Line,
    Link,
    Node,
    Paragraph,
    Placeholder,
    PlaceholderTable,
    Sponsor,
    Story,
    Text,
    lead_text,
    parse_inlines,
    parse_markdown,
    plain_inlines,
    plain_spaces,
    put_placeholders,
    shorten,
    walk_inlines,
    without,
)
from newsletter.render.html import is_mail_href
from newsletter.render.imprint import Imprint
from newsletter.render.theme import Theme
from newsletter.render.words import Words

PREHEADER_WIDTH = 110
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]")
_PASTED_SPACE = re.compile(r"(?<=[^\W\d_])[\u00a0\u2007\u202f](?=[^\W\d_])")
_MARK = re.compile(r"([!#-&(-/:-@\[-`{-~])")
"""All that may mean something to Markdown; quotation marks mean themselves."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PageStory:
    """`read_more` is the link that ends the story, taken out of `body`; None where none does."""

    number: int
    headline: tuple[Inline, ...]
    headline_text: str
    body: tuple[Node, ...]
    read_more: Link | None

    @property
    def link(self) -> str:
        """Where the headline leads: its own link, else the one that ends the story, else "".

        A headline with several links keeps them as they are.
        """
        own = list(_hrefs((Paragraph(inlines=self.headline),)))
        if own:
            return own[0] if len(own) == 1 else ""
        return self.read_more.href if self.read_more else ""


@dataclass(frozen=True, kw_only=True, slots=True)
class PageSponsor:
    """What a sponsor paid for: it stands after the story at `after`, 0 being before the first.

    `name` may be empty; `name_text` is the same without marks.
    """

    name: tuple[Inline, ...]
    name_text: str
    body: tuple[Node, ...]
    read_more: Link | None
    after: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """All that a template may ask for. `date` is in words, `number` the issue's; `call` is the
    footer's text and `call_url` where its button goes. `correction` is plain words, or "".
    `logo_height` is in pixels, None where nobody knows how high the logo's file is.
    """

    publication: Imprint
    theme: Theme
    words: Words
    date: str
    number: int | None
    subject: str
    preheader: str
    correction: str
    title: tuple[Inline, ...]
    intro: tuple[Node, ...]
    stories: tuple[PageStory, ...]
    sponsor: PageSponsor | None
    call: tuple[Node, ...]
    call_url: str
    after_footer: tuple[Node, ...]
    view_url: str
    unsubscribe_url: str
    preferences_url: str
    placeholders: tuple[Placeholder, ...]
    logo_height: int | None = None

    @property
    def start(self) -> str:
        """The side on which a line of the publication's language begins: `left` or `right`."""
        return "left" if self.publication.direction == "ltr" else "right"

    @property
    def anchors(self) -> tuple[str, ...]:
        """`story-3` for each; a number that comes again is told from the first by its place."""
        anchors: list[str] = []
        for position, story in enumerate(self.stories, 1):
            anchor = f"story-{story.number}"
            anchors.append(anchor if anchor not in anchors else f"{anchor}-{position}")
        return tuple(anchors)

    @property
    def end(self) -> str:
        return "right" if self.publication.direction == "ltr" else "left"


def make_page(
    issue: Issue,
    publication: Imprint,
    theme: Theme,
    issue_date: date,
    *,
    tag: str,
    merge_fields: Collection[str] = (),
) -> Page:
    """Raises RenderError for a merge field that is none, or that stands where none may.

    `tag` tells this page's placeholders from all that is written; see `PlaceholderTable`.
    `merge_fields` are those that the publication adds to everybody's.
    """
    table = PlaceholderTable(tag=tag, known=(*EDITORS_FIELDS, *merge_fields))
    setter = _Typesetter(issue, table, publication.language)
    title = setter.line(issue.title)
    intro = setter.blocks(issue.intro)
    stories = tuple(setter.story(story, at) for at, story in enumerate(issue.stories, 1))
    sponsor = setter.sponsor(issue.sponsor) if issue.sponsor else None
    call = setter.blocks([issue.footer] if issue.footer else [])
    after_footer = setter.blocks(issue.after_footer)
    own = {entry.key for entry in issue.front_matter.entries}
    lead = shorten(_without_placeholders(lead_text(intro), table), PREHEADER_WIDTH)
    base_url = publication.base_url
    return Page(
        publication=publication,
        theme=theme,
        words=publication.words,
        date=publication.words.dated(issue_date),
        number=issue.number,
        subject=_one_line(
            issue.subject
            if "subject" in own
            else _without_placeholders(plain_inlines(title), table)
        ),
        preheader=_one_line(issue.preheader if "preheader" in own else lead),
        correction=_curled(_one_line(issue.correction), publication.language),
        title=title,
        intro=intro,
        stories=stories,
        sponsor=sponsor,
        call=call,
        call_url=_first_href(call) or publication.signup_url,
        after_footer=after_footer,
        view_url=f"{base_url}/issues/{quote(issue.name, safe='')}",
        unsubscribe_url=f"{base_url}/unsubscribe/{table.mark('unsubscribe_token', None)}",
        preferences_url=f"{base_url}/preferences/{table.mark('preferences_token', None)}",
        placeholders=table.placeholders,
    )


def strip_controls(text: str) -> str:
    """Without C0 and C1 controls, which no part of a mail may hold; tab and line feed stay."""
    return _CONTROL.sub("", text)


def _one_line(text: str) -> str:
    return " ".join(strip_controls(plain_spaces(text)).split())


def _curled(text: str, language: str) -> str:
    """With typographic quotation marks, as the text below it has; no other mark means a thing."""
    return plain_inlines(parse_inlines(_MARK.sub(r"\\\1", text), typeset=language))


def _without_placeholders(text: str, table: PlaceholderTable) -> str:
    """With each field's default said aloud, for what is the same to every reader."""
    for placeholder in table.placeholders:
        said = (placeholder.default or "").strip()
        text = text.replace(placeholder.mark, said) if said else without(placeholder.mark, text)
    return text


@dataclass(frozen=True, slots=True)
class _Typesetter:
    """Reads the issue's Markdown again, for its readers: in the marks of a `language`, a BCP 47
    tag, and with a placeholder of `table` for each merge field.
    """

    issue: Issue
    table: PlaceholderTable
    language: str

    def line(self, line: Line | None) -> tuple[Inline, ...]:
        if line is None:
            return ()
        markdown = self._filled(line.markdown, line.span.line)
        inlines = parse_inlines(markdown, typeset=self.language)
        self._refuse_placeholders_in_addresses((Paragraph(inlines=inlines),), line.span.line)
        return inlines

    def blocks(self, blocks: Iterable[Block]) -> tuple[Node, ...]:
        """The nodes of all blocks that a reader sees."""
        nodes: list[Node] = []
        for block in blocks:
            if not block.comment:
                markdown = self._filled(block.markdown, block.span.line)
                found = parse_markdown(markdown, typeset=self.language)
                self._refuse_placeholders_in_addresses(found, block.span.line)
                nodes.extend(found)
        return tuple(nodes)

    def story(self, story: Story, position: int) -> PageStory:
        headline, body = self.line(story.headline), self.blocks(story.body)
        read_more = _read_more(body)
        return PageStory(
            number=position if story.number is None else story.number,
            headline=headline,
            headline_text=plain_inlines(headline),
            body=body[:-1] if read_more else body,
            read_more=read_more,
        )

    def sponsor(self, sponsor: Sponsor) -> PageSponsor:
        name, body = self.line(sponsor.name), self.blocks(sponsor.body)
        read_more = _read_more(body)
        return PageSponsor(
            name=name,
            name_text=plain_inlines(name),
            body=body[:-1] if read_more else body,
            read_more=read_more,
            after=min(sponsor.after, len(self.issue.stories)),
        )

    def _filled(self, markdown: str, line: int) -> str:
        """Placeholders for merge fields; a bad one is told with the line its block begins on."""
        try:
            return put_placeholders(_loosened(markdown), self.table)
        except RenderError as error:
            raise RenderError(
                error.what,
                where=error.where or f"{self.issue.path}:{line}",
                next_step=error.next_step,
            ) from error

    def _refuse_placeholders_in_addresses(self, nodes: Iterable[Node], line: int) -> None:
        """A reader's name has no business in a URL: it would break it, and tell it to strangers."""
        for inline in walk_inlines(nodes):
            match inline:
                case Link(href=address) | Image(src=address) if self.table.tag in address:
                    raise RenderError(
                        "there is a merge field in an address",
                        where=f"{self.issue.path}:{line}",
                        next_step="take it out of the link",
                    )


def _loosened(markdown: str) -> str:
    """Without the non-breaking spaces that pasting leaves between two words.

    Beside a figure or before punctuation they are typography, and stay.
    """
    return _PASTED_SPACE.sub(" ", markdown)


def _read_more(body: tuple[Node, ...]) -> Link | None:
    """The link of a last paragraph that holds one link of words and nothing else."""
    match body:
        case (*_, Paragraph(inlines=inlines)):
            match [one for one in inlines if not (isinstance(one, Text) and one.text.isspace())]:
                case [Link(href=href, children=children) as link] if (
                    is_mail_href(href)
                    and plain_inlines(children)
                    and not any(isinstance(child, Image) for child in children)
                ):
                    return link
    return None


def _first_href(nodes: Iterable[Node]) -> str:
    """The first address there that a mail may link to, or ""."""
    return next(_hrefs(nodes), "")


def _hrefs(nodes: Iterable[Node]) -> Iterator[str]:
    """The addresses there that a mail may link to."""
    for inline in walk_inlines(nodes):
        if isinstance(inline, Link) and is_mail_href(inline.href):
            yield inline.href
