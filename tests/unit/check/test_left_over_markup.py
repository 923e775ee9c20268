"""Marks that mean nothing here: each is told once, and mended where it is sure what was meant."""

import pytest

from newsletter.check import Context, Diagnostic, HouseFormat, all_rules, check_issue
from newsletter.check.fixes import fix_text
from newsletter.issue import Issue, parse_issue, source_from_text

RULES = all_rules()
HEAD = "# The stories\n\nIt’s Friday.\n\n## 1. One\n\n"
FOOT = "\n\n---\nSign up for our free retail technology newsletter [here](https://a.example/).\n"


def found(
    issue: Issue, slugs: frozenset[str] = frozenset({"left-over-markup"})
) -> list[Diagnostic]:
    context = Context(house=HouseFormat())
    return [item for item in check_issue(issue, RULES, context) if item.slug in slugs]


def said(body: str) -> list[str]:
    return [item.message for item in found(parse_issue(source_from_text(HEAD + body + FOOT)))]


def mended(body: str) -> str:
    return fix_text(HEAD + body + FOOT, found).removeprefix(HEAD).removesuffix(FOOT)


@pytest.mark.parametrize(
    ("body", "after"),
    [
        ("<b>Every</b> shop", "**Every** shop"),
        ("<strong>Every </strong>shop", "**Every** shop"),
        ("<B class='x'>Every</B> shop", "**Every** shop"),
        ("a <i>small</i>, <em>tiny</em> shop", "a *small*, *tiny* shop"),
        ("press <kbd>Enter</kbd>", "press `Enter`"),
        ("was <s class='x'>40</s> 60", "was ~~40~~ 60"),
        ("one<br>two", "one\\\ntwo"),
        ("one <br /> two", "one\\\ntwo"),
        ("one<br/>\ntwo", "one\\\ntwo"),
        ("one<br>", "one"),
        ("- one<br>two\n- three", "- one\\\n  two\n- three"),
        ("1. one<br>two", "1. one\\\n   two"),
        ("> one<br>two", "> one\\\n> two"),
        ('<a href="https://a.example/">Here</a>.', "[Here](https://a.example/)."),
        ("<img src='https://a.example/b.jpg' alt='A till'>", "![A till](https://a.example/b.jpg)"),
        ('a <span style="x">small</span> shop', "a small shop"),
        ("a party :tada: :rocket: :bicycle: :+1:", "a party 🎉 🚀 🚲 👍"),
        ("the ==next== shop", "the **next** shop"),
        ("the ~old~ shop", "the ~~old~~ shop"),
        ("the ~~ old ~~ shop", "the ~~old~~ shop"),
        ("the note^two words^ here", "the note<sup>two words</sup> here"),
        ("the **shop ** opens", "the **shop**  opens"),
        ("'''Shops''' open", "**Shops** open"),
        ("[x](https://a.example/){target=_blank}", "[x](https://a.example/)"),
        ("a shop {.big}", "a shop "),
        ("tea &nbsp and milk", "tea &nbsp; and milk"),
        ("tea &amp;nbsp; and milk", "tea &nbsp; and milk"),
    ],
)
def test_a_mark_is_told_and_becomes_what_was_meant(body: str, after: str) -> None:
    assert said(body)
    assert after == mended(body)
    assert [] == said(after)


@pytest.mark.parametrize(
    "body",
    [
        *("It is live.[^1]\n\n[^1]: As we are told.", "It is live.^[As we are told.]"),
        *(
            "- [ ] Leeds",
            "1. [x] Leeds",
            "| a | b |\n|---|---|\n| 1 | 2 |",
            "a | b\n--- | ---\n1 | 2",
        ),
        *("| a | b |\n| c | d |", "<table><tr><td>a</td></tr></table>", "<ul><li>a</li></ul>"),
        *(
            "<u>a</u> shop",
            "a <sub>shop",
            "<p>One</p>\n<p>Two</p>",
            "a :retail: shop",
            "[b]a[/b] b",
        ),
        *(
            "```\na = 1\n```",
            "~~~ python\na\n~~~",
            "> [!NOTE]\n> a",
            "::: tip",
            "!!! note",
            "a\n=====",
        ),
        *(
            "++new++ shops",
            "||hidden|| shops",
            "**Terms apply",
            "tills ~~rest",
            "<strong>a.</strong>b",
        ),
    ],
)
def test_a_mark_is_told_once_where_it_has_no_sure_meaning(body: str) -> None:
    assert 1 == len(said(body))


@pytest.mark.parametrize(
    "body",
    [
        *(
            "~~40~~ 60 m^2^ CO~2~ <sup>a b</sup> <sub>c</sub> <s>d</s> <del>e</del>",
            "for ~10 to ~20",
        ),
        *(
            "*a* **b** ***c*** _d_ __e__ **f** g **h**",
            "a * b * c",
            "5 < 6 > 4 <3",
            "<name>, <Enter>",
        ),
        *(
            "`<b>` `:tada:` `==x==` ``a ` <br>``",
            "\\<b>\\</b> \\~~a\\~~ \\*\\*b",
            "a <!-- <b> --> b",
        ),
        *(
            "at 10:30:00, http://a.example:80:",
            "C++ and C++",
            "a == b == c",
            "x==y",
            "f**k, 2**3**4",
        ),
        *("AT&T, R&D, Q&amp;A", "🎉 ^_^ :) #1 [sic] [1]", "yes|no, a || b", "# and ## and ~ and ^"),
        *('{{ first_name | default("there") }}', "“Time: money:” he said", "a|b\nc|d"),
    ],
)
def test_what_means_itself_or_something_is_silent(body: str) -> None:
    assert [] == said(body)


def test_a_line_break_in_a_headline_becomes_a_space() -> None:
    text = "# The stories\n\nIt’s Friday.\n\n## 1. One<br>and two\n\nA.\n"

    assert "## 1. One and two\n" in fix_text(text, found)


def test_no_more_than_fifty_are_told() -> None:
    assert 50 == len(said("<u>a</u> " * 80))


SLIPS = frozenset({"heading-mark", "story-numbering", "story-count", "headline-number-style"})
FIVE = "# The stories\n\nIt’s Friday.\n\n" + "".join(f"## {n}. N\n\nA.\n\n" for n in range(1, 6))


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        ("\n\n## 2. N", "\n\n##2. N"),
        ("\n\n## 3. N", " ## 3. N"),
        ("N\n\nA.\n\n## 4. N", "N ## 4. N"),
        ("\n\nA.\n\n## 2. N\n\nA.\n\n## 3. N", " ##2. N ## 3. N"),
    ],
)
def test_a_headline_with_a_slip_in_its_mark_is_told_as_that_alone(good: str, bad: str) -> None:
    """Counting the stories that are left would send editors astray."""
    text = FIVE.replace(good, bad)

    def slips(issue: Issue) -> list[Diagnostic]:
        return found(issue, SLIPS)

    issue = parse_issue(source_from_text(text))
    assert {bad.count("##")} == {len(slips(issue))}
    assert 5 == len(parse_issue(source_from_text(fix_text(text, slips))).stories)
