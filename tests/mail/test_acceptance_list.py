"""An e-mail of the first rank, point by point: the HTML of every issue, sound or odd.

The whole list, and which test holds which point, is in README.md beside this file.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

import html5lib
import pytest

from newsletter.client_support import find_lacks, find_uses, load_support, our_allowances
from newsletter.issue import Image
from newsletter.render import measure
from newsletter.render.page import strip_controls
from tests.mail.mails import SHIPPED, Tree, every_mail, every_real_mail, mail, words

PHRASES = "{{", "}}", "{%", "{#", "None", "undefined", "data-premailer", "Markup("
METAS = (
    "viewport",
    "color-scheme",
    "supported-color-schemes",
    "x-apple-disable-message-reformatting",
    "format-detection",
)
DISTRUSTED = (
    *("script", "form", "iframe", "link", "base", "object", "video", "input", "svg", "embed"),
    *("audio", "canvas", "button", "textarea", "select", "map"),
)
GMAIL_STYLES = 16_384
"""Octets of `<style>` that Gmail reads."""
TOO_LARGE = {"thirty stories"}
"""Beyond what Gmail shows whole; `check` says so (tests/acceptance/test_check_size.py)."""
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffd\ufffe\uffff]")
BY_MJML = {
    "html-style": "Gmail's mobile page shows what is in the elements, which stands alone",
    "css-cursor": "MJML's buttons: the pointer over them changes all the same",
    "html-target": "MJML's buttons: every mail program opens a link as it likes",
}
"""What our templates do not write and no allowance is for; and why it does no harm."""
CARD, TEXT = 640, 560
"""Pixels: the card, and what its sides leave of it."""
LONG_SUBJECT = 255


# --- 1 to 3: the head ---


@every_mail
def test_01_mail_begins_with_doctype_language_and_charset(name: str) -> None:
    """A subject longer than anybody shows takes what it takes."""
    html = mail(name).html
    beyond = max(0, len(mail(name).rendered.subject.encode()) - LONG_SUBJECT)
    opening = re.search(r"<html [^>]*>", html)
    publication = mail(name).publication

    assert html.startswith("<!DOCTYPE html>\n<html ")
    assert opening
    for part in (f'lang="{publication.language}"', f'dir="{publication.direction}"'):
        assert part in opening[0]
    for part in ("xmlns:v=", "xmlns:o="):
        assert part in opening[0]
    assert 0 < html.encode().find(b"charset=UTF-8") < 1024 + beyond


@every_mail
def test_02_mail_has_each_meta_once(name: str) -> None:
    found = mail(name).tree.xpath("//meta/@name")

    assert dict.fromkeys(METAS, 1) == {meta: found.count(meta) for meta in METAS}


@every_mail
def test_03_mail_is_named_by_its_subject(name: str) -> None:
    one = mail(name)
    subject = one.rendered.subject or one.publication.name

    assert [subject] == one.tree.xpath("//title/text()")
    assert [subject] == one.tree.xpath("//div[@role='article']/@aria-label")


@every_mail
def test_03_mail_has_no_parse_error(name: str) -> None:
    parser = html5lib.HTMLParser()
    parser.parse(mail(name).html)

    assert [] == parser.errors


# --- 4 and 5: what it says, in order ---


@every_mail
def test_04_preheader_is_one_hidden_and_the_first_text(name: str) -> None:
    one = mail(name)
    (preheader,) = one.tree.xpath("//div[@class='preheader']")
    first = next(text for text in one.tree.xpath("//body//text()") if text.strip())
    said = re.sub(r"[\u2007\u034f\s]+\Z", "", preheader.text)

    assert first == preheader.text
    assert one.rendered.preheader == said
    assert "display:none" in preheader.get("style")
    assert "mso-hide:all" in preheader.get("style")


@every_real_mail
def test_04_preheader_is_of_a_good_length(name: str) -> None:
    assert 40 <= len(mail(name).rendered.preheader) <= 110


@every_mail
def test_05_headings_are_the_issues_in_order(name: str) -> None:
    one = mail(name)
    page = one.page
    expected = [strip_controls(story.headline_text) for story in page.stories]
    if page.sponsor:
        expected.insert(page.sponsor.after, page.words.sponsored(page.sponsor.name_text))
    expected.append(page.words.call_title)

    assert [" ".join(text.split()) for text in expected] == [
        words(h2) for h2 in one.tree.iter("h2")
    ]
    assert [str(story.number) for story in page.stories] == [
        words(badge) for badge in one.tree.xpath("//td[@class='badge']")
    ]


@every_mail
def test_05_one_heading_is_the_first_and_none_skips_a_level(name: str) -> None:
    levels = [int(one.tag[1]) for one in mail(name).tree.iter("h1", "h2", "h3", "h4", "h5", "h6")]

    assert 1 == levels.count(1)
    assert 1 == levels[0]
    assert [] == [(one, other) for one, other in pairwise(levels) if other > one + 1]


@every_mail
def test_05_mail_holds_every_word_link_and_picture_of_its_issue(name: str) -> None:
    one = mail(name)
    page = words(one.tree)
    hrefs = {str(href) for href in one.tree.xpath("//@href")}
    pictures = {str(src) for src in one.tree.xpath("//img/@src")}

    assert [] == [text for text in one.texts if text not in page]
    assert set() == {href for href in one.hrefs if href.startswith("https://")} - hrefs
    assert {node.src for node in one.inlines if isinstance(node, Image)} == pictures


# --- 6 to 9: what it is made of ---


@every_mail
def test_06_tables_are_for_presentation_even_those_for_outlook(name: str) -> None:
    assert [] == mail(name).tree.xpath("//table[not(@role='presentation')]")
    assert [] == mail(name).outlook_tree.xpath("//table[not(@role='presentation')]")


@every_mail
def test_07_images_have_alt_and_width_and_come_over_https(name: str) -> None:
    images = mail(name).tree.xpath("//img")

    assert [] == [one.attrib for one in images if one.get("alt") is None or not one.get("width")]
    assert [] == [
        src for src in mail(name).tree.xpath("//img/@src") if not src.startswith("https:")
    ]


@every_mail
def test_08_links_lead_where_a_mail_may_lead(name: str) -> None:
    hrefs = mail(name).tree.xpath("//@href[not(starts-with(., '#'))]")

    assert [] == [href for href in hrefs if not re.match(r"https://[^/\s]|mailto:[^@\s]+@", href)]


@every_mail
def test_08_contents_lead_to_each_story(name: str) -> None:
    """To an empty anchor with a name: Gmail and Outlook on Windows find no other (caniemail)."""
    tree = mail(name).tree
    links = tree.xpath("//@href[starts-with(., '#')]")
    targets = tree.xpath("//a[@name and not(@href) and not(node())]")

    assert links == [f"#{anchor}" for anchor in mail(name).page.anchors]
    assert links == [f"#{target.get('name')}" for target in targets]
    assert ["h2"] * len(links) == [target.getparent().tag for target in targets]


@every_mail
def test_08_headlines_lead_where_their_stories_do(name: str) -> None:
    one = mail(name)
    found = [
        "".join(headline.xpath("./a[@class='go']/@href"))
        for headline in one.tree.xpath("//td[@class='headline']/h2")
    ]

    assert [story.link for story in one.page.stories] == found


@every_mail
def test_08_mail_has_the_ways_out_and_says_who_sent_it(name: str) -> None:
    one = mail(name)
    hrefs = one.tree.xpath("//@href")
    page = one.page

    for wanted in (page.unsubscribe_url, page.preferences_url, page.view_url, page.call_url):
        assert wanted in hrefs
    for said in (one.publication.why, one.publication.organisation, one.publication.postal_address):
        assert said in words(one.tree)


@every_mail
def test_09_mail_holds_no_element_that_mail_programs_distrust(name: str) -> None:
    tree = mail(name).tree

    assert [] == [one.tag for one in tree.iter(*DISTRUSTED)]
    assert [] == tree.xpath("//@*[starts-with(name(), 'on')]")


@every_mail
def test_09_styles_fetch_nothing(name: str) -> None:
    one = mail(name)
    sheets = " ".join([*one.styles, *one.outlook_tree.xpath("//@style | //style/text()")])

    assert [] == re.findall(r"@import|@font-face|url\(|expression\(", sheets)


# --- 10 to 13: what mail programs bear ---


@every_real_mail
def test_10_real_issue_stays_far_below_what_is_clipped(name: str) -> None:
    sizes = measure(mail(name).rendered)

    assert sizes.html < 60_000
    assert sizes.html_quoted_printable < 100_000


@pytest.mark.parametrize("name", SHIPPED)
def test_10_shipped_issues_are_small(name: str) -> None:
    assert measure(mail(name).rendered).html <= 36_000


@every_mail
def test_10_mail_is_clipped_only_where_it_is_known_to_be(name: str) -> None:
    size = measure(mail(name).rendered).html_quoted_printable

    assert (name in TOO_LARGE) == (size >= 100_000)


@every_mail
def test_10_styles_are_few_and_each_risk_is_in_a_block_of_its_own(name: str) -> None:
    sheets = mail(name).styles
    marks = "max-width: 599px", "prefers-color-scheme", "[data-ogsc]"
    tight = [re.sub(r":\s*", ": ", sheet) for sheet in sheets]

    assert sum(len(sheet.encode()) for sheet in sheets) < GMAIL_STYLES
    assert [] == [sheet for sheet in sheets if re.search(r"@[^{]*\{[^}]*@", sheet)]
    assert [[mark] for mark in marks] == [
        found for sheet in tight if (found := [mark for mark in marks if mark in sheet])
    ]


@every_mail
def test_11_conditional_comments_are_balanced_and_all_there(name: str) -> None:
    one = mail(name)
    counts = [
        (html.count("<!--[if"), html.count("<![endif]-->"))
        for html in (one.compiled, one.inlined, one.html)
    ]

    assert 1 == len(set(counts))
    assert counts[0][0] == counts[0][1] > 12


@every_mail
def test_11_important_survives(name: str) -> None:
    one = mail(name)

    assert one.compiled.count("!important") > 40
    assert one.compiled.count("!important") <= one.html.count("!important")


@every_mail
def test_12_mail_has_no_leftovers(name: str) -> None:
    """Words of the issue's own that look like one, as the subject of `markup` has, are none."""
    one = mail(name)
    own = {one.rendered.subject, *one.texts}
    pieces = [str(piece) for piece in one.tree.xpath("//text() | //@* | //comment()")]
    ours = [" ".join(piece.split()) for piece in pieces]

    assert [] == [
        (phrase, piece[:80])
        for piece in ours
        for phrase in PHRASES
        if phrase in piece and piece not in own
    ]


@every_mail
def test_12_placeholders_are_all_there_is_of_readers(name: str) -> None:
    one = mail(name)
    placeholders = {placeholder.mark for placeholder in one.rendered.placeholders}
    fields = {placeholder.field for placeholder in one.rendered.placeholders}
    asked = {"first_name"} if "first_name" in one.issue.source.text else set()

    assert asked | {"unsubscribe_token", "preferences_token"} == fields
    assert placeholders == set(re.findall(r"zzSLOT\d+zz", one.rendered.html))
    assert placeholders == set(re.findall(r"zzSLOT\d+zz", one.rendered.text))


@every_mail
def test_13_styles_lay_out_nothing_that_outlook_cannot(name: str) -> None:
    styles = " ".join([*mail(name).outlook_tree.xpath("//@style"), *mail(name).styles])

    assert [] == re.findall(r"display:\s*(?:flex|grid)|position:|float:", styles)


@every_mail
def test_13_outlook_gets_whole_widths_and_nothing_wider_than_what_it_is_in(name: str) -> None:
    """The unitless zero in a padding shows here: 640 where 560 is right."""
    tree = mail(name).outlook_tree
    widths = {width for one in tree.iter("table", "td", "img") if (width := width_of(one))}

    assert [] == [width for width in widths if not width.is_integer()]
    assert CARD == max(widths)
    assert TEXT in widths
    assert [] == [*too_wide(tree)]


def width_of(one: Tree) -> float:
    """In pixels, by its style or else by its attribute; 0 for a share or for none."""
    found = re.search(r"(?:^|;)\s*width:([\d.]+)px", one.get("style") or "")
    plain = re.fullmatch(r"([\d.]+)(?:px)?", one.get("width") or "")
    return float(found[1] if found else plain[1] if plain else 0)


def too_wide(tree: Tree) -> Iterator[tuple[str, float, float]]:
    """Elements wider than the narrowest that they stand in."""
    for one in tree.iter("table", "td", "img"):
        room = min(filter(None, map(width_of, one.iterancestors("table", "td"))), default=CARD)
        if width_of(one) > room:
            yield one.tag, width_of(one), room


@every_mail
def test_13_paddings_give_their_zeros_a_unit(name: str) -> None:
    assert [] == re.findall(r'(?<!cell)padding="[^"]*\b0[ "]', mail(name).sources[0])


# --- 15: characters; 14 and 16 to 18 are for a browser ---


@every_mail
def test_15_no_part_holds_a_control_character(name: str) -> None:
    one = mail(name).rendered

    assert [] == CONTROLS.findall(one.subject + one.preheader + one.html + one.text)


# --- 19: mail programs ---


@every_mail
def test_19_great_mail_programs_lack_nothing_but_what_does_no_harm(name: str) -> None:
    data = load_support()
    clients = data.chosen(["gmail", "apple-mail", "outlook.outlook-com"])
    lacks = find_lacks(
        find_uses(mail(name).html), data, clients=clients, allowances=our_allowances()
    )

    assert {"Apple Mail", "Gmail", "Outlook"} == {client.family for client in clients}
    assert set(BY_MJML) == {lack.feature.slug for lack in lacks if lack.not_in}
