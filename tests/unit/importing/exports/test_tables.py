"""Moments in the ways in which systems write them, and tables that are none."""

from datetime import date
from pathlib import Path

import pytest

from newsletter.errors import ExportError
from newsletter.importing.exports import open_container
from newsletter.importing.exports.tables import day_of, names_of, rows_of


@pytest.mark.parametrize(
    ("text", "zone", "day"),
    [
        ("2024-03-01T06:30:00.000Z", "", date(2024, 3, 1)),
        ("2023-11-03 07:00:00+00:00", "", date(2023, 11, 3)),
        ("2024-03-01 23:30:00", "Europe/Berlin", date(2024, 3, 2)),
        ("2024-03-01 23:30:00", "No/Where", date(2024, 3, 1)),
        ("2024-03-01 23:30:00", "../etc", date(2024, 3, 1)),
        ("1283780649000", "", date(2010, 9, 6)),
        ("Mar 03, 2023 06:30 am", "", date(2023, 3, 3)),
        ("03/04/2023", "", None),
        ("", "", None),
    ],
)
def test_day_is_read_or_left_open(text: str, zone: str, day: date | None) -> None:
    assert day == day_of(text, zone)


def test_semicolons_and_capitals_are_no_matter(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text('\ufeffPost_ID;Title\n1;"a; ""b"""\n\n')
    with open_container(tmp_path) as container:
        member = container.members["a.csv"]

        assert {"post_id", "title"} == names_of(container, member)
        assert [{"post_id": "1", "title": 'a; "b"'}] == rows_of(container, member)


def test_quotation_mark_without_an_end_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text('post_id,title\n1,"open\n')
    with open_container(tmp_path) as container, pytest.raises(ExportError, match="not CSV"):
        rows_of(container, container.members["a.csv"])
