"""House titles, with and without a theme before them."""

import pytest

from newsletter.check import HouseFormat
from newsletter.check.house_titles import theme_of

HOUSE = HouseFormat(
    titles=(
        "The {count} biggest retail tech stories of the week",
        "This week’s {count} *: what to read",
    )
)


@pytest.mark.parametrize(
    ("title", "theme"),
    [
        ("The five biggest retail tech stories of the week", ""),
        ("The 12 biggest retail tech stories of the week", ""),
        ("THE SIX BIGGEST\u00a0RETAIL TECH STORIES OF THE WEEK", ""),
        ("This week's seven mergers: what to read", ""),
        ("Robots: the five biggest retail tech stories of the week", "Robots"),
        ("Robots – the five biggest retail tech stories of the week", "Robots"),
        ("Robots - the five biggest retail tech stories of the week", "Robots"),
        ("Robots, boats and the five biggest retail tech stories of the week", "Robots, boats"),
        ("Robots & the five biggest retail tech stories of the week", "Robots"),
        ("Who’s next? The five biggest retail tech stories of the week", "Who's next"),
        ("The five: robots: the five biggest retail tech stories of the week", "The five: robots"),
    ],
)
def test_theme_of_is_what_stands_before_the_house_title(title: str, theme: str) -> None:
    assert theme == theme_of(title, HOUSE)


@pytest.mark.parametrize(
    "title",
    [
        "",
        "The biggest retail tech stories of the week",
        "The few biggest retail tech stories of the week",
        "The five biggest retail tech stories of the month",
        "The five biggest retail tech stories of the week.",
        "Robots the five biggest retail tech stories of the week",
        "Robots: " * 40 + "the five biggest retail tech stories of the week",
    ],
)
def test_theme_of_is_none_for_no_house_title(title: str) -> None:
    assert theme_of(title, HOUSE) is None


def test_theme_of_is_none_without_house_titles() -> None:
    assert theme_of("The five biggest retail tech stories of the week", HouseFormat()) is None


def test_theme_of_ends_for_a_pattern_of_many_stars() -> None:
    """A pattern that tried every way to share out the letters would not end in our time."""
    house = HouseFormat(titles=("*a" * 30 + "*b",))

    assert theme_of("a" * 300, house) is None
    assert theme_of("a: " * 100, house) is None
