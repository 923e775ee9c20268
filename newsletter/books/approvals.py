"""An approval: a named person's yes to the digest of exactly the bytes that would go out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from newsletter.errors import NewsletterError

_MAX_NAME = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class Approval:
    """A named person's yes to a digest; with an `override_reason`, a yes against the rule.

    `text` is the text part that was approved, to tell later what has changed. `inputs` has the
    sha256, in hex, of each thing that the digest was made of, by its name.
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


def checked_name(name: str) -> str:
    """A person's name on one line. Raises NewsletterError for what is none."""
    said = " ".join(name.split())
    if not said or len(said) > _MAX_NAME or not said.isprintable():
        raise NewsletterError(
            "this is not a name", where=f"“{said[:40]}”", next_step="give one, such as Ada Lovelace"
        )
    return said
