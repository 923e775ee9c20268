"""Our words in the e-mail: each can be said in another language, and none is left behind."""

import re
from dataclasses import fields, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from newsletter.errors import RenderError
from newsletter.issue import load_issue, parse_issue, source_from_text
from newsletter.render import Imprint, Rendered, Theme, Words, date_in_words, render_issue
from newsletter.render.imprint import direction_of
from newsletter.settings import load_settings

ROOT = Path(__file__).parents[3]
GERMAN = ROOT / "tests/publications/werft"
SPONSORED = """\
---
number: 46
correction: It was a barge.
---
# T

Intro.

## 1. A

x

## Sponsored by Acme Tills

They count.

[See the till](https://acme.example/)

## 2. B

![](https://x.example/i.png)
"""


def render_text(text: str, publication: Imprint) -> Rendered:
    return render_issue(
        parse_issue(source_from_text(text, path="issues/2021-11-26.md")),
        publication=publication,
        theme=Theme(),
        templates=[ROOT / "templates"],
        issue_date=date(2021, 11, 26),
        tag="0" * 32,
    )


def spoken(html: str) -> str:
    """All that is seen or heard of the HTML."""
    tree: Any = etree.fromstring(html, etree.HTMLParser())
    etree.strip_elements(tree, "style", etree.Comment, with_tail=False)
    heard = tree.xpath("//@alt | //@aria-label | //@title")
    return " ".join([*tree.itertext(), *heard])


def without_addresses(text: str) -> str:
    return re.sub(r"<https?:[^>]*>", "", text)


@pytest.mark.parametrize(
    ("expected", "pattern"),
    [
        ("Friday 26 November 2021", "{weekday} {day} {month} {year}"),
        ("Friday, 26. November 2021", "{weekday}, {day}. {month} {year}"),
        ("26 November", "{day} {month}"),
        ("2021: November, 26", "{year}: {month}, {day}"),
    ],
)
def test_words_put_a_date_as_the_pattern_has_it(expected: str, pattern: str) -> None:
    assert expected == Words(date=pattern).dated(date(2021, 11, 26))


def test_date_in_words_takes_the_names_given() -> None:
    words = Words(months=tuple(f"month {number}" for number in range(1, 13)))

    assert "Sunday 1 month 3 2026" == date_in_words(date(2026, 3, 1), words)


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("contents", "", "the word is empty"),
        ("unsubscribe", " ", "the word is empty"),
        ("unsubscribe", "Leave {name}", "'{name}' is not a field of this pattern; take the braces"),
        ("date", "{weekday} {day.__class__}", "'{day.__class__}' is not a field of this pattern"),
        ("date", "{day} {month", "'{month' is not a field of this pattern"),
        ("date", "{day}}", "'}' is not a field"),
        ("date", "{month} {year}", "'{month} {year}' has no {day}"),
        ("issue_number", "Issue", "'Issue' has no {number}"),
        ("sponsor", "Sponsored", "'Sponsored' has no {name}"),
        ("weekdays", ("Mo", "Tu"), "2 names are given; write all 7"),
        ("months", ("",) * 12, "12 names are given; write all 12"),
    ],
)
def test_words_refuse(field: str, value: object, said: str) -> None:
    values: dict[str, Any] = {field: value}

    with pytest.raises(RenderError) as caught:
        Words(**values)
    assert str(caught.value).startswith(f"words {field}: {said}")


def test_words_say_an_advertisement_where_no_sponsor_gives_a_name() -> None:
    assert "Sponsored by Acme" == Words().sponsored("Acme")
    assert "Advertisement" == Words().sponsored("")


@pytest.mark.parametrize(
    ("expected", "pattern"),
    [(("Anzeige von", ""), "Anzeige von {name}"), (("", "katkılarıyla"), "{name} katkılarıyla")],
)
def test_words_stand_round_a_sponsors_name(expected: tuple[str, str], pattern: str) -> None:
    assert expected == Words(sponsor=pattern).round_sponsor


def test_every_word_of_ours_can_be_replaced(publication: Imprint) -> None:
    """Both parts hold each of the new words somewhere, and none of the old ones."""
    english = {one.name: getattr(Words(), one.name) for one in fields(Words)}
    patterns = {name: value for name, value in english.items() if isinstance(value, str)}
    marks = {name: f"§{at}§" for at, name in enumerate(patterns, 1)}
    said = {name: re.sub(r"^[A-Z][a-z ?]+", marks[name], value) for name, value in patterns.items()}
    rendered = render_text(SPONSORED, replace(publication, words=Words(**{**english, **said})))
    expected = set(marks) - {"date", "advertisement"}

    for part, names in (
        (spoken(rendered.html), expected - {"image"}),
        (without_addresses(rendered.text), expected),
    ):
        assert names == {name for name, mark in marks.items() if mark in part}
        for name in expected:
            word = patterns[name].partition(" {")[0]
            assert word not in part
            assert word.upper() not in part


def test_german_publication_has_no_english_word_of_ours() -> None:
    settings = load_settings(GERMAN, {}, with_environment=False)
    rendered = render_issue(
        load_issue(GERMAN / "issues/2026-03-05.md"),
        publication=settings.publication,
        theme=settings.theme,
        templates=[ROOT / "templates"],
        issue_date=date(2026, 3, 5),
        tag="0" * 32,
    )
    english = {
        word.lower()
        for one in fields(Words)
        for value in [getattr(Words(), one.name)]
        for phrase in ([value] if isinstance(value, str) else value)
        for word in re.findall(r"[A-Za-z]+(?![^{]*\})", phrase)
    } - {"april", "august", "september", "november", "in", "browser"}  # German words too

    for part in (spoken(rendered.html), without_addresses(rendered.text)):
        assert set() == english & {word.lower() for word in re.findall(r"\w+", part)}
        assert "Donnerstag, 5. März 2026" in part


@pytest.mark.parametrize(
    ("expected", "language"),
    [
        ("ltr", "en-GB"),
        ("ltr", "de"),
        ("rtl", "ar"),
        ("rtl", "he-IL"),
        ("rtl", "fa-IR"),
        ("rtl", "ur"),
        ("rtl", "pa-Arab-PK"),
        ("ltr", "az-Latn-IR"),
        ("ltr", "ar-Latn"),
    ],
)
def test_direction_follows_from_the_language_and_its_script(expected: str, language: str) -> None:
    assert expected == direction_of(language)


def test_rtl_turns_the_page_round(publication: Imprint) -> None:
    html = render_text(
        "# T\n\nI.\n\n## 1. A\n\n> q\n\n- l\n\n[Read](https://x.example/)\n",
        replace(publication, language="he-IL"),
    ).html

    assert 'lang="he-IL" dir="rtl"' in html
    assert ["dateline-link"] == re.findall(r'align="left"[^>]*class="([^"]*)"', html)
    assert 1 == html.count('align="left"')
    assert "direction:ltr" not in html
    assert "border-right:4px solid" in html
    assert "border-left:4px solid" not in html
    assert "padding:0 22px 0 0" in html
    assert "←" in html
    assert "→" not in html
