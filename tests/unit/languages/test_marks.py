"""Quotation marks and apostrophes as each language sets them."""

import pytest

from newsletter.issue import Text, parse_inlines, parse_markdown, plain_inlines, plain_text
from newsletter.languages import LAID_OUT, marks_of

SAID = """He said "much" and 'little'."""


def set_in(tag: str, text: str) -> str:
    return plain_inlines(parse_inlines(text, typeset=tag))


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("en-GB", "He said “much” and ‘little’."),
        ("de-DE", "He said „much“ and ‚little‘."),
        ("de-CH", "He said «much» and ‹little›."),
        ("fr", "He said « much » and “little”."),
        ("sv-SE", "He said ”much” and ’little’."),
        ("pl", "He said „much” and «little»."),
        ("hu", "He said „much” and »little«."),
        ("it", "He said «much» and “little”."),
        ("pt-BR", "He said “much” and ‘little’."),
        ("pt_PT", "He said «much» and “little”."),
        ("ru", "He said «much» and „little“."),
        ("ja", "He said 「much」 and 『little』."),
        ("zh-Hant", "He said 「much」 and 『little』."),
        ("ar", "He said ”much“ and ’little‘."),
        ("tlh", SAID),
        ("", SAID),
    ],
)
def test_straight_marks_become_those_of_the_language(tag: str, expected: str) -> None:
    assert expected == set_in(tag, SAID)


@pytest.mark.parametrize("tag", ["en", "de-DE", "fr", "sv", "ja"])
@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("In the '90s, sales fell.", "In the ’90s, sales fell."),
        ("The class of '21 shops.", "The class of ’21 shops."),
        ("'Tis the season", "’Tis the season"),
        ("rock 'n' roll", "rock ’n’ roll"),
        ("It's l'heure", "It’s l’heure"),
    ],
)
def test_apostrophe_is_no_quotation_mark(tag: str, typed: str, expected: str) -> None:
    assert expected == set_in(tag, typed)


@pytest.mark.parametrize(
    ("tag", "typed", "expected"),
    [
        ("en", "get 'em, 'til Friday", "get ’em, ’til Friday"),
        ("nl", "'s Avonds in 's-Gravenhage, om 't uur", "’s Avonds in ’s-Gravenhage, om ’t uur"),
        ("de", "So 'n Ding, 'ne Kasse", "So ’n Ding, ’ne Kasse"),
        ("en", "the word '21' and the word 'em'", "the word ‘21’ and the word ‘em’"),
        ("pt", "diz 'em casa' e sai", "diz ‘em casa’ e sai"),
    ],
)
def test_words_that_lost_their_beginning_are_the_languages_own(
    tag: str, typed: str, expected: str
) -> None:
    assert expected == set_in(tag, typed)


def test_marks_hold_across_emphasis_and_leave_code_and_addresses_alone() -> None:
    text = """"So *viel* und 'so' [hier](https://example.com/'90s) `"x" '90s`" """

    nodes = parse_markdown(text, typeset="de")

    assert """„So viel und ‚so‘ hier "x" '90s“""" == plain_text(nodes).strip()
    assert "https://example.com/'90s" in repr(nodes)


def test_french_marks_keep_to_their_words() -> None:
    """By a narrow space at which no line breaks (U+202F)."""
    (text,) = parse_inlines('"oui"', typeset="fr-CA")

    assert Text(text="«\u202foui\u202f»") == text


@pytest.mark.parametrize("tag", LAID_OUT)
def test_every_language_that_can_be_laid_out_has_marks(tag: str) -> None:
    assert marks_of(tag) == marks_of(f"{tag.upper()}-001")
    assert marks_of(tag) is not None
