"""The small tables of an export, such as the list of its issues; and what the columns of a table
are called. Files of people are read by the list's own reader, row by row.
"""

import csv
import io
from collections.abc import Mapping
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from newsletter.importing.exports.container import Container, Member

_MOST_ROWS = 50_000
_SEPARATORS = (",", ";", "\t")
_FORMS = (
    "%b %d, %Y %I:%M %p",
    "%b %d, %Y %I:%M%p",
    "%B %d, %Y %I:%M %p",
    "%b %d, %Y",
    "%B %d, %Y",
)
"""As Mailchimp writes a moment in its reports: “Apr 04, 2019 10:00 am”."""

Row = Mapping[str, str]


def rows_of(container: Container, member: Member) -> list[Row]:
    """The rows by the names of their columns, in lower case, without what has no name.

    Raises ExportError for what is no table.
    """
    text = container.text(member)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator_of(text), strict=True)
    try:
        names = [_plain(name) for name in next(reader, [])]
        rows: list[Row] = []
        for cells in reader:
            if any(cells):
                rows.append({n: c.strip() for n, c in zip(names, cells, strict=False) if n})
            if len(rows) > _MOST_ROWS:
                raise container.refusal(f"this has more than {_MOST_ROWS:,} rows", member)
    except csv.Error as error:
        raise container.refusal(f"not CSV (RFC 4180): {error}", member) from error
    return rows


def names_of(container: Container, member: Member) -> frozenset[str]:
    """What the columns of a table are called, in lower case; none where it is no table."""
    begin = container.begin(member, 16 * 1024)
    try:
        names = next(csv.reader(io.StringIO(begin, newline=""), delimiter=_separator_of(begin)), [])
    except csv.Error:
        return frozenset()
    return frozenset(_plain(name) for name in names)


def first(row: Row, *names: str) -> str:
    """The first of these columns that says something."""
    return next((row[name] for name in names if row.get(name)), "")


def moment_of(text: str) -> datetime | None:
    """A moment in one of the ways in which these systems write them, UTC where none is said.

    >>> moment_of("2024-03-01T06:30:00.000Z").isoformat()
    '2024-03-01T06:30:00+00:00'
    >>> moment_of("Apr 04, 2019 10:00 am").isoformat()
    '2019-04-04T10:00:00+00:00'
    """
    said = text.strip()
    if said.isascii() and said.isdigit() and len(said) == 13:  # milliseconds, as old Ghosts have it
        return datetime.fromtimestamp(int(said) / 1000, UTC)
    try:
        found = datetime.fromisoformat(said)
    except ValueError:
        return next((at for form in _FORMS if (at := _in_form(said, form))), None)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def day_of(text: str, zone: str = "") -> date | None:
    """The day of a moment, by the clocks of a zone where the export names one."""
    found = moment_of(text)
    if found is None or not zone:
        return None if found is None else found.date()
    try:
        return found.astimezone(ZoneInfo(zone)).date()
    except (KeyError, ValueError, OSError):  # no zone of this machine's
        return found.date()


def _in_form(text: str, form: str) -> datetime | None:
    try:
        return datetime.strptime(text, form).replace(tzinfo=UTC)
    except ValueError:
        return None


def _plain(name: str) -> str:
    return name.strip().lower()


def _separator_of(text: str) -> str:
    line = text.partition("\n")[0]
    return max(_SEPARATORS, key=line.count)
