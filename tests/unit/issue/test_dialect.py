"""Struck, raised and lowered words: what is one, what is not, and what each says as plain words."""

import pytest

from newsletter.issue import (
    Emphasis,
    Inline,
    Link,
    Lowered,
    Raised,
    Strong,
    Struck,
    Text,
    parse_inlines,
    parse_markdown,
    plain_inlines,
    plain_text,
    walk_inlines,
)


def kinds(markdown: str) -> list[type[Inline]]:
    found = walk_inlines(parse_markdown(markdown))
    return [type(inline) for inline in found if not isinstance(inline, Text)]


@pytest.mark.parametrize(
    ("markdown", "kind"),
    [
        ("now ~~40~~ 60", Struck),
        ("now <s>40</s> 60", Struck),
        ("now <del>40</del> 60", Struck),
        ("now <STRIKE>40</STRIKE> 60", Struck),
        ("a~~b~~c", Struck),
        ("10 m^2^ of shop", Raised),
        ("on the 1^st^ of May", Raised),
        ("10^−6^ metres", Raised),
        ("Acme<sup>TM</sup>", Raised),
        ("so he said.<sup>as told to us</sup>", Raised),
        ("less CO~2~ and", Lowered),
        ("H~2~O", Lowered),
        ("x<sub>i</sub>", Lowered),
    ],
)
def test_dialect_knows_struck_raised_and_lowered_words(markdown: str, kind: type[Inline]) -> None:
    assert [kind] == kinds(markdown)


@pytest.mark.parametrize(
    "markdown",
    [
        *(
            "for ~10 to ~20 pounds",
            "from 5~10 to 15~20",
            "5~10/15~20",
            "~10",
            "a ~ b ~ c",
            "~/.env",
        ),
        *("2^8-2^4", "x^2 + y^2", "^_^ and ^^", "a ^b^ c", "~~ 40 ~~", "~~40", "40~~", "^", "~"),
        *("<s>40", "40</s>", "<sup></sup>", "<sub>a</sup>", "< s>a</s>", "<small>a</small>"),
        *("\\~~40~~", "m\\^2^", "\\<s>a</s>"),
    ],
)
def test_dialect_leaves_what_is_something_else(markdown: str) -> None:
    assert [] == kinds(markdown)
    assert markdown.replace("\\", "") == plain_text(parse_markdown(markdown))


def test_dialect_may_hold_marks_and_stand_in_them() -> None:
    assert [Strong, Struck] == kinds("**~~40~~**")
    assert [Struck, Strong, Emphasis] == kinds("~~**40** *a*~~")
    assert [Link, Lowered] == kinds("[CO~2~](https://www.example.com/)")
    assert [Struck, Link] == kinds("<del>[a](https://www.example.com/)</del>")
    assert [Struck, Raised] == kinds("<s>m<sup>2</sup></s>")


def test_dialect_is_no_part_of_code() -> None:
    assert "~~a~~ m^2^ <s>b</s>" == plain_text(parse_markdown("`~~a~~ m^2^ <s>b</s>`"))


@pytest.mark.parametrize(
    ("markdown", "words"),
    [
        ("10 m^2^ for ~~40~~ 60", "10 m² for 60"),
        ("CO~2~, H~2~O and NO~x~", "CO₂, H₂O and NO_x"),
        ("the 1^st^ and 2^nd^", "the 1st and 2nd"),
        ("10^-6^, a^n+1^, a^k+1^", "10⁻⁶, aⁿ⁺¹, a^(k+1)"),
    ],
)
def test_plain_words_of_a_subject_say_the_same(markdown: str, words: str) -> None:
    assert words == plain_inlines(parse_inlines(markdown))
