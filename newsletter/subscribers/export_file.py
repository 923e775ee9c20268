"""The list as a file that comes back as it went: every state, date, consent and suppression.

CSV (RFC 4180) for people and their spreadsheets, in which no cell is ever run as a formula; JSON
with a record a line for programs.
"""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from newsletter.subscribers.cells import neutralised
from newsletter.subscribers.model import Subscriber
from newsletter.subscribers.suppression import Suppression

PEOPLE = (
    "email",
    "first_name",
    "state",
    "created_at",
    "updated_at",
    "consent_source",
    "consent_at",
    "paused_until",
    "suppressed",
    "suppressed_because",
    "suppressed_at",
    "tags",
    "attributes",
)
SUPPRESSIONS = ("email", "kind", "reason", "created_at")
"""An address, or `sha256:` and its hash where nobody knows it any more."""

BEGIN, BETWEEN, END = b'{"subscribers": [\n', b'], "suppressions": [\n', b"]}\n"
"""The lines of the JSON that are no records."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Exported:
    """One of the list, and how they are suppressed, if they are."""

    subscriber: Subscriber
    suppression: Suppression | None


def csv_lines(names: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[bytes]:
    """A table, a line at a time, each cell as a spreadsheet shows it and never runs it."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow(names)
    for row in rows:
        writer.writerow([neutralised(cell) for cell in row])
        if buffer.tell() > _PIECE:
            yield _taken(buffer)
    yield _taken(buffer)


def people_csv(people: Iterable[Exported]) -> Iterator[bytes]:
    return csv_lines(PEOPLE, (list(person_cells(each).values()) for each in people))


def suppressions_csv(suppressions: Iterable[Suppression]) -> Iterator[bytes]:
    return csv_lines(SUPPRESSIONS, (list(stop_cells(each).values()) for each in suppressions))


def list_json(people: Iterable[Exported], suppressions: Iterable[Suppression]) -> Iterator[bytes]:
    """Both in one object. Each person has a line, so that it can be read piece by piece."""
    yield BEGIN
    yield from _json_rows(_person_object(each) for each in people)
    yield BETWEEN
    yield from _json_rows(stop_cells(each) for each in suppressions)
    yield END


def person_cells(each: Exported) -> dict[str, str]:
    """A person's cells by their columns; "" for what is not known."""
    person, stop = each.subscriber, each.suppression
    attributes = json.dumps(dict(person.attributes), ensure_ascii=False)
    cells = (
        str(person.address),
        person.first_name,
        person.state.value,
        moment(person.created_at),
        moment(person.updated_at),
        person.consent.source,
        moment(person.consent.at),
        moment(person.paused_until),
        *(
            ("", "", "")
            if stop is None
            else (stop.kind.value, stop.reason, moment(stop.created_at))
        ),
        ",".join(person.tags),
        attributes if person.attributes else "",
    )
    return dict(zip(PEOPLE, cells, strict=True))


def stop_cells(stop: Suppression) -> dict[str, str]:
    cells = (stop.address_key, stop.kind.value, stop.reason, moment(stop.created_at))
    return dict(zip(SUPPRESSIONS, cells, strict=True))


def moment(at: datetime | None) -> str:
    """To the millisecond, as the list has it; "" for none."""
    return "" if at is None else at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _person_object(each: Exported) -> dict[str, object]:
    tags, attributes = list(each.subscriber.tags), dict(each.subscriber.attributes)
    return {**person_cells(each), "tags": tags, "attributes": attributes}


def _json_rows(rows: Iterable[object]) -> Iterator[bytes]:
    before = ""
    for row in rows:
        yield f"{before}{json.dumps(row, ensure_ascii=False)}".encode()
        before = ",\n"
    yield b"\n" if before else b""


_PIECE = 1 << 16
"""Octets, about, that are written at once."""


def _taken(buffer: io.StringIO) -> bytes:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode()
