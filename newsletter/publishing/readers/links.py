"""The links that only one reader has: made from the settings, and read under every key there was.

A link names its reader and what it is for, and is a link for nothing else. A confirmation's says
as well when it was made. No link is made of what a request says (RFC 8058, 6).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from newsletter.books import LETTER_LIFE
from newsletter.publishing.publication import Books
from newsletter.subscribers import make_token, read_token, secret_of

_MINUTE = timedelta(minutes=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_BETWEEN = " "
"""Between the minute and the address, which holds no blank unless it is quoted."""


class Purpose(StrEnum):
    """What a link is for; the word stands in its path."""

    UNSUBSCRIBE = "unsubscribe"
    PREFERENCES = "preferences"
    CONFIRM = "confirm"


@dataclass(frozen=True, slots=True)
class Expired:
    """A confirmation's link that was ours, and is too old."""

    address_key: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Links:
    """Makes links with the first of `keys`, and reads them with any."""

    keys: Sequence[bytes]
    list_id: str
    base_url: str

    def path(self, purpose: Purpose, address_key: str) -> str:
        """What stands behind the address of the site."""
        return f"/{purpose}/{self.token(purpose, address_key)}"

    def confirmation(self, address_key: str, made_at: datetime) -> str:
        """The whole address of the page where somebody confirms, for `LETTER_LIFE`."""
        minute = (made_at - _EPOCH) // _MINUTE
        token = self.token(Purpose.CONFIRM, f"{minute}{_BETWEEN}{address_key}")
        return f"{self.base_url}/{Purpose.CONFIRM}/{token}"

    def whose(self, purpose: Purpose, token: str) -> str | None:
        """The address key in a link; None for one that is not ours, or for something else."""
        return read_token(token, self.keys, purpose=purpose, list_id=self.list_id)

    def who_confirms(self, token: str, now: datetime) -> str | Expired | None:
        """The address key in a confirmation's link, or that it has expired; None as above."""
        found = self.whose(Purpose.CONFIRM, token)
        if found is None:
            return None
        minute, _, address_key = found.partition(_BETWEEN)
        if now >= _EPOCH + int(minute) * _MINUTE + LETTER_LIFE:
            return Expired(address_key)
        return address_key

    def token(self, purpose: Purpose, subject: str) -> str:
        """What a link carries; URL-safe."""
        return make_token(self.keys[0], purpose=purpose, list_id=self.list_id, subject=subject)


def links_of(books: Books) -> Links:
    """The links of a publication. Raises SettingsError where there is no key."""
    return Links(
        keys=keys_of(books),
        list_id=books.settings.sender.list_id,
        base_url=books.settings.publication.base_url,
    )


def keys_of(books: Books) -> Sequence[bytes]:
    """The present key and the former ones, as this publication has them in its database."""
    publication = books.publication
    keys = [publication.secret_key(), *publication.former_keys()]
    return [secret_of(key, books.salt) for key in keys]
