"""An issue as records: what the text says, and where it says it.

Everything is frozen. Every record that a person could be pointed to carries the span it was read
from, so that a rule never has to search for its own place. Nothing here judges: what is odd is
kept, and `newsletter.check` says what it thinks of it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from newsletter.issue.nodes import Image, Inline, Link, Node
from newsletter.issue.plain import lead_text, plain_text, shorten, walk_inlines
from newsletter.issue.source import Source, Span


@dataclass(frozen=True, kw_only=True)
class Block:  # without slots: what rules ask for again and again is worked out once
    """One run of lines that belong together, as Markdown source and as nodes.

    A block is usually one node; a pasted block may hold two (a paragraph straight above a list).
    `comment` is true for an HTML comment on lines of its own: kept in the file, shown to nobody.
    """

    markdown: str
    nodes: tuple[Node, ...]
    span: Span
    comment: bool = False

    @cached_property
    def text(self) -> str:
        """What a reader sees, without marks: spaces plain, white space at the ends gone."""
        return plain_text(self.nodes)


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A title or headline: its words (spaces plain), its inline nodes, its place."""

    text: str
    inlines: tuple[Inline, ...]
    markdown: str
    span: Span


@dataclass(frozen=True, kw_only=True)
class Story:
    """One numbered story. `number` is None where a headline carries none.

    `marker` is the number as typed with all that stands round it (`"## 2) "`), `span` the whole
    headline line; `headline.span` only its words.
    """

    number: int | None
    marker: str
    headline: Line
    body: tuple[Block, ...]
    span: Span

    @cached_property
    def paragraphs(self) -> tuple[Block, ...]:
        """The body blocks that a reader sees."""
        return tuple(block for block in self.body if not block.comment)

    @cached_property
    def text(self) -> str:
        return "\n\n".join(block.text for block in self.paragraphs)

    @cached_property
    def links(self) -> tuple[Link, ...]:
        return tuple(node for node in self.inlines() if isinstance(node, Link))

    @cached_property
    def images(self) -> tuple[Image, ...]:
        return tuple(node for node in self.inlines() if isinstance(node, Image))

    def inlines(self) -> Iterator[Inline]:
        for block in self.body:
            yield from walk_inlines(block.nodes)


@dataclass(frozen=True, kw_only=True)
class Sponsor:
    """What a sponsor says, apart from all stories; `after` is how many stories stand before it.

    `name` is empty where the heading gives none ("Advertisement").

    `label` is how the heading introduces the name, as typed ("Sponsored by"), `marker` that with
    the marks round it (`"## Sponsored by "`), `span` the whole line.
    """

    label: str
    marker: str
    name: Line
    body: tuple[Block, ...]
    after: int
    span: Span

    @cached_property
    def paragraphs(self) -> tuple[Block, ...]:
        """The body blocks that a reader sees."""
        return tuple(block for block in self.body if not block.comment)

    @property
    def lines(self) -> range:
        """The lines of the file from its heading to the end of its body."""
        return range(self.span.line, (self.body[-1] if self.body else self).span.end_line + 1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One line of front matter: key, value, and both places."""

    key: str
    value: str
    key_span: Span
    value_span: Span


Repair = tuple[Span, str]
"""What to put in the place of some characters."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """Something that could not be read, kept for the check: what, where, what to do.

    `repair` mends it where that is safe.
    """

    what: str
    hint: str
    span: Span
    repair: tuple[Repair, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class FrontMatter:
    """The header data: `entries` in file order; `faults` is what could not be read.

    `span` has the fences in it, `lines` are those between them.
    """

    entries: tuple[Entry, ...] = ()
    faults: tuple[Fault, ...] = ()
    span: Span | None = None
    lines: range = range(0)

    def get(self, key: str) -> Entry | None:
        return next((entry for entry in self.entries if entry.key == key), None)


@dataclass(frozen=True, kw_only=True, slots=True)
class Issue:
    """One edition of the newsletter, as its file has it; an issue has one sponsor at the most.

    `number` counts the editions; without one in the front matter it is None.
    """

    source: Source
    front_matter: FrontMatter
    title: Line | None
    title_count: int | None
    intro: tuple[Block, ...]
    intro_names: tuple[str, ...]
    stories: tuple[Story, ...]
    footer: Block | None
    after_footer: tuple[Block, ...]
    date: date | None
    number: int | None = None
    sponsors: tuple[Sponsor, ...] = ()

    @property
    def path(self) -> str:
        return self.source.path

    @property
    def name(self) -> str:
        """The file's name without folder and suffix: what the journal calls this issue."""
        return self.source.name

    @property
    def intro_text(self) -> str:
        return "\n\n".join(block.text for block in self.intro if not block.comment)

    @property
    def lead_text(self) -> str:
        """The intro's words without those of its pictures: the preheader unless one is set."""
        nodes = (node for block in self.intro if not block.comment for node in block.nodes)
        return lead_text(nodes)

    @property
    def subject(self) -> str:
        """From the front matter, else the title, else ""."""
        entry = self.front_matter.get("subject")
        return entry.value if entry else (self.title.text if self.title else "")

    @property
    def preheader(self) -> str:
        """From the front matter, else the intro cut at a word within 110 characters."""
        entry = self.front_matter.get("preheader")
        return entry.value if entry else shorten(self.lead_text, 110)

    @property
    def author(self) -> str:
        """Who wrote the issue, by name, or ""; readers are not told."""
        return self._entry("author")

    @property
    def correction(self) -> str:
        """What an earlier sending of this issue had wrong, a paragraph of plain text, or ""."""
        return self._entry("correction")

    @property
    def sponsor(self) -> Sponsor | None:
        """The first sponsor's block, which is the only one that is shown."""
        return self.sponsors[0] if self.sponsors else None

    @property
    def is_empty(self) -> bool:
        return not self.source.text.strip()

    def blocks(self) -> Iterator[Block]:
        """Every block in file order, headlines and title aside."""
        yield from self.intro
        yield from self._sponsored(0)
        for count, story in enumerate(self.stories, 1):
            yield from story.body
            yield from self._sponsored(count)
        if self.footer:
            yield self.footer
        yield from self.after_footer

    def _entry(self, key: str) -> str:
        entry = self.front_matter.get(key)
        return entry.value if entry else ""

    def _sponsored(self, after: int) -> Iterator[Block]:
        for sponsor in self.sponsors:
            if sponsor.after == after:
                yield from sponsor.body
