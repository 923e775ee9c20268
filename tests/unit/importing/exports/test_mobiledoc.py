"""Ghost's editor before 2023: markers that open and close marks, and cards by their place."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.importing.exports.mobiledoc import mobiledoc_html


@pytest.mark.parametrize(
    ("document", "html"),
    [
        (
            {
                "markups": [["strong"], ["em"]],
                "sections": [[1, "P", [[0, [0], 0, "a"], [0, [1], 2, "b"], [0, [], 0, "c"]]]],
            },
            "<p><strong>a<em>b</em></strong>c</p>",
        ),
        (
            {
                "markups": [["a", ["href", 'x"y']]],
                "sections": [[1, "h2", [[0, [0], 1, "<a>"]]]],
            },
            '<h2><a href="x&quot;y">&lt;a&gt;</a></h2>',
        ),
        ({"sections": [[3, "ol", [[[0, [], 0, "one"]]]]]}, "<ol><li>one</li></ol>"),
        ({"sections": [[2, "a.png"]]}, '<img src="a.png" alt="">'),
        ({"cards": [["html", {"html": "<p>x</p>"}]], "sections": [[10, 0]]}, "<p>x</p>"),
        (
            {"cards": [["card-markdown", {"markdown": "*x*"}]], "sections": [[10, 0]]},
            "<p><em>x</em></p>\n",
        ),
        ({"cards": [], "sections": [[10, 7], [10, -1], [1, "script", []], "odd"]}, "<p></p>"),
        (
            {"markups": [["script"]], "sections": [[1, "p", [[0, [0, 9], 5, "a"]]]]},
            "<p><span><span>a</span></span></p>",
        ),
        (
            {"atoms": [["soft-return", "", {}]], "sections": [[1, "p", [[1, [], 0, 0]]]]},
            "<p><br></p>",
        ),
    ],
)
def test_sections_are_the_html_that_they_show(document: dict[str, Any], html: str) -> None:
    assert html == mobiledoc_html(json.dumps(document))


_PART = st.recursive(
    st.none() | st.integers(-2, 12) | st.sampled_from(["p", "a", "href", "ul", "html", "<x>"]),
    lambda inner: st.lists(inner, max_size=4),
    max_leaves=20,
)


@given(st.dictionaries(st.sampled_from(["sections", "markups", "cards", "atoms"]), st.lists(_PART)))
def test_any_document_is_a_body(document: dict[str, Any]) -> None:
    assert "<x>" not in mobiledoc_html(json.dumps(document))
