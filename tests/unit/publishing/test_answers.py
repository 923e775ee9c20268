"""Each answer of somebody who starts a publication, taken or refused with the reason."""

from collections.abc import Callable
from datetime import time

import pytest

from newsletter.errors import NewsletterError
from newsletter.languages import LAID_OUT
from newsletter.publishing import answers


@pytest.mark.parametrize(
    ("said", "language", "expected"),
    [
        ("friday", "en", 4),
        ("Fri", "en", 4),
        ("Freitag", "de", 4),
        ("Do.", "de", 3),
        ("mercredi", "fr", 2),
        ("poniedziałek", "pl", 0),
        ("domingo", "pt", 6),
        ("金曜日", "ja", 4),
    ],
)
def test_weekday_is_taken_in_english_and_in_the_language(
    said: str, language: str, expected: int
) -> None:
    assert expected == answers.parse_weekday(said, language)


@pytest.mark.parametrize(
    ("said", "expected"),
    [("07:00", time(7)), ("7:00", time(7)), (" 18.30 ", time(18, 30)), ("0:05", time(0, 5))],
)
def test_time_is_taken_as_people_write_it(said: str, expected: time) -> None:
    assert expected == answers.parse_time(said)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        ("europe/berlin", "Europe/Berlin"),
        ("america/new york", "America/New_York"),
    ],
)
def test_zone_is_taken_in_any_capitals(said: str, expected: str) -> None:
    assert expected == answers.parse_zone(said).key


@pytest.mark.parametrize("tag", LAID_OUT)
def test_every_language_has_a_zone_of_its_own(tag: str) -> None:
    assert "/" in answers.own_zone(tag).key


def test_sender_has_the_publications_name_where_none_is_given() -> None:
    expected = ["The Block <a@example.org>", "Ada <a@example.org>"]

    said = ["a@example.org", "Ada <a@example.org>"]
    assert expected == [str(answers.parse_sender(each, "The Block")) for each in said]


@pytest.mark.parametrize(
    ("parse", "said", "reason"),
    [
        (answers.parse_name, "  ", "a newsletter needs a name"),
        (answers.parse_name, "a\x1b[31mb", "a sign that nobody sees"),
        (answers.parse_name, "x" * 101, "the name has 101 characters"),
        (answers.parse_language, "tlh", "“tlh” is not a language"),
        (answers.parse_language, "Deutsch!", "“Deutsch!” is not a language"),
        (lambda text: answers.parse_weekday(text, "en"), "T", "“T” is not a day"),
        (lambda text: answers.parse_weekday(text, "en"), "t", "give one of monday, tuesday"),
        (lambda text: answers.parse_weekday(text, "en"), "", "“” is not a day"),
        (answers.parse_time, "seven", "write it as 07:00"),
        (answers.parse_time, "24:00", "write it as 07:00"),
        (answers.parse_zone, "Berlin", "did you mean Europe/Berlin?"),
        (answers.parse_zone, "../../etc/passwd", "there is no time zone"),
        (answers.parse_zone, "", "there is no time zone"),
        (lambda text: answers.parse_sender(text, "N"), "nobody", "not a mail address"),
        (lambda text: answers.parse_sender(text, "N"), "zoë@example.org", "not every server"),
        (answers.parse_stories, "0", "give one from 1 to 30"),
        (answers.parse_stories, "31", "give one from 1 to 30"),
        (answers.parse_stories, "five", "“five” is not a number"),
        (answers.parse_stories, "٥", "is not a number"),
        (answers.parse_stories, "00000000000005000", "is not a number"),
        (answers.parse_postal_address, "x" * 301, "the address has 301 characters"),
    ],
)
def test_bad_answer_is_refused_with_the_reason(
    parse: Callable[[str], object], said: str, reason: str
) -> None:
    with pytest.raises(NewsletterError) as error:
        parse(said)

    assert reason in str(error.value)
