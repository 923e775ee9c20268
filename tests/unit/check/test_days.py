"""Which day a written date means, whether there is one, and how its number ends."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.check import Calendar
from newsletter.check.dates import WrittenDate, find_dates
from newsletter.check.days import days_in, days_meant, ending_of, exists

FRIDAY = date(2021, 11, 26)
ENDINGS = Calendar().ordinals


def written(text: str) -> WrittenDate:
    (found,) = find_dates(text, Calendar())
    return found


@pytest.mark.parametrize(
    ("text", "near", "expected"),
    [
        ("28 November", FRIDAY, [date(2021, 11, 28)]),
        ("3 January", FRIDAY, [date(2022, 1, 3)]),
        ("30 December", date(2022, 1, 7), [date(2021, 12, 30)]),
        ("28 November 2020", FRIDAY, [date(2020, 11, 28)]),
        ("28 November 2020", None, [date(2020, 11, 28)]),
        ("28 November", None, []),
        # Half a year away it may be last spring or next.
        ("26 May", FRIDAY, [date(2021, 5, 26), date(2022, 5, 26)]),
        ("26 June", FRIDAY, [date(2021, 6, 26), date(2022, 6, 26)]),
        ("26 July", FRIDAY, [date(2021, 7, 26)]),
        ("26 April", FRIDAY, [date(2022, 4, 26)]),
        # Without a year, 29 February is that of the nearest leap year.
        ("29 February", date(2024, 3, 1), [date(2024, 2, 29)]),
        ("29 February", date(2023, 3, 1), [date(2024, 2, 29)]),
        ("29 February 2023", FRIDAY, []),
        ("31 November", FRIDAY, []),
        # Nobody sends in such years, and the calendar ends there.
        ("28 November", date.max, []),
        ("28 November", date.min, []),
    ],
)
def test_days_meant_are_those_nearest_to_the_send(
    text: str, near: date | None, expected: list[date]
) -> None:
    assert expected == list(days_meant(written(text), near))


@given(st.dates(date(1950, 1, 1), date(2050, 1, 1)), st.integers(-120, 120))
def test_days_meant_finds_the_day_within_four_months_of_the_send(send: date, away: int) -> None:
    day = send + timedelta(days=away)
    months = Calendar().months

    found = days_meant(written(f"{day.day} {months[day.month - 1]}"), send)

    assert (day,) == found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("30 April", True),
        ("31 April", False),
        ("0 April", False),
        ("32 May", False),
        ("29 February", True),
        ("30 February", False),
        ("29 February 2024", True),
        ("29 February 2023", False),
        ("29 February 2000", True),
        ("29 February 1900", False),
    ],
)
def test_exists_knows_the_calendar(text: str, expected: bool) -> None:
    assert expected is exists(written(text))


def test_days_in_gives_the_days_of_each_month() -> None:
    expected = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

    assert expected == [days_in(month, 2021) for month in range(1, 13)]
    assert (29, 29) == (days_in(2, None), days_in(2, 2020))


def test_ending_of_is_english_where_there_are_four() -> None:
    days = {"st": {1, 21, 31}, "nd": {2, 22}, "rd": {3, 23}}
    expected = [next((end for end in days if day in days[end]), "th") for day in range(1, 32)]

    assert expected == [ending_of(day, ENDINGS) for day in range(1, 32)]
    assert ["th", "th", "st"] == [ending_of(day, ENDINGS) for day in (111, 112, 121)]


@pytest.mark.parametrize("endings", [(), (".",), ("er", "e")])
def test_ending_of_judges_no_other_language(endings: tuple[str, ...]) -> None:
    assert ending_of(1, endings) is None
