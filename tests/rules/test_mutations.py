"""Each shipped issue, damaged in one known way: the damage is found under its code, and alone.

A damage may break more than one promise (a story less is a number less and a count that differs),
so each names the code that must come and those that may come with it.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.check import Context, HouseFormat, Severity, all_rules, at_least, check_issue
from newsletter.issue import parse_issue, source_from_text

ISSUES = sorted((Path(__file__).parents[2] / "issues").glob("*.md"))
RULES = all_rules()
HOUSE = HouseFormat(titles=("The {count} biggest retail technology news stories of the week",))

Damage = Callable[[str, int], str]
"""Text and a story's number, 1 to 5, to the damaged text."""


@dataclass(frozen=True)
class Case:
    must: str
    damage: Damage
    may: frozenset[str] = frozenset()


def found(text: str, path: Path) -> set[str]:
    issue = parse_issue(source_from_text(text, path=str(path)))
    context = Context(house=HOUSE, send_date=issue.date)
    diagnostics = check_issue(issue, RULES, context)
    return {item.code for item in diagnostics if at_least(item.severity, Severity.WARNING)}


def story(text: str, number: int) -> tuple[int, int]:
    """Where a story begins and ends, its headline included."""
    start = text.index(f"\n## {number}. ") + 1
    after = re.compile(r"^(?:## |---$)", re.MULTILINE).search(text, start + 3)
    assert after
    return start, after.start()


def paragraph(text: str, number: int) -> tuple[int, int]:
    """Where the first paragraph of a story begins and ends."""
    start = text.index("\n\n", story(text, number)[0]) + 2
    return start, text.index("\n\n", start)


def in_paragraph(pattern: str, new: str) -> Damage:
    def damage(text: str, number: int) -> str:
        start, end = paragraph(text, number)
        damaged = re.sub(pattern, new, text[start:end], count=1, flags=re.DOTALL)
        return text[:start] + damaged + text[end:]

    return damage


def replaced(pattern: str, new: str) -> Damage:
    def damage(text: str, _number: int) -> str:
        return re.sub(pattern, new, text, count=1, flags=re.MULTILINE)

    return damage


def in_story(pattern: str, new: str) -> Damage:
    def damage(text: str, number: int) -> str:
        start, end = story(text, number)
        damaged = re.sub(pattern, new, text[start:end], count=1, flags=re.MULTILINE)
        return text[:start] + damaged + text[end:]

    return damage


def drop_story(text: str, number: int) -> str:
    start, end = story(text, number)
    return text[:start] + text[end:]


def drop_body(text: str, number: int) -> str:
    start, end = story(text, number)
    return text[: text.index("\n\n", start) + 2] + text[end:]


def swap_numbers(text: str, number: int) -> str:
    one, other = f"\n## {number}. ", f"\n## {number % 5 + 1}. "
    return text.replace(one, "\n## X. ").replace(other, one).replace("\n## X. ", other)


def repeat_number(text: str, number: int) -> str:
    return text.replace(f"\n## {number}. ", f"\n## {number % 5 + 1}. ")


CASES = {
    "story dropped": Case("S007", drop_story, frozenset({"S008", "C001", "C007"})),
    "body dropped": Case("S009", drop_body, frozenset({"C007"})),
    "numbers swapped": Case("S008", swap_numbers),
    "number repeated": Case("S008", repeat_number),
    "title dropped": Case("S004", replaced(r"^# .*\n\n", "")),
    "intro dropped": Case("S005", replaced(r"(^# .*\n\n)(?s:.*?)(?=^## 1)", r"\1")),
    "footer dropped": Case("S010", replaced(r"^---\nSign up.*\n", "")),
    "footer reworded": Case("S012", replaced("^Sign up for our free", "Sign up for the free")),
    "text after the footer": Case("S013", replaced(r"\Z", "\nShare this with a friend.\n")),
    "blank line dropped": Case("S014", in_story(r"(^## .*\n)\n", r"\1")),
    "number style": Case("S011", in_story(r"^## (\d)\. ", r"## \1) ")),
    "title counts six": Case("C001", replaced("^# The five", "# The six")),
    "title reworded": Case("C002", replaced("^# The five biggest", "# The five best")),
    "name misspelt in the intro": Case("C007", replaced(r"including [A-Z]", "including Zz")),
    "headline ends in a full stop": Case("T001", in_story(r"^(## .*)$", r"\1.")),
    "paragraph not closed": Case("T002", in_paragraph(r"\A([^>].*)[.!?]\Z", r"\1")),
    "word doubled": Case("T003", in_paragraph(r" (the|and|to|in|a|of|on|its|is) ", r" \1 \1 ")),
    "full stop doubled": Case("T004", in_paragraph(r"\.\Z", "..")),
    "quotation not closed": Case("T006", in_paragraph(r" (\w+) ", r" “\1 ")),
    "quotation marks mixed": Case("T006", in_paragraph(r" (\w+) ", r' “\1" ')),
    "not https": Case("L002", in_story(r"^(\[[^]]*\]\(http)s:", r"\1:")),
    "generic link text": Case("L004", in_story(r"\[Read the full story\]", "[Click here]")),
    "tracking parameter": Case("L005", in_story(r"^(\[.*\(https:[^)]*)\)", r"\1?utm_source=x)")),
    "subject too long": Case("M002", replaced("^subject: ", "subject: " + "very " * 20)),
    "subject shouted": Case("M003", replaced("^subject: .*", "subject: LOOK AT THESE SHOPS NOW")),
    "image without words": Case(
        "M005",
        in_story(r"\n\n", "\n\n![](https://www.example.com/shop.png)\n\n"),
        frozenset({"M011"}),
    ),
    "two more images": Case(
        "M011", in_story(r"\n\n", "\n\n![a](https://www.example.com/a.png)\n\n" * 2)
    ),
    "sponsor repeated": Case(
        "S016",
        in_story(r"\Z", "## Sponsored by Acme\n\nBuy.\n\n## Advertisement\n\nBuy.\n\n"),
    ),
    "sponsor without text": Case(
        "S017", in_story(r"\Z", "## Sponsored by Acme\n\n"), frozenset({"S016"})
    ),
    "field of another program": Case("M007", in_paragraph(r"^", "*|FNAME|*: ")),
    "unknown merge field": Case("M007", in_paragraph(r"^", "{{ surname }}: ")),
    "merge field without default": Case("M007", in_paragraph(r"^", "{{ first_name }}, ")),
}


@pytest.mark.parametrize("path", ISSUES, ids=lambda path: path.stem)
def test_sound_issue_gives_nothing(path: Path) -> None:
    assert set() == found(path.read_text(encoding="utf-8"), path)


@pytest.mark.parametrize("name", CASES)
@given(path=st.sampled_from(ISSUES), number=st.integers(1, 5))
@settings(max_examples=15, deadline=None)
def test_damage_is_found_under_its_code_and_alone(name: str, path: Path, number: int) -> None:
    case = CASES[name]
    text = path.read_text(encoding="utf-8")
    damaged = case.damage(text, number)
    if damaged == text:  # this story has no such words
        return

    codes = found(damaged, path)

    assert case.must in codes, damaged
    assert codes <= {case.must} | case.may, damaged


@pytest.mark.parametrize("name", CASES)
def test_every_damage_happens_somewhere(name: str) -> None:
    """A damage that changes nothing would prove nothing."""
    texts = [path.read_text(encoding="utf-8") for path in ISSUES]

    assert any(CASES[name].damage(text, number) != text for text in texts for number in range(1, 6))


@pytest.mark.parametrize(
    ("code", "old", "new"),
    [
        ("C005", "Sunday 28 November", "Sunday 29 November"),
        ("C005", "Sunday 28 November", "Monday 28 November"),
        ("C006", "since 24 November", "since 31 November"),
        ("C004", "the last Friday of", "the last Thursday of"),
    ],
)
def test_moved_date_is_found_alone(code: str, old: str, new: str) -> None:
    [path] = [path for path in ISSUES if path.stem == "2021-11-26"]
    text = path.read_text(encoding="utf-8")

    assert {code} == found(text.replace(old, new), path)
