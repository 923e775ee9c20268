"""Markdown of others: their HTML, tables and footnotes; plain text as paragraphs."""

from newsletter.importing.exports.markdown_page import MAX_CHARACTERS, markdown_html, text_html


def test_footnotes_are_links_to_their_place() -> None:
    html = markdown_html("A[^b] and[^lost].\n\n[^b]: The *note*.\n")

    assert 'A<sup><a href="#footnote-b">1</a></sup> and[^lost].' in html
    assert '<li id="footnote-b"><p>The <em>note</em>.</p>\n</li>' in html


def test_html_stays_html_and_a_table_is_one() -> None:
    assert "<u>x</u>" in markdown_html("<u>x</u>")
    assert "<table>" in markdown_html("| a | b |\n| - | - |\n| 1 | 2 |\n")


def test_plain_text_has_paragraphs_and_lines_and_no_tags() -> None:
    assert "<p>a<br>&lt;b&gt;</p><p>c</p>" == text_html("a\r\n<b>\r\n\r\nc\n")


def test_more_than_a_book_is_plain_text() -> None:
    assert markdown_html("*a*" + " " * MAX_CHARACTERS).startswith("<p>*a*")
