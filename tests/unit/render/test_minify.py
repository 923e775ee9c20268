"""What minification may take away: white space that nobody sees, and nothing else."""

import re
from typing import Any

import html5lib
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from newsletter.render.minify import LINE, minify

PAGE = "<!DOCTYPE html>\n<html><head><title>T</title></head><body>{}</body></html>"
BLOCKS = "div|p|td|tr|table|tbody|ul|li|blockquote|h2|html|head|body|title|br"


def body(html: str) -> str:
    return minify(PAGE.format(html)).partition("<body>")[2].removesuffix("</body></html>\n")


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<div>  a \n b  </div>", "<div>a b</div>"),
        ("<div> <div></div> </div>", "<div><div></div></div>"),
        ("<div>a <b> b </b> c</div>", "<div>a <b> b </b> c</div>"),
        ("<div>a</div>   <div>b</div>", "<div>a</div> <div>b</div>"),
        ("<div>a </div> <div> b</div>", "<div>a </div><div>b</div>"),
        ("<i>a</i>  <i>b</i>", "<i>a</i> <i>b</i>"),
        ("a <br /> b", "a <br />b"),
        ("<pre> a\n\n  b </pre>", "<pre> a\n\n  b </pre>"),
        (
            '<p style="white-space: pre-wrap;"> a  b </p>',
            '\n<p style="white-space: pre-wrap;"> a  b </p>',
        ),
        ("<div>a\u00a0 \u2007b</div>", "<div>a\u00a0 \u2007b</div>"),
        (
            '<div style="display:inline-block;">a</div> <div style="display: inline-block">b</div>',
            '<div style="display:inline-block;">a</div> <div style="display: inline-block">b</div>',
        ),
        ('<b style="a:b; c:d">x</b>', '<b style="a:b;c:d">x</b>'),
        ("<b style=\"a:url('; ')\">x</b>", "<b style=\"a:url('; ')\">x</b>"),
        ('<a title="a  b">x</a>', '<a title="a  b">x</a>'),
        ("<i>a</i> <!-- x  x --> <i>b</i>", "<i>a</i> <!-- x  x --> <i>b</i>"),
        (
            "<div>a</div> <!--[if mso]>  word <![endif]--> <div>b</div>",
            "<div>a</div> <!--[if mso]>  word <![endif]--><div>b</div>",
        ),
    ],
)
def test_minify_takes_only_what_nobody_sees(html: str, expected: str) -> None:
    assert expected == body(html)


def test_minify_keeps_every_rule_of_a_style_sheet() -> None:
    css = "/* x */\n  @media x {\n    .a > b { content: '/* y */'; }\n\n  }\n"
    html = minify(f"<html><head><style>{css}</style></head><body></body></html>")

    assert "<style>@media x {\n.a > b { content: '/* y */'; }\n}</style>" in html


def test_minify_breaks_lines_between_blocks_first() -> None:
    html = minify(PAGE.format(f"<div><p>{'word ' * 300}</p></div>" * 20))

    assert LINE + 20 >= max(len(line.encode()) for line in html.split("\n"))
    assert not re.search(r"[^>]\n<(?!p|html|body)", html)


def test_minify_leaves_the_preheader_in_one_piece() -> None:
    """Its filler is hidden, and as long as a line."""
    hidden = '<div style="display:none">' + "word " * 200 + "</div>"

    assert hidden in minify(PAGE.format(hidden))


WHITE = st.sampled_from(["", " ", "\n", "  \n\t"])
WORD = st.sampled_from(["a", "b c", "é\u00a0 d", "&amp;", "&lt;p&gt;"])
COMMENTS = st.sampled_from(
    ["<!-- c -->", "<!--[if mso]> <td>  x <![endif]-->", "<!--[if !mso]><!-->", "<!--<![endif]-->"]
)
LEAVES = st.one_of(WHITE, WORD, COMMENTS, st.just("<br>"), st.just('<img src="x" alt="a  b">'))
TREES = st.recursive(
    LEAVES,
    lambda inner: st.builds(
        lambda tag, parts: f"<{tag}>{''.join(parts)}</{tag.split()[0]}>",
        st.sampled_from(
            ["div", "span", "cite", "q", "ul", "section", "pre", 'div style="display:inline"']
        ),
        st.lists(inner, max_size=4),
    ),
    max_leaves=25,
)


def shape(html: str) -> list[object]:
    """Elements, comments and the texts that count to the character, by HTML's own parsing rules."""
    found: list[object] = []

    def walk(element: Any, *, kept: bool) -> None:
        for child in element:
            if not isinstance(child.tag, str):
                found.append(("comment", child.text))
                continue
            keeps = kept or child.tag in {"pre", "title"}
            found.append((child.tag, sorted(child.items()), child.text if keeps else ""))
            walk(child, kept=keeps)
            found.append(("end", child.tail if kept else ""))

    walk(html5lib.parse(html, namespaceHTMLElements=False), kept=False)
    return found


@given(tree=TREES)
def test_minify_changes_no_element_no_comment_and_no_word(tree: str) -> None:
    before = PAGE.format(tree)

    assert shape(before) == shape(minify(before))


@given(tree=TREES)
@example(tree="<div><div>a</div> <pre>a</pre></div>")
@example(tree="<div>a <pre>b</pre> <pre> c</pre> d</div>")
def test_minify_parts_and_joins_no_words_but_at_blocks(tree: str) -> None:
    before = PAGE.format(tree)
    parted = words(minify(before))
    at_blocks = re.sub(rf"(</?(?:{BLOCKS}|section)\b[^>]*>)", r" \1 ", before)

    assert "".join(words(before)) == "".join(parted)
    assert set(ends(words(before))) <= set(ends(parted)) <= set(ends(words(at_blocks)))


def words(html: str) -> list[str]:
    tree: Any = html5lib.parse(html, namespaceHTMLElements=False)
    return re.findall(r"[^ \t\n\r\f]+", text_of(tree.find("body")))


def text_of(element: Any) -> str:
    """Without its comments."""
    parts = [text_of(one) if isinstance(one.tag, str) else "" for one in element]
    tails = [one.tail or "" for one in element]
    return (element.text or "") + "".join(a + b for a, b in zip(parts, tails, strict=True))


def ends(found: list[str]) -> list[int]:
    """How many characters stand before each end of a word."""
    return [sum(map(len, found[: at + 1])) for at in range(len(found))]


@given(tree=TREES)
def test_minify_lets_comments_be(tree: str) -> None:
    before = PAGE.format(tree)

    assert re.findall(r"<!--.*?-->", before, re.DOTALL) == re.findall(
        r"<!--.*?-->", minify(before), re.DOTALL
    )


def test_minify_makes_indented_html_smaller() -> None:
    html = PAGE.format("<table>\n  <tr>\n    <td>\n      x\n    </td>\n  </tr>\n</table>\n" * 50)

    assert len(minify(html)) < 0.7 * len(html)
