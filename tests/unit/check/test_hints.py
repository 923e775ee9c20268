"""What a hint tells somebody to write, for slips that new editors have made."""

import pytest

from newsletter.check import Context, Diagnostic, HouseFormat, all_rules, check_issue
from newsletter.check.fixes import apply_fixes
from newsletter.issue import parse_issue, source_from_text

TITLE = "# The five biggest shop-floor stories of the week\n\nHere are the stories to know.\n\n"
BODY = "Sensors on the shelves of 40 branches now tell the warehouse what is running low."


def issue(body: str = BODY, *, head: str = "", headline: str = "## 1. ") -> str:
    return f"{head}{TITLE}{headline}Shelves order\n\n{body}\n"


def found(text: str, slug: str) -> list[Diagnostic]:
    parsed = parse_issue(source_from_text(text, path="issues/week.md"))
    house = HouseFormat()
    everything = check_issue(parsed, all_rules(), Context(house=house))
    return [each for each in everything if each.slug == slug]


@pytest.mark.parametrize(
    ("hint", "slug", "text"),
    [
        (
            "write it as 2026-12-04",
            "front-matter-invalid",
            issue(head="---\ndate: 4 December 2026\n---\n"),
        ),
        (
            "write the year, the month and the day: 2027-12-04",
            "front-matter-invalid",
            issue(head="---\ndate: 2027-12-34\n---\n"),
        ),
        ("write https://www.example.com/a", "link-scheme", issue("See [it](www.example.com/a).")),
        ("write https://example.com", "link-scheme", issue("See [it](example.com).")),
        (
            "links begin with https:// or mailto:",
            "link-scheme",
            issue("See [it](stories/tram).\n"),
        ),
        (
            "put the round bracket right behind the square one",
            "near-link",
            issue("[Read it] (https://www.example.com/a)"),
        ),
        (
            "put the file in images/ beside newsletter.toml and write images/tram.jpg",
            "near-link",
            issue(r"![A tram](C:\Users\me\my tram.jpg)"),
        ),
    ],
)
def test_hint_says_what_to_write(hint: str, slug: str, text: str) -> None:
    (one,) = found(text, slug)

    assert hint == one.hint


def test_headline_that_lacks_its_space_is_told_so() -> None:
    (one,) = found(issue(headline="##1. "), "headline-number-style")

    assert "there is no space after the headline’s “##”" == one.message


def test_date_in_words_is_mended() -> None:
    text = issue(head="---\ndate: 4 December 2026\n---\n")
    (one,) = found(text, "front-matter-invalid")
    assert one.fix

    assert text.replace("4 December 2026", "2026-12-04") == apply_fixes(text, [one.fix])


def test_footer_is_asked_for_with_its_link() -> None:
    (one,) = found(issue(), "footer-missing")

    assert "and a link to where readers sign up" in one.hint


def test_headline_in_the_middle_of_a_line_is_one_finding() -> None:
    text = issue(f"{BODY} ## 2. Tilly’s opens a store without tills in the middle of Leeds today")

    assert 1 == len(found(text, "heading-mark"))
    assert [] == found(text, "closing-punctuation")
