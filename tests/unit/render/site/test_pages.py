"""Every page of the site: well-formed, reachable by all, and nothing in it but what was meant."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path

import html5lib
import pytest
from lxml import html
from lxml.html import HtmlElement

from newsletter.errors import RenderError
from newsletter.render import Theme
from newsletter.render.site import Fault, Pages, Topic, Upcoming
from newsletter.render.site.page import content_policy
from newsletter.render.site.paths import SitePaths
from tests.site_specimens import (
    READER,
    ROOT,
    STAMP,
    TOKEN,
    UPCOMING,
    all_pages,
    every_page,
    issue_of,
    published_issues,
    site_imprint,
)

SITE = site_imprint()
PAGES = all_pages()
RIGHT_TO_LEFT = all_pages("ar")
READ = ("front", "front-empty", "archive", "year", "issue", "issue-corrected")

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=q onerror=alert(1)>',
    "'><svg onload=alert(1)>",
    "[see](javascript:alert(1))",
    "[see](data:text/html;base64,PHNjcmlwdD4=)",
    '![q](q" onerror="alert(1))',
    "![q](javascript:alert(1))",
    '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
    "<math><mtext><table><mglyph><style><img src=q onerror=alert(1)>",
    '<base href="//elsewhere.example/">',
    "</title><script>alert(1)</script>",
    "<!--[if mso]><script>alert(1)</script><![endif]-->",
    "--><script>alert(1)</script><!--",
    "</script><script>alert(1)</script>",
    "{{ 7 * 7 }}{% for a in b %}{{ page.site }}",
    "</style><style>*{display:none}",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "\u202etxt.exe\u202c\u2028",
)
"""What somebody may write where words are expected. None of it is to do a thing."""


def read(page: str) -> HtmlElement:
    """The page as a tree, after a parser that forgives nothing."""
    html5lib.HTMLParser(strict=True).parse(page)
    return html.document_fromstring(page)


def assert_harmless(page: str) -> None:
    tree = read(page)
    scripts = tree.xpath("//script[not(@type='application/ld+json')]")
    attributes = {str(name) for one in tree.iter() for name in one.keys()}  # noqa: SIM118
    targets = [str(one) for one in tree.xpath("//@href | //@src | //@action")]

    assert [] == scripts
    assert not {"style", "srcdoc", "formaction"} & attributes
    assert [] == [name for name in attributes if name.startswith("on")]
    assert [] == tree.xpath("//style | //iframe | //object | //embed | //base | //svg | //math")
    assert [] == [
        one for one in targets if not re.match(r"(?:https?://|/(?!/)|#|mailto:|data:,\Z)", one)
    ]


@pytest.mark.parametrize("name", PAGES)
def test_page_is_well_formed_and_holds_nothing_that_runs(name: str) -> None:
    assert_harmless(PAGES[name])


@pytest.mark.parametrize("name", PAGES)
def test_page_says_each_id_once_and_points_at_what_is_there(name: str) -> None:
    tree = read(PAGES[name])
    ids = [str(one) for one in tree.xpath("//@id")]
    asked = tree.xpath("//@aria-labelledby | //@aria-describedby | //label/@for")
    pointed = {part for one in asked for part in str(one).split()}
    pointed |= {str(one)[1:] for one in tree.xpath("//a/@href[starts-with(., '#')]")}

    assert len(set(ids)) == len(ids)
    assert set() == pointed - set(ids)


@pytest.mark.parametrize("name", PAGES)
def test_every_field_has_its_label_and_every_form_posts(name: str) -> None:
    tree = read(PAGES[name])
    labels = {str(one) for one in tree.xpath("//label/@for")}
    fields = {str(one) for one in tree.xpath("//input[@type!='hidden']/@id")}

    assert labels == fields
    assert {"post"} >= {str(one) for one in tree.xpath("//form/@method")}
    assert [] == tree.xpath("//input[@type!='hidden'][not(@id)]")


@pytest.mark.parametrize("name", PAGES)
def test_page_has_one_heading_above_all_and_leaves_out_no_level(name: str) -> None:
    levels = [int(one.tag[1]) for one in read(PAGES[name]).xpath("//h1|//h2|//h3|//h4")]

    assert 1 == levels.count(1)
    assert all(after <= before + 1 for before, after in pairwise(levels))


@pytest.mark.parametrize("name", sorted(set(PAGES) - set(READ)))
def test_card_is_listed_by_nobody_and_tells_nobody_where_it_was(name: str) -> None:
    head = read(PAGES[name]).find("head")

    assert ["noindex"] == head.xpath("meta[@name='robots']/@content")
    assert ["no-referrer"] == head.xpath("meta[@name='referrer']/@content")
    assert [] == head.xpath("link[@rel='canonical'] | meta[starts-with(@property, 'og:')]")


@pytest.mark.parametrize("name", READ)
def test_page_that_is_read_has_its_address_and_its_feeds(name: str) -> None:
    head = read(PAGES[name]).find("head")

    assert head.xpath("link[@rel='canonical']/@href")[0].startswith("https://harbour.example/")
    assert ["/feed.atom", "/feed.json"] == head.xpath("link[@rel='alternate']/@href")
    assert [] == head.xpath("meta[@name='robots']")


@pytest.mark.parametrize("name", RIGHT_TO_LEFT)
def test_page_runs_from_right_to_left_where_its_language_does(name: str) -> None:
    page = RIGHT_TO_LEFT[name]

    assert ("ar", "rtl") == (read(page).get("lang"), read(page).get("dir"))
    assert "→" not in page


@pytest.mark.parametrize("hostile", HOSTILE)
def test_nothing_that_an_editor_writes_does_a_thing(hostile: str) -> None:
    """In an issue's every place, as Markdown and as front matter."""
    hostile = hostile.replace("{", "{ ")  # a merge field that is none is refused before this
    quoted = hostile.replace("\\", "\\\\").replace('"', '\\"').replace("\u2028", "")
    text = (
        f'---\nsubject: "{quoted}"\npreheader: "{quoted}"\ncorrection: "{quoted}"\n---\n'
        f"# {hostile}\n\n{hostile}\n\n## 1. {hostile}\n\n{hostile}\n\n> {hostile}\n\n"
        f"- {hostile}\n\n[{hostile}](https://a.example/1)\n\n"
        f"## Sponsored by {hostile}\n\n{hostile}\n\n---\n{hostile}\n"
    )
    issue = issue_of(text, date(2026, 11, 27), SITE)
    pages = Pages(SITE, [ROOT / "templates"])

    assert_harmless(pages.reading.issue(issue, next=issue.listed))
    assert_harmless(pages.reading.front([issue.listed], latest=issue))
    assert_harmless(pages.reading.archive([issue.listed]))
    assert_harmless(pages.mistakes.missing(latest=issue))


@pytest.mark.parametrize("hostile", HOSTILE)
def test_nothing_that_a_reader_or_a_publisher_writes_does_a_thing(hostile: str) -> None:
    site = replace(
        SITE,
        promise=hostile,
        topics=(Topic(tag="a", name=hostile, sentence=hostile),),
        publication=replace(
            SITE.publication,
            name=hostile,
            tagline=hostile,
            organisation=hostile,
            postal_address=hostile,
        ),
    )
    for _, page in every_page(Pages(site, [ROOT / "templates"]), published_issues(SITE)):
        assert_harmless(page)

    pages = Pages(SITE, [ROOT / "templates"])
    form = pages.signing_up.subscribe(
        action="/subscribe", stamp=hostile, email=hostile, first_name=hostile, fault=Fault.WRONG
    )
    fields = read(form)
    shown = strip(hostile)

    assert_harmless(form)
    assert shown == fields.xpath("//input[@name='email']/@value")[0]
    assert shown == fields.xpath("//input[@name='first_name']/@value")[0]
    assert_harmless(pages.signing_up.sent(address=f"{hostile}@a.example", subject=hostile))
    assert_harmless(pages.reader.back(address=f"{hostile}@a.example"))


def test_entry_of_any_length_and_of_any_characters_is_given_back_in_part() -> None:
    entered = "\x00a\ud800\r\nBcc: b" + "x" * 1_000_000
    page = Pages(SITE, [ROOT / "templates"]).signing_up.subscribe(
        action="/subscribe", email=entered, first_name=entered, fault=Fault.TOO_LONG
    )

    assert_harmless(page)
    assert 8_000 > len(page.encode())


def strip(text: str) -> str:
    return re.sub(r"[\x00-\x08]", "", text)


def test_stamp_and_action_are_in_every_form_of_ones_own() -> None:
    for name in ("confirm", "unsubscribe", "unsubscribed", "preferences", "erase", "expired"):
        tree = read(PAGES[name])
        forms, stamps = tree.xpath("//form"), tree.xpath("//form//input[@name='stamp']/@value")

        assert [STAMP] * len(forms) == stamps, name


def test_form_without_a_stamp_is_the_same_for_everybody() -> None:
    assert 'name="stamp"' not in PAGES["front"]


def test_whole_address_is_shown_to_who_has_just_typed_it_and_to_nobody_else() -> None:
    shown = {name for name, page in PAGES.items() if READER in page}

    assert {"subscribe-name-fault", "sent", "sent-embedded", "confirm", "confirmed"} == shown
    assert "ro•••@reader.example" in PAGES["unsubscribe"]


def test_token_is_in_addresses_alone() -> None:
    tree = read(PAGES["preferences"])

    assert f"/preferences/{TOKEN}" == tree.xpath("//form/@action")[0]
    assert TOKEN not in tree.text_content()


def test_front_page_has_the_latest_in_full_and_the_others_in_lists() -> None:
    tree = read(PAGES["front"])
    latest = tree.xpath("//article//ol[@class='five']//a/@href")

    assert [f"/issues/2026-11-27#story-{number}" for number in range(1, 6)] == latest
    assert 8 == len(tree.xpath("//li[@class='entry']"))
    assert "Friday 4\u00a0December, 07:00 GMT" in tree.text_content()
    assert "/issues/2026-11-27" not in tree.xpath("//li[@class='entry']//a/@href")


def test_front_page_says_so_where_nothing_has_been_published() -> None:
    assert "The first issue is still to come." in PAGES["front-empty"]


def test_year_has_its_own_issues_and_says_where_it_is() -> None:
    issue = issue_of("# Old\n", date(2025, 3, 7), SITE)
    listed = [one.listed for one in (*published_issues(SITE), issue)]
    tree = read(Pages(SITE, [ROOT / "templates"]).reading.year(2025, listed))

    assert ["/issues/2025-03-07"] == tree.xpath("//li[@class='entry']//a/@href")
    assert ["/issues/2025"] == tree.xpath("//a[@aria-current='page']/@href")
    assert ["/issues/2026", "/issues/2025"] == tree.xpath("//ul[@class='years']//a/@href")


def test_issue_leads_to_its_neighbours_and_its_stories_to_themselves() -> None:
    tree = read(PAGES["issue-corrected"])

    assert ["/issues/2026-11-13"] == tree.xpath("//a[@rel='prev']/@href")
    assert ["/issues/2026-11-27"] == tree.xpath("//a[@rel='next']/@href")
    assert "https://harbour.example/issues/2026-11-20#story-2" in tree.text_content()
    assert "Correction, 23\u00a0November" in tree.text_content()


def test_issue_says_of_itself_what_machines_ask() -> None:
    head = read(PAGES["issue"]).find("head")
    corrected = read(PAGES["issue-corrected"])

    def said(name: str) -> str:
        return str(head.xpath(f"meta[@property='{name}']/@content")[0])

    assert "https://pictures.example/gulls.jpg" == said("og:image")
    assert "https://harbour.example/issues/2026-11-27" == said("og:url")
    assert "2026-11-27T07:00:00+00:00" == said("article:published_time")
    assert '"dateModified": "2026-11-23T12:00:00+00:00"' in corrected.xpath("//script/text()")[0]


def test_link_of_a_shared_story_cannot_be_broken_by_its_headline() -> None:
    text = '# T\n\n## 1. A & B? #1 100% "so"\n\nWords.\n'
    issue = issue_of(text, date(2026, 11, 27), SITE)
    page = read(Pages(SITE, [ROOT / "templates"]).reading.issue(issue))
    (link,) = page.xpath("//details/a/@href")

    assert link.startswith("mailto:?subject=A%20%26%20B%3F%20%231%20100%25%20")
    assert link.endswith("&body=https%3A%2F%2Fharbour.example%2Fissues%2F2026-11-27%23story-1")


def test_site_below_a_path_keeps_all_its_links_there() -> None:
    publication = replace(SITE.publication, base_url="https://press.example/letters")
    site = replace(SITE, publication=publication, privacy_url="", contact_url="")
    for name, page in every_page(Pages(site, [ROOT / "templates"]), published_issues(site)):
        paths = [str(one) for one in read(page).xpath("//@href | //@action") if one[0] == "/"]

        assert [] == [one for one in paths if not one.startswith("/letters/")], name


def test_contact_is_the_senders_where_no_other_is_set() -> None:
    pages = Pages(replace(SITE, contact_url=""), [ROOT / "templates"])

    assert "mailto:letter@harbour.example" in pages.mistakes.broken_link()


def test_wait_is_told_by_the_clock_of_the_publication() -> None:
    until = datetime(2026, 11, 27, 14, 20, tzinfo=UTC)
    page = Pages(SITE, [ROOT / "templates"]).mistakes.too_many(until=until)

    assert "<strong>14:20 UTC</strong>" in page


def test_page_of_an_accident_repeats_nothing_and_asks_nothing() -> None:
    """So that they can be made before anything is wrong."""
    pages = Pages(SITE, [ROOT / "templates"])

    assert pages.mistakes.away() == PAGES["error-503"]
    assert pages.mistakes.broken() == PAGES["error-500"]


def test_preferences_say_what_was_saved() -> None:
    tree = read(PAGES["preferences-saved"])

    assert "We’ll write again from Friday 1\u00a0January on." in tree.text_content()
    assert ["letter", "tides"] == tree.xpath("//input[@name='topic'][@checked]/@value")
    assert ["4"] == tree.xpath("//input[@name='pause'][@checked]/@value")


def test_embedded_form_is_shown_as_its_source_and_would_work() -> None:
    (source,) = read(PAGES["embed"]).xpath("//pre")
    form = html.fragment_fromstring(source.text_content())

    assert "https://harbour.example/subscribe" == form.get("action")
    assert ["stamp", "email", "first_name"] == form.xpath(".//input/@name")
    assert form.xpath(".//label/@for") == form.xpath(".//input[@id]/@id")


def test_embedded_form_holds_whatever_a_publication_is_called() -> None:
    name = "</pre><script>alert(1)</script> & co"
    site = replace(SITE, publication=replace(SITE.publication, name=name))
    (source,) = read(Pages(site, [ROOT / "templates"]).signing_up.embed(stamp=STAMP)).xpath("//pre")
    form = html.fragment_fromstring(source.text_content())

    assert name == form.xpath(".//strong")[0].text_content()


def test_policy_names_the_pictures_hosts_and_no_other() -> None:
    paths = SitePaths(base_url="https://harbour.example/letters")
    policy = content_policy(paths, ["https://a.example/1.png", "https://harbour.example/2.png", ""])

    assert (
        "default-src 'none'; style-src 'self'; img-src 'self' data: https://harbour.example "
        "https://a.example; form-action 'self'; base-uri 'none'"
    ) == policy


def test_style_sheet_is_small_and_has_the_themes_colours_and_fonts() -> None:
    light = replace(Theme().light, accent="#123456")
    theme = Theme(light=light, serif="Charter, serif")
    own = Pages(replace(SITE, theme=theme), [ROOT / "templates"])
    styles = own.styles

    assert 16_000 >= len(styles.encode())
    assert "--accent: #123456" in styles
    assert "--serif: Charter, serif" in styles
    assert own.styles_path != Pages(SITE, [ROOT / "templates"]).styles_path


def test_style_sheet_has_no_colour_that_the_theme_does_not_know_but_on_paper() -> None:
    styles = (ROOT / "templates/site/site.css.j2").read_text("utf-8")
    shown, _, paper = styles.partition("@media print")

    assert [] == re.findall(r"#[0-9a-fA-F]{3,8}\b", re.sub(r"\{#.*?#\}", "", shown))
    assert "--ink: #000" in paper
    assert "url(" not in styles


def test_publication_restyles_one_template_and_keeps_the_rest(tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site/told.html.j2").write_text("{{ page.heading }} {{ page.publication.name }}")
    pages = Pages(SITE, [tmp_path, ROOT / "templates"])

    assert "Something broke here The Harbour Letter\n" == pages.mistakes.broken()
    assert pages.signing_up.embed(stamp=STAMP) == PAGES["embed"]


def test_template_that_asks_for_what_no_page_has_is_told_its_line(tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site/told.html.j2").write_text("\n{{ page.headin }}")

    with pytest.raises(RenderError, match=r"told.html.j2:2: page has no “headin”") as caught:
        Pages(SITE, [tmp_path, ROOT / "templates"]).mistakes.broken()

    assert "did you mean “heading”?" in str(caught.value)


def test_template_cannot_look_into_the_program(tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site/told.html.j2").write_text("{{ page.say.__globals__ }}")

    with pytest.raises(RenderError):
        Pages(SITE, [tmp_path, ROOT / "templates"]).mistakes.broken()


def test_same_pages_are_made_twice() -> None:
    assert all_pages() == PAGES


def test_next_issue_without_a_number_has_none() -> None:
    issue = published_issues(SITE)[0]
    page = Pages(SITE, [ROOT / "templates"]).reading.issue(
        issue, upcoming=Upcoming(moment=UPCOMING.moment)
    )

    assert ["Next"] == [one.text_content() for one in read(page).xpath("//p[@class='none']/span")]
