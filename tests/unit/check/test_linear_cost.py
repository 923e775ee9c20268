"""No rule takes more than its share of a long text, whatever the text repeats.

Calls are counted, at one length and at twice that; they come out alike on every machine. What
happens inside a regular expression makes no calls, so there the processor's time is compared at one
length and at four times that, where it is not next to nothing anyway.
"""

import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial
from types import FrameType

import pytest

from newsletter.check import Context, HouseFormat, PastStory, all_rules, check_issue
from newsletter.check.ignores import apply_ignores, find_ignores
from newsletter.issue import Block, Issue, Quote, parse_issue, source_from_text
from tests.process_time import Work, in_proportion, seconds

pytestmark = pytest.mark.slow

RULES = all_rules()
ALL_ON = replace(
    HouseFormat(),
    switched_off=frozenset(),
    titles=("The {count} biggest * stories",),
    intro="It.*day",
    footer_link="https://a.example/",
)
PAST = tuple(
    PastStory(issue=f"{n}", number=1, headline="A shop opens in Leeds", links=("https://a.b/c",))
    for n in range(20)
)
EVERYTHING = Context(
    house=ALL_ON,
    send_date=date(2021, 11, 26),
    past=PAST,
    html_size=95_000,
    dead_links={"https://a.example/x": "it is gone"},
)

TITLE = "# The five biggest retail stories\n\n"
INTRO = "It’s Friday, including Northgate and Tilly’s.\n\n"
STORIES = "".join(f"## {n}. Headline {n}\n\nBody {n}.\n\n" for n in range(1, 6))
FOOTER = "---\nSign up for our free retail technology newsletter here.\n"
BITS = [
    *(" ", "a", "a ", ".", "..", ". ", "*", "**", "_", "`", "`a", "[", "](", "](a", "[a](b)", "!["),
    *("](<", '](a "', "](a  ", "](a(", "<!--", "<!-- ", "-->", "<a:", "{{", "{{ ", "{%", "}}"),
    *("&", "&a", "&#", "\\", "> ", "- ", "1. ", "# ", '"', '5"', "“", "”", "'", "’", "a'", "a’"),
    *("\u00a0", "a\u00a0", "  ", "a  ", "@", "(@a", "(@a) ", "— a", "— a(@a)", "- ", "t.co/"),
    *("www.", "https://", "https://.", "http", "a-", "a’a", "the the ", "\t", "\u202f ", "a: "),
    *("„", "–", ",", "1", "1.", "A ", "é", "éé ", "pic.x.com/", "@a ", "\u2009", "\u200b", "|"),
    *('"a" ', "“a” ", '“a" ', "{{ a }}", '{{ first_name | default("a") }}', "{% a %}", "31 April "),
    *("Sunday, 27 November 2021, ", "27-28 November ", "May ", "11st ", "a/b ", "including A, "),
    *("<!-- check: ignore weekday-date -->", "<!-- check: ignore ", "<!-- check: ignore a,"),
    *("[a](https://a.example/) https://a.example/ ", "[a](http://b.example/?utm_id=1) ", "A & B, "),
    *("[a](https://b c) ", "[a][b] ", "[a]: https://b\n", "[a] (https://b) ", "(a)[https://b]"),
    *("<s>a", "<b>", "<b>a</b> ", "<br>", "~~a", "~a~ ", "^a", "a^b c^ ", "==a", "** a", ":a: "),
    *("[^a]", "| a |\n", "[b]a", "{.a}", "&nbsp ", "##a\n", " ## 2. a", "<!- ", "[[a]] ", "''a"),
    *("--|", "|--", "[a|https://b] ", '"a":https://b '),
    *("[![a](b)](https://a.example/c)[a](https://a.example/c) ", "\n", "\n\n", "a\n", ", Ab Cd"),
]
SHORT, FEW_CALLS = 1_000, 500
LINE, NEXT_TO_NOTHING = 2_500, 0.015
"""Characters and seconds."""


def of_line(bit: str, length: int) -> Issue:
    """An issue with a block as it stands, so that the rules see what Markdown would not let by."""
    words = f"{bit * (length // len(bit))}x"
    issue = parse_issue(source_from_text(TITLE + INTRO + STORIES + FOOTER))
    source = source_from_text(TITLE + INTRO + STORIES.replace("Body 1.", words) + FOOTER)
    block = Block(
        markdown=words,
        nodes=(Quote(nodes=()),),
        span=source.span_of_lines(7, 7 + words.count("\n")),
    )
    first, *others = issue.stories
    return replace(issue, source=source, stories=(replace(first, body=(block,)), *others))


def of_paragraph(bit: str, length: int) -> Issue:
    words = bit * (length // len(bit))
    return parsed(TITLE + INTRO + STORIES.replace("Body 1.", f"A {words} z") + FOOTER)


def of_blocks(bit: str, length: int) -> Issue:
    return parsed(TITLE + INTRO + STORIES + f"A {bit} z\n\n" * (length // (len(bit) + 5)) + FOOTER)


def of_stories(bit: str, length: int) -> Issue:
    stories = length // (2 * len(bit) + 20)
    text = "".join(f"## {n}. A {bit} z\n\nB {bit} z.\n\n" for n in range(stories))
    return parsed(TITLE + INTRO + text + FOOTER)


def of_ends(bit: str, length: int) -> Issue:
    """Long in title, intro and footer."""
    words = bit.replace("\n", " ") * (length // 3 // len(bit))
    title, intro = TITLE.replace("retail", words), INTRO.replace("Tilly", words)
    return parsed(title + intro + STORIES + FOOTER.rstrip() + words)


def of_front_matter(bit: str, length: int) -> Issue:
    words = bit.replace("\n", " ")
    keys = "".join(f"k{n}: {words}\n" for n in range(length // (len(words) + 6)))
    return parsed(f"---\nsubject: {words * 20}\n{keys}---\n{TITLE}{INTRO}{STORIES}{FOOTER}")


def parsed(text: str) -> Issue:
    return parse_issue(source_from_text(text, path="2021-11-26.md"))


Shape = Callable[[str, int], Issue]


class Calls:
    """Counts the calls of functions, ours and Python's own."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, _frame: FrameType, event: str, _of: object) -> None:
        self.count += event in ("call", "c_call")


def calls(work: Work) -> int:
    counted, before = Calls(), sys.getprofile()
    sys.setprofile(counted)
    try:
        work()
    finally:
        sys.setprofile(before)
    return counted.count


def works_on(issue: Issue) -> dict[str, Work]:
    """The rules, and the ignore comments, which are read and applied for all of them."""
    found = check_issue(issue, RULES, EVERYTHING)  # also fills what is kept from rule to rule
    works: dict[str, Work] = {
        rule.slug: partial(lambda rule: list(rule.check(issue, EVERYTHING)), rule) for rule in RULES
    }
    works["ignore comments"] = lambda: list(apply_ignores(found, find_ignores(issue.source)))
    return works


def make_twice_the_calls(shape: Shape, bit: str) -> None:
    """The shorter text is only read where the longer one took more than a few calls."""
    long = {name: calls(work) for name, work in works_on(shape(bit, 2 * SHORT)).items()}
    many = {name: count for name, count in long.items() if count > FEW_CALLS}
    short = works_on(shape(bit, SHORT)) if many else {}
    counts = {name: (calls(short[name]), count) for name, count in many.items()}

    assert {} == {name: both for name, both in counts.items() if both[1] > 2.6 * both[0]}


@pytest.mark.parametrize("bit", BITS)
def test_rules_make_twice_the_calls_for_a_line_of_twice_the_length(bit: str) -> None:
    make_twice_the_calls(of_line, bit)


@pytest.mark.parametrize("shape", [of_paragraph, of_blocks, of_stories, of_ends, of_front_matter])
@pytest.mark.parametrize("bit", [bit for bit in BITS if len(bit) > 2])
def test_rules_make_twice_the_calls_for_twice_as_many_parts(bit: str, shape: Shape) -> None:
    make_twice_the_calls(shape, bit)


@pytest.mark.parametrize("bit", BITS)
def test_patterns_of_rules_take_no_more_than_their_share_for_a_long_line(bit: str) -> None:
    """A pattern that reads its text again from each place takes sixteen times as long for this."""
    long = works_on(of_line(bit, 4 * LINE))
    slow = [name for name, work in long.items() if seconds(work) > NEXT_TO_NOTHING]
    short = works_on(of_line(bit, LINE)) if slow else {}
    slow = [name for name in slow if not in_proportion(short[name], long[name])]

    assert [] == slow
