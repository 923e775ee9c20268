"""Nodes to HTML: nothing an editor typed can become markup, or an address we do not allow."""

import pytest

from newsletter.issue import (
    Image,
    Inline,
    Link,
    Paragraph,
    Span,
    Text,
    parse_inlines,
    parse_markdown,
)
from newsletter.render.html import WebWriter, write_inlines, write_nodes

NOWHERE = Span(line=1, column=1, end_line=1, end_column=1)
PICTURE = '<img src="https://b.de" alt="a" decoding="async">'


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("a *b* **c** `d<`", "<p>a <em>b</em> <strong>c</strong> <code>d&lt;</code></p>"),
        ("> q", "<blockquote><p>q</p></blockquote>"),
        ("- a\n- b", "<ul><li>a</li><li>b</li></ul>"),
        ("3. a\n4. b", '<ol start="3"><li>a</li><li>b</li></ol>'),
        ("- a\n\n  b", "<ul><li><p>a</p>\n<p>b</p></li></ul>"),
        ("a\\\nb", "<p>a<br />b</p>"),
        ("# a", "<h3>a</h3>"),
        ("#### a", "<h3>a</h3>"),
        ("<script>x</script>", "<p>&lt;script&gt;x&lt;/script&gt;</p>"),
        ("a ]]> b & c", "<p>a ]]&gt; b &amp; c</p>"),
        (
            "[a](https://x.example/?b=1&c=2)",
            '<p><a href="https://x.example/?b=1&amp;c=2">a</a></p>',
        ),
        ("[a](mailto:b@c.example)", '<p><a href="mailto:b@c.example">a</a></p>'),
        ("[](https://x.example/)", '<p><a href="https://x.example/">https://x.example/</a></p>'),
        ("[a](/b)", "<p>a</p>"),
        ("[a](#b)", "<p>a</p>"),
    ],
)
def test_write_nodes_writes(markdown: str, html: str) -> None:
    assert html == write_nodes(parse_markdown(markdown))


@pytest.mark.parametrize(
    "href",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java\tscript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc/passwd",
        "//x.example/",
        "https:",
        "https:///",
        "https://x.example/ onclick=x",
        "mailto:a\r\nBcc: b@c.example",
        "ftp://x.example/",
        "",
    ],
)
def test_write_inlines_keeps_the_words_of_a_link_it_refuses(href: str) -> None:
    link: Inline = Link(href=href, children=(Text(text="words"),), span=NOWHERE)

    assert "words" == write_inlines((link,))


def test_write_inlines_escapes_an_address() -> None:
    link: Inline = Link(
        href='https://x.example/"><script>', children=(Text(text="a"),), span=NOWHERE
    )

    assert '<a href="https://x.example/&quot;&gt;&lt;script&gt;">a</a>' == write_inlines((link,))


def test_write_nodes_makes_a_figure_of_an_image_alone() -> None:
    nodes = parse_markdown('![a "b"](https://x.example/i.png "c <d>")')

    assert (
        '<div class="figure"><img src="https://x.example/i.png" alt="a &quot;b&quot;" width="504"'
        ' /><p class="caption">c &lt;d&gt;</p></div>'
    ) == write_nodes(nodes)


def test_write_nodes_makes_images_smaller_in_quotes() -> None:
    assert 'width="440"' in write_nodes(parse_markdown("> ![a](https://x.example/i.png)"))


def test_write_nodes_speaks_the_alt_of_an_image_it_refuses() -> None:
    image = Image(src="data:image/png;base64,x", alt="A <boat>", caption="", span=NOWHERE)

    assert "<p>see A &lt;boat&gt;</p>" == write_nodes(
        (Paragraph(inlines=(Text(text="see "), image)),)
    )


def test_write_inlines_is_html_to_a_template() -> None:
    written = write_inlines(parse_inlines("a & b"))

    assert "a &amp; b" == written.__html__()


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
def test_web_writer_writes(markdown: str, expected: str) -> None:
    assert expected == WebWriter().nodes(parse_markdown(markdown))


def test_web_links_say_what_the_writer_is_told() -> None:
    inlines = parse_inlines("[a](https://b.example)")

    assert '<a href="https://b.example" rel="sponsored noopener">a</a>' == WebWriter(
        rel="sponsored noopener"
    ).inlines(inlines)


def test_plain_words_of_a_web_page_keep_their_marks_and_lose_their_links() -> None:
    inlines = parse_inlines("**a [b *c*](https://d.example)** e")

    assert "<strong>a b <em>c</em></strong> e" == WebWriter().plain(inlines)


def test_struck_raised_and_lowered_words_keep_their_tags_and_marks() -> None:
    nodes = parse_markdown("~~40~~ 60 m^2^, CO~2~ <s>**a**</s>")

    expected = "<s>40</s> 60 m<sup>2</sup>, CO<sub>2</sub> <s><strong>a</strong></s>"
    assert f"<p>{expected}</p>" == write_nodes(nodes)
    assert f"<p>{expected}</p>" == WebWriter().nodes(nodes)


def test_a_link_among_struck_words_is_unlinked_with_them() -> None:
    (paragraph,) = parse_markdown("~~[a](https://www.example.com/)~~")

    assert isinstance(paragraph, Paragraph)
    assert "<s>a</s>" == WebWriter().plain(paragraph.inlines)
