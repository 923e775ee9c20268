"""How many stories a title announces; silence is better than a wrong number."""

import pytest

from newsletter.issue import ENGLISH
from newsletter.issue.title import title_count


@pytest.mark.parametrize(
    ("title", "count"),
    [
        ("The five biggest retail technology news stories of the week", 5),
        ("The five most important retail tech news stories of the week", 5),
        ("THE SIX BIGGEST STORIES", 6),
        ("The 5 biggest stories", 5),
        ("The five\u00a0biggest stories", 5),
        ("5 stories from the shop floor", 5),
        ("Top 10 stories", 10),
        ("The week’s twelve best headlines", 12),
        ("Three things to know this week", 3),
        ("Two mergers and the five biggest shop-floor stories of the week", 5),
        ("Five Below, Seven & i: the six biggest retail stories", 6),
        ("5G, 3 deals and the five biggest stories", 5),
        ("Robots: the five most important and interesting stories", 5),
        ("Shelves, tills and the four-biggest stories", 4),
    ],
)
def test_title_count_is_the_number_that_counts_the_stories(title: str, count: int) -> None:
    assert count == title_count(title)


@pytest.mark.parametrize(
    "title",
    [
        "",
        "The week in retail technology",
        "The biggest stories of 2027",
        "The 2027 stories that mattered",
        "Big Four grocers: this week’s stories",
        "The four-day week and this week’s retail stories",
        "The 12 days of Christmas, and other stories",
        "The 12 days of Christmas stories",
        "Phase 3 news",
        "A £5 bag and other stories",
        "5% off and other stories",
        "5.5 million shoppers and more stories",
        "25 biggest stories",
        "The twenty-five biggest stories",
        "Retail stories of five towns",
        "One story",
        "Seven-Eleven’s stories",
        "The two biggest grocers merge",
        "Five a day: the stories",
    ],
)
def test_title_count_is_none_without_a_number_of_stories(title: str) -> None:
    assert title_count(title) is None


def test_number_words_count_from_two() -> None:
    assert list(range(2, 21)) == [title_count(f"The {word} stories") for word in ENGLISH.numbers]
