"""Ignore comments: what each kind of place covers, and what is said of those of no use."""

import pytest

from newsletter.check import Context, HouseFormat, Severity, all_rules, at_least, check_issue
from newsletter.issue import parse_issue, source_from_text

STORIES = "".join(f"## {n}. Headline {n}\n\nBody {n}.\n\n" for n in range(1, 6))
FOOT = "---\nSign up for our free retail technology newsletter here.\n"
SOUND = f"# The five biggest stories\n\nIt’s Friday.\n\n{STORIES}{FOOT}"
SIX = SOUND.replace("# The five", "# The six")
"""Fires title-count (C001) on line 1, and nothing else."""


def slugs(text: str, house: HouseFormat | None = None) -> list[str]:
    issue = parse_issue(source_from_text(text))
    found = check_issue(issue, all_rules(), Context(house=house or HouseFormat()))
    return [item.slug for item in found if at_least(item.severity, Severity.WARNING)]


def messages(text: str) -> list[str]:
    issue = parse_issue(source_from_text(text))
    found = check_issue(issue, all_rules(), Context(house=HouseFormat()))
    return [
        f"{item.span.line}:{item.span.column} {item.message}; {item.hint}"
        for item in found
        if at_least(item.severity, Severity.WARNING)
    ]


def test_the_samples_here_are_as_they_say() -> None:
    assert [] == slugs(SOUND)
    assert ["title-count"] == slugs(SIX)


@pytest.mark.parametrize(
    "comment",
    [
        "<!-- check: ignore title-count -->",
        "<!--check:ignore title-count-->",
        "<!-- check: ignore C001 -->",
        "<!-- check: ignore c001 -->",
        "<!-- check: ignore Title-Count -->",
        "<!-- check: ignore title-count because one story was withdrawn -->",
        "<!-- check: ignore title-count, which is wrong -->",
        "<!-- check: ignore title-count because 6 > 5 -->",
        "<!-- check: ignore title-count because 5 < 6 - see above -->",
        "<!-- check: ignore title-count — withdrawn -->",
        "<!-- check: ignore-file title-count -->",
    ],
)
def test_ignore_on_a_line_of_its_own_speaks_for_the_next_block(comment: str) -> None:
    found = slugs(f"{comment}\n{SIX}")

    assert "title-count" not in found


def test_ignore_speaks_across_blank_lines_and_other_comments() -> None:
    comment = "<!-- check: ignore title-count -->\n\n<!-- Anna’s title -->\n\n"

    assert [] == slugs(comment + SIX)


def test_ignore_speaks_for_the_next_block_only() -> None:
    text = SOUND.replace("## 2. ", "<!-- check: ignore headline-number-style -->\n## 2) ")
    text = text.replace("## 4. ", "## 4) ")

    assert ["headline-number-style"] == slugs(text)


def test_ignore_on_a_line_with_text_speaks_for_that_line_only() -> None:
    text = SIX.replace("stories\n", "stories <!-- check: ignore title-count -->\n", 1)
    moved = SIX.replace("Friday.\n", "Friday. <!-- check: ignore title-count -->\n", 1)

    assert [] == slugs(text)
    assert ["title-count", "unused-ignore"] == slugs(moved)


@pytest.mark.parametrize("place", ["top", "bottom"])
def test_ignore_file_speaks_for_the_whole_file_wherever_it_stands(place: str) -> None:
    comment = "<!-- check: ignore-file headline-number-style -->\n"
    text = SOUND.replace("## 2. ", "## 2) ").replace("## 5. ", "## 5) ")

    assert [] == slugs(comment + text if place == "top" else f"{text}\n{comment}")


def test_ignore_silences_every_rule_that_it_names() -> None:
    four = SOUND.replace("## 5. Headline 5\n\nBody 5.\n\n", "")

    assert ["title-count", "story-count"] == slugs(four)
    assert [] == slugs(f"<!-- check: ignore-file title-count , story-count -->\n{four}")


def test_ignore_silences_a_finding_at_the_end_of_the_file() -> None:
    text = SOUND.replace(FOOT, "<!-- check: ignore footer-missing -->\n")

    assert [] == slugs(text)


def test_two_ignores_on_one_line_both_count() -> None:
    comment = "<!-- check: ignore title-count --> <!-- check: ignore intro-missing -->\n"
    text = SIX.replace("It’s Friday.\n\n", "")

    assert ["intro-missing"] == slugs(comment + text)[1:]
    assert [] == slugs(comment.replace("ignore intro", "ignore-file intro") + text)


def test_unused_ignore_is_reported_at_its_place() -> None:
    text = SOUND.replace("## 3. ", "  <!-- check: ignore title-count -->\n## 3. ")

    assert ["13:3 the ignore comment for title-count silences nothing; delete it"] == messages(text)


def test_unused_ignore_is_reported_for_the_one_name_of_several() -> None:
    found = messages(f"<!-- check: ignore title-count, intro-missing -->\n{SIX}")

    assert ["1:1 the ignore comment for intro-missing silences nothing; delete it"] == found


def test_unknown_ignore_is_reported_with_the_nearest_rule() -> None:
    found = messages(f"<!-- check: ignore story-cuont -->\n{SOUND}")

    assert [
        "1:1 the ignore comment names “story-cuont”, which is no rule; did you mean story-count?"
    ] == found


def test_unknown_ignore_is_reported_with_the_list_of_rules_when_none_is_near() -> None:
    found = messages(f"<!-- check: ignore everything -->\n{SOUND}")

    expected = (
        "1:1 the ignore comment names “everything”, which is no rule; `newsletter rules` lists them"
    )
    assert [expected] == found


def test_nameless_ignore_is_reported() -> None:
    found = messages(f"<!-- check: ignore -->\n{SOUND}")

    expected = (
        "1:1 the ignore comment names no rule; "
        "name a rule by its slug: `<!-- check: ignore footer-wording -->`"
    )
    assert [expected] == found


def test_ignore_of_a_rule_that_is_switched_off_is_not_called_unused() -> None:
    house = HouseFormat(switched_off=frozenset({"title-count"}))

    assert [] == slugs(f"<!-- check: ignore title-count -->\n{SOUND}", house)


def test_unused_ignore_can_itself_be_ignored() -> None:
    assert [] == slugs(f"<!-- check: ignore title-count, unused-ignore -->\n{SOUND}")


def test_a_comment_that_only_looks_like_an_ignore_silences_nothing() -> None:
    for comment in ("<!-- check: ignores title-count -->", "<!-- ignore title-count -->"):
        assert ["title-count"] == slugs(f"{comment}\n{SIX}")


def test_ignores_are_found_quickly_among_thousands_of_open_comments() -> None:
    assert "title-count" in slugs(SIX + "\n" + "<!-- check: ignore " * 20_000)
