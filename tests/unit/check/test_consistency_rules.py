"""The rules of consistency together: what each says of a damaged issue, and what none says."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.check import Calendar, Context, Diagnostic, HouseFormat, all_rules, check_issue
from newsletter.check.fixes import apply_fixes
from newsletter.issue import Span, parse_issue, source_from_text

RULES = [rule for rule in all_rules() if rule.code.startswith("C")]
FRIDAY = date(2021, 11, 26)
CALENDAR = Calendar()
ISSUE = (
    "# The two stories of the week\n\nIt’s Friday, and the tills rest, including Asda.\n\n"
    "## 1. Asda opens a shop\n\n{text}\n\n## 2. Boats\n\nThey float.\n"
)
FORMS = (
    "{weekday} {day} {month}",
    "{weekday}, {day}{ending} {month}",
    "{weekday},\u00a0the {day}{ending} of {month}",
    "{weekday}, {month} {day}{ending}",
    "**{weekday}**\n{day} {month}",
    "{day} {month} ({weekday})",
    "{day}{ending} {month} {year} ({weekday})",
    "{weekday} {day} {month} {year}",
)


def found(
    text: str, *, send_date: date | None = FRIDAY, name: str = "issue.md", whole: bool = False
) -> tuple[Diagnostic, ...]:
    full = text if whole else ISSUE.format(text=text)
    issue = parse_issue(source_from_text(full, path=name))
    return check_issue(issue, RULES, Context(house=HouseFormat(), send_date=send_date))


def codes(diagnostics: tuple[Diagnostic, ...]) -> list[str]:
    return [item.code for item in diagnostics]


def ending(day: int) -> str:
    return {1: "st", 2: "nd", 3: "rd"}.get(day % 10 if day not in {11, 12, 13} else 0, "th")


def said(form: str, day: date, weekday: date) -> str:
    return form.format(
        weekday=CALENDAR.weekdays[weekday.weekday()],
        day=day.day,
        ending=ending(day.day),
        month=CALENDAR.months[day.month - 1],
        year=day.year,
    )


@given(st.sampled_from(FORMS), st.integers(-120, 120), st.sampled_from([-1, 1]))
def test_date_moved_by_a_day_is_found_alone(form: str, away: int, moved: int) -> None:
    day = FRIDAY + timedelta(days=away)
    other = day + timedelta(days=moved)

    assert [] == codes(found(f"It opens on {said(form, day, day)}."))
    assert ["C005"] == codes(found(f"It opens on {said(form, other, day)}."))
    assert ["C005"] == codes(found(f"It opens on {said(form, day, other)}."))


def test_weekday_date_points_at_the_words_over_two_lines() -> None:
    (diagnostic,) = found("It opens on **Sunday**,\n27th November.")

    assert Span(line=7, column=15, end_line=8, end_column=14) == diagnostic.span
    assert "27 November 2021 is a Saturday, not a Sunday" == diagnostic.message
    assert "the nearest Sunday is 28 November 2021" == diagnostic.hint


@pytest.mark.parametrize(
    ("send_date", "name", "expected"),
    [
        (FRIDAY, "issue.md", ["C005"]),
        (None, "2021-11-26.md", ["C005"]),
        (FRIDAY, "2022-11-25.md", ["C005"]),
        (None, "2022-11-25.md", []),
        (None, "issue.md", []),
    ],
)
def test_weekday_date_goes_by_the_send_date_then_by_the_issues_own(
    send_date: date | None, name: str, expected: list[str]
) -> None:
    """27 November is a Saturday in 2021 and a Sunday in 2022."""
    assert expected == codes(
        found("It opens on Sunday 27 November.", send_date=send_date, name=name)
    )


def test_weekday_date_looks_into_the_front_matter() -> None:
    text = "---\nsubject: Until Sunday 27 November\n---\n" + ISSUE.format(text="It opens.")

    (diagnostic,) = found(text, whole=True)

    assert Span(line=2, column=16, end_line=2, end_column=34) == diagnostic.span


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_date_exists_mends_an_ending_and_nothing_else(end: str) -> None:
    text = ISSUE.format(text="It opens on 22TH November,\nthe 21th time.").replace("\n", end)
    diagnostics = found(text, whole=True)

    mended = apply_fixes(text, [item.fix for item in diagnostics if item.fix])

    assert ["C006", "C006"] == codes(diagnostics)
    assert text.replace("22TH", "22ND").replace("21th", "21st") == mended
    assert () == found(mended, whole=True)


def test_consistency_is_silent_for_a_text_without_stories() -> None:
    text = (
        "# The two stories\n\nIt’s Monday, including Asda.\n\nSunday 27 November, 31 April, 22th.\n"
    )

    assert [] == codes(found(text, whole=True))


def test_weekday_send_date_is_silent_without_a_send_date() -> None:
    text = ISSUE.format(text="It opens.").replace("Friday", "Monday")

    assert [] == codes(found(text, whole=True, send_date=None, name="2021-11-26.md"))
    assert ["C004"] == codes(found(text, whole=True))


def test_intro_names_points_at_the_name_behind_the_word_that_opens_the_list() -> None:
    text = ISSUE.format(text="It opens.").replace(
        "including Asda", "as Tessco said, including Asda,\n*Tessco*\u00a0U.K. and Asda"
    )

    (diagnostic,) = found(text, whole=True)

    assert Span(line=4, column=2, end_line=4, end_column=14) == diagnostic.span
    assert "the intro names “Tessco U.K.”, but no story does" == diagnostic.message
