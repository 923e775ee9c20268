"""An approval: a named person's yes to the digest of exactly the bytes that would go out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from newsletter.books.states import RunState
from newsletter.errors import NewsletterError

_MAX_NAME = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class Approval:
    """A named person's yes to a digest; with an `override_reason`, a yes against the rule.

    `text` is the text part that was approved, to tell later what has changed. `inputs` has the
    sha256, in hex, of each thing that the digest was made of, by its name. `segment` is whom it was
    approved for, as it was written; "" is everybody. One that was taken back is kept, with
    `withdrawn_at` and, where they said it, why.
    """

    issue: str
    digest: str
    approved_by: str
    approved_at: datetime
    author: str | None = None
    override_reason: str | None = None
    subject: str = ""
    text: str = field(default="", repr=False)
    inputs: Mapping[str, str] = field(default_factory=dict, repr=False)
    segment: str = ""
    withdrawn_at: datetime | None = None
    withdrawn_because: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Withdrawal:
    """Somebody's approvals of one issue, taken back.

    `runs` are those of the issue and of its corrections that had begun by then, by name.
    """

    approvals: Sequence[Approval]
    runs: Mapping[str, RunState]


def checked_name(name: str) -> str:
    """A person's name on one line. Raises NewsletterError for what is none."""
    said = " ".join(name.split())
    if not said or len(said) > _MAX_NAME or not said.isprintable():
        raise NewsletterError(
            "this is not a name", where=f"“{said[:40]}”", next_step="give one, such as Ada Lovelace"
        )
    return said
