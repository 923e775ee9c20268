"""Colours that can be read where they meet, and what is said of those that cannot."""

import re
from dataclasses import fields, replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.render import DARK, MEETINGS, Palette, PoorContrast, poor_contrasts
from newsletter.render.contrast import LARGE, NORMAL, Meeting, contrast

DESIGN = Path(__file__).parents[3] / "docs" / "design.md"
GROUNDS = {meeting.ground for meeting in MEETINGS}

colours = st.integers(0, 0xFFFFFF).map("#{:06x}".format)


def only(palette: Palette, default: Palette | None = None) -> PoorContrast:
    (found,) = poor_contrasts(palette, default or Palette())
    return found


@pytest.mark.parametrize("palette", [Palette(), DARK], ids=["light", "dark"])
def test_our_palettes_are_readable(palette: Palette) -> None:
    assert () == poor_contrasts(palette, palette)
    assert 4.5 <= min(
        contrast(getattr(palette, one.words), getattr(palette, one.ground)) for one in MEETINGS
    )


@pytest.mark.parametrize(
    ("expected", "one", "other"),
    [
        (21.0, "#000000", "#ffffff"),
        (1.0, "#ffffff", "#ffffff"),
        (4.54, "#767676", "#ffffff"),
        (4.48, "#777777", "#ffffff"),
        (5.25, "#ff0000", "#000000"),
    ],
)
def test_contrast_is_that_of_the_standard(expected: float, one: str, other: str) -> None:
    """Values that others publish."""
    assert expected == round(contrast(one, other), 2) == round(contrast(other, one), 2)


@pytest.mark.parametrize(
    ("least", "pixels", "is_bold"),
    [(3.0, 24, False), (4.5, 23, False), (3.0, 19, True), (4.5, 18, True)],
)
def test_large_words_need_less(least: float, pixels: int, *, is_bold: bool) -> None:
    meeting = Meeting(words="ink", ground="card", pixels=pixels, is_bold=is_bold)

    assert least == meeting.least


def test_white_on_white_is_told_with_each_ground_it_stands_on() -> None:
    found = only(Palette(text="#ffffff"))

    assert ("text", "#ffffff") == (found.key, found.colour)
    assert ["card", "panel", "sponsor"] == [key for key, _ in found.poor]
    assert found.is_unreadable
    assert str(found) == (
        'text = "#ffffff": contrast 1.00 with card, 1.10 with panel, 1.16 with sponsor; '
        "words need 4.5; the nearest colour that has it is #6b6b6b"
    )


@pytest.mark.parametrize(
    ("key", "changed"),
    [
        ("muted", {"muted": "#808080"}),
        ("kicker", {"kicker": "#1f5f5b"}),
        ("accent", {"accent": "#e8590c"}),
        ("card", {"card": "#112211"}),
        ("masthead", {"masthead": "#c9dcd8"}),
        ("on_accent", {"on_accent": "#eeeeee", "accent": "#dddddd"}),
    ],
)
def test_what_the_publication_changed_is_told_and_not_what_is_ours(
    key: str, changed: dict[str, str]
) -> None:
    found = only(Palette(**changed))

    assert key == found.key
    assert () == poor_contrasts(replace(Palette(**changed), **{key: found.nearest}), Palette())


def test_contrast_of_the_dark_palette_is_held_to_ours_for_the_dark() -> None:
    assert "accent" == only(replace(DARK, accent="#ff8a95"), DARK).key


def test_hard_to_read_is_not_unreadable() -> None:
    found = only(Palette(accent="#e8590c"))

    assert (3.58, 4.5) == (round(found.poor[0][1], 2), found.least)
    assert not found.is_unreadable


def test_colour_that_nothing_can_mend_is_told_all_the_same() -> None:
    """No word can be read on white and on black and on what is between."""
    grounds = Palette(card="#000000", panel="#ffffff", sponsor="#808080", ink="#777777")
    found = {one.key: one for one in poor_contrasts(grounds, Palette())}["ink"]

    assert "" == found.nearest
    assert str(found).endswith("; no one colour has it with all that this one meets")


@given(words=colours, ground=colours)
def test_nearest_colour_has_what_is_needed(words: str, ground: str) -> None:
    palette = Palette(kicker=words, masthead=ground, on_masthead=ground, on_masthead_soft=ground)
    for found in poor_contrasts(palette, Palette()):
        if found.key == "kicker":
            assert contrast(found.nearest, ground) >= NORMAL > LARGE
            assert contrast(words, ground) < NORMAL


def test_every_colour_that_words_have_or_stand_on_meets_another() -> None:
    met = {one.words for one in MEETINGS} | GROUNDS

    assert {"rule"} == {one.name for one in fields(Palette)} - met


def test_the_documents_have_every_pair() -> None:
    rows = re.findall(
        r"^\| `(\w+)` \| ((?:`\w+`(?:, )?)+) \|$", DESIGN.read_text("utf-8"), re.MULTILINE
    )
    told = {(words, ground) for words, grounds in rows for ground in re.findall(r"\w+", grounds)}

    assert {(one.words, one.ground) for one in MEETINGS} == told
