"""Every feature of caniemail's that HTML can betray is detected, by a sample that uses it."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from newsletter.client_support import Part, find_uses, load_support
from newsletter.client_support.detection import load_detection

SAMPLES = tomllib.loads((Path(__file__).parent / "samples.toml").read_text(encoding="utf-8"))


def slugs(html: str) -> set[str]:
    return {use.slug for use in find_uses(html)}


def test_detection_knows_every_feature_of_the_data() -> None:
    """When a refresh brings a feature, it is to be detected, or named as one that cannot be."""
    detection = load_detection()
    detected = {slug for slugs in detection.slugs.values() for slug in slugs}

    assert set(load_support().features) == detected | set(detection.blind)
    assert set() == detected & set(detection.blind)
    assert detected == set(SAMPLES)
    assert all(reason.endswith(".") for reason in detection.blind.values())


@pytest.mark.parametrize("slug", SAMPLES)
def test_detection_finds_a_feature_in_its_sample(slug: str) -> None:
    assert slug in slugs(SAMPLES[slug])


def test_detection_finds_nothing_that_is_not_there() -> None:
    """A word in the text, a class's name, an address: none of them is CSS."""
    html = '<div class="flex"><p title="display:flex">display: grid; https://a.org/x.webp</p></div>'

    assert {"html-body", "html-div", "html-p"} == slugs(html)


def test_detection_leaves_conditional_comments_to_outlook() -> None:
    html = "<!--[if mso]><table style='display: flex'><video></video></table><![endif]--><p>x</p>"

    assert {"html-comments", "html-body", "html-p"} == slugs(html)


def test_detection_tells_style_attributes_from_sheets() -> None:
    html = '<style>@media (hover) { p { gap: 1px } }</style><p style="gap:  2px">x</p>'

    found = [(use.part, use.words, use.key) for use in find_uses(html) if use.slug == "css-gap"]

    assert [
        (Part.SHEET, "gap: 1px", "gap:1px"),
        (Part.ATTRIBUTE, "gap: 2px", "gap:2px"),
    ] == found


@pytest.mark.parametrize(
    "html",
    ["", "<", "<style>@media {{{", "<p style='a:b;;;{'>", "<style>}</style>", "<!DOCTYPE html>"],
)
def test_detection_takes_broken_html(html: str) -> None:
    assert isinstance(find_uses(f"<p>{html}"), tuple)


def test_detection_reads_deep_nesting_without_recursion() -> None:
    css = "@media screen {" * 300 + "p { gap: 1px }" + "}" * 300

    assert "css-gap" in slugs(f"<style>{css}</style>")


def test_detection_looks_into_nested_rules() -> None:
    html = "<style>.a { color: red; & .b { gap: 1px; @media (hover) { float: left } } }</style>"

    assert {"css-nesting", "css-gap", "css-at-media-hover", "css-float"} <= slugs(html)


def test_the_door_of_the_room_is_cheap() -> None:
    """Whoever may have to ask imports the room at the top of the file."""
    code = (
        "import sys, newsletter.client_support\n"
        "print(sorted({'lxml', 'tinycss2', 'importlib.resources'} & set(sys.modules)))"
    )

    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )

    assert "[]\n" == loaded.stdout
