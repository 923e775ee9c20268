from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from newsletter.subscribers.cells import (
    neutralised,
    original,
    parse_attributes,
    parse_flag,
    parse_tags,
    word_of,
)
from newsletter.subscribers.instants import parse_instant

FORMULAS = ["+1+1", "@SUM(1)", "\r=1", "＝1+1", '"=1', "=cmd|' /C calc'!A0", "-2", "\t=1", "'=1"]


@pytest.mark.parametrize("cell", FORMULAS)
def test_neutralised_is_no_formula_and_comes_back(cell: str) -> None:
    """What spreadsheets run: CVE-2018-8092 (Mautic), CVE-2021-3188 (phpList)."""
    assert f"'{cell}" == neutralised(cell)
    assert cell == original(neutralised(cell))


@pytest.mark.parametrize("cell", ["a;=1+1;b", ";-1", ";'=1", 'a; "@SUM(1)', ";;+1", "'=1;=1"])
def test_neutralised_is_no_formula_where_a_spreadsheet_parts_cells_by_semicolons(cell: str) -> None:
    """As those of much of Europe do, whatever the file says."""
    safe = neutralised(cell)

    assert not any(
        part.lstrip("\"' ").startswith(("=", "+", "-", "@")) and part[0] != "'"
        for part in safe.split(";")
        if part
    )
    assert cell == original(safe)


@pytest.mark.parametrize("cell", ["", "Ada", "'Ada'", "O'Hara", '"Ada"', "a=b", "1-2"])
def test_neutralised_leaves_the_rest_alone(cell: str) -> None:
    assert cell == neutralised(cell) == original(cell)


@given(st.text() | st.text("'\"=+-@ ;\t\r\n＝a"))
@example("''=")
def test_neutralised_always_comes_back_and_never_runs(cell: str) -> None:
    safe = neutralised(cell)

    assert cell == original(safe)
    assert not safe.lstrip("\"' ").startswith(("=", "+", "-", "@", "\t", "\r", "＝")) or (
        safe.startswith("'")
    )


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2024-03-01", datetime(2024, 3, 1, tzinfo=UTC)),
        ("2024-03-01 10:11:12", datetime(2024, 3, 1, 10, 11, 12, tzinfo=UTC)),
        ("2024-03-01 10:11:12 UTC", datetime(2024, 3, 1, 10, 11, 12, tzinfo=UTC)),
        ("2024-03-01T10:11:12.500Z", datetime(2024, 3, 1, 10, 11, 12, 500_000, tzinfo=UTC)),
        ("2024-03-01 10:11:12.5 +0200 CEST", datetime(2024, 3, 1, 8, 11, 12, 500_000, tzinfo=UTC)),
        ("2024-03-01 10:11:12 +0000 +0000", datetime(2024, 3, 1, 10, 11, 12, tzinfo=UTC)),
        ("2024-03-01T10:11:12+02:00", datetime(2024, 3, 1, 8, 11, 12, tzinfo=UTC)),
        ("1709287872", datetime(2024, 3, 1, 10, 11, 12, tzinfo=UTC)),
        ("1709287872000", datetime(2024, 3, 1, 10, 11, 12, tzinfo=UTC)),
        ("2024-03-01 10:11:12 -0500", datetime(2024, 3, 1, 15, 11, 12, tzinfo=UTC)),
        ("2024/03/01 10:11", datetime(2024, 3, 1, 10, 11, tzinfo=UTC)),
        ("01.03.2024 10:11:12", datetime(2024, 3, 1, 10, 11, 12, tzinfo=UTC)),
        ("Mar 1, 2024", datetime(2024, 3, 1, tzinfo=UTC)),
        ("March 1st, 2024 at 10:11 pm", datetime(2024, 3, 1, 22, 11, tzinfo=UTC)),
        ("1-Mar-2024", datetime(2024, 3, 1, tzinfo=UTC)),
        ("Fri, 01 Mar 2024 10:11:12 +0100", datetime(2024, 3, 1, 9, 11, 12, tzinfo=UTC)),
        ("13/03/2024", datetime(2024, 3, 13, tzinfo=UTC)),
        ("3/13/2024 12:05 AM", datetime(2024, 3, 13, 0, 5, tzinfo=UTC)),
        ("31.02.2024", None),
        ("Mar 1, 2024 13:00 pm", None),
        ("2024-03-01 10:11 CET", None),
        ("01/03/2024", None),
        ("0001-01-01", None),
        ("9999-12-31T23:59:59-23:59", None),
        ("soon", None),
    ],
)
def test_parse_instant_reads_what_can_be_read_one_way(text: str, at: datetime | None) -> None:
    assert at == parse_instant(text)


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("UK, press ;Retail|uk", ("press", "retail", "uk")),
        ('["Early Bird", "früh"]', ("early_bird", "früh")),
        ('[{"name": "A"}, {"name": "B"}]', ("a", "b")),
        ("[not json", ("not_json",)),
        ("{}", ()),
        ("null", ()),
        ("x" * 50, ("x" * 40,)),
    ],
)
def test_parse_tags_takes_every_usual_form(text: str, tags: tuple[str, ...]) -> None:
    assert tags == parse_tags(text)


@pytest.mark.parametrize(
    ("text", "attributes"),
    [
        ('{"a": 1, "b": true, "c": null, "d": {"e": "f", "g": [1]}}', None),
        ("[]", None),
        ("{", None),
        ("[" * 100_000, None),
        ("", {}),
        ('{"a": "\\ud800"}', {"a": "?"}),
        ('{"a": "one\\ntwo"}', {"a": "one two"}),
    ],
)
def test_parse_attributes_flattens_one_level(text: str, attributes: dict[str, str] | None) -> None:
    if text.startswith('{"a": 1'):
        attributes = {"a": "1", "b": "true", "d_e": "f", "d_g": "[1]"}

    assert attributes == parse_attributes(text)


@given(st.text())
def test_word_of_is_a_tag_and_stays_itself(text: str) -> None:
    word = word_of(text)

    assert len(word) <= 40
    assert word == word_of(word)
    assert not set(word) & set(" ,;|\n\"'")


@pytest.mark.parametrize(("text", "flag"), [("Yes", True), ("0", False), ("maybe", None)])
def test_parse_flag_says_neither_where_nobody_knows(text: str, flag: bool | None) -> None:
    assert flag is parse_flag(text)
