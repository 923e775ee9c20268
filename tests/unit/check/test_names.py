"""Names that are in the stories in some form, and names that are not."""

from functools import partial

import pytest

from newsletter.check import HouseFormat
from newsletter.check.names import Names
from newsletter.issue import parse_issue, source_from_text
from tests.process_time import in_proportion

STORIES = """# Stories

It’s Friday.

## 1. Klarna snaps up HERO

Klarna buys the platform. Levi’s, rag & bone and Marks and Spencer use it. They meet at NRF.

## 2. Ant Group eyes two listings

The Very Group waits. In Hong\u00a0Kong, **Ant** Group does not. Amazon Web Services: Toys “R” Us.

## 3. Flash 10/10 opens

Coca-Cola and McDonalds are in. Richemont moves, says the National River Council. Asda drops eBay
after a night sale.
"""


def names(text: str = STORIES) -> Names:
    return Names(parse_issue(source_from_text(text)), HouseFormat())


@pytest.mark.parametrize(
    "item",
    [
        # As they stand, in any case, with any space, apostrophe or hyphen.
        *("Klarna", "HERO", "Hero", "Ant Group", "Hong Kong", "Levi's", "Levis", "Flash 10/10"),
        *("Coca Cola", "McDonald’s", "ebay", "Toys “R” Us", "“HERO”"),
        # Pairs, "and", "&".
        *(
            "Klarna/HERO",
            "Klarna / Flash 10/10",
            "rag & bone",
            "Marks & Spencer",
            "Klarna and Asda",
        ),
        *("Klarna + HERO", "M&S"),
        # Articles, possessives, years.
        *("the Ant Group", "The Richemont", "Klarna’s", "NRF 2022", "NRF ’22", "2022"),
        *("Night Sale 2022", "The Night Sale"),
        # A shorter or longer form of a name.
        *("Very", "Compagnie Financière Richemont", "AWS", "NRC", "The Hong Kong Ant Group"),
        # Clauses, and what names nothing.
        *(
            "Klarna’s latest deal",
            "Quayside selling to Asda",
            "a new era for tills",
            "Friday",
            "{}",
        ),
        *("bikes", "", "/", "&", "and"),
    ],
)
def test_missing_finds_nothing_where_the_stories_have_the_name(item: str) -> None:
    assert () == names().missing(item)


@pytest.mark.parametrize(
    ("item", "missing"),
    [
        ("Carna", ("Carna",)),
        ("Klar", ("Klar",)),
        ("Lowland Group", ("Lowland Group",)),
        ("Hong Tower", ("Hong Tower",)),
        ("Klarna/Quayside", ("Quayside",)),
        ("Quayside/Lowland", ("Quayside", "Lowland")),
        ("Klarna and Quayside", ("Quayside",)),
        ("Salt & Pepper", ("Salt & Pepper",)),
        ("the Quayside", ("the Quayside",)),
        ("Quayside opening in Hull", ("Quayside opening in Hull",)),
        ("Tillcon 2022", ("Tillcon 2022",)),
        ("QXZ", ("QXZ",)),
    ],
)
def test_missing_names_what_no_story_has(item: str, missing: tuple[str, ...]) -> None:
    assert missing == names().missing(item)


@pytest.mark.parametrize(
    ("name", "expected"),
    [("Karna", "Klarna"), ("Levi’s Richmont", "Richemont"), ("Quayside", ""), ("bikes", "")],
)
def test_suggestion_is_a_word_that_looks_alike(name: str, expected: str) -> None:
    assert expected == names().suggestion(name)


@pytest.mark.parametrize("word", ["Zz ", "Zz/", "Ant ", "Zz & ", "A and "])
def test_missing_takes_its_share_of_time_in_a_long_text(word: str) -> None:
    def look(length: int) -> None:
        found = names(STORIES + "Ant Bee Cow " * length)
        found.missing(word * length)
        found.missing(word * (100 // len(word)))

    assert in_proportion(partial(look, 5_000), partial(look, 20_000))


def test_name_behind_an_article_stands_alone_however_it_is_inflected() -> None:
    """As in German: vom Hofladen above, Der Hofladen below, and no other name beside it."""
    text = STORIES + "\n## 4. Der Hofladen öffnet\n\nEr nimmt Karten. Dem Hofladen fehlt Brot.\n"

    assert () == names(text).missing("vom Hofladen")
    assert () == names(text).missing("beim Hofladen")
    assert ("vom Hofladen Ost",) == names(text.replace("Hofladen", "Markt")).missing(
        "vom Hofladen Ost"
    )


def test_words_that_the_house_sets_aside_are_no_names() -> None:
    text = STORIES + "\n## 4. Vom Hofladen\n\nBrot, auch nachts.\n"
    issue = parse_issue(source_from_text(text))

    assert () == Names(issue, HouseFormat(stop_words=("vom",))).missing("Neues vom Hofladen")
