"""What the archive keeps of an issue: what readers may see, as it was when it went out.

What stands in `content` is known to the room that makes pages of it.
"""

from dataclasses import dataclass, field
from datetime import date, datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class ArchivedIssue:
    """One issue in the archive, by its name; `digest` is that of what was sent.

    `content` is a JSON text. `corrected_at` is when a correction took the first one's place.
    """

    name: str
    local_date: date
    published_at: datetime
    digest: str
    content: str = field(repr=False)
    corrected_at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredPicture:
    """A picture of the archive, under a name made of its content."""

    name: str
    media_type: str
    octets: bytes = field(repr=False)
