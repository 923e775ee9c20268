"""Ignore comments: what each kind of place covers, and what is said of those of no use."""

import pytest

from newsletter.check import Context, HouseFormat, all_rules, check_issue
from newsletter.issue import Span, parse_issue, source_from_text

STORIES = "".join(f"## {n}. Headline {n}\n\nBody {n}.\n\n" for n in range(1, 6))
FOOT = "---\nSign up for our free retail technology newsletter here.\n"
INTRO = "Five shops and what became of them: it’s Friday.\n\n"
SOUND = f"# The five biggest retail stories\n\n{INTRO}{STORIES}{FOOT}"
SIX = SOUND.replace("# The five", "# The six")
"""Fires title-count (C001) on line 1, and nothing else."""


def slugs(text: str, house: HouseFormat | None = None) -> list[str]:
    issue = parse_issue(source_from_text(text))
    found = check_issue(issue, all_rules(), Context(house=house or HouseFormat()))
    return [item.slug for item in found]


def messages(text: str) -> list[str]:
    issue = parse_issue(source_from_text(text))
    found = check_issue(issue, all_rules(), Context(house=HouseFormat()))
    return [f"{item.span.line}:{item.span.column} {item.message}; {item.hint}" for item in found]


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
    text = SIX.replace(INTRO, "")

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
        "1:1 the ignore comment names “story-cuont”, which is not a rule; did you mean story-count?"
    ] == found


def test_unknown_ignore_is_to_be_deleted_when_no_rule_is_near() -> None:
    found = messages(f"<!-- check: ignore everything -->\n{SOUND}")

    expected = (
        "1:1 the ignore comment names “everything”, which is not a rule; "
        "name a rule that exists, or delete it"
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


@pytest.mark.parametrize(
    "comment",
    [
        "<!-- check: ignore title-count\none story was withdrawn -->",
        "<!-- check: ignore title-count\n\none story was withdrawn\n-->",
        "<!--\n  check: ignore\n    title-count,\n    intro-missing, unused-ignore\n-->",
        "<!-- check: ignore-file title-count\none story was withdrawn -->",
        "<!-- check: ignore title-count\nshe says --> <!-- and she must know -->",
        "<!-- check: ignore title-count -->\n<!-- she must\n\nknow -->",
    ],
)
def test_ignore_on_several_lines_speaks_for_the_next_block(comment: str) -> None:
    assert [] == slugs(f"{comment}\n{SIX}")
    assert [] == slugs(f"{comment}\n\n{SIX}")


def test_ignore_on_several_lines_speaks_for_the_next_block_only() -> None:
    comment = "<!-- check: ignore headline-number-style\nthe house’s own -->\n"
    text = SOUND.replace("## 2. ", f"{comment}## 2) ").replace("## 4. ", "## 4) ")

    assert ["headline-number-style"] == slugs(text)


def test_unused_ignore_on_several_lines_is_reported_at_its_place() -> None:
    comment = "  <!-- check: ignore title-count\n  because -->\n"
    issue = parse_issue(source_from_text(SOUND.replace("## 3. ", f"{comment}## 3. ")))
    (found,) = check_issue(issue, all_rules(), Context(house=HouseFormat()))

    assert "the ignore comment for title-count silences nothing" == found.message
    assert Span(line=13, column=3, end_line=14, end_column=14) == found.span


def test_ignore_beside_text_speaks_for_all_the_lines_it_stands_on() -> None:
    body = "Body <!-- check: ignore doubled-full-stop\nas spoken --> two.. And on."

    assert [] == slugs(SOUND.replace("Body 2.", body))
    assert ["doubled-full-stop"] == slugs(SOUND.replace("Body 2.", f"{body}\nNo.. Yes."))


def test_ignore_beside_text_does_not_go_past_its_paragraph() -> None:
    """Readers see such a comment, and so it is none."""
    text = SIX.replace("Friday.\n", "Friday. <!-- check: ignore-file title-count\n\nor -->\n")

    assert "title-count" in slugs(text)


def test_ignores_cover_a_line_that_one_of_several_reaches() -> None:
    """Comments for one rule may reach one into the other, and all of them are of use."""
    comment = "<!-- check: ignore headline-number-style -->"
    text = SOUND.replace("## 2. ", f"{comment}\n{comment}\n## 2) ").replace("## 4. ", "## 4) ")

    assert ["headline-number-style"] == slugs(text)
    assert [] == slugs(text.replace("## 4) ", f"<!-- check: ignore S011 -->\n{comment}\n## 4) "))


def test_ignore_file_covers_what_stands_below_another_ignore_too() -> None:
    comment = "<!-- check: ignore headline-number-style -->\n"
    text = SOUND.replace("## 2. ", f"{comment}## 2) ").replace("## 4. ", "## 4) ")

    assert [] == slugs("<!-- check: ignore-file headline-number-style -->\n" + text)


def test_unknown_ignores_in_thousands_are_all_reported() -> None:
    comments = "".join(f"<!-- check: ignore rule-{n} -->\n" for n in range(2_000))

    assert 2_000 == slugs(comments + SOUND).count("unused-ignore")
