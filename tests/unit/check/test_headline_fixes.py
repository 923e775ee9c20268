"""A fix writes each number of a headline in the house's way, and adds none to one that is there."""

import pytest

from newsletter.check import Context, Diagnostic, HouseFormat, all_rules, check_issue, fix_text
from newsletter.issue import Issue, parse_issue, source_from_text
from tests.unit.issue.test_headlines import ALIKE, FORMS, WORDS, laid_out

RULES = all_rules()


def check(issue: Issue) -> tuple[Diagnostic, ...]:
    return check_issue(issue, RULES, Context(house=HouseFormat()))


def mended(heads: list[str]) -> list[str]:
    lines = fix_text(laid_out(heads), check).splitlines()
    return [line for line in lines if any(line.rstrip("*").endswith(words) for words in WORDS)]


@pytest.mark.parametrize("mark", ["", "## ", "##", "### "])
@pytest.mark.parametrize("numbers", [[1, 2, 3, 4, 5], [1, 2, 2, 4, 5]], ids=str)
@pytest.mark.parametrize("form", sorted((FORMS | ALIKE).keys() - {"fixed space"}))
def test_fix_doubles_no_number(form: str, numbers: list[int], mark: str) -> None:
    number = (FORMS | ALIKE)[form]
    heads = [f"{mark}{number(n)}{words}" for n, words in zip(numbers, WORDS, strict=True)]
    written = "## " if mark else ""

    assert [f"{written}{n}. {words}" for n, words in enumerate(WORDS, 1)] == mended(heads)


@pytest.mark.parametrize("odd", ["7 ", "(7) ", "7️⃣ ", "Story 7: ", "#7 ", "⑦ ", "7: "])
def test_fix_adds_no_number_to_a_wrong_one(odd: str) -> None:
    heads = [f"## {n}. {words}" for n, words in enumerate(WORDS, 1)]
    heads[2] = f"## {odd}{WORDS[2]}"

    assert mended(heads)[2] in {heads[2], f"## 3. {WORDS[2]}"}


@pytest.mark.parametrize(
    "odd", ["## {}", "##{}", "# {}", "#### {}", "**{}**", "__{}__", "{}", "  ## {}"]
)
def test_one_odd_mark_is_one_finding_and_mended(odd: str) -> None:
    heads = [f"## {n}. {words}" for n, words in enumerate(WORDS, 1)]
    heads[2] = odd.format(f"3. {WORDS[2]}")
    issue = parse_issue(source_from_text(laid_out(heads), path="2027-11-26.md"))
    found = [item.code for item in check(issue) if item.span.line == issue.stories[2].span.line]

    assert ([] if odd == "## {}" else ["S011"]) == found
    assert [f"## {n}. {words}" for n, words in enumerate(WORDS, 1)] == mended(heads)
