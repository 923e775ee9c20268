"""Stamps in forms: that a form was given out by this site, for this act, and not long ago.

A stranger's page can send a form, but has no stamp that fits: it is bound to the act and, behind a
reader's link, to the reader. No cookie is needed. The form that may be pasted into other sites, and
that every page of the archive ends with, has a stamp of its own, which anybody may see and which
never ends; it leads to a sign-up and no further.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from newsletter.publishing.publication import Books
from newsletter.publishing.readers.links import keys_of
from newsletter.subscribers import make_token, read_token

LIFE = timedelta(hours=12)
"""For so long a page may lie open before its form is sent."""

_EMBEDDED = "embedded"
_AHEAD = timedelta(minutes=5)
"""By so much the clocks of two machines may differ."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Stamps:
    """Makes stamps with the first of `keys`, and reads them with any.

    `act` is what a form does, and `subject` whom it does it to, "" for nobody known.
    """

    keys: Sequence[bytes]
    list_id: str

    def make(self, act: str, subject: str, now: datetime) -> str:
        seconds = str(int(now.timestamp()))
        return make_token(
            self.keys[0], purpose=_purpose(act, subject), list_id=self.list_id, subject=seconds
        )

    def is_good(self, stamp: str, act: str, subject: str, now: datetime) -> bool:
        found = read_token(stamp, self.keys, purpose=_purpose(act, subject), list_id=self.list_id)
        if found is None:
            return False
        made_at = datetime.fromtimestamp(int(found), UTC)
        return now - LIFE < made_at <= now + _AHEAD

    def embedded(self) -> str:
        """The stamp of the form for other sites."""
        return make_token(
            self.keys[0], purpose=_purpose(_EMBEDDED, ""), list_id=self.list_id, subject=_EMBEDDED
        )

    def is_embedded(self, stamp: str) -> bool:
        found = read_token(stamp, self.keys, purpose=_purpose(_EMBEDDED, ""), list_id=self.list_id)
        return found == _EMBEDDED


def stamps_of(books: Books) -> Stamps:
    """Raises SettingsError where there is no key."""
    return Stamps(keys=keys_of(books), list_id=books.settings.sender.list_id)


def _purpose(act: str, subject: str) -> str:
    return f"form {act} {subject}"
