"""Findings in the width and the colours of a terminal."""

import re

import pytest

from newsletter.check import Diagnostic, Look, Severity, format_text
from newsletter.issue import Span

LONG = Diagnostic(
    path="issues/2027-11-26.md",
    span=Span(line=14, column=120, end_line=14, end_column=126),
    code="C007",
    slug="intro-names",
    severity=Severity.WARNING,
    message="the intro names “Bluebird Books and Bellweather”, but no story does",
    hint="did you mean “Bluebird Books”, or name the story that “Bellweather” is in, or drop it?",
    source_line="words " * 60,
)


@pytest.mark.parametrize("width", [50, 60, 80, 120])
def test_nothing_is_wider_than_the_terminal_and_no_word_is_broken(width: int) -> None:
    lines = format_text([LONG], Look(width=width)).splitlines()
    said = " ".join(line.strip() for line in lines if "|" not in line)

    assert max(map(len, lines)) <= width
    place = "issues/2027-11-26.md:14:120: warning C007"
    assert said == f"{place} {LONG.message} [intro-names] = hint: {LONG.hint}"


def test_caret_stays_below_its_word_at_every_width() -> None:
    for width in range(30, 130):
        line, caret = (
            row for row in format_text([LONG], Look(width=width)).splitlines() if "|" in row
        )
        at = caret.index("^")

        assert " words" == line[at : at + 6]


def test_path_that_is_too_wide_has_a_line_of_its_own() -> None:
    first, second, *_ = format_text([LONG], Look(width=30)).splitlines()

    assert ("issues/2027-11-26.md:14:120:", "  warning C007") == (first, second[:14])


def test_severity_place_and_name_are_coloured() -> None:
    look = Look(
        severities={Severity.WARNING: "<w>{}</w>".format},
        place="<p>{}</p>".format,
        faint="<f>{}</f>".format,
    )
    first, line, caret, hint = format_text([LONG], look).splitlines()

    assert first.startswith("<p>issues/2027-11-26.md:14:120:</p> <w>warning C007</w> the intro")
    assert first.endswith(" <f>[intro-names]</f>")
    assert line.startswith("  <f>14 |</f> …")
    assert re.fullmatch(r" {5}<f>\|</f> +<w>\^+</w>", caret)
    assert hint.startswith("     <f>= hint:</f> did")


def test_without_a_terminal_each_remark_is_one_line() -> None:
    assert 4 == len(format_text([LONG]).splitlines())
