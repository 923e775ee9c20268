"""The printers, exact to the character: other programs and people's eyes rely on them."""

import json
from textwrap import dedent

from newsletter.check import (
    FORMATS,
    Context,
    Diagnostic,
    HouseFormat,
    Severity,
    all_rules,
    at_least,
    check_issue,
    count_line,
)
from newsletter.issue import Span, parse_issue, source_from_text


def diagnostic(
    line: str, column: int, end_column: int, *, number: int = 7, hint: str = "", end: int = 0
) -> Diagnostic:
    span = Span(line=number, column=column, end_line=end or number, end_column=end_column)
    return Diagnostic(
        path="week.md",
        span=span,
        code="T001",
        slug="shelf-life",
        severity=Severity.WARNING,
        message="this will not keep",
        hint=hint,
        source_line=line,
    )


def excerpt(item: Diagnostic) -> list[str]:
    """The source line and the carets, without the gutter."""
    return [line[6:] for line in FORMATS["text"]([item]).splitlines()[1:3]]


def test_text_format_shows_place_line_caret_and_hint() -> None:
    text = (
        "# The six biggest stories\n\nIt’s Friday.\n\n"
        "## 1. Shelves think\n\n## 2) Tills rest\n\nThey do.\n\n"
        "---\nSign up for our free retail technology newsletter here\n"
    )
    issue = parse_issue(source_from_text(text, path="issues/week.md"))
    off = frozenset({"subject-length", "preheader-length"})
    house = HouseFormat(stories=(2, 2), switched_off=off)

    found = FORMATS["text"](check_issue(issue, all_rules(), Context(house=house)))

    expected = """\
        issues/week.md:1:3: error C001 the title says 6, the issue has 2 [title-count]
          1 | # The six biggest stories
            |   ^^^^^^^^^^^^^^^^^^^^^^^
            = hint: change the number in the title, or the stories
        issues/week.md:5:1: error S009 the story “Shelves think” has no text [story-without-body]
          5 | ## 1. Shelves think
            | ^^^^^^^^^^^^^^^^^^^
            = hint: write at least one paragraph below the headline
        issues/week.md:7:1: warning S011 the number is written “## 2)” [headline-number-style]
          7 | ## 2) Tills rest
            | ^^^^^
            = hint: write “## 2. ”: a full stop and one space
        issues/week.md:12:1: warning S012 the footer has no full stop [footer-wording]
          12 | Sign up for our free retail technology newsletter here
             | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
             = hint: write “%s”, with the link where it was, %s
        """
    change = "or change [house] footer in newsletter.toml"
    assert dedent(expected) % (house.footer, change) == found


def test_text_format_shows_no_line_where_there_is_nothing_on_it() -> None:
    expected = "week.md:7:1: warning T001 this will not keep [shelf-life]\n    = hint: eat it\n"

    assert expected == FORMATS["text"]([diagnostic("  ", 1, 1, hint="eat it")])


def test_text_format_is_empty_without_findings() -> None:
    assert "" == FORMATS["text"]([])


def test_text_format_points_behind_the_line_with_one_caret() -> None:
    assert ["The end.", "        ^"] == excerpt(diagnostic("The end.", 9, 9))


def test_text_format_marks_a_span_of_several_lines_to_the_end_of_its_first() -> None:
    assert ["One two", "    ^^^"] == excerpt(diagnostic("One two", 5, 2, end=9))


def test_text_format_cuts_a_long_line_round_the_span() -> None:
    line = "a" * 150 + "HERE" + "z" * 150

    shown, carets = excerpt(diagnostic(line, 151, 155))

    assert "…" + "a" * 30 + "HERE" + "z" * 66 + "…" == shown
    assert "HERE" == shown[carets.index("^") : carets.rindex("^") + 1]


def test_text_format_cuts_a_long_line_behind_a_span_near_its_beginning() -> None:
    shown, carets = excerpt(diagnostic("abc" + "z" * 200, 2, 4))

    assert "abc" + "z" * 97 + "…" == shown
    assert " ^^" == carets


def test_text_format_cuts_a_long_line_before_a_span_at_its_end() -> None:
    shown, carets = excerpt(diagnostic("a" * 200 + ".", 202, 202))

    assert "…" + "a" * 98 + "." == shown
    assert len(shown) == carets.index("^")


def test_text_format_ends_carets_where_the_excerpt_ends() -> None:
    shown, carets = excerpt(diagnostic("z" * 300, 1, 301))

    assert "z" * 100 + "…" == shown
    assert "^" * 100 == carets


def test_text_format_keeps_one_column_for_tabs_and_odd_spaces() -> None:
    shown, carets = excerpt(diagnostic("a\tb\u00a0c\u200bd\x1b[31me\u2028f", 11, 12))

    assert "a b c�d�[31me f" == shown
    assert 10 == carets.index("^")


def test_json_format_has_these_keys_in_this_order() -> None:
    text = FORMATS["json"]([diagnostic("Tilly’s", 1, 8, hint="eat it")])

    expected = """\
        [
          {
            "path": "week.md",
            "line": 7,
            "column": 1,
            "end_line": 7,
            "end_column": 8,
            "code": "T001",
            "slug": "shelf-life",
            "severity": "warning",
            "message": "this will not keep",
            "hint": "eat it"
          }
        ]
        """
    assert dedent(expected) == text


def test_json_format_is_an_empty_list_without_findings() -> None:
    assert [] == json.loads(FORMATS["json"]([]))


def test_count_line_counts_by_severity() -> None:
    warning = diagnostic("", 1, 1)
    found = [warning, warning]

    assert "2 warnings in 1 file" == count_line(found, files=1)
    assert "1 warning in 3 files" == count_line(found[:1], files=3)
    assert "" == count_line([], files=2)


def test_at_least_orders_severities() -> None:
    assert at_least(Severity.ERROR, Severity.WARNING)
    assert at_least(Severity.WARNING, Severity.WARNING)
    assert not at_least(Severity.INFO, Severity.WARNING)
