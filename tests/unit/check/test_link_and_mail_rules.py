"""What samples cannot show of the rules on links and mail: exact spans, fixes, cost."""

import re
from datetime import date
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.check import (
    Context,
    Diagnostic,
    HouseFormat,
    PastStory,
    Rule,
    Severity,
    all_rules,
    apply_fixes,
    check_issue,
    fix_text,
)
from newsletter.issue import Issue, find_merge_fields, parse_issue, source_from_text
from tests.process_time import in_proportion

RULES = [rule for rule in all_rules() if rule.code[0] in "LMR"]
NOTHING_KNOWN = Context(house=HouseFormat())
FOOTER = "Sign up for our free retail technology newsletter [here](https://a.example/n)."


def issue_of(body: str) -> Issue:
    intro = "It’s Friday, and the tills are resting. Here is what to know of shelves and barges."
    title = "# The biggest shop-floor stories of the week"
    text = f"{title}\n\n{intro}\n\n## 1. Shelves\n\n{body}\n\n---\n{FOOTER}\n"
    return parse_issue(source_from_text(text))


def found(issue: Issue, context: Context = NOTHING_KNOWN) -> tuple[Diagnostic, ...]:
    return check_issue(issue, RULES, context)


def marked(item: Diagnostic) -> str:
    """The words that a diagnostic on one line points at."""
    assert item.span.line == item.span.end_line
    return item.source_line[item.span.column - 1 : item.span.end_column - 1]


@pytest.mark.parametrize(
    ("code", "expected", "body"),
    [
        ("L001", "[b](tel:1)", "See [a](https://a.example/a) and [b](tel:1) there."),
        ("L001", "data:text/html,x", "See [b](data:text/html,x) there."),
        ("L002", "[b](http://a.example/)", "> *See [b](http://a.example/)* there."),
        ("L003", "https://a.example/b", "See (https://a.example/b), there."),
        ("L003", "www.a.example", "- See **www.a.example**!"),
        ("L004", "[here](https://a.example/a)", "Look [here](https://a.example/a), or there."),
        ("L005", "[b](https://a.example/b?gclid=1)", "- [b](https://a.example/b?gclid=1)"),
        ("M005", "![](https://a.example/p.png)", "So ![](https://a.example/p.png) it is."),
        ("M006", "![p](p.png)", "So ![p](p.png) it is."),
        ("M007", "{{ name }}", "Hello {{ name }}!"),
    ],
)
def test_finding_points_at_the_words_concerned(code: str, expected: str, body: str) -> None:
    (item,) = found(issue_of(body))

    assert (code, expected) == (item.code, marked(item))


@pytest.mark.parametrize(
    ("column", "body"),
    [
        (1, "https://a.example/b <!-- https://a.example/b -->"),
        (26, "`https://a.example/b` or https://a.example/b"),
        (45, "[https://a.example/b](https://a.example/b), https://a.example/b"),
    ],
)
def test_bare_address_is_told_from_the_same_address_elsewhere(column: int, body: str) -> None:
    (item,) = found(issue_of(body))

    assert ("L003", column) == (item.code, item.span.column)


def test_merge_field_rule_says_enough_of_a_template_pasted_by_mistake() -> None:
    assert 50 == len(found(issue_of("{% x %} " * 60)))


def test_merge_field_on_two_lines_is_pointed_at_from_brace_to_brace() -> None:
    (item,) = found(issue_of("First {{ first_name\n}} second"))

    assert (7, 7, 8, 3) == (
        item.span.line,
        item.span.column,
        item.span.end_line,
        item.span.end_column,
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("(https://a.example/a?utm_source=x)", "(https://a.example/a)"),
        ("(https://a.example/a?utm_source=x#y)", "(https://a.example/a#y)"),
        ("(https://a.example/a?b=1&gclid=2&c=3)", "(https://a.example/a?b=1&c=3)"),
        ('(https://a.example/?gclid=2&c=3 "gclid=1")', '(https://a.example/?c=3 "gclid=1")'),
        ("(<https://a.example/a?gclid=2>)", "(<https://a.example/a>)"),
    ],
)
def test_tracking_parameters_are_taken_out_and_nothing_else(before: str, after: str) -> None:
    issue = issue_of(f"Both [gclid=2](https://a.example/b) and [it]{before} stay.")
    (item,) = found(issue)
    assert item.fix

    mended = apply_fixes(issue.source.text, [item.fix])

    assert issue.source.text.replace(before, after) == mended
    assert () == found(parse_issue(source_from_text(mended)))


def test_tracking_parameters_that_are_spelt_with_an_escape_are_reported_without_a_fix() -> None:
    (item,) = found(issue_of("[it](https://a.example/a?b=1&amp;utm_source=x)"))

    assert ("L005", None) == (item.code, item.fix)


def test_footer_link_is_put_right_by_its_fix() -> None:
    house = HouseFormat(footer_link="https://a.example/join?from=mail#form")
    context = Context(house=house)
    issue = issue_of("Text.")
    (item,) = found(issue, context)
    assert item.fix

    mended = apply_fixes(issue.source.text, [item.fix])

    assert issue.source.text.replace("https://a.example/n", str(house.footer_link)) == mended
    assert () == found(parse_issue(source_from_text(mended)), context)


def test_footer_link_counts_the_fragment() -> None:
    context = Context(house=HouseFormat(footer_link="https://a.example/n#form"))

    assert ["L007"] == [item.code for item in found(issue_of("Text."), context)]


def test_fixing_twice_changes_nothing_more() -> None:
    context = Context(house=HouseFormat(footer_link="https://a.example/join?utm_source=footer"))
    text = issue_of(
        "[a](https://a.example/a?utm_source=x&b=1) <https://a.example/?gclid=1>"
    ).source.text

    once = fix_text(text, lambda issue: found(issue, context))

    assert text != once
    assert once == fix_text(once, lambda issue: found(issue, context))
    assert () == found(parse_issue(source_from_text(once)), context)


def test_links_that_are_allowed_are_looked_at_by_no_rule() -> None:
    body = (
        "[here](http://in.example/a?utm_source=x) and http://in.example/b\n\n"
        "[more](http://in.example/a?utm_source=x)"
    )
    past = PastStory(issue="x", number=1, headline="", links=("http://in.example/a",))
    house = HouseFormat(allowed_links=("http://in.example/",))

    assert {"L002", "L003", "L004", "L005", "L006", "R001"} == {
        item.code for item in found(issue_of(body), Context(house=HouseFormat(), past=(past,)))
    }
    assert () == found(issue_of(body), Context(house=house, past=(past,)))


def test_html_rules_are_silent_where_nobody_rendered() -> None:
    issue = issue_of("Text.")

    assert () == found(issue, Context(house=HouseFormat(), story_sizes=(120_000,)))


def test_html_rule_names_a_story_by_its_position_where_it_has_no_number() -> None:
    text = (
        "# Tills of the week, and the shelves\n\nFriday is here, and the tills are all at rest.\n\n"
    )
    issue = parse_issue(source_from_text(f"{text}## Shelves\n\nA.\n\n## Tills\n\nB.\n"))
    context = Context(
        house=HouseFormat(), html_size=95_500, html_budget=100_000, story_sizes=(10, 47_750)
    )

    (item,) = found(issue, context)

    words = (
        "the e-mail's HTML has 95,500 bytes of 100,000; story 2 is the heaviest with 47,750 (50%)"
    )
    assert ("M009", words, "Tills") == (item.code, item.message, marked(item))


def test_rules_say_nothing_of_a_text_without_stories() -> None:
    text = "# tills\n\nClick [here](foo) or http://a.example/?utm_source=x, ![](x) {% x %}\n"
    context = Context(
        house=HouseFormat(footer_link="https://a.example/"),
        html_size=200_000,
        dead_links={"foo": "x"},
    )

    assert {"M007"} == {item.code for item in found(parse_issue(source_from_text(text)), context)}


@pytest.mark.parametrize(
    ("src", "hint"),
    [
        (
            "../images/tram.jpg",
            "write images/tram.jpg: files are named from newsletter.toml's folder",
        ),
        (
            "./images/a/tram.jpg",
            "write images/a/tram.jpg: files are named from newsletter.toml's folder",
        ),
        (
            "/images/tram.jpg",
            "write images/tram.jpg: files are named from newsletter.toml's folder",
        ),
        (
            "../Pictures/tram.jpg",
            "put the file in images/ and write images/name.jpg, or give its https:// address",
        ),
        (
            "../images/../tram.jpg",
            "put the file in images/ and write images/name.jpg, or give its https:// address",
        ),
    ],
)
def test_image_source_says_what_was_meant(src: str, hint: str) -> None:
    (item,) = found(issue_of(f"![A tram]({src})"), Context(house=HouseFormat()))

    assert ("M006", hint) == (item.code, item.hint)


def test_severities_are_those_agreed() -> None:
    errors = {
        "link-scheme",
        "image-alt",
        "merge-field",
        "html-too-large",
        "image-source",
        "image-file",
        "near-link",
    }
    notes = {"subject-length", "preheader-length"}

    assert errors == {rule.slug for rule in RULES if rule.severity is Severity.ERROR}
    assert notes == {rule.slug for rule in RULES if rule.severity is Severity.INFO}


BRACES = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}|\{\{|\{%", re.DOTALL)


@given(st.text("{}%# a\n", max_size=60))
def test_merge_fields_are_found_where_the_plain_pattern_finds_them(text: str) -> None:
    """The pattern is what is meant; it takes the square of the time on braces that never close."""
    expected = [match.span() for match in BRACES.finditer(text)]

    assert expected == [(field.start, field.end) for field in find_merge_fields(text)]


PIECES = {
    "braces": "{{ {% {# ",
    "opening braces": "{",
    "brackets": "[a](javascript:",
    "addresses": "https://",
    "long address": "https://a.example/" + "a" * 90 + ").,",
    "closing marks": "www.a.b" + ")." * 50,
    "words": "shelf ",
    "links": "[a](https://a.example/?utm_source=b&c) ",
    "comments": "<!-- a",
    "images": "![](https://a.example/p.png) ",
    "capitals": "ABC ",
}


@pytest.mark.parametrize("piece", PIECES.values(), ids=PIECES)
def test_cost_of_the_rules_grows_with_the_text_and_no_faster(piece: str) -> None:
    """All in one paragraph."""
    short, long = (issue_of(piece * (length // len(piece))) for length in (15_000, 60_000))
    past = PastStory(issue="x", number=1, headline="a b c", links=("https://a.example/",))
    context = Context(house=HouseFormat(), past=(past,), dead_links={"x": "y"})

    def check(rule: Rule, issue: Issue) -> None:
        list(rule.check(issue, context))

    slow = [
        rule.slug
        for rule in RULES
        if not in_proportion(partial(check, rule, short), partial(check, rule, long))
    ]

    assert [] == slow


def test_headlines_and_subjects_of_any_length_take_their_share_of_time() -> None:
    def read(count: int) -> None:
        words = "shelf and tills " * count
        head = f"---\nsubject: {words}\n---\n# {words}\n\n"
        text = f"{head}{words}\n\n## 1. {words}\n\n{words}\n"
        past = PastStory(issue="x", number=1, headline=f"{words} x", links=())
        context = Context(house=HouseFormat(), past=(past,), send_date=date(2026, 3, 6))
        found(parse_issue(source_from_text(text)), context)

    assert in_proportion(partial(read, 1_000), partial(read, 4_000))
