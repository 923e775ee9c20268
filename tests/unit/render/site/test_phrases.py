"""Sentences with places: what they become, and which are refused."""

import pytest

from newsletter.errors import RenderError
from newsletter.render.site.phrases import check_phrase, phrase_html, phrase_text


@pytest.mark.parametrize(
    ("expected", "pattern"),
    [
        ("For <strong>1 &amp; 2</strong>.", "For **{value}**."),
        ('<a href="/x?a=1&amp;b=2">see 1 &amp; 2</a>', "[see {value}](place)"),
        ("a &lt;b&gt; &amp; <code>id</code>", "a <b> & `id`"),
        ("[not a link] (place) * one *", "[not a link] (place) * one *"),
    ],
)
def test_phrase_sets_its_marks_and_escapes_all_else(expected: str, pattern: str) -> None:
    assert expected == phrase_html(pattern, {"value": "1 & 2", "place": "/x?a=1&b=2"})


def test_value_is_never_read_as_a_phrase() -> None:
    """A reader's name with marks, braces or a link in it stays what it is."""
    hostile = "**{other}** [x](place) `c` <i>\"'"

    assert "For **{other}** [x](place) `c` &lt;i&gt;&quot;&#x27;" == phrase_html(
        "For {value}", {"value": hostile, "other": "never", "place": "javascript:alert(1)"}
    )
    assert f"For {hostile}" == phrase_text("For {value}", {"value": hostile, "other": "never"})


def test_address_is_kept_from_turning_round() -> None:
    assert "إلى <strong><bdi>a@b.example</bdi></strong>" == phrase_html(
        "إلى **{address}**", {"address": "a@b.example"}
    )


@pytest.mark.parametrize(
    ("expected", "value"),
    [
        ("the word is empty", "  "),
        ("“nam” is not a field of this sentence; it may hold name", "Get {nam} [x](place)"),
        ("“other” is not a link of this sentence; it may hold place", "{name} [x](other)"),
        ("has no link to “place”; put [words](place) in", "Get {name}"),
    ],
)
def test_phrase_is_held_to_the_english_one(expected: str, value: str) -> None:
    with pytest.raises(RenderError, match=r"site words greeting") as caught:
        check_phrase("greeting", value, "Get {name} [here](place)")

    assert expected in str(caught.value)


def test_phrase_may_say_less() -> None:
    check_phrase("greeting", "[Here](place)", "Get {name} [here](place)")
