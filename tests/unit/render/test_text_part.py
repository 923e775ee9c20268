"""The text part, written from the issue by its own template and never from the HTML."""

import re
from collections.abc import Callable
from dataclasses import fields, replace
from datetime import date
from html import unescape
from pathlib import Path

import pytest

from newsletter.issue import Link, parse_inlines, parse_issue, parse_markdown, source_from_text
from newsletter.render import Imprint, Rendered, Theme
from newsletter.render.environment import Templates
from newsletter.render.page import PageSponsor, make_page
from newsletter.render.plain_text import RULE
from newsletter.render.words import Words

WORDS = " ".join(["harbour"] * 40)


def test_text_has_the_issue_in_its_order(rendered: Rendered) -> None:
    parts = [
        "THE HARBOUR POST",
        "Boats and tides, weekly",
        "Friday 26 November 2021",
        "The five biggest harbour stories of the week",
        "Hello zzSLOT1zz. It’s Friday, so here is the week at the harbour.",
        "IN THIS ISSUE",
        "1. Spring tide on Sunday\n2. The rope walk reopens\n3. A boat",
        "1. SPRING TIDE ON SUNDAY",
        "| “Tie up well,” says the _harbour master_.",
        "Read the full story:\n<https://example.org/tide?a=1&b=2>",
        "2. THE ROPE WALK REOPENS",
        "[Image: A long low shed beside the water]\nThe shed, built in 1811",
        "- a roof\n- *two* doors",
        "3. A BOAT FROM 1907 IS AFLOAT",
        "She was raised by six divers in May.\n<https://example.org/divers>",
        "4. NO FERRY UNTIL TUESDAY",
        "1. Walk.\n2. Or wait.",
        "5. GULLS, AGAIN",
        "Sign up for our free harbour newsletter here.\n<https://post.example.org/join>",
        "\n-- \n",
        "You get this because you signed up at post.example.org.",
        "Unsubscribe:\n<https://post.example.org/unsubscribe/zzSLOT2zz>",
        "<https://post.example.org/preferences/zzSLOT3zz>",
        "<https://post.example.org/issues/2021-11-26>",
        "1 Quay Street, Whitby YO21 1DH, United Kingdom\n",
    ]
    places = [rendered.text.find(part) for part in parts]

    assert -1 not in places
    assert sorted(places) == places


def test_text_lines_fit_72_columns_unless_they_hold_an_address(
    render: Callable[..., Rendered],
) -> None:
    text = render(
        f"# {WORDS}\n\n{WORDS}\n\n## 1. {WORDS}\n\n> {WORDS}\n>\n> - {WORDS}\n\n"
        f"{'x' * 300}\n\n10. {WORDS}\n\n[{WORDS}](https://example.org/{'y' * 90})\n"
    ).text

    assert [] == [one for one in text.split("\n") if len(one) > 72 and "https://" not in one]
    assert f"\n<https://example.org/{'y' * 90}>\n" in text


def test_text_is_not_html(rendered: Rendered) -> None:
    assert [] == re.findall(r"&#?\w+;|</?(?:p|a|div|h\d)\b", rendered.text)
    assert "\u034f" not in rendered.text


def test_text_ends_a_line_in_a_space_only_inside_a_paragraph(
    render: Callable[..., Rendered],
) -> None:
    lines = render(f"# a\n\n{WORDS}\n\n## 1. {WORDS}\n\n> {WORDS}\n").text.split("\n")
    soft = [at for at, line in enumerate(lines) if line.endswith(" ") and line != "-- "]

    assert soft
    assert [] == [at for at in soft if not lines[at + 1] or lines[at].endswith("  ")]


def test_text_says_where_every_link_goes_on_a_line_of_its_own(rendered: Rendered) -> None:
    hrefs = {unescape(href) for href in re.findall(r'href="(https[^"]*)"', rendered.html)}
    lines = rendered.text.split("\n")

    assert len(hrefs) > 8
    assert [] == [href for href in hrefs if f"<{href}>" not in lines]


def test_text_ends_in_one_line_end_and_has_no_double_blank_lines(rendered: Rendered) -> None:
    assert rendered.text.endswith("Kingdom\n")
    assert "\n\n\n" not in rendered.text


@pytest.mark.parametrize(
    ("after", "before", "behind"), [(0, "IN THIS ISSUE", "1. A"), (1, "1. A", "2. B")]
)
def test_text_says_who_paid_for_a_block_and_where_it_ends(
    publication: Imprint, templates: Path, after: int, before: str, behind: str
) -> None:
    source = source_from_text("# t\n\n## 1. a\n\nx\n\n## 2. b\n\ny\n", path="i.md")
    page = make_page(parse_issue(source), publication, Theme(), date(2021, 11, 26), tag="0" * 32)
    name, body, more = (
        parse_inlines("[Acme](https://acme.example/) Tills"),
        parse_markdown("Paid words."),
        parse_inlines("[Buy one](https://acme.example/buy)"),
    )
    assert isinstance(more[0], Link)
    sponsor = PageSponsor(
        name=name, name_text="Acme Tills", body=body, read_more=more[0], after=after
    )
    text = Templates([templates]).fill("issue.txt.j2", replace(page, sponsor=sponsor, number=46))
    block = (
        f"\n{RULE}\n\nSPONSORED BY ACME TILLS\n<https://acme.example/>\n\nPaid words.\n\n"
        f"Buy one:\n<https://acme.example/buy>\n\n{RULE}\n\n"
    )

    assert "Friday 26 November 2021 · Issue 46\n" in text
    assert text.index(before) < text.index(block) < text.index(f"{block}{behind}") + 1
    assert "\n\n\n" not in text


def test_text_speaks_the_words_of_the_publication_and_none_of_ours(
    publication: Imprint, templates: Path
) -> None:
    marks = {
        one.name: f"w{number} " + "".join(re.findall(r"\{\w+\}", str(one.default)))
        for number, one in enumerate(fields(Words))
        if one.name not in {"weekdays", "months"}
    }
    source = source_from_text("# t\n\n## 1. a\n\n![x](https://x.example/i.png)\n", path="i.md")
    other = replace(publication, words=replace(Words(), **marks))  # type: ignore[arg-type]
    page = make_page(parse_issue(source), other, Theme(), date(2021, 11, 26), tag="0" * 32)
    text = Templates([templates]).fill("issue.txt.j2", replace(page, number=46))

    ours = {"contents", "image", "issue_number", "call_title", "call_button"} | {
        *("date", "unsubscribe", "preferences", "view_in_browser"),
    }
    said = text.casefold()
    assert [] == [one for one in sorted(ours) if marks[one].split()[0] not in said]
    assert [] == [word for word in ("issue", "image", "unsub", "browser:") if f"{word} " in said]
