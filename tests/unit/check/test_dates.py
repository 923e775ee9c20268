"""Dates as people write them: which are read, and which are better left alone."""

from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.check import Calendar
from newsletter.check.dates import find_dates
from tests.process_time import in_proportion

ENGLISH = Calendar()
GERMAN = Calendar(
    weekdays=(*("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"),),
    months=(
        *("Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September"),
        *("Oktober", "November", "Dezember"),
    ),
    ordinals=(),
)
FRENCH = Calendar(
    weekdays=("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    months=(
        *("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août"),
        *("septembre", "octobre", "novembre", "décembre"),
    ),
    ordinals=("er",),
)
SUNDAY = 6

Read = tuple[str, int, int, int | None, int | None]


def read(text: str, calendar: Calendar = ENGLISH) -> list[Read]:
    """The words, day, month, year and weekday of each date."""
    return [
        (text[found.start : found.end], found.day, found.month, found.year, found.weekday)
        for found in find_dates(text, calendar)
    ]


@pytest.mark.parametrize(
    "words",
    [
        "Sunday 28 November",
        "Sunday, 28th November",
        "Sunday,\u00a028th\u00a0November",
        "Sunday\u202f28\u2009November",
        "Sunday the 28th of November",
        "Sunday (28 November)",
        "Sunday\n28 November",
        "Sunday** 28 November",
        "Sunday**, 28th November",
        "28 November (Sunday)",
        "28th of November (a Sunday)",
        "November 28 (Sunday)",
        "Sunday, November 28",
        "Sunday November 28th",
        "Sun 28 Nov",
        "Sun., 28 Nov.",
    ],
)
def test_find_dates_reads_a_weekday_beside_a_date(words: str) -> None:
    assert [(words, 28, 11, None, SUNDAY)] == read(words)
    assert [(words, 28, 11, None, SUNDAY)] == read(f"This {words}, we open. On Monday we rest.")


@pytest.mark.parametrize(
    "words",
    [
        "Sunday, 28th November 2021",
        "Sunday 28 November, 2021",
        "28 November 2021 (Sunday)",
        "Sunday, November 28, 2021",
        "Sunday, November 28th 2021",
        "November 28, 2021 (Sunday)",
        "Sun 28 Nov 2021",
    ],
)
def test_find_dates_reads_the_year(words: str) -> None:
    assert [(words, 28, 11, 2021, SUNDAY)] == read(f"It opens on {words}.")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("since 18th November 2021.", "18th November 2021"),
        ("On Sunday. 28 November is next.", "28 November"),
        ("on Sunday\n\n28 November", "28 November"),
        ("From Friday to Sunday, 28 November", "28 November"),
        ("Friday and Sunday 28 November", "28 November"),
        ("Saturday/Sunday 28 November", "28 November"),
        ("Sundays 28 November and 5 December", "28 November"),
        ("Sunday 28 November and 5 December", "28 November"),
        ("Sunday, 28 November – 5 December", "28 November"),
        ("Sunday, 28 November to December 5", "28 November"),
        ("The Sun, 28 November", "28 November"),
        ("28 November, Sunday shoppers", "28 November"),
        ("Sunday – 28 November", "28 November"),
        ("28 November 20215", "28 November"),
        ("28 November 2021% more", "28 November"),
        ("November 28th is near", "November 28th"),
        ("It opened on November 28, 2021.", "November 28, 2021"),
    ],
)
def test_find_dates_leaves_a_doubtful_weekday_alone(text: str, words: str) -> None:
    found = read(text)

    assert words == found[0][0]
    assert found[0][4] is None


@pytest.mark.parametrize(
    "text",
    [
        "In May 20 shops opened.",
        "by November 28 shops",
        "28 may open",
        "28 november",
        "1,028 November orders",
        "version 2.28 November",
        "£28 November",
        "26-28 November",
        "26–28 November",
        "27/28 November",
        "https://example.com/28-November/2021",
        "28Novembers",
        "28 Marketing",
        "28 Maybe",
        "Novembre 28th",
        "November 28.5",
        "November 28-30",
        "November 28%",
        "on Sunday",
        "28. Juli-November",
        "",
    ],
)
def test_find_dates_sees_no_date_in_other_figures(text: str) -> None:
    assert [] == read(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Freitag, 26. November", ("Freitag, 26. November", 26, 11, None, 4)),
        ("am Freitag, den 26. November 2021,", ("Freitag, den 26. November 2021", 26, 11, 2021, 4)),
        ("26. November (Freitag)", ("26. November (Freitag)", 26, 11, None, 4)),
        ("3. März", ("3. März", 3, 3, None, None)),
        ("bis Mon. 6. Dez. 2021", ("Mon. 6. Dez. 2021", 6, 12, 2021, 0)),
        ("Freitag bis Sonntag, 28. November", ("28. November", 28, 11, None, None)),
        ("Sonntag, 28. November bis 5. Dezember", ("28. November", 28, 11, None, None)),
    ],
)
def test_find_dates_reads_german(text: str, expected: Read) -> None:
    assert expected == read(text, GERMAN)[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("le dimanche 28 novembre 2021", ("dimanche 28 novembre 2021", 28, 11, 2021, 6)),
        ("le jeudi 1er juillet", ("jeudi 1er juillet", 1, 7, None, 3)),
        ("mardi le 1er juin", ("mardi le 1er juin", 1, 6, None, 1)),
    ],
)
def test_find_dates_reads_french(text: str, expected: Read) -> None:
    assert [expected] == read(text, FRENCH)


def test_find_dates_gives_the_ending_and_its_place() -> None:
    text = "On Sunday, 28TH November"

    (found,) = find_dates(text, ENGLISH)

    assert ("TH", "28TH") == (found.ordinal, text[found.day_start : found.day_end])


def test_find_dates_gives_every_date_in_order() -> None:
    text = "3 May, 1 March, November 2nd and Friday 4 June 2021"

    assert ["3 May", "1 March", "November 2nd", "Friday 4 June 2021"] == [
        words for words, *_ in read(text)
    ]


PIECES = st.lists(
    st.sampled_from(
        [*ENGLISH.weekdays, *ENGLISH.months, *"0123456789,.()-–/*_ \n\u00a0", "28th", " of ", "Nov"]
    ),
    max_size=30,
)


@given(PIECES.map("".join))
def test_find_dates_stays_inside_any_text(text: str) -> None:
    for found in find_dates(text, ENGLISH):
        assert 0 <= found.start <= found.day_start < found.day_end <= found.end <= len(text)
        assert text[found.day_start : found.day_end] == (
            text[found.day_start : found.day_end - len(found.ordinal)] + found.ordinal
        )
        assert 1 <= found.month <= 12


@pytest.mark.parametrize(
    "piece", ["Nov", "November ", "28 November ", "Sunday, ", " ", "*", "Sunday the of ", "28", "("]
)
def test_find_dates_is_linear_in_the_text(piece: str) -> None:
    def find(length: int) -> None:
        for _ in find_dates(piece * (length // len(piece)), ENGLISH):
            pass

    assert in_proportion(partial(find, 25_000), partial(find, 100_000))
