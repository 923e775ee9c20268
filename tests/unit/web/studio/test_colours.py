"""The colours of `newsletter/web/studio/static`, as its style sheet's source has them, can be read.

WCAG 2.2: 4.5:1 for text (1.4.3), 3:1 for the edges of controls and the focus (1.4.11).
"""

import re
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[4] / "editors/studio/src/styles/base.css"
GROUNDS = ("paper", "desk", "table")
TINTS = {"blue-tint": "blue", "red-tint": "red", "ochre-tint": "ochre", "green-tint": "green"}
HOVER = 0.07
"""How much of the ink lies over the ground of what is pointed at, and of a key."""


def colours(*, dark: bool) -> dict[str, str]:
    blocks = re.findall(r":root \{(.*?)\}", SOURCE.read_text(encoding="utf-8"), re.DOTALL)
    found = [dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})", block)) for block in blocks[:2]]
    return {**found[0], **found[1]} if dark else found[0]


def octets(colour: str) -> list[int]:
    return [int(colour[at : at + 2], 16) for at in (1, 3, 5)]


def luminance(colour: str) -> float:
    """WCAG 2.2, relative luminance."""
    parts = [value / 255 for value in octets(colour)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def over(ground: str, ink: str) -> str:
    pairs = zip(octets(ground), octets(ink), strict=True)
    return "#" + "".join(f"{round(a * (1 - HOVER) + b * HOVER):02x}" for a, b in pairs)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_text_can_be_read_on_every_ground(dark: bool) -> None:
    known = colours(dark=dark)
    for ground in GROUNDS:
        for name in ("ink", "ink-2", "ink-3", "blue", "red", "ochre", "green"):
            assert 4.5 <= contrast(known[name], known[ground]), (name, ground)
        hovered = over(known[ground], known["ink"])
        for name in ("ink", "ink-2", "blue", "red"):
            assert 4.5 <= contrast(known[name], hovered), (name, ground, "hovered")
    for tint, own in TINTS.items():
        for name in ("ink", "ink-2", "ink-3", own):
            assert 4.5 <= contrast(known[name], known[tint]), (name, tint)
    assert 4.5 <= contrast("#ffffff", known["blue-fill"])


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_edges_and_focus_can_be_seen_on_every_ground(dark: bool) -> None:
    known = colours(dark=dark)
    for ground in GROUNDS:
        for name in ("edge", "blue"):
            assert 3 <= contrast(known[name], known[ground]), (name, ground)
