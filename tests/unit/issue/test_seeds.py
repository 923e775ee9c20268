"""The three real issues that the house format was learned from, where they are at hand."""

import re
from pathlib import Path

import pytest

from newsletter.check import Context, Diagnostic, HouseFormat, Severity, all_rules, check_issue
from newsletter.issue import Issue, load_issue, parse_issue, source_from_text

ROOT = Path(__file__).parents[3]
SEEDS = ROOT.parent / "shared" / "seeds"
ISSUES = ROOT / "issues"

pytestmark = pytest.mark.skipif(
    not SEEDS.is_dir(), reason="the real issues are not beside this checkout (../shared/seeds)"
)


def seed(number: str) -> Issue:
    (path,) = SEEDS.glob(f"{number}_*.txt")
    return load_issue(path)


def said(issue: Issue) -> object:
    stories = [
        (story.number, story.headline.text, [block.text for block in story.body])
        for story in issue.stories
    ]
    footer = issue.footer.text if issue.footer else None
    return issue.title and issue.title.text, issue.intro_text, stories, footer


def loud(issue: Issue) -> list[Diagnostic]:
    """What the check says of an issue, info aside."""
    found = check_issue(issue, all_rules(), Context(house=HouseFormat()))
    return [item for item in found if item.severity is not Severity.INFO]


@pytest.mark.parametrize(
    ("number", "paragraphs", "names"),
    [
        ("000", [4, 2, 5, 3, 2], ("Klarna/HERO", "Flipkart", "Nordstrom/Asos")),
        ("001", [4, 4, 3, 4, 7], ("Walmart", "Carrefour", "Getir", "Richemont")),
        ("002", [1, 1, 2, 2, 2], ()),
    ],
)
def test_seed_has_five_stories(number: str, paragraphs: list[int], names: tuple[str, ...]) -> None:
    issue = seed(number)

    assert [1, 2, 3, 4, 5] == [story.number for story in issue.stories]
    assert paragraphs == [len(story.paragraphs) for story in issue.stories]
    assert 5 == issue.title_count
    assert names == issue.intro_names
    assert "reflect on another eventful week" in issue.intro_text


def test_seed_has_its_footer_or_none() -> None:
    footers = [seed(number).footer for number in ("000", "001", "002")]
    words = "Sign up for our free retail technology newsletter here."

    assert [words, None, words] == [footer.text if footer else None for footer in footers]


@pytest.mark.parametrize("number", ["000", "002"])
def test_check_finds_nothing_in_a_sound_seed(number: str) -> None:
    assert [] == loud(seed(number))


def test_check_finds_the_mixed_quotation_marks_of_a_seed_and_no_others() -> None:
    issue = seed("001")

    found, _ = loud(issue)

    assert "quotation-marks" == found.slug
    assert issue.stories[1].body[2].span.line == found.span.line
    assert '"10 seconds' == found.source_line[found.span.column - 1 :][:11]


def test_check_finds_the_missing_footer_at_the_end_of_its_seed() -> None:
    issue = seed("001")

    _, found = loud(issue)

    assert "footer-missing" == found.slug
    assert (len(issue.source.lines), len(issue.source.lines[-1].rstrip()) + 1) == (
        found.span.line,
        found.span.column,
    )


@pytest.mark.parametrize("number", ["000", "001", "002"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_seed_says_the_same_without_blank_lines(number: str, end: str) -> None:
    issue = seed(number)
    lines = [line for line in issue.source.lines if line.replace("\u00a0", " ").strip()]

    assert said(issue) == said(parse_issue(source_from_text(end.join(lines))))


def words_of(issue: Issue) -> list[str]:
    parts = [issue.intro_text]
    parts += [f"{story.headline.text}\n{story.text}" for story in issue.stories]
    return re.findall(r"[^\W_]+(?:['.,][^\W_]+)*", "\n".join(parts).replace("’", "'").lower())


def runs(issue: Issue, length: int) -> set[tuple[str, ...]]:
    words = words_of(issue)
    return {tuple(words[at : at + length]) for at in range(len(words) - length + 1)}


@pytest.mark.parametrize("path", sorted(ISSUES.glob("*.md")), ids=lambda path: path.name)
def test_shipped_issue_takes_no_run_of_eight_words_from_a_seed(path: Path) -> None:
    """Title and footer aside, which are the house's fixed words."""
    ours = runs(load_issue(path), 8)

    assert [set()] * 3 == [ours & runs(seed(number), 8) for number in ("000", "001", "002")]
