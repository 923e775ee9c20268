"""What every export is made of, whichever system it comes from: settings, issues, files of people.

Records only. What a system's files mean is said by its own module; what becomes of a body is for
`past`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum


class System(StrEnum):
    """The newsletter systems whose exports we know; the values are what people type."""

    BUTTONDOWN = "buttondown"
    SUBSTACK = "substack"
    GHOST = "ghost"
    MAILCHIMP = "mailchimp"
    LISTMONK = "listmonk"

    @property
    def called(self) -> str:
        """As it writes its own name."""
        return "listmonk" if self is System.LISTMONK else self.value.capitalize()


class Form(StrEnum):
    """What a body is written in."""

    HTML = "HTML"
    MARKDOWN = "Markdown"
    TEXT = "text"


class Shelf(StrEnum):
    """Where an issue belongs; the values are folders below issues/.

    The archive is for everybody to read. What only some could read there is not put into it.
    """

    ARCHIVE = "archive"
    NOT_PUBLIC = "not-public"
    DRAFTS = "drafts"


class Left(StrEnum):
    """What of an export is no issue of ours, in words that follow “left out: ”."""

    PAGES = "pages of the site"
    THREADS = "discussions"
    EMPTY = "issues without a text"
    MISSING = "issues whose text is not in the export"
    MACHINE = "messages sent by a rule, such as a welcome"
    UNREADABLE = "files that cannot be read"
    NOT_SUBSCRIBED = "files of people who never subscribed"
    LINKS = "links and names that lead out of the export"


@dataclass(frozen=True, kw_only=True, slots=True)
class PastIssue:
    """An issue as the export has it. `label` is how a person finds it there: a file, a title.

    `body` is untrusted, in the `form` it was written in. Paragraphs that a system keeps apart from
    the body, such as a picture above it, are in the body already.
    """

    label: str
    body: str
    form: Form
    shelf: Shelf
    title: str = ""
    subject: str = ""
    preheader: str = ""
    day: date | None = None
    number: int | None = None
    slug: str = ""


class Standing(StrEnum):
    """Who the people of a file are, where the file itself does not say it of each."""

    AS_TOLD = "as the file says"
    GONE = "unsubscribed"
    BOUNCED = "bounced"
    COMPLAINED = "complained"


@dataclass(frozen=True, kw_only=True, slots=True)
class PeopleFile:
    """A file of people in the export, by name; or rows of our own making, where it is no table.

    `without` names columns that nobody needs here. `audience` is which of several lists they are.
    """

    name: str
    standing: Standing = Standing.AS_TOLD
    without: frozenset[str] = frozenset()
    audience: str = ""
    rows: Sequence[Mapping[str, str]] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """What the export knows of the publication itself; "" is what it does not know."""

    name: str = ""
    tagline: str = ""
    language: str = ""
    timezone: str = ""
    accent: str = ""
    sender_name: str = ""
    sender_address: str = ""
    reply_to: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Export:
    """All of an export. `left` counts by kind, with the labels, what stays behind."""

    system: System
    known: Known = Known()
    issues: Sequence[PastIssue] = ()
    people: Sequence[PeopleFile] = ()
    left: Mapping[Left, Sequence[str]] = field(default_factory=dict)
    leaves_links_open: bool = False
    """Whether links lead to the old site by a mark, for the export does not say where it was."""

    newsletters: Sequence[str] = ()
    """Several, whose readers the export does not tell apart."""

    @property
    def audiences(self) -> Sequence[str]:
        """The lists that it has, in order; one of them is taken over."""
        return sorted({file.audience for file in self.people if file.audience})

    def of(self, audience: str) -> "Export":
        """The same with the people of one list alone."""
        return replace(self, people=[f for f in self.people if f.audience == audience])
