"""A published issue as JSON and back, whole or not at all."""

import json
from dataclasses import fields, replace
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.errors import StoreError
from newsletter.render.html import Html
from newsletter.render.site import PublishedIssue, from_json, to_json
from tests.site_specimens import LONDON, published_issues, site_imprint

ISSUES = published_issues(site_imprint())
KEPT = json.loads(to_json(ISSUES[0]))


def test_issue_comes_back_as_it_was() -> None:
    assert ISSUES == [from_json(to_json(issue)) for issue in ISSUES]


def test_html_comes_back_as_html() -> None:
    """A template would escape it otherwise."""
    assert isinstance(from_json(to_json(ISSUES[0])).stories[0].body_html, Html)


def test_same_issue_is_the_same_text() -> None:
    assert to_json(ISSUES[0]) == to_json(from_json(to_json(ISSUES[0])))
    assert "\n" not in to_json(ISSUES[0])


@given(st.text(), st.text(alphabet=st.characters(codec="utf-8")), st.integers() | st.none())
def test_any_text_and_number_come_back(title: str, body: str, number: int | None) -> None:
    issue = PublishedIssue(
        name="a",
        number=number,
        date=date(2026, 11, 27),
        language="en",
        title=title,
        subject=body,
        preheader="",
        intro_html=Html(body),
        published_at=datetime(2026, 11, 27, 7, tzinfo=LONDON),
    )

    assert issue == from_json(to_json(issue))


def changed(**values: Any) -> str:
    return json.dumps({name: value for name, value in (KEPT | values).items() if value != "gone"})


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        ("damaged", ""),
        ("it is not a record", "[]"),
        ("“version” is not 1", changed(version=2)),
        ("“version” is not 1", changed(version="gone")),
        ("“subject” is not there", changed(subject="gone")),
        ("“subject” is not what it should be", changed(subject=7)),
        ("“colour” is not a field of it", changed(colour="red")),
        ("“number” is not what it should be", changed(number=True)),
        ("Invalid isoformat", changed(date="yesterday")),
        ("“published_at” is not a moment with its zone", changed(published_at="2026-11-27T07:00")),
        ("“stories” is not a list", changed(stories={})),
        ("“stories.number” is not there", changed(stories=[{}])),
        ("“sponsor” is not", changed(sponsor=[])),
        ("cannot be the address", changed(name="../../etc/passwd")),
        ("damaged", "[" * 100_000),
    ],
)
def test_damage_is_refused_with_its_place(expected: str, text: str) -> None:
    with pytest.raises(StoreError, match="an issue of the archive is damaged") as caught:
        from_json(text)

    assert expected in str(caught.value)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@given(st.sampled_from(sorted(KEPT)), JSON)
def test_any_damage_is_an_error_of_ours_or_none(name: str, value: Any) -> None:
    try:
        issue = from_json(json.dumps(KEPT | {name: value}))
    except StoreError:
        return

    assert issue == from_json(to_json(issue))


def test_half_a_character_is_damage() -> None:
    with pytest.raises(StoreError):
        from_json(changed(subject="a\ud800b"))


def test_what_joined_later_may_be_missing() -> None:
    """A field with a default: an archive outlives the program that wrote it."""
    text = changed(pictures="gone", closing_html="gone")

    assert replace(ISSUES[0], pictures=(), closing_html=Html()) == from_json(text)


def test_every_field_is_kept() -> None:
    assert {one.name for one in fields(PublishedIssue)} | {"version"} == set(KEPT)
