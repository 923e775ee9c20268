"""Addresses that are not what was meant: what is told, and what the fix makes of each."""

import pytest

from newsletter.check import Context, HouseFormat, all_rules, apply_fixes, check_issue
from newsletter.issue import parse_issue, source_from_text

RULES = [rule for rule in all_rules() if rule.slug in {"mistaken-address", "link-scheme"}]


def mended(address: str) -> str:
    """The address after the fixes of all findings, one at most and one where it is odd."""
    text = f"# T\n\nI.\n\n## 1. A\n\nSee [it]({address}) now.\n"
    issue = parse_issue(source_from_text(text, path="issues/x.md"))
    found = check_issue(issue, RULES, Context(house=HouseFormat()))

    assert len(found) <= 1
    fixed = apply_fixes(text, [item.fix for item in found if item.fix])
    return fixed.partition("](")[2].rpartition(")")[0]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("https://https://www.example.com/", "https://www.example.com/"),
        ("http://https://www.example.com/a", "https://www.example.com/a"),
        ("https://https//www.example.com", "https://www.example.com"),
        ("https://https%3A%2F%2Fwww.example.com", "https://www.example.com"),
        ("https:https://www.example.com", "https://www.example.com"),
        ("https://www.example.com/y”", "https://www.example.com/y"),
        ("https://www.example.com/y%22", "https://www.example.com/y"),
        ("https://www.example.com/y%E2%80%9D", "https://www.example.com/y"),
        ("https://www.example.com/y’", "https://www.example.com/y"),
        ("https://www.example.com/y»", "https://www.example.com/y"),
        ("https://www.example.com/y%20", "https://www.example.com/y"),
        ("https://www.example.com/y]", "https://www.example.com/y"),
        ("https://www.example.com/café”", "https://www.example.com/café"),
        ("https://“www.example.com/y", "https://“www.example.com/y"),
        ("htp://www.example.com/", "http://www.example.com/"),
        ("htps://www.example.com/", "https://www.example.com/"),
        ("https//www.example.com/", "https://www.example.com/"),
        ("https:/www.example.com/", "https://www.example.com/"),
        ("https:///www.example.com/", "https://www.example.com/"),
        ("ttps://www.example.com/", "https://www.example.com/"),
        ("https;//www.example.com/", "https://www.example.com/"),
    ],
)
def test_fix_writes_the_address_that_was_meant(written: str, meant: str) -> None:
    assert meant == mended(written)


@pytest.mark.parametrize(
    "address",
    [
        "https://www.example.com/a_(b)",
        "https://www.example.com/?q='a'",
        "https://www.example.com/a?b=[1]",
        "https://www.example.com/L'Or%C3%A9al",
        "https://http.cat/404",
        "https://web.archive.org/web/2020/https://www.example.com/a",
        "https://en.wikipedia.org/wiki/Apple_Inc.",
        "https://www.example.com/@ada",
        "https://例え.jp/テスト",
    ],
)
def test_odd_addresses_that_are_meant_are_let_be(address: str) -> None:
    assert address == mended(address)
