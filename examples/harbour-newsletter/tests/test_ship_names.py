"""The rule, on issues as editors write them."""

import pytest
from harbour_newsletter.ship_names import check

from newsletter.check import Context, HouseFormat
from newsletter.issue import parse_issue, source_from_text

ISSUE = """# The five biggest stories of the week

It’s Friday, with the news of the week.

## 1. A ship turns round

{words}

<!-- MV Comment is shown to nobody. -->
"""


def messages(words: str) -> list[str]:
    issue = parse_issue(source_from_text(ISSUE.format(words=words), path="2026-11-27.md"))
    return [found.message for found in check(issue, Context.of(issue, HouseFormat()))]


@pytest.mark.parametrize(
    "words", ["The *MV Ever Given* turns.", "The MVP of the week.", "An _SS Nomadic_."]
)
def test_what_is_in_italics_or_no_ship_passes(words: str) -> None:
    assert [] == messages(words)


@pytest.mark.parametrize("words", ["The MV Ever Given turns.", "Off Cherbourg, SS Nomadic."])
def test_a_ship_in_plain_letters_is_found(words: str) -> None:
    [message] = messages(words)

    assert "is a ship" in message
