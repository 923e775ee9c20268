"""The error family: everything this program says went wrong, and nothing else.

    NewsletterError
    ├── AddressError            a mailbox or addr-spec that no server would take
    ├── IssueFileError          an issue file that cannot be read as text
    │   └── ChangedElsewhereError   it is another by now than somebody has before them
    ├── SettingsError           faults in newsletter.toml or the environment, all at once
    ├── CheckError              a check that could not run (an unknown rule, a broken plug-in)
    ├── RenderError             a template or an issue that cannot become an e-mail
    │   └── TooMuchError        a template that asks for more than it may take
    ├── MessageError            a message that the scanner refuses to let out
    ├── ExportError             an export of another system that cannot be taken over
    ├── SubscriberFileError     a subscriber file that cannot be read at all
    │   ├── OtherEncoding       its octets are no text in the encoding that it is read in
    │   └── Unfit               a record of one that is no row; its reader makes a value of it
    ├── SegmentError            a condition on subscribers that cannot be understood
    ├── PersonError             what is said of a person cannot be taken, or does not suit them
    ├── MailboxError            the mailbox of what comes back cannot be read
    ├── StoreError              the database cannot be opened, read or written
    │   └── RunConflictError    another content or another process holds this run
    │       ├── RunBusyError    another process is sending it at this moment
    │       └── NotApprovedError    an approval that it rests on was withdrawn in the meantime
    ├── TransportError          a message could not be handed over, for a reason of ours
    │   ├── TransportURLError   a transport URL that cannot be understood
    │   ├── RelayFault          the relay refuses us as such: unreachable, TLS, AUTH, MAIL
    │   └── SessionLost         a connection ended before the final dot; nobody is in doubt
    ├── Withdrawn               the recipient has left since the message was claimed
    ├── OutputError             a file or folder that cannot be written
    └── MissingExtraError       an optional feature whose extra is not installed

Each carries its facts: what happened, where, what to do next in plain words, and, where an act of
this program mends it, which one. The text is made from them late, on one line, by whoever shows it;
a front puts its own words for the remedy (a command, a button) in place of the next step. No other
module defines an exception, and no error here knows of the command line. A fault of a single
recipient is a value (a reply), not an exception.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class Act(StrEnum):
    """What a person can do about an error, whichever front they do it in."""

    ACCEPT_RESTORED = "accept restored"
    ADD_EXTRA = "add extra"
    ADD_SUBSCRIBER = "add subscriber"
    APPROVE = "approve"
    BACK_UP = "back up"
    CANCEL = "cancel"
    CHECK = "check"
    COMPARE_TEMPLATES = "compare templates"
    CORRECT = "correct"
    FIND_SUBSCRIBERS = "find subscribers"
    FORGET_SUBSCRIBER = "forget subscriber"
    IMPORT_SUBSCRIBERS = "import subscribers"
    KEEP_SCHEDULE = "keep schedule"
    LAY_OUT = "lay out"
    LIST_RULES = "list rules"
    LIST_TEMPLATES = "list templates"
    MAKE_DKIM_KEY = "make dkim key"
    NAME_MOMENT = "name moment"
    NEW_ISSUE = "new issue"
    PAUSE = "pause"
    PROVE_BY_LOG = "prove by log"
    READ_REPORT = "read report"
    RESTORE = "restore"
    RESUBSCRIBE = "resubscribe"
    RESUME = "resume"
    SCHEDULE = "schedule"
    SEE_FAILED = "see failed"
    SEE_LOG = "see log"
    SEE_REPORT = "see report"
    SEE_SLOTS = "see slots"
    SEE_STATUS = "see status"
    SEND = "send"
    SEND_DUE = "send due"
    SERVE_SITE = "serve site"
    UNSCHEDULE = "unschedule"
    UNSUPPRESS = "unsuppress"


@dataclass(frozen=True, slots=True)
class Remedy:
    """An act that mends it; `subject` is what it is done to, if anything: an issue, an extra."""

    act: Act
    subject: str = ""


class NewsletterError(Exception):
    """Something went wrong that a person can understand and mend.

    `next_step` is plain words and names no command; `faults` are the particulars, a line each.
    """

    faults: tuple[str, ...] = ()

    def __init__(
        self, what: str, *, where: str = "", next_step: str = "", remedy: Remedy | None = None
    ) -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.next_step = next_step
        self.remedy = remedy

    def __str__(self) -> str:
        """One line: `where: what; next step`."""
        return self.with_step(self.next_step)

    def with_step(self, next_step: str) -> str:
        """The same line, with the next step in a front's own words."""
        place = f"{self.where}: " if self.where else ""
        step = f"; {next_step}" if next_step else ""
        return " ".join(f"{place}{self.what}{step}".split())

    def told(self, word: Callable[[Remedy], str]) -> str:
        """The same line; where an act mends it, `word` puts that into the next step."""
        if self.remedy is None:
            return str(self)
        plain = self.next_step and f"{self.next_step}: "
        step = plain or ("see " if self.remedy.act.name.startswith("SEE_") else "")
        return self.with_step(f"{step}`{word(self.remedy)}`")


class AddressError(NewsletterError):
    """The address cannot be mailed: RFC 5322 does not allow its form, or RFC 5321 its length."""


class IssueFileError(NewsletterError):
    """The issue file cannot be read as text."""


class ExportError(NewsletterError):
    """The export of another newsletter system cannot be taken over."""


class ChangedElsewhereError(IssueFileError):
    """The issue's file was changed by another program, and is not what you have before you."""


class SettingsError(NewsletterError):
    """The settings are at fault; every fault is listed, each with its key."""

    def __init__(
        self,
        faults: Sequence[str],
        *,
        where: str = "",
        next_step: str = "",
        remedy: Remedy | None = None,
    ) -> None:
        count = f"{len(faults)} faults" if len(faults) != 1 else "1 fault"
        what = f"{count} in the settings"
        super().__init__(what, where=where, next_step=next_step, remedy=remedy)
        self.faults = tuple(faults)


class CheckError(NewsletterError):
    """The check could not run."""


class RenderError(NewsletterError):
    """The issue or its template cannot become an e-mail."""


class TooMuchError(RenderError):
    """A template asks for more work, or for a longer text, than it is allowed."""


class MessageError(NewsletterError):
    """The message breaks a rule of Internet mail and is not let out."""


class SubscriberFileError(NewsletterError):
    """The subscriber file cannot be read."""


class SegmentError(NewsletterError):
    """The segment cannot be understood; `at` is the place in its `text`, in characters from zero.

    `width` is how many characters the fault takes there.
    """

    def __init__(
        self, what: str, *, text: str, at: int = 0, width: int = 1, next_step: str = ""
    ) -> None:
        where = f"the segment, character {at + 1:,}"
        super().__init__(what, where=where, next_step=next_step)
        self.text = text
        self.at = at
        self.width = width


class OtherEncoding(SubscriberFileError):  # noqa: N818 - what is at fault, as a reader says it
    """The subscriber file is written in another encoding than the one it is read in."""


class Unfit(SubscriberFileError):  # noqa: N818 - it is a value in the end, a fault of one row
    """The record is no row."""


class PersonError(NewsletterError):
    """What is said of a person cannot be taken, or does not suit how they stand on the list."""


class MailboxError(NewsletterError):
    """The mailbox of what comes back cannot be read."""


class StoreError(NewsletterError):
    """The database cannot be opened, read or written."""


class RunConflictError(StoreError):
    """Another content, or another process, holds this run."""


class RunBusyError(RunConflictError):
    """Another process is sending this run at this moment."""


class NotApprovedError(RunConflictError):
    """The run cannot begin: an approval that it rests on was withdrawn in the meantime."""


class TransportError(NewsletterError):
    """The message could not be handed over, for a reason that is not the recipient's."""


class TransportURLError(TransportError):
    """The transport URL cannot be understood."""


class Trouble(StrEnum):
    """What a relay's fault comes of, and so what mends it.

    Away: time may mend it, for the relay cannot be reached, or lets go of us (421, a lost session).
    Login: it does not know us, and each further try is one more refusal. Other: a person has to
    look.
    """

    AWAY = "away"
    LOGIN = "login"
    OTHER = "other"


class RelayFault(TransportError):  # noqa: N818 - the glossary's word; "fault" says whose it is
    """The relay refuses us as such, so no recipient may be blamed."""

    def __init__(
        self, what: str, *, where: str = "", next_step: str = "", trouble: Trouble = Trouble.OTHER
    ) -> None:
        super().__init__(what, where=where, next_step=next_step)
        self.trouble = trouble


class SessionLost(TransportError):  # noqa: N818 - as above
    """The connection ended before the final dot: the recipient may be tried again."""


class Withdrawn(NewsletterError):  # noqa: N818 - nothing is wrong
    """The recipient has left or was suppressed at the last moment: the message is not sent."""


class OutputError(NewsletterError):
    """A file or folder cannot be written."""


class MissingExtraError(NewsletterError):
    """An optional feature was asked for and its extra is not installed."""

    def __init__(self, feature: str, *, extra: str) -> None:
        super().__init__(
            f"{feature} needs the extra “{extra}”",
            next_step="add it",
            remedy=Remedy(Act.ADD_EXTRA, extra),
        )
        self.extra = extra


@contextmanager
def reading(path: str | Path, kind: type[NewsletterError], *, wanted: str) -> Iterator[None]:
    """What the system says of a file that is read inside, as an error of ours.

    `wanted` is what the file should be, with its article: "a CSV file".
    """
    try:
        yield
    except FileNotFoundError as error:
        raise kind(
            "no such file", where=str(path), next_step=f"give the path of {wanted}"
        ) from error
    except IsADirectoryError as error:
        raise kind(
            "this is a folder", where=str(path), next_step=f"give the path of {wanted} in it"
        ) from error
    except OSError as error:
        raise kind(
            f"cannot be read: {error.strerror or error}",
            where=str(path),
            next_step="check its permissions",
        ) from error
