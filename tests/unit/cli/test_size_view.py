"""The table of sizes: figures everywhere, bars only where somebody looks."""

import re
import sys

import pytest

from newsletter.cli.shown import shown
from newsletter.cli.size_view import size_lines
from newsletter.issue import Issue, parse_issue, source_from_text
from newsletter.render import Shares

BUDGET = 100_000


def issue() -> Issue:
    long = "A headline that goes on and on until no table has a column for it"
    return parse_issue(source_from_text(f"# T\n\nI.\n\n## 1. Tide\n\nx\n\n## 2. {long}\n\ny\n"))


def lines(shares: Shares) -> list[str]:
    return [
        re.sub(r"\x1b\[[\d;]+m", "", shown(line)).rstrip()
        for line in size_lines(shares, issue(), BUDGET)
    ]


def test_size_lines_name_every_part_and_add_up() -> None:
    found = lines(Shares(whole=50_000, stories=(5_000, 20_000), sponsor=5_000))

    assert [
        "1. Tide                                  5,000  10%",
        "2. A headline that goes on and on…      20,000  40%",
        "Sponsor                                  5,000  10%",
        "Frame                                   20,000  40%",
        "All, encoded for the mail               50,000 100%  50% of 100,000",
    ] == found


def test_size_lines_have_no_line_for_a_sponsor_there_is_not() -> None:
    found = lines(Shares(whole=50_000, stories=(5_000, 20_000), sponsor=None))

    assert not [line for line in found if "Sponsor" in line]
    assert any(line.startswith("Frame") and "25,000" in line for line in found)


def test_size_lines_have_bars_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    first, second, *_ = lines(Shares(whole=50_000, stories=(5_000, 20_000), sponsor=None))

    assert first.endswith("10%  ██▍")
    assert second.endswith("40%  █████████▋")


@pytest.mark.parametrize(
    ("whole", "colour"), [(89_000, "\x1b[32m"), (90_000, "\x1b[33m"), (100_000, "\x1b[31;1m")]
)
def test_size_lines_warn_from_where_the_check_does(whole: int, colour: str) -> None:
    *_, last = size_lines(Shares(whole=whole, stories=(1, 2), sponsor=None), issue(), BUDGET)

    assert colour in shown(last)
