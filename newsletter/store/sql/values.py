"""Our values as columns, and back; and long sequences in pieces that a statement can take."""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import islice
from json.encoder import encode_basestring_ascii as quoted
from types import MappingProxyType
from typing import TypeVar

from newsletter.addresses import AddrSpec

CHUNK = 5_000
"""Values in one statement: SQLite takes 32,766 parameters, PostgreSQL 65,535."""

MAX_TEXT = 2_000
"""Characters kept of what a server said."""

Stored = str | int | None
"""A value as a driver takes it, without SQLAlchemy's help."""

T = TypeVar("T")

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


def chunks(values: Iterable[T], size: int = CHUNK) -> Iterator[list[T]]:
    """The values in lists of at most `size`, read no further than asked."""
    rest = iter(values)
    while chunk := list(islice(rest, size)):
        yield chunk


def stored_instant(moment: datetime) -> int:
    """Milliseconds since 1970 in UTC; what is finer is cut off.

    Raises ValueError for a naive datetime: its zone would be a guess.
    """
    if moment.tzinfo is None:
        raise ValueError(f"a naive datetime cannot be stored: {moment.isoformat()}")
    return (moment - _EPOCH) // _MILLISECOND


def instant_of(stored: int) -> datetime:
    return _EPOCH + stored * _MILLISECOND


def stored_text(text: str) -> str:
    """The text as both databases take it, not longer than MAX_TEXT.

    PostgreSQL has no NUL in a text and neither has lone surrogates. Both come from servers, and
    an outcome that cannot be written down would leave its recipient in doubt.
    """
    if len(text) <= MAX_TEXT and text.isascii() and "\x00" not in text:  # nearly always
        return text
    return stored_page(text[:MAX_TEXT])


def stored_page(text: str) -> str:
    """A text of any length, as both databases take it."""
    return text.replace("\x00", "\ufffd").encode("utf-8", "replace").decode("utf-8")


@lru_cache(maxsize=4096)  # first names come again and again
def stored_fields(first_name: str, attributes: tuple[tuple[str, str], ...] = ()) -> str:
    """The merge values of one recipient, as they are frozen with the audience."""
    others = {name: stored_text(value) for name, value in attributes}
    return json.dumps({"first_name": stored_text(first_name)} | others)


@lru_cache(maxsize=4096)  # as above
def fields_of(stored: str) -> Mapping[str, str]:
    """What `stored_fields` has written; nobody may change it."""
    fields: dict[str, str] = json.loads(stored)
    return MappingProxyType(fields)


def stored_attributes(attributes: Mapping[str, str]) -> str:
    """What is known of a person, as the column's own type would write it down."""
    pairs = [f"{quoted(name)}: {quoted(value)}" for name, value in attributes.items()]
    return f"{{{', '.join(pairs)}}}"  # json.dumps takes three times as long


def address_of(stored: str) -> AddrSpec:
    """An address that was normalised at the door and is not looked at again."""
    local_part, _, domain = stored.rpartition("@")
    return AddrSpec(local_part, domain)
