"""Ghost's editor of today: nodes and cards as HTML, and nothing that a value could break out of."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.importing.exports.lexical import lexical_html


def html_of(*nodes: Any) -> str:
    return lexical_html(json.dumps({"root": {"type": "root", "children": nodes}}))


def text(words: str, marks: int = 0) -> dict[str, Any]:
    return {"type": "extended-text", "text": words, "format": marks}


@pytest.mark.parametrize(
    ("node", "html"),
    [
        (
            {"type": "paragraph", "children": [text("a"), text("b", 3)]},
            "<p>a<em><strong>b</strong></em></p>",
        ),
        ({"type": "extended-heading", "tag": "h3", "children": [text("a")]}, "<h3>a</h3>"),
        ({"type": "heading", "tag": "script", "children": [text("a")]}, "<h2>a</h2>"),
        ({"type": "aside", "children": [text("a")]}, "<blockquote>a</blockquote>"),
        ({"type": "list", "listType": "number", "start": 3, "children": []}, '<ol start="3"></ol>'),
        (
            {"type": "link", "url": 'x"><b', "children": [text("a")]},
            '<a href="x&quot;&gt;&lt;b">a</a>',
        ),
        (
            {"type": "image", "src": "a.png", "alt": "A", "caption": "<i>c</i>"},
            '<figure><img src="a.png" alt="A"><figcaption><i>c</i></figcaption></figure>',
        ),
        (
            {"type": "bookmark", "url": "https://a.example", "metadata": {"title": "T"}},
            '<p><a href="https://a.example">T</a></p>',
        ),
        (
            {"type": "toggle", "heading": "H", "content": "<p>c</p>"},
            "<h3>H</h3><div><p>c</p></div>",
        ),
        ({"type": "markdown", "markdown": "*a*"}, "<p><em>a</em></p>\n"),
        ({"type": "codeblock", "code": "<b>"}, "<pre>&lt;b&gt;</pre>"),
        ({"type": "unheard-of", "children": [text("kept")]}, "kept"),
        (text("1 < 2"), "1 &lt; 2"),
    ],
)
def test_node_is_the_html_that_it_shows(node: dict[str, Any], html: str) -> None:
    assert html == html_of(node)


@given(st.text(max_size=200))
def test_any_text_is_a_body_or_none(said: str) -> None:
    assert isinstance(lexical_html(said), str)


def test_nesting_without_end_is_cut_off() -> None:
    node: dict[str, Any] = text("deep")
    for _ in range(200):
        node = {"type": "paragraph", "children": [node]}

    assert "deep" not in html_of(node)
