"""The text part, written from the issue by its own template and never from the HTML."""

import re
from collections.abc import Callable

from newsletter.render import Rendered

WORDS = " ".join(["harbour"] * 40)


def test_text_has_the_issue_in_its_order(rendered: Rendered) -> None:
    parts = [
        "THE HARBOUR POST",
        "Friday 26 November 2021",
        "The five biggest harbour stories of the week",
        "Hello zzSLOT1zz. It’s Friday, so here is the week at the harbour.",
        "1. SPRING TIDE ON SUNDAY",
        "| “Tie up well,” says the _harbour master_.",
        "Read the full story:\n<https://example.org/tide?a=1&b=2>",
        "2. THE ROPE WALK REOPENS",
        "[Picture: A long low shed beside the water]\nThe shed, built in 1811",
        "- a roof\n- *two* doors",
        "3. A BOAT FROM 1907 IS AFLOAT",
        "six divers <https://example.org/divers>",
        "4. NO FERRY UNTIL TUESDAY",
        "1. Walk.\n2. Or wait.",
        "5. GULLS, AGAIN",
        "Sign up for our free harbour newsletter here\n<https://post.example.org/join>.",
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


def test_text_has_no_line_end_spaces_but_the_signature_marks(rendered: Rendered) -> None:
    assert ["-- "] == [one for one in rendered.text.split("\n") if one != one.rstrip()]


def test_text_ends_in_one_line_end_and_has_no_double_blank_lines(rendered: Rendered) -> None:
    assert rendered.text.endswith("Kingdom\n")
    assert "\n\n\n" not in rendered.text
