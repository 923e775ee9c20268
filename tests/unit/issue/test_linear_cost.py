"""What it costs to read and write a text grows with its length and no faster, whatever it holds."""

import sys
from collections.abc import Callable
from functools import partial

import pytest

from newsletter.issue import parse_issue, source_from_text, write_issue
from tests.process_time import in_proportion

pytestmark = pytest.mark.slow

HEAD = "# T\n\nI, including A and B.\n\n## 1. One\n\n"
MARKS = [
    *(
        "[",
        "![",
        "[a]",
        "](",
        "[](",
        "[a](b",
        "[[a](b) ",
        "[a](b) ",
        "![a](b) ",
        "[a](",
        "[![a](b",
        "![a\\]](b) ",
    ),
    *("[here](https://example.com/) ", "[*here*](https://example.com/ä) ", "[a\n", "[a\n\n"),
    *("~", "~~a", "~~a~~ ", "a~b~", "^a", "a^b^ ", "<s>", "<s>a", "<s>a</s>", "<sup>a</s>"),
    *("*", "* ", "*a ", "**a ", "*a* ", "**a** ", "*_", "_ a", "**_a", "`", "`a", "\\", "\\[", "&"),
    *(
        "&a",
        "&#",
        "<",
        "<a:",
        "<!--",
        "<!-- ",
        "<!--\n",
        "<!-- a\n\n",
        "<!-- -->",
        "-->",
        "(",
        "((",
    ),
    *(">", "> ", "> a\n", "> - ", "- ", "- a\n", "1. ", "1. a\n", "1. a\n\n", "1. a\n---\n"),
    *("#", "# a\n", "## a\n", "## 1. a\n", "## 1. a\n\nb\n\n", "1. a\n\nb\n\n", "2. a\n\n1. a\n\n"),
    *("---\n", "===\n", "a\n===\n", "a\n---\n", "- - ", "{{", "{{ a }}", "{% ", "{#", "Sign up\n"),
    *(
        "Sign up here\n\n",
        "a: b\n",
        "including A, ",
        "including ",
        "A, B (C, D) and E. ",
        "two five ",
    ),
]
PLAIN = [
    "a",
    " ",
    "a ",
    "\u00a0",
    "\t",
    "a\n",
    "a  \n",
    "\n",
    " \n",
    "a\n\n",
    ")",
    ". ",
    ", ",
    "” ",
]
PLAIN += [". ) ", "'", "x" * 130 + ".\n", "a" + " " * 300 + "b\n", "\u200b", "\r", "(a, "]
PLACED = ["[a `]` b](c) ", "[*here*](https://example.com/ä) "]
"""Links that are hard to find again in the source."""

WRAPS: dict[str, Callable[[str], str]] = {
    "alone": lambda text: text,
    "in a story": lambda text: f"{HEAD}{text}\n",
    "between words": lambda text: f"{HEAD}a{text}b\n",
    "in a story with a link": lambda text: f"{HEAD}{text}[a](b)\n",
    "in a title": lambda text: f"# {one_line(text)} a\n\n## 1. One\n",
    "in a headline": lambda text: f"# T\n\n## 1. {one_line(text)} a\n",
    "in an intro": lambda text: f"# T\n\nI, including {text} a\n\n## 1. One\n",
    "in the front matter": lambda text: f"---\nsubject: a{text} b\n---\n{HEAD}",
    "in front matter of brackets": lambda text: f"---\nsubject: {one_line(text)}\n---\n{HEAD}",
    "in the footer": lambda text: f"{HEAD}A.)\nSign up {one_line(text)} newsletter\n",
}


def one_line(text: str) -> str:
    return text.replace("\n", " ").replace("\r", " ")


def read_and_write(text: str) -> None:
    write_issue(parse_issue(source_from_text(text, path="2021-11-26.md")))


def calls(text: str) -> int:
    """How many functions are called to read and write a text: the same on every machine."""
    count = 0

    def counted(*_: object) -> None:
        nonlocal count
        count += 1

    before = sys.getprofile()
    sys.setprofile(counted)
    try:
        read_and_write(text)
    finally:
        sys.setprofile(before)
    return count


@pytest.mark.parametrize("fragment", [*MARKS, *PLAIN])
def test_cost_is_linear_in_calls_for_a_fragment_repeated(fragment: str) -> None:
    """Twice the text takes twice the calls; what any text takes is the allowance."""
    times = 400 // len(fragment)
    for where, wrap in WRAPS.items():
        read_and_write(wrap(fragment))  # what is imported and compiled once is not counted
        once, twice = calls(wrap(fragment * times)), calls(wrap(fragment * times * 2))

        assert 2.6 * once + 500 >= twice, where


@pytest.mark.parametrize(
    "fragment", [*PLAIN, *PLACED, "<!-- a\n", "-->", "#", "k: v\n", "1. a\n\nb\n\n"]
)
def test_cost_is_linear_in_time_for_plain_characters_repeated(fragment: str) -> None:
    """Patterns and searches, whose steps are no calls: four times the text, not sixteen."""
    times = 2_000 // len(fragment)
    for where, wrap in WRAPS.items():
        short, long = wrap(fragment * times), wrap(fragment * times * 4)

        assert in_proportion(partial(read_and_write, short), partial(read_and_write, long)), where


@pytest.mark.parametrize(
    "text",
    [
        HEAD + "".join(f"{'  ' * level}- a\n" for level in range(150)),
        HEAD + "<!-- a\n" * 3000 + "--> b",
        HEAD + "<!-- a\n" * 3000 + "-->" + "b" * 20_000,
        HEAD + "[" * 3000 + "a](b)",
        HEAD + "*a " * 2000 + "b* " * 2000,
        HEAD + "[a](" + "(" * 3000 + ")" * 3000 + ")",
        "---\n" + "".join(f"k{number}: v: w\n" for number in range(3000)) + "---\n" + HEAD,
        "".join(f"{number}. A\n\nB.\n\n" for number in range(3000)),
        "# T\n\n" + "".join(f"## {number}. A\n\nB.\n\n" for number in range(3000)),
    ],
)
def test_cost_is_bounded_for_texts_that_nest_or_never_close(text: str) -> None:
    """Three hundred calls a character is more than the worst of these takes."""
    assert 300 * len(text) >= calls(text)
