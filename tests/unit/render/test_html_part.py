"""The HTML part as mail programs need it: one issue, looked at from every side."""

import re
from typing import Any

import html5lib
import pytest
from lxml import etree

from newsletter.render import Rendered, measure

Tree = Any  # lxml's XPath gives what its expression says, which no stub can know


@pytest.fixture(scope="module")
def tree(rendered: Rendered) -> Tree:
    return etree.fromstring(rendered.html, etree.HTMLParser())


def words(element: Tree) -> str:
    return " ".join("".join(str(text) for text in element.itertext()).split())


def comments(tree: Tree) -> list[str]:
    return [str(comment.text) for comment in tree.iter(etree.Comment)]


def styles(tree: Tree) -> list[str]:
    return [style.text or "" for style in tree.iter("style")]


def test_html_begins_with_the_doctype(rendered: Rendered) -> None:
    assert rendered.html.startswith("<!DOCTYPE html>\n<html ")


def test_html_element_says_language_direction_and_outlooks_namespaces(rendered: Rendered) -> None:
    opening = re.search(r"<html [^>]*>", rendered.html)
    assert opening

    for part in ('lang="en-GB"', 'dir="ltr"', "xmlns:v=", "xmlns:o="):
        assert part in opening[0]


def test_html_declares_its_charset_early(rendered: Rendered) -> None:
    """HTML, 4.2.5.4: within the first 1024 octets."""
    assert 0 < rendered.html.encode().find(b"charset=UTF-8") < 1024


@pytest.mark.parametrize(
    "name",
    [
        "viewport",
        "color-scheme",
        "supported-color-schemes",
        "x-apple-disable-message-reformatting",
        "format-detection",
    ],
)
def test_html_has_each_meta_once(tree: Tree, name: str) -> None:
    assert 1 == len(tree.xpath("//meta[@name=$name]", name=name))


def test_html_title_is_the_subject(rendered: Rendered, tree: Tree) -> None:
    assert rendered.subject == tree.findtext(".//title")
    assert [rendered.subject] == tree.xpath("//div[@role='article']/@aria-label")


def test_html_has_no_parse_error(rendered: Rendered) -> None:
    parser = html5lib.HTMLParser()
    parser.parse(rendered.html)

    assert [] == parser.errors


def test_preheader_is_the_first_text_and_hidden(rendered: Rendered, tree: Tree) -> None:
    (preheader,) = tree.xpath("//div[@class='preheader']")
    first = next(text for text in tree.find("body").itertext() if text.strip())

    assert first.startswith("A spring tide on Sunday, a rope walk reopens, and a boat from 1907")
    assert first == preheader.text
    assert "display:none" in preheader.get("style")
    assert "mso-hide:all" in preheader.get("style")


def test_headings_are_the_title_the_headlines_and_the_call(tree: Tree) -> None:
    assert ["The five biggest harbour stories of the week"] == [
        words(one) for one in tree.iter("h1")
    ]
    assert [
        "Spring tide on Sunday",
        "The rope walk reopens",
        "A boat from 1907 is afloat",
        "No ferry until Tuesday",
        "Gulls, again",
        "Did a colleague send you this?",
    ] == [words(one) for one in tree.iter("h2")]


def test_stories_have_their_numbers_on_badges(tree: Tree) -> None:
    assert ["1", "2", "3", "4", "5"] == [words(td) for td in tree.xpath("//td[@class='badge']")]


def test_tables_are_for_presentation_even_where_only_outlook_sees_them(tree: Tree) -> None:
    """A screen reader must not announce rows and columns that are only layout."""
    hidden = [tag for text in comments(tree) for tag in re.findall(r"<table[^>]*>", text)]

    assert [] == tree.xpath("//table[not(@role='presentation')]")
    assert hidden
    assert [] == [tag for tag in hidden if 'role="presentation"' not in tag]


def test_images_have_alt_and_width(tree: Tree) -> None:
    (image,) = tree.iter("img")

    assert "A long low shed beside the water" == image.get("alt")
    assert "504" == image.get("width")
    assert "max-width:100%" in image.get("style", "")
    assert ["The shed, built in 1811"] == [
        words(one) for one in tree.xpath("//p[@class='caption']")
    ]


def test_links_go_where_a_mail_may_go(tree: Tree) -> None:
    hrefs = [str(href) for href in tree.xpath("//@href")]

    assert [] == [href for href in hrefs if not re.match(r"https:|mailto:|#story-\d\Z", href)]
    assert {
        "https://example.org/tide?a=1&b=2",
        "https://example.org/rope",
        "https://example.org/divers",
        "https://example.org/boat",
        "https://example.org/ferry",
        "https://example.org/gulls",
        "https://post.example.org/join",
        "https://post.example.org/issues/2021-11-26",
        "https://post.example.org/unsubscribe/zzSLOT2zz",
        "https://post.example.org/preferences/zzSLOT3zz",
    } == {href for href in hrefs if not href.startswith("#")}


def test_read_more_links_name_their_story(tree: Tree) -> None:
    """Five links that all say the same are no use to who hears them one after the other."""
    labels = tree.xpath("//a[span]/@aria-label")

    assert "Read the full story: Spring tide on Sunday" == labels[0]
    assert 5 == len(set(labels))


def test_read_more_link_is_44_pixels_tall(tree: Tree) -> None:
    style = tree.xpath("//a[span]")[0].get("style")

    assert "padding:10px 0 8px 0" in style
    assert "line-height:26px" in style
    assert "display:inline-block" in style


def test_call_has_the_footers_words_and_its_link_on_the_button(tree: Tree) -> None:
    (call,) = tree.xpath("//td[contains(@class, 'call-words')]")
    (button,) = tree.xpath("//td[contains(@class, 'call-button')]//a")

    assert words(call).endswith("Sign up for our free harbour newsletter here.")
    assert "https://post.example.org/join" == button.get("href")
    assert "Get The Harbour Post" == words(button)


def test_footer_says_why_who_and_where(tree: Tree) -> None:
    page = words(tree)

    assert "You get this because you signed up at post.example.org." in page
    assert "Harbour Press" in page
    assert "1 Quay Street, Whitby YO21 1DH, United Kingdom" in page


def test_html_holds_no_element_that_mail_programs_distrust(tree: Tree) -> None:
    banned = ("script", "form", "iframe", "link", "base", "object", "video", "input")

    assert [] == [one.tag for one in tree.iter(*banned)]


def test_styles_fetch_nothing_and_stay_small(tree: Tree) -> None:
    """Gmail reads the first 16 kB of styles and no block with an at-rule inside another."""
    sheets = styles(tree)

    assert [] == [one for one in sheets if re.search(r"@import|@font-face|url\(", one)]
    assert sum(map(len, sheets)) < 16_384
    assert [] == [one for one in sheets if re.search(r"@[^{]*\{[^}]*@", one)]


def test_dark_phone_and_outlook_styles_are_in_blocks_of_their_own(tree: Tree) -> None:
    marks = ("prefers-color-scheme", "max-width: 599px", "[data-ogsc]")
    found = [[mark for mark in marks if mark in sheet] for sheet in styles(tree)]

    assert [[mark] for mark in (marks[1], marks[0], marks[2])] == [one for one in found if one]


def test_important_survives_the_inlining(rendered: Rendered) -> None:
    assert rendered.html.count("!important") > 40


def test_conditional_comments_are_balanced(rendered: Rendered) -> None:
    assert rendered.html.count("<!--[if") > 12
    assert rendered.html.count("<!--[if") == rendered.html.count("<![endif]-->")


@pytest.mark.parametrize(
    "leftover", ["{{", "}}", "{%", "{#", ">None<", "undefined", "data-premailer", "Markup("]
)
def test_html_has_no_leftovers(rendered: Rendered, leftover: str) -> None:
    assert leftover not in rendered.html


def test_placeholders_are_all_there_is_of_readers(rendered: Rendered) -> None:
    placeholders = {placeholder.mark for placeholder in rendered.placeholders}

    assert placeholders == set(re.findall(r"zzSLOT\d+zz", rendered.html))
    assert placeholders == set(re.findall(r"zzSLOT\d+zz", rendered.text))
    assert [
        ("first_name", "there"),
        ("unsubscribe_token", None),
        ("preferences_token", None),
    ] == [(placeholder.field, placeholder.default) for placeholder in rendered.placeholders]


def test_outlooks_widths_are_whole_and_within_the_card(tree: Tree) -> None:
    """The unitless zero in a padding shows here and nowhere else: 640 where 560 is right."""
    widths = re.findall(r'width(?:="(?=\d+")|:)([\d.]+)(?:px|")', " ".join(comments(tree)))

    assert {"560", "640"} == set(widths)


def test_inline_styles_use_nothing_that_outlook_cannot_lay_out(tree: Tree) -> None:
    inline = " ".join(str(style) for style in tree.xpath("//@style"))

    assert None is re.search(r"display:\s*(?:flex|grid)|position:|float:", inline)


def test_html_holds_no_control_characters(rendered: Rendered) -> None:
    assert [] == re.findall(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffd]", rendered.html)


def test_sizes_stay_below_what_mail_programs_clip(rendered: Rendered) -> None:
    sizes = measure(rendered)

    assert len(rendered.html.encode()) <= sizes.html < 60_000
    assert sizes.html < sizes.html_quoted_printable < 100_000
    assert len(rendered.text) < sizes.text_quoted_printable < 10_000
