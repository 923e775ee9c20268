"""The site's words: each language has them all, and no language breaks a place of one."""

import pytest

from newsletter.errors import RenderError
from newsletter.languages import LAID_OUT, language_of
from newsletter.render.site import SiteWords, word_names
from newsletter.settings.spoken import site_words_in

ALIKE = {"month", "moment", "day", "weekday_day", "error_title", "error_number", "contact", "feed"}
"""Words that two languages may spell alike; and there are more, in few of them."""


@pytest.mark.parametrize("tag", LAID_OUT[1:])
def test_language_has_every_word_of_the_site(tag: str) -> None:
    own = language_of(tag).site

    assert set(word_names()) == set(own) - {"months"}


@pytest.mark.parametrize("tag", LAID_OUT[1:])
def test_language_says_everything_in_its_own_words(tag: str) -> None:
    english, own = SiteWords(), site_words_in(tag)
    same = {name for name in word_names() if getattr(own, name) == getattr(english, name)}

    assert 4 >= len(same - ALIKE), same


@pytest.mark.parametrize("tag", LAID_OUT[1:])
def test_no_word_loses_a_place_that_its_reader_needs(tag: str) -> None:
    """An address, a date or a number that the English sentence names is in every other one."""
    english, own = SiteWords(), site_words_in(tag)
    lost = {
        (name, field)
        for name in word_names()
        for field in ("address", "date", "number", "moment", "time", "hours", "step", "day")
        if f"{{{field}}}" in getattr(english, name) and f"{{{field}}}" not in getattr(own, name)
    }

    assert set() == lost


def test_language_that_nobody_knows_speaks_english() -> None:
    assert SiteWords() == site_words_in("tlh")


def test_months_are_all_twelve_or_none() -> None:
    with pytest.raises(RenderError, match="2 names are given; write all 12"):
        SiteWords(months=("a", "b"))


def test_polish_heads_a_month_otherwise_than_it_dates_a_day() -> None:
    assert "listopad" == site_words_in("pl").months[10]
