"""Two texts compared as a reader would: by part, word by word, and no longer than need be."""

import pytest

from newsletter.publishing.rewording import Kind, Reworded, reworded

RULE = "-" * 71
TEXT = f"""THE FRIDAY FIVE
Friday 26 November 2021

{RULE}

The five biggest stories

Hello there, here are this week’s five, including Walmart
and Getir.

IN THIS ISSUE

1. Walmart opens a shop
2. Getir buys Weezy

{RULE}

1. WALMART OPENS A SHOP

Walmart sells on Twitter now.

Read the full story:
<https://www.example.com/1>

{RULE}

2. GETIR BUYS WEEZY

| The price is a secret, they
| say.

{RULE}

Sign up here.
"""


def shown(change: Reworded) -> str:
    marks = {Kind.SAME: "{}", Kind.GONE: "[-{}-]", Kind.NEW: "[+{}+]"}
    words = "".join(marks[piece.kind].format(piece.text) for piece in change.pieces)
    return f"{change.part}: {words}"


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("here are", "these are", "Intro: Hello there, [-here-][+these+] are this week’s five, …"),
        ("example.com/1", "example.com/1?a=b", "Story 1, link: www.example.com/1[+?a=b+]"),
        ("they\n| say.", "they\n| say!", "Story 2: The price is a secret, they say[-.-][+!+]"),
        ("Sign up", "Join", "Footer: [-Sign up-][+Join+] here."),
        (
            "Read the full story:",
            "It said so.\n\nRead the full story:",
            "Story 1: [+It said so.+]",
        ),
    ],
)
def test_reworded_says_part_and_words(before: str, after: str, expected: str) -> None:
    [change] = reworded(TEXT, TEXT.replace(before, after))

    assert expected.rstrip("…").rstrip() in shown(change)


def test_headline_is_one_change_though_it_stands_in_contents_and_in_capitals() -> None:
    after = TEXT.replace("opens a shop", "closes a shop").replace("OPENS", "CLOSES")

    assert ["Story 1, headline: Walmart [-opens-][+closes+] a shop"] == [
        shown(change) for change in reworded(TEXT, after)
    ]


def test_line_broken_elsewhere_is_no_change() -> None:
    assert not reworded(TEXT, TEXT.replace("including Walmart\nand", "including\nWalmart and"))


def test_what_is_the_same_is_cut_to_what_tells_the_place() -> None:
    long = "word " * 100
    before, after = (TEXT.replace("Twitter", f"{long}{each} {long}") for each in ("A", "B"))
    [change] = reworded(before, after)

    assert len(shown(change)) < 300
    assert shown(change).count("…") == 2


def test_two_long_paragraphs_are_shown_whole() -> None:
    before, after = (TEXT.replace("Twitter", f"{each} " * 4_000) for each in ("a", "b"))
    [change] = reworded(before, after)

    assert [Kind.GONE, Kind.NEW] == [piece.kind for piece in change.pieces]
