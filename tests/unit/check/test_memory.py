"""Which issues are remembered, and what of them; and that no real pair of headlines is alike."""

from datetime import date
from itertools import combinations
from pathlib import Path

import pytest

from newsletter.check import Context, HouseFormat, PastStory, past_stories
from newsletter.check.rules import headline_ran_before, link_ran_before
from newsletter.issue import Issue, load_issue, parse_issue, source_from_text

ROOT = Path(__file__).parents[3]
SEEDS = sorted((ROOT.parent / "shared" / "seeds").glob("*.txt"))
ISSUES = sorted((ROOT / "issues").glob("*.md"))


def issue_of(name: str, *headlines: str) -> Issue:
    stories = "".join(f"## {at}. {words}\n\nText.\n\n" for at, words in enumerate(headlines, 1))
    text = f"# Tills\n\nFriday.\n\n{stories}---\nSign up.\n"
    return parse_issue(source_from_text(text, path=f"issues/{name}.md"))


def test_past_stories_gives_the_newest_issues_from_before_the_day() -> None:
    issues = [
        issue_of("2026-02-20", "B"),
        issue_of("2026-03-06", "D"),
        issue_of("2026-02-27", "C"),
        issue_of("2026-02-13", "A"),
        issue_of("ideas", "E"),
    ]

    found = past_stories(issues, before=date(2026, 3, 6), limit=2)

    assert ["2026-02-27", "2026-02-20"] == [story.issue for story in found]


def test_past_stories_takes_every_dated_issue_for_an_issue_without_a_date() -> None:
    issues = [issue_of("2026-02-20", "A"), issue_of("ideas", "B")]

    assert ["2026-02-20"] == [story.issue for story in past_stories(issues, before=None, limit=10)]


def test_past_stories_gives_none_where_the_memory_is_none() -> None:
    assert () == past_stories([issue_of("2026-02-20", "A")], before=None, limit=0)


def test_past_stories_keeps_number_headline_and_links_of_each_story() -> None:
    text = (
        "# Tills\n\n[Friday](https://a.example/intro).\n\n"
        "## 4. [Shelves](https://a.example/h) think\n\n"
        "[One](https://a.example/1) [mail](mailto:a@b.example)\n\n> [Two](https://a.example/2)\n\n"
        "## Tills\n\nText.\n\n---\nSign up [here](https://a.example/f).\n"
    )
    issue = parse_issue(source_from_text(text, path="2026-02-20.md"))

    links = ("https://a.example/h", "https://a.example/1", "https://a.example/2")
    assert (
        PastStory(issue="2026-02-20", number=4, headline="Shelves think", links=links),
        PastStory(issue="2026-02-20", number=None, headline="Tills", links=()),
    ) == past_stories([issue], before=None, limit=1)


def found(headline: str, past: str, house: HouseFormat | None = None) -> list[str]:
    story = PastStory(issue="2026-02-20", number=3, headline=past, links=())
    context = Context(house=house or HouseFormat(), past=(story,))
    return [item.message for item in headline_ran_before.check(issue_of("x", headline), context)]


@pytest.mark.parametrize(
    ("headline", "past"),
    [
        (
            "Tilly’s opens its first store without tills",
            "Tilly's Opens Its First Store Without Tills",
        ),
        (
            "Tilly’s opens first store without any tills",
            "Tilly’s opens its first store without tills",
        ),
        ("Harbour Foods: warehouse opens in Hull", "In Hull, Harbour Foods opens a warehouse"),
        ("Harbor Foods opens warehouse in Hull", "Harbour Foods opens a warehouse in Hull"),
        (
            "Walmart signs Jason Derulo for first shoppable livestream on Twitter",
            "Walmart enlists Jason Derulo for first shoppable livestream on Twitter",
        ),
    ],
)
def test_headline_that_nearly_ran_is_reported(headline: str, past: str) -> None:
    assert [f"nearly the same headline ran in 2026-02-20 as story 3: “{past}”"] == found(
        headline, past
    )


@pytest.mark.parametrize(
    ("headline", "past"),
    [
        ("Harbour Foods raises £12 million", "Harbour Foods raises £13 million"),
        ("Tilly’s opens in Leeds", "Tilly’s opens in York"),
        ("Tilly’s opens", "Tilly’s opens in York, and closes in Leeds"),
        ("Harbour Foods buys Tilly’s", "Harbour Foods sues Tilly’s over a trade mark"),
        (
            "Harbour Foods opens Hull warehouse",
            "Harbour Foods opens Hull office, Leeds shop and museum",
        ),
        ("Harbour Foods opens warehouse in Hull", "Harbour Foods opens warehouse in Leeds"),
        ("Tilly’s closes first store without tills", "Tilly’s opens first store without tills"),
        (
            "Northgate and Bellweather split their cards",
            "Northgate and Bellweather merge their cards",
        ),
        (
            "Corner Cart opens depot for bikes, boats and refrigeration",
            "Corner Cart opens depot for bikes, boats and skyscrapers",
        ),
        ("The week in tills", "The week in shelves"),
        ("", "Tilly’s opens in York"),
    ],
)
def test_headline_of_another_story_is_not_reported(headline: str, past: str) -> None:
    assert [] == found(headline, past)


def test_headline_is_compared_without_the_words_that_the_house_leaves_aside() -> None:
    headline, past = "Schleuse, Hafen, Betrieb", "Die neue Schleuse am Hafen geht in Betrieb"
    house = HouseFormat(stop_words=("die", "neue", "am", "in", "geht"))

    assert [] == found(headline, past)
    assert [] != found(headline, past, house)
    assert [] != found(past, headline, house)


def test_no_two_headlines_of_real_issues_are_alike() -> None:
    """Three of ours retell three real ones: the same news in other words is another headline."""
    headlines = [
        story.headline.text for path in [*SEEDS, *ISSUES] for story in load_issue(path).stories
    ]

    assert len(headlines) >= 15
    assert [] == [pair for pair in combinations(headlines, 2) if found(*pair)]


def test_real_issues_in_order_remember_nothing_of_each_other() -> None:
    issues = [load_issue(path) for path in ISSUES]
    for issue in issues:
        past = past_stories(issues, before=issue.date, limit=10)
        context = Context(house=HouseFormat(), past=past)

        assert [] == [*link_ran_before.check(issue, context)]
        assert [] == [*headline_ran_before.check(issue, context)]
