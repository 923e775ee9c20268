"""The canonical text: what is written, what is kept, and the shipped issues."""

from pathlib import Path

import pytest

from newsletter.check import Context, HouseFormat, all_rules, check_issue
from newsletter.issue import load_issue, parse_issue, source_from_text, write_issue

ISSUES = sorted((Path(__file__).parents[3] / "issues").glob("*.md"))
FOOT = "Sign up for our free retail technology newsletter here."


def written(text: str) -> str:
    return write_issue(parse_issue(source_from_text(text)))


def test_writer_gives_a_pasted_text_its_marks() -> None:
    pasted = (
        "\ufeffThe five biggest\r\nIt’s\u00a0Friday.  \r\n1.\u00a0Shelves\r\nThey think.\r\n"
        f"2) Tills \r\nThey rest.\r\nNothing more.\r\n{FOOT}"
    )

    assert (
        "# The five biggest\n\nIt’s\u00a0Friday.\n\n## 1. Shelves\n\nThey think.\n\n"
        f"## 2. Tills\n\nThey rest.\n\nNothing more.\n\n---\n{FOOT}\n"
    ) == written(pasted)


def test_writer_keeps_front_matter_comments_and_breaks() -> None:
    text = (
        "---\nsubject: Harbour: shelves   \n# a note\n---\n\n\n# T #\n\nI.\n\n"
        "<!-- check: ignore story-count -->\n## 1. One ##\n\nA line  \nbroken.\n> Quoted\n\n"
        f"- one\n- two\n\n***\n\n<!-- foot -->\n{FOOT}\n\n<!-- end -->\n"
    )

    assert (
        "---\nsubject: Harbour: shelves\n# a note\n---\n# T\n\nI.\n\n"
        "<!-- check: ignore story-count -->\n\n## 1. One\n\nA line  \nbroken.\n> Quoted\n\n"
        f"- one\n- two\n\n<!-- foot -->\n\n---\n{FOOT}\n\n<!-- end -->\n"
    ) == written(text)


@pytest.mark.parametrize(
    "text", ["", "No stories here.\r\n", "---\nsubject: a\n---\n", "\n\n# T\n\n\nI.\n"]
)
def test_writer_leaves_a_text_without_stories_as_it_is(text: str) -> None:
    assert text == written(text)


def test_writer_leaves_out_what_there_is_not() -> None:
    assert "## 1. One\n\nA.\n" == written("## 1. One\n\nA.")
    assert "# T\n\n## 1. One\n" == written("# T\n\n## 1. One")


def test_writer_keeps_words_that_look_like_marks() -> None:
    text = "# T\n\nI.\n\n## 1. Tills and C \\#\n\nA.\n\n### Why\n\nB.\n"

    assert text == written(text)
    assert "C #" in parse_issue(source_from_text(text)).stories[0].headline.text


def test_writer_keeps_a_file_with_front_matter_below_a_blank_line() -> None:
    expected = "---\nsubject: a\n---\n# T\n\n## 1. One\n\nA.\n"

    assert expected == written("\n---\nsubject: a\n---\n\n# T\n\n## 1. One\n\nA.\n")


@pytest.mark.parametrize("path", ISSUES, ids=lambda path: path.name)
def test_writer_changes_nothing_in_a_shipped_issue(path: Path) -> None:
    assert path.read_bytes() == write_issue(load_issue(path)).encode()


@pytest.mark.parametrize("path", ISSUES, ids=lambda path: path.name)
def test_check_finds_nothing_in_a_shipped_issue(path: Path) -> None:
    issue = load_issue(path)

    assert () == check_issue(issue, all_rules(), Context(house=HouseFormat(), send_date=issue.date))


@pytest.mark.parametrize("path", ISSUES, ids=lambda path: path.name)
def test_shipped_issue_is_as_the_house_wants_it(path: Path) -> None:
    issue = load_issue(path)

    assert issue.date
    assert path.stem == issue.date.isoformat()
    assert "Friday" == issue.date.strftime("%A")
    assert "Friday" in issue.intro_text
    assert 30 <= len(issue.subject) <= 60
    assert 40 <= len(issue.preheader) <= 110
    assert [1, 2, 3, 4, 5] == [story.number for story in issue.stories]
    assert 3 == len(issue.intro_names)
    assert all(
        any(name in f"{story.headline.text} {story.text}" for story in issue.stories)
        for name in issue.intro_names
    )
    assert all(
        story.links[-1].href.startswith(f"https://www.example.com/{issue.date:%Y/%m}/")
        and story.body[-1].text == "Read the full story"
        for story in issue.stories
    )


def test_three_issues_are_shipped() -> None:
    assert ["2020-07-24.md", "2021-07-16.md", "2021-11-26.md"] == [path.name for path in ISSUES]


def test_writer_keeps_author_and_correction_in_their_order() -> None:
    text = (
        "---\ncorrection: >\n  It floats: we\n  wrote it sinks.\nauthor: Ada\n---\n"
        f"# T\n\nI.\n\n## 1. A\n\nB.\n\n---\n{FOOT}\n"
    )

    assert text == written(text)
