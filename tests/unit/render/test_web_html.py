"""Nodes as a web page writes them."""

import pytest

from newsletter.issue import parse_inlines, parse_markdown
from newsletter.render.web_html import Writer

PICTURE = '<img src="https://b.de" alt="a" decoding="async">'


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("A *b* **c** `d`", "<p>A <em>b</em> <strong>c</strong> <code>d</code></p>"),
        ("a < b & c", "<p>a &lt; b &amp; c</p>"),
        ("a  \nb", "<p>a<br>b</p>"),
        ("> a", "<blockquote><p>a</p></blockquote>"),
        ("- a\n- b", "<ul><li>a</li><li>b</li></ul>"),
        ("3. a", '<ol start="3"><li>a</li></ol>'),
        ("#### a", "<h3>a</h3>"),
        ("[a](https://b.de/?c&d)", '<p><a href="https://b.de/?c&amp;d" rel="noopener">a</a></p>'),
        ("[](https://b.de)", '<p><a href="https://b.de" rel="noopener">https://b.de</a></p>'),
        ("[a](/b)", "<p>a</p>"),
        ('![a](https://b.de "d")', f"<figure>{PICTURE}<figcaption>d</figcaption></figure>"),
        ("![a](https://b.de)", f"<figure>{PICTURE}</figure>"),
        ("a ![a](https://b.de)", f"<p>a {PICTURE}</p>"),
        ("![a](/c.png)", "<p>a</p>"),
        ("![a](mailto:b@c.example)", "<p>a</p>"),
    ],
)
def test_nodes_are_written_as_html(markdown: str, expected: str) -> None:
    assert expected == Writer().nodes(parse_markdown(markdown))


def test_links_say_what_the_writer_is_told() -> None:
    inlines = parse_inlines("[a](https://b.example)")

    assert '<a href="https://b.example" rel="sponsored noopener">a</a>' == Writer(
        rel="sponsored noopener"
    ).inlines(inlines)


def test_plain_words_keep_their_marks_and_lose_their_links() -> None:
    inlines = parse_inlines("**a [b *c*](https://d.example)** e")

    assert "<strong>a b <em>c</em></strong> e" == Writer().plain(inlines)
