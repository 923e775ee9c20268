from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.addresses import parse_addr_spec
from newsletter.errors import SegmentError
from newsletter.subscribers import Segment, Subscriber, SubscriberState, folded, parse_segment
from tests.segments import SEGMENTS


def somebody(
    *tags: str, joined: str = "2026-01-02T12:00:00+00:00", **attributes: str
) -> Subscriber:
    at = datetime.fromisoformat(joined)
    return Subscriber(
        id=1,
        address=parse_addr_spec("ada@example.com"),
        first_name="Ada",
        state=SubscriberState.CONFIRMED,
        created_at=at,
        updated_at=at,
        tags=tags,
        attributes=attributes,
    )


@pytest.mark.parametrize(
    ("text", "subscriber"),
    [
        ("tag:uk", somebody("uk")),
        ("TAG : UK", somebody("uk")),
        ("tag:GRÖßE", somebody("grösse")),
        ("tag:'not'", somebody("not")),
        ('city = "LEEDS"', somebody(city="Leeds")),
        ("city = 'straße'", somebody(city="STRASSE")),
        ('city = "Saint  Ives"', somebody(city=" saint ives ")),
        ('city != "Leeds"', somebody()),
        ('city in ("York", "Leeds")', somebody(city="leeds")),
        ('city not in ("York", "Leeds")', somebody(city="Bath")),
        ("has city", somebody(city="Bath")),
        ("city is set", somebody(city="Bath")),
        ("city is not set", somebody(city=" ")),
        ("not has city", somebody()),
        ('"Job Title" = "Head of Retail"', somebody(job_title="Head of retail")),
        ('"in" = "x"', somebody(**{"in": "X"})),
        ("joined = 2026-01-02", somebody()),
        ("joined >= 2026-01-02 and joined <= 2026-01-02", somebody()),
        ("joined > 2026-01-01 and joined < 2026-01-03", somebody()),
        ("joined != 2026-01-03", somebody()),
        ("joined = 2026-01-01", somebody(joined="2026-01-02T00:30:00+01:00")),
        ("tag:a or tag:b and tag:c", somebody("a")),
        ("not tag:a and tag:b", somebody("b")),
        ("not (tag:a and tag:b)", somebody("b")),
        ("not not tag:a", somebody("a")),
    ],
)
def test_segment_holds(text: str, subscriber: Subscriber) -> None:
    assert parse_segment(text).holds(subscriber)
    assert not parse_segment(f"not ({text})").holds(subscriber)


@pytest.mark.parametrize(
    ("text", "subscriber"),
    [
        ("tag:uk", somebody("uk-press")),
        ('city = "Leeds"', somebody(company="Leeds")),
        ("has city", somebody(city="")),
        ("(tag:a or tag:b) and tag:c", somebody("a")),
        ("tag:a or tag:b and tag:c", somebody("b")),
        ("not tag:a or tag:b and tag:c", somebody("a", "b")),
    ],
)
def test_segment_does_not_hold(text: str, subscriber: Subscriber) -> None:
    assert not parse_segment(text).holds(subscriber)


def test_two_spellings_of_one_condition_are_one_segment() -> None:
    segment = parse_segment('tag:uk and not tag:press and city = "leeds"')

    assert 'tag:uk and not tag:press and city = "leeds"' == str(segment)
    for text in [
        ' ((City="LEEDS")) AND (Not tag:PRESS and tag:uk)',
        "tag:uk and tag:uk and not not not tag:press and 'city' in ('Leeds', 'leeds')",
    ]:
        assert segment == parse_segment(text)


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("tag:b or tag:a and tag:c", "tag:b or (tag:a and tag:c)"),
        ("not (tag:a or city is set)", "not (tag:a or city is set)"),
        ('city not in ("b", "a")', 'city not in ("a", "b")'),
        ('"tag" != "say \\"x\\" \\\\"', '"tag" != "say \\"x\\" \\\\"'),
        (
            "joined > 2026-02-28 or joined = 2024-02-29",
            "joined >= 2026-03-01 or joined = 2024-02-29",
        ),
        ("joined <= 2026-12-31", "joined < 2027-01-01"),
    ],
)
def test_segment_has_one_text_form(text: str, form: str) -> None:
    assert form == str(parse_segment(text))


@given(SEGMENTS)
def test_text_form_of_a_segment_is_that_segment(segment: Segment) -> None:
    assert segment == parse_segment(str(segment))


@given(st.text())
def test_folded_text_is_folded_once_and_for_all(text: str) -> None:
    assert folded(text) == folded(folded(text))


@given(
    st.lists(st.sampled_from(["tag:", "a", " and ", "(", ")", '"', "not ", "in", "=", "é", "\x00"]))
)
def test_parse_segment_takes_any_text_or_points_into_it(pieces: list[str]) -> None:
    text = "".join(pieces)
    try:
        found = parse_segment(text)
    except SegmentError as error:
        at = error.at
    else:
        assert found == parse_segment(str(found))
        return

    assert 0 <= at <= len(text)


@pytest.mark.parametrize(
    ("text", "at", "what"),
    [
        ("", 0, "expected a condition, not the end"),
        ("tag:uk adn tag:b", 7, "expected “and”, “or” or the end, not “adn”; did you mean “and”?"),
        ("tag:uk tag:b", 7, "expected “and”, “or” or the end, not “tag”"),
        ("tag uk", 4, "expected “:” after “tag”, not “uk”; write tag:uk"),
        ("tag:", 4, "expected a tag after “tag:”, not the end"),
        ("tag:'u k'", 4, "a tag has letters, digits, - and _ alone"),
        (f"tag:{'u' * 41}", 4, "a tag has 1 to 40 characters"),
        ("city = Leeds", 7, "expected a value in straight quotation marks after “=”, not “Leeds”"),
        ("city = “Leeds”", 7, 'after “=”, not “Leeds”; write "Leeds"'),
        ('city = "Leeds', 7, "this quotation mark is opened and never closed"),
        ('city: "Leeds"', 4, "expected “=” after an attribute’s name, not “:”; write tag:city"),
        ("city", 4, "expected “=”, “!=”, “in” or “is set” after an attribute’s name, not the end"),
        ("city iss set", 5, "did you mean “is”?"),
        ("city is sett", 8, "expected “set” after “is”, not “sett”; did you mean “set”?"),
        ('city in "a"', 8, "expected “(” after “in”"),
        ('city in ("a"', 12, "expected “,” or “)” after a value, not the end"),
        ('city not = "a"', 9, "expected “in” after “not”"),
        ("has", 3, "expected an attribute’s name after “has”, not the end"),
        ("joined 2026-01-01", 7, "expected “>=”, “<” or the like after “joined”"),
        ("joined >= 2026-02-30", 10, "expected a day, not “2026-02-30”; write it as 2026-01-31"),
        ("joined >= 2026-W01-1", 10, "expected a day"),
        ("joined > 2999-12-31", 9, "expected a day"),
        ("(tag:a", 0, "this bracket is never closed"),
        ("(tag:a tag:b)", 7, "expected “and”, “or” or “)”, not “tag”"),
        ("tag:a)", 5, "this bracket was never opened"),
        ("tag:a\x00", 5, "U+0000 is not a character to write"),
        ("tag:a \ud800", 6, "U+D800 is not a character to write"),
        ("tag:a or " * 300, 2000, "it has 2,700 characters, and at most 2,000 are allowed"),
        ("(" * 51 + "tag:a" + ")" * 51, 50, "more than 50 conditions stand one in another"),
    ],
)
def test_parse_segment_points_at_what_it_cannot_read(text: str, at: int, what: str) -> None:
    with pytest.raises(SegmentError) as caught:
        parse_segment(text)

    assert what in str(caught.value)
    assert (text, at) == (caught.value.text, caught.value.at)
    assert str(caught.value).startswith(f"the segment, character {at + 1:,}: ")


def test_parse_segment_takes_the_longest_and_the_deepest() -> None:
    parse_segment(" or ".join(f"tag:{number:06}" for number in range(142)))
    parse_segment("not " * 498 + "tag:a")

    assert "tag:a" == str(parse_segment("(" * 50 + "tag:a" + ")" * 50))
    with pytest.raises(SegmentError, match="one in another"):
        parse_segment("tag:a and (tag:b or (" * 25 + "tag:c" + "))" * 25)


def test_segment_that_grows_when_it_is_written_out_is_refused() -> None:
    """An ß becomes two letters when its case is folded: what is kept must be readable."""
    text = " or ".join(f'a="{number:02}{"ß" * 190}"' for number in range(9))

    with pytest.raises(SegmentError, match="when all is written out"):
        parse_segment(text)


def test_segment_names_its_tags_and_attributes() -> None:
    segment = parse_segment('tag:b and (not tag:a or city = "x") and not has company and tag:b')

    assert {"a", "b"} == set(segment.tags)
    assert ("company", "city") == segment.attributes


def test_joined_is_a_day_of_utc() -> None:
    west = timezone(timedelta(hours=-8))
    late = datetime(2026, 1, 1, 23, tzinfo=west)  # the 2nd, in UTC

    assert parse_segment("joined = 2026-01-02").holds(somebody(joined=late.isoformat()))
    assert UTC is not west
