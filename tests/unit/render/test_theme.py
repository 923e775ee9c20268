"""Values that cannot break out of a style sheet."""

from typing import Any

import pytest

from newsletter.errors import RenderError
from newsletter.render import Imprint, Palette, Theme


@pytest.mark.parametrize("colour", ["red", "#fff", "#12345g", "#123456;}", "", "#1234567"])
def test_palette_refuses_what_is_no_colour(colour: str) -> None:
    with pytest.raises(RenderError, match=r"theme colour ink: .* is not a colour"):
        Palette(ink=colour)


@pytest.mark.parametrize("fonts", ["", 'Georgia, "Times"', "a; color: red", "</style>", "It's"])
def test_theme_refuses_what_is_no_list_of_fonts(fonts: str) -> None:
    with pytest.raises(RenderError, match=r"theme serif: .* is not a list of fonts"):
        Theme(serif=fonts)


@pytest.mark.parametrize(
    "logo",
    [
        "http://p.example/logo.png",
        "logo.png",
        "https://p.example",
        "https://p.example/",
        "data:image/png;base64,x",
        'https://p.example/"onerror=x',
        "https://p.example/logo .png",
    ],
)
def test_theme_refuses_a_logo_that_is_no_https_address(logo: str) -> None:
    with pytest.raises(RenderError, match=r"theme logo: .* is not the https address of an image"):
        Theme(logo=logo)


@pytest.mark.parametrize("width", [0, -1, 321])
def test_theme_refuses_a_logo_that_no_phone_shows_whole(width: int) -> None:
    with pytest.raises(RenderError, match=rf"theme logo_width: {width} pixels is not a width"):
        Theme(logo_width=width)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("base_url", "http://p.example"),
        ("base_url", "https://p.example/"),
        ("base_url", "p.example"),
        ("base_url", ""),
        ("base_url", 'https://p.example/"x'),
        ("signup_url", "mailto:a@p.example"),
        ("language", "English please"),
        ("language", ""),
    ],
)
def test_publication_refuses(field: str, value: str) -> None:
    sound: dict[str, Any] = {
        "name": "P",
        "tagline": "",
        "language": "en",
        "base_url": "https://p.example",
        "signup_url": "https://p.example/signup",
        "why": "Because.",
        "organisation": "O",
        "postal_address": "A",
    }
    assert "P" == Imprint(**sound).name

    with pytest.raises(RenderError, match=f"publication {field}: "):
        Imprint(**{**sound, field: value})
