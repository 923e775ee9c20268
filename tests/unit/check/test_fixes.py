"""Fixes by character, and the rules' fixes: they mend what they say and leave all else alone."""

from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from newsletter.check import (
    Context,
    Diagnostic,
    Edit,
    Fix,
    HouseFormat,
    all_rules,
    apply_fixes,
    check_issue,
    fix_text,
)
from newsletter.check.fixes import Check
from newsletter.issue import Issue, Span, parse_issue, source_from_text

pytestmark = pytest.mark.slow

HOUSE = HouseFormat(stories=(2, 3), footer_link="https://example.com/join")
FOOTER = "Sign up for our free retail technology newsletter [here](https://example.com/join)."
SOUND = (
    "# The two biggest stories of the week\n\nIt’s Friday, and the tills are resting.\n\n"
    "## 1. Shelves think\n\nSensors call the warehouse.\n\n"
    "## 2. Tills rest\n\nCustomers walk out.\n\n"
    f"---\n{FOOTER}\n"
)
SAMPLES = sorted(
    path
    for path in (Path(__file__).parents[2] / "rules").glob("*/*")
    if path.suffix in {".md", ".txt"}
)
ISSUES = sorted((Path(__file__).parents[3] / "issues").glob("*.md"))


def edit(line: int, column: int, end_column: int, text: str) -> Edit:
    span = Span(line=line, column=column, end_line=line, end_column=end_column)
    return Edit(span=span, text=text)


def one(*edits: Edit) -> Fix:
    return Fix(title="", edits=edits)


def check(issue: Issue) -> tuple[Diagnostic, ...]:
    return check_issue(issue, all_rules(), Context(house=HOUSE))


def only(*slugs: str, house: HouseFormat = HOUSE) -> Check:
    rules = [rule for rule in all_rules() if rule.slug in slugs]
    return lambda issue: check_issue(issue, rules, Context(house=house))


def test_apply_fixes_puts_edits_by_line_and_column() -> None:
    fixes = [one(edit(2, 1, 4, "Two")), one(edit(1, 4, 4, "!"), edit(2, 4, 4, "."))]

    assert "one!\nTwo.\n" == apply_fixes("one\ntwo\n", fixes)


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_apply_fixes_keeps_mark_and_line_ends_and_uses_them(mark: str, end: str) -> None:
    text = f"{mark}one \u2028 1{end}two{end}{end}three"

    fixed = apply_fixes(text, [one(edit(1, 1, 2, "O"), edit(2, 1, 1, "\n"))])

    assert f"{mark}One \u2028 1{end}{end}two{end}{end}three" == fixed


def test_apply_fixes_lets_the_first_of_two_that_overlap_win_as_a_whole() -> None:
    first, second = one(edit(1, 2, 4, "-")), one(edit(1, 3, 5, "+"), edit(1, 7, 8, "!"))

    assert "a-def" == apply_fixes("abcdef", [first])
    assert "a-defgh" == apply_fixes("abcdefgh", [first, second])
    assert "ab+ef!h" == apply_fixes("abcdefgh", [second, first])


@pytest.mark.parametrize(
    ("second", "expected"),
    [
        (edit(1, 4, 4, "+"), "a-+def"),
        (edit(1, 2, 2, "+"), "a-def"),
        (edit(1, 3, 3, "+"), "a-def"),
        (edit(1, 1, 2, "+"), "+-def"),
        (edit(1, 1, 7, "+"), "a-def"),
    ],
)
def test_apply_fixes_takes_edits_that_touch_but_not_two_at_one_place(
    second: Edit, expected: str
) -> None:
    assert expected == apply_fixes("abcdef", [one(edit(1, 2, 4, "-")), one(second)])


def test_apply_fixes_leaves_out_a_fix_that_overlaps_itself() -> None:
    assert "abc" == apply_fixes("abc", [one(edit(1, 1, 3, "-"), edit(1, 2, 4, "+"))])


@pytest.mark.parametrize(
    ("slug", "old", "new"),
    [
        ("headline-number-style", "## 2. ", "## 2) "),
        ("headline-number-style", "## 2. ", " ### 2.\u00a0 "),
        ("story-numbering", "## 2. ", "## 1. "),
        ("story-numbering", "## 2. ", "## 7. "),
        ("story-numbering", "## 2. ", "## "),
        ("footer-missing", f"\n---\n{FOOTER}\n", ""),
        ("footer-missing", f"\n{FOOTER}", ""),
        ("blank-lines", "think\n\n", "think\n"),
        ("footer-wording", "join).", "join)"),
        ("footer-wording", "join).", "join).."),
    ],
)
def test_fix_brings_a_damaged_issue_back_exactly(slug: str, old: str, new: str) -> None:
    damaged = SOUND.replace(old, new)

    assert damaged != SOUND
    assert [slug] == [item.slug for item in only(slug)(parse_issue(source_from_text(damaged)))]
    assert SOUND.rstrip() == fix_text(damaged, only(slug)).rstrip()


@pytest.mark.parametrize(
    ("pasted", "expected"),
    [
        ("**1.** Shelves think", "1. Shelves think"),
        ("**1) Shelves think**", "1. Shelves think"),
        ("**1) Shelves** think", "1. **Shelves** think"),
        ("1\\. Shelves think", "1. Shelves think"),
        ("1 – Shelves think", "1. Shelves think"),
        ("1.Shelves think", "1. Shelves think"),
    ],
)
def test_number_is_rewritten_in_pasted_text(pasted: str, expected: str) -> None:
    text = "Title\n\nIntro here.\n\n{}\n\nThey do.\n"

    fixed = fix_text(text.format(pasted), only("headline-number-style"))

    assert text.format(expected) == fixed


def test_numbers_are_left_alone_when_a_story_may_be_lost() -> None:
    gap = SOUND.replace("## 2. ", "## 3. ")
    house = HouseFormat(stories=(3, 3))

    assert gap == fix_text(gap, only("story-numbering", house=house))


def test_swapped_numbers_follow_the_order() -> None:
    swapped = SOUND.replace("## 1.", "## 9.").replace("## 2.", "## 1.").replace("## 9.", "## 2.")

    assert ["1. Tills", "2. Shelves"] == [
        line[3:].rsplit(" ", 1)[0] for line in reversed(swapped.splitlines()) if line[:2] == "##"
    ]
    assert SOUND == fix_text(swapped, only("story-numbering"))


def test_text_without_blank_lines_gets_them_and_its_footer() -> None:
    pasted = (
        "The two biggest stories of the week\nIt’s Friday, and the tills are resting.\n"
        "1. Shelves think\nSensors call the warehouse.\nNobody else does.\n"
        "2. Tills rest\n- one\n- two\n"
    )

    assert (
        "The two biggest stories of the week\n\nIt’s Friday, and the tills are resting.\n\n"
        "1. Shelves think\n\nSensors call the warehouse.\n\nNobody else does.\n\n"
        f"2. Tills rest\n\n- one\n- two\n\n---\n{FOOTER}\n"
    ) == fix_text(pasted, check)


def test_footer_is_not_put_where_a_blank_line_would_change_what_is_read() -> None:
    """Without blank lines each line is a block; the first blank line would join them."""
    pasted = "Title\nAn intro.\n1. Shelves think\nSensors call.\n2. Tills rest\nSo they do.\n"

    assert pasted == fix_text(pasted, only("footer-missing"))


def test_fix_that_would_make_a_story_of_a_sentence_is_left_out() -> None:
    """Between blank lines, a line with the number that is due is a headline."""
    pasted = "Title\nAn intro.\n1. Shelves think\nSensors call.\n2. Others follow, too.\n"

    assert 1 == len(parse_issue(source_from_text(pasted)).stories)
    assert pasted == fix_text(pasted, only("blank-lines"))


def test_footer_gets_no_link_when_the_house_has_none() -> None:
    house = HouseFormat(footer="Join us: ask for the list!")
    fixed = fix_text("Title\n\nIntro.\n\n1. One\n\nText.", only("footer-missing", house=house))

    assert fixed.endswith("\n\nText.\n\n---\nJoin us: ask for the list!")


def test_fixes_stop_where_an_ignore_comment_speaks() -> None:
    damaged = SOUND.replace("## 2. ", "<!-- check: ignore headline-number-style -->\n## 2) ")

    assert damaged == fix_text(damaged, check)


DAMAGES = st.sampled_from(
    [
        ("## 2. ", "## 2) "),
        ("## 2. ", "## 1. "),
        ("## ", ""),
        ("\n\n", "\n"),
        ("\n", "\r\n"),
        (" ", "\u00a0"),
        (" ", "  "),
        ("---", ""),
        (FOOTER, ""),
        (".", ".."),
        (".", ""),
        ("’", "'"),
        (":", ""),
        ("/", "\n"),
        ("The", "\ufeffThe"),
        ("#", "- "),
        ("a", "<!-- a"),
        ("**", "1. "),
    ]
)


@pytest.mark.parametrize(
    "path", [*SAMPLES, *ISSUES], ids=lambda path: f"{path.parent.name}/{path.name}"
)
def test_fixing_twice_changes_nothing_more_in_samples(path: Path) -> None:
    text = path.read_bytes().decode()

    once = fix_text(text, check, path=str(path))

    assert once == fix_text(once, check, path=str(path))
    assert not [item.fix for item in left(once) if item.slug in ALWAYS_MENDED]


ALWAYS_MENDED = {"headline-number-style"}


def left(text: str) -> tuple[Diagnostic, ...]:
    return check(parse_issue(source_from_text(text)))


@given(st.lists(st.tuples(DAMAGES, st.integers(1, 9)), max_size=6), st.booleans())
@settings(deadline=None)
@example([(("\n\n", "\n"), 9), (("\n", "\r\n"), 9)], True)
def test_fixing_twice_changes_nothing_more_in_damaged_issues(
    damages: list[tuple[tuple[str, str], int]], bom: bool
) -> None:
    text = SOUND
    for (old, new), count in damages:
        text = text.replace(old, new, count)
    text = ("\ufeff" if bom else "") + text

    once = fix_text(text, check)

    assert once == fix_text(once, check)
    assert len(parse_issue(source_from_text(text)).stories) == len(
        parse_issue(source_from_text(once)).stories
    )
