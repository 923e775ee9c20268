"""A sponsor's block: where one is seen, where none is, and that it is no story."""

from dataclasses import replace

import pytest

from newsletter.issue import (
    ENGLISH,
    Issue,
    heads_sponsor,
    parse_issue,
    source_from_text,
    write_issue,
)

FOOT = "Sign up for our free retail technology newsletter here."
MARKED = (
    "# The two stories\n\nIntro.\n\n{0}## 1. Shelves\n\nThey think.\n\n{1}## 2. Tills\n\nThey rest."
    f"\n\n{{2}}---\n{FOOT}\n"
)
BLOCK = "## Sponsored by **Acme** Tills\n\nTry one.\n\n[Order it](https://www.example.com/x)\n\n"


def issue_of(text: str) -> Issue:
    return parse_issue(source_from_text(text))


def pasted(line: str) -> Issue:
    text = MARKED.format("", f"{line}\n\nTry one.\n\n", "").replace("## ", "").replace("# ", "")
    return issue_of(text.replace("---\n", ""))


def names(issue: Issue) -> list[tuple[str, str, int]]:
    return [(each.label, each.name.text, each.after) for each in issue.sponsors]


@pytest.mark.parametrize("after", [0, 1, 2])
def test_sponsor_is_read_with_its_place_and_is_no_story(after: int) -> None:
    blocks = ["", "", ""]
    blocks[after] = BLOCK
    text = MARKED.format(*blocks)

    issue = issue_of(text)

    assert [("Sponsored by", "Acme Tills", after)] == names(issue)
    assert issue.sponsor is issue.sponsors[0]
    assert ["Try one.", "Order it"] == [block.text for block in issue.sponsors[0].body]
    assert [("Shelves", "They think."), ("Tills", "They rest.")] == [
        (story.headline.text, story.text) for story in issue.stories
    ]
    assert "Intro." == issue.intro_text
    assert issue.footer is not None
    assert FOOT == issue.footer.text
    assert text == write_issue(issue)


def test_sponsor_knows_its_places() -> None:
    [sponsor] = issue_of(MARKED.format("", BLOCK, "")).sponsors

    assert "## Sponsored by " == sponsor.marker
    assert (9, 17) == (sponsor.span.line, sponsor.name.span.column)
    assert range(9, 14) == sponsor.lines


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        ("### Presented by Acme", ("Presented by", "Acme")),
        ("# In partnership with Acme #", ("In partnership with", "Acme")),
        ("## Sponsor: Acme", ("Sponsor:", "Acme")),
        ("## **Sponsored by Acme**", ("Sponsored by", "Acme")),
        ("## ADVERTISEMENT", ("ADVERTISEMENT", "")),
        ("## Sponsored by", ("Sponsored by", "")),
    ],
)
def test_heading_that_begins_with_the_cue_is_a_sponsors(
    heading: str, expected: tuple[str, str]
) -> None:
    issue = issue_of(MARKED.format("", f"{heading}\n\nTry one.\n\n", ""))

    assert [(*expected, 1)] == names(issue)
    assert 2 == len(issue.stories)
    assert names(issue) == names(issue_of(write_issue(issue)))


@pytest.mark.parametrize(
    "line", ["Sponsored by Acme Tills", "**Sponsored by Acme Tills**", "## Sponsored by Acme Tills"]
)
def test_line_of_its_own_is_a_sponsors_in_pasted_text(line: str) -> None:
    issue = pasted(line)

    assert [("Sponsored by", "Acme Tills", 1)] == names(issue)
    assert ["Try one."] == [block.text for block in issue.sponsors[0].body]
    assert names(issue) == names(issue_of(write_issue(issue)))
    assert issue.footer is not None


@pytest.mark.parametrize(
    "line",
    [
        "Sponsored by Acme Tills.",
        "Sponsored by",
        "Sponsored by the firm that nobody here had heard of until the day before yesterday",
        "Sponsored by Acme\nand by Bolt",
        "The race was sponsored by Acme",
        "Sponsorship by Acme",
    ],
)
def test_sentence_is_no_sponsors_heading(line: str) -> None:
    assert [] == names(pasted(line))


def test_plain_line_is_no_heading_where_headlines_are_marked() -> None:
    issue = issue_of(MARKED.format("", "Presented by Jane Doe\n\n", ""))

    assert [] == names(issue)
    assert "They think.\n\nPresented by Jane Doe" == issue.stories[0].text


@pytest.mark.parametrize("mark", ["# ", ""])
def test_title_that_begins_with_the_cue_is_the_title(mark: str) -> None:
    text = f"{mark}In partnership with nature: two stories\n\nI.\n\n{mark and '## '}1. A\n\nB.\n"
    issue = issue_of(text)

    assert issue.title is not None
    assert "In partnership with nature: two stories" == issue.title.text
    assert [] == names(issue)


def test_sponsors_headings_are_no_headlines_of_a_text_with_plain_ones() -> None:
    text = "T\n\nI.\n\n1. A\n\nB.\n\n## Sponsored by X\n\nY.\n\n## Sponsor: Z\n\nW.\n\n2. C\n\nD.\n"

    issue = issue_of(text)

    assert ["A", "C"] == [story.headline.text for story in issue.stories]
    assert [("Sponsored by", "X", 1), ("Sponsor:", "Z", 1)] == names(issue)


def test_text_without_stories_has_no_sponsor() -> None:
    assert () == issue_of("# T\n\n## Sponsored by Acme\n\nTry one.\n").sponsors


def test_cue_of_another_language_is_data() -> None:
    cues = replace(ENGLISH, sponsor=r"anzeige:?|präsentiert von")
    text = MARKED.format("", "## Präsentiert von Kasse & Co.\n\nKauft.\n\n", "")

    [sponsor] = parse_issue(source_from_text(text), cues=cues).sponsors

    assert ("Präsentiert von", "Kasse & Co.") == (sponsor.label, sponsor.name.text)


@pytest.mark.parametrize(
    ("expected", "words", "is_heading"),
    [
        (True, "Sponsored by Acme", False),
        (False, "Sponsored by Acme.", False),
        (True, "Sponsored by Acme.", True),
        (True, "Advertisement", True),
        (False, "Advertisement", False),
        (False, "Not sponsored by Acme", True),
    ],
)
def test_words_of_an_article_head_a_sponsor(expected: bool, words: str, is_heading: bool) -> None:
    assert expected is heads_sponsor(words, ENGLISH.sponsor, is_heading=is_heading)


def test_comment_beside_one_that_goes_on_below_is_a_comment() -> None:
    issue = issue_of("# T\n\nI.\n\n<!-- a --> <!-- b\nc -->\n\n## 1. A\n\nB.\n")

    assert [False, True] == [block.comment for block in issue.intro]
