"""The web page of an issue: what it holds, what it must not hold, and what it tells machines."""

import base64
import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import html5lib
import pytest
from lxml import etree, html
from lxml.html import HtmlElement

from newsletter.errors import RenderError
from newsletter.issue import parse_issue, source_from_text
from newsletter.render import Imprint, Theme
from newsletter.render.web_page import content_policy, locale, render_web_page

PUBLISHED = datetime(2021, 7, 9, 7, 0, tzinfo=ZoneInfo("Europe/London"))
TEMPLATES = Path(__file__).parents[3] / "templates"

RenderWeb = Callable[..., str]


@pytest.fixture
def render_web(publication: Imprint) -> RenderWeb:
    """The page of an issue's text; the publication's fields may be changed by name."""

    def page(
        text: str,
        *,
        theme: Theme | None = None,
        templates: tuple[Path, ...] = (TEMPLATES,),
        **changes: Any,
    ) -> str:
        return render_web_page(
            parse_issue(source_from_text(text, path="issues/2021-07-09.md")),
            publication=replace(publication, **changes),
            theme=theme or Theme(),
            templates=templates,
            published=PUBLISHED,
            tag="0" * 32,
        )

    return page


def read(page: str) -> HtmlElement:
    """The page as a tree, after a parser that forgives nothing."""
    html5lib.HTMLParser(strict=True).parse(page)
    return html.document_fromstring(page)


def words(page: str, path: str) -> list[str]:
    return [" ".join(found.text_content().split()) for found in read(page).xpath(path)]


def said(page: str, name: str) -> list[str]:
    """What the <meta> elements of this name or property say."""
    return [str(one) for one in read(page).xpath(f"//meta[@*='{name}']/@content")]


def article(page: str) -> Any:
    (script,) = read(page).xpath("//script")
    assert "application/ld+json" == script.get("type")
    return json.loads(script.text)


def test_every_story_has_its_anchor_and_the_contents_lead_there(
    render_web: RenderWeb, five_stories: str
) -> None:
    tree = read(render_web(five_stories))
    anchors = tree.xpath("//article//section[@class='story']/@id")

    assert [f"story-{number}" for number in range(1, 6)] == anchors
    assert [f"#{anchor}" for anchor in anchors] == tree.xpath("//nav//a/@href")


def test_anchor_is_the_storys_number_wherever_the_story_stands(render_web: RenderWeb) -> None:
    tree = read(render_web("# T\n\n## 4. Four\n\nWords.\n\n## 2. Two\n\nWords.\n"))

    assert ["story-4", "story-2"] == tree.xpath("//section[@class='story']/@id")


def test_anchors_differ_where_numbers_do_not(render_web: RenderWeb) -> None:
    tree = read(render_web("# T\n\n## 1. One\n\nWords.\n\n## 1. Two\n\nWords.\n"))
    ids = tree.xpath("//@id")

    assert ["#story-1", "#story-1-2"] == tree.xpath("//nav//a/@href")
    assert sorted(set(ids)) == sorted(ids)


def test_every_reference_inside_the_page_leads_somewhere(
    render_web: RenderWeb, five_stories: str
) -> None:
    tree = read(render_web(five_stories))
    ids = set(tree.xpath("//@id"))
    named = {name for names in tree.xpath("//@aria-labelledby") for name in names.split()}

    assert {href[1:] for href in tree.xpath("//a[starts-with(@href, '#')]/@href")} <= ids
    assert named <= ids


def test_page_holds_what_the_issue_says(render_web: RenderWeb, five_stories: str) -> None:
    page = render_web(five_stories)

    assert ["The five biggest harbour stories of the week"] == words(page, "//h1")
    assert ["A boat from 1907 is afloat"] == words(page, "//*[@id='story-3']//h2")
    assert ["“Tie up well,” says the harbour master."] == words(page, "//blockquote")
    assert ["The shed, built in 1811"] == words(page, "//figure/figcaption")
    assert ["https://example.org/tide?a=1&b=2"] == read(page).xpath(
        "//*[@id='story-1']//*[@class='more']/a/@href"
    )
    assert ["https://post.example.org/join"] == read(page).xpath("//*[@class='button']/a/@href")


def test_headings_come_in_order(render_web: RenderWeb) -> None:
    text = "# T\n\nAn intro.\n\n### In the intro\n\n## 1. One\n\n### In the story\n\nWords.\n"
    levels = [one.tag for one in read(render_web(text)).iter("h1", "h2", "h3", "h4", "h5", "h6")]

    assert ["h1", "h2", "h2", "h2", "h3", "h2"] == levels


@pytest.mark.parametrize(
    ("typed", "read_aloud"),
    [
        ('Hello {{ first_name | default("there") }}, it is Friday.', "Hello there, it is Friday."),
        ('Hello {{ first_name | default("") }}, it is Friday.', "Hello, it is Friday."),
        ('Hello {{ first_name | default("") }}. Hello.', "Hello. Hello."),
        ('To {{ first_name | default("a <b> & *c*") }}!', "To a <b> & *c*!"),
        ("Hello {{ first_name }}, it is Friday.", "Hello, it is Friday."),
    ],
)
def test_merge_field_says_its_default(render_web: RenderWeb, typed: str, read_aloud: str) -> None:
    page = render_web(f"# T\n\n{typed}\n")

    assert [read_aloud] == words(page, "//*[@class='intro prose']")
    assert "zzSLOT" not in page
    assert "{{" not in page


def test_merge_fields_say_their_defaults_in_titles_headlines_captions_and_data(
    render_web: RenderWeb,
) -> None:
    field = '{{ first_name | default("friend") }}'
    page = render_web(
        f"# For {field}\n\n## 1. Dear {field}\n\n**{field}** and [{field}](https://a.example)\n"
    )

    assert "zzSLOT" not in page
    assert ["For friend · The Harbour Post"] == words(page, "//title")
    assert "Dear friend" == article(page)["hasPart"][0]["headline"]


def test_page_has_no_address_of_a_readers_own(render_web: RenderWeb, five_stories: str) -> None:
    page = render_web(five_stories)

    assert "unsubscribe" not in page.lower()
    assert "preferences" not in page.lower()
    assert "You get this because" not in page


def test_page_holds_no_script_and_nothing_from_outside_but_its_pictures(
    render_web: RenderWeb, five_stories: str
) -> None:
    tree = read(render_web(five_stories))
    loaded = tree.xpath("//@src | //@srcset | //@data | //@poster | //@action")

    assert ["application/ld+json"] == tree.xpath("//script/@type")
    assert ["https://example.org/shed.png"] == loaded
    assert ["canonical", "icon"] == tree.xpath("//link/@rel")
    assert [] == tree.xpath("//@style | //iframe | //form | //base | //object | //embed")
    assert not re.search(r"url\(|@import|@font-face|expression", tree.xpath("string(//style)"))
    assert [] == [name for name in tree.xpath("//@*") if getattr(name, "attrname", "")[:2] == "on"]


def test_policy_allows_the_style_sheet_as_it_stands_and_the_pictures_origins(
    render_web: RenderWeb, five_stories: str
) -> None:
    page = render_web(five_stories)
    (policy,) = said(page, "Content-Security-Policy")
    styles = re.search("<style>(.*?)</style>", page, re.DOTALL)
    assert styles
    digest = base64.b64encode(hashlib.sha256(styles[1].encode()).digest()).decode()

    assert (
        f"default-src 'none'; img-src data: https://example.org; style-src 'sha256-{digest}'; "
        "base-uri 'none'; form-action 'none'"
    ) == policy


@pytest.mark.parametrize(
    ("address", "source"),
    [
        ("https://Example.org:8443/a.png", "https://Example.org:8443"),
        ("http://user:word@example.org/a.png", "http://example.org"),
        ("https://münchen.example/a.png", "https://xn--mnchen-3ya.example"),
        ("https://[2001:db8::1]/a.png", "https://[2001:db8::1]"),
        ("https://a;script-src/b.png", "https:"),
        ("https://a'b/c.png", "https:"),
        ("https://[/c.png", "https:"),
        (f"https://{'a' * 64}.example/c.png", "https:"),
    ],
)
def test_policy_names_an_origin_or_no_host_at_all(address: str, source: str) -> None:
    assert f"img-src data: {source};" in content_policy("", [address])


def test_page_without_pictures_allows_none(render_web: RenderWeb) -> None:
    (policy,) = said(render_web("# T\n"), "Content-Security-Policy")

    assert "img-src data:;" in policy


def test_outgoing_links_have_no_opener(render_web: RenderWeb, five_stories: str) -> None:
    tree = read(render_web(five_stories))
    links = tree.xpath("//main//a[not(starts-with(@href, '#'))]")

    assert 8 == len(links)
    assert {"noopener"} == {link.get("rel") for link in links}


SPONSORED = """\
# T

## 1. One

Words.

## Sponsored by Acme & Sons

Tills that [add up](https://acme.example/tills).

[See the tills](https://acme.example/)

## 2. Two

Words.
"""


def test_sponsor_is_named_and_its_links_say_so(render_web: RenderWeb) -> None:
    page = render_web(SPONSORED)
    links = read(page).xpath("//section[@class='sponsor']//a")

    assert ["Sponsored by Acme & Sons"] == words(page, "//section[@class='sponsor']/h2")
    assert ["sponsored noopener"] * 2 == [link.get("rel") for link in links]
    assert ["story", "sponsor", "story"] == read(page).xpath("//div[@class='stories']/*/@class")
    assert ["#story-1", "#story-2"] == read(page).xpath("//nav//a/@href")


def test_sponsor_is_no_part_of_the_news(render_web: RenderWeb) -> None:
    assert "Acme" not in json.dumps(article(render_web(SPONSORED)))


def test_page_says_what_it_is_where_it_is_shared(render_web: RenderWeb, five_stories: str) -> None:
    page = render_web(five_stories)

    expected = {
        "og:type": "article",
        "og:title": "Tides, ropes and a very old boat",
        "og:description": "A spring tide on Sunday, a rope walk reopens, and a boat from 1907",
        "og:url": "https://post.example.org/issues/2021-07-09",
        "og:site_name": "The Harbour Post",
        "og:locale": "en_GB",
        "og:image": "https://example.org/shed.png",
        "og:image:alt": "A long low shed beside the water",
        "article:published_time": "2021-07-09T07:00:00+01:00",
        "twitter:card": "summary_large_image",
        "description": "A spring tide on Sunday, a rope walk reopens, and a boat from 1907",
    }
    assert expected == {name: "".join(said(page, name)) for name in expected}
    assert [expected["og:url"]] == read(page).xpath("//link[@rel='canonical']/@href")
    assert ["Tides, ropes and a very old boat · The Harbour Post"] == words(page, "//title")


def test_logo_is_shown_and_shared_where_no_picture_is(render_web: RenderWeb) -> None:
    logo = "https://post.example.org/logo.png"
    page = render_web("# T\n", theme=Theme(logo=logo, logo_width=180))
    (policy,) = said(page, "Content-Security-Policy")

    assert [logo] == said(page, "og:image")
    assert ["summary"] == said(page, "twitter:card")
    assert ["The Harbour Post"] == read(page).xpath("//header//img/@alt")
    assert {"@type": "ImageObject", "url": logo} == article(page)["publisher"]["logo"]
    assert "img-src data: https://post.example.org;" in policy


def test_page_says_nothing_that_the_issue_does_not(render_web: RenderWeb) -> None:
    """No picture, no number, no story: nothing stands empty."""
    page = render_web("", language="de")

    assert [] == said(page, "og:image") + said(page, "og:locale") + said(page, "description")
    assert ["The Harbour Post"] == words(page, "//h1")
    assert [] == read(page).xpath("//nav")
    assert {"image", "hasPart", "description"}.isdisjoint(article(page))
    assert "" not in read(page).xpath("//meta/@content")


def test_language_and_direction_are_the_publications(render_web: RenderWeb) -> None:
    tree = read(render_web("# T\n", language="ar-EG"))

    assert ("ar-EG", "rtl") == (tree.get("lang"), tree.get("dir"))


@pytest.mark.parametrize(
    ("language", "expected"),
    [("en-GB", "en_GB"), ("de", ""), ("zh-hant-tw", "zh_TW"), ("PT-br", "pt_BR"), ("es-419", "")],
)
def test_locale_is_language_and_territory_or_nothing(language: str, expected: str) -> None:
    assert expected == locale(language)


HOSTILE = """\
# </title><script>alert(1)</script> & "quotes" <!-- <![CDATA[

An intro with </style><style>*{display:none}</style> and ' onload='x.

## 1. </script><script>alert(2)</script> <!--

![" onerror="alert(3)](https://example.org/a.png?"><b> "\\"><script>alert(4)</script>")

[" onclick="alert(5)](https://example.org/?q="><script>alert(6)</script>)

[javascript](javascript:alert(7)) [data](data:text/html,x)

&lt;script&gt; &#0; &#x1F600;
"""


def test_no_word_of_an_issue_becomes_markup(render_web: RenderWeb) -> None:
    page = render_web(HOSTILE)
    tree = read(page)

    assert 1 == len(tree.xpath("//script"))
    assert 1 == len(tree.xpath("//style"))
    assert [] == tree.xpath("//@onerror | //@onclick | //@onload | //b")
    assert [] == [
        href for href in tree.xpath("//@href") if not re.match(r"https://|#|data:,\Z", href)
    ]
    assert "</script><script>alert(2)</script> <!--" == article(page)["hasPart"][0]["headline"]


def test_data_holds_nothing_that_could_end_its_element(render_web: RenderWeb) -> None:
    page = render_web("# T\n\n## 1. </script> <!-- &amp; \u2028 \u2029 ]]>\n\nWords.\n")
    script = page.partition('<script type="application/ld+json">')[2].partition("</script>")[0]

    assert not re.search("[<>&\u2028\u2029]", script)
    assert "</script> <!-- &" in article(page)["hasPart"][0]["headline"]


def test_characters_that_no_page_may_hold_are_left_out(render_web: RenderWeb) -> None:
    page = render_web(
        "# A\ufdd0\U0001ffff\ufffe\x01\x85\U0010ffffB\n\n## 1. \x02C\ufddf\n\nWords.\n"
    )

    assert ["AB"] == words(page, "//h1")
    assert "C" == article(page)["hasPart"][0]["headline"]


def test_page_is_the_same_every_time(render_web: RenderWeb, five_stories: str) -> None:
    assert render_web(five_stories) == render_web(five_stories)


@pytest.mark.parametrize("at", range(3))
def test_shipped_issues_become_pages(render_web: RenderWeb, at: int) -> None:
    issue = sorted((TEMPLATES.parent / "issues").glob("*.md"))[at].read_text("utf-8")
    page = render_web(issue)

    assert 5 == len(read(page).xpath("//section[@class='story']//p[@class='more']/a"))
    assert "zzSLOT" not in page


def test_publications_own_styles_are_allowed_by_its_policy(
    render_web: RenderWeb, tmp_path: Path
) -> None:
    (tmp_path / "web_page.css").write_text("h1 { color: {{ theme.light.accent }}; }\n")
    page = render_web("# T\n", templates=(tmp_path, TEMPLATES))
    digest = base64.b64encode(hashlib.sha256(b"h1 { color: #c2410c; }").digest()).decode()

    assert "<style>h1 { color: #c2410c; }</style>" in page
    assert digest in said(page, "Content-Security-Policy")[0]


def test_broken_template_is_told_with_its_file_and_line(
    render_web: RenderWeb, tmp_path: Path
) -> None:
    (tmp_path / "web_page.html.j2").write_text("<p>\n{{ page.nothing }}\n")

    with pytest.raises(RenderError, match="nothing") as caught:
        render_web("# T\n", templates=(tmp_path, TEMPLATES))

    assert f"{tmp_path / 'web_page.html.j2'}:2" == caught.value.where


TEXT, ADDRESS, MOMENT, NUMBER = "Text", "URL", "DateTime", "Integer"
SCHEMA: dict[str, dict[str, tuple[str, ...]]] = {
    "NewsArticle": {
        "url": (ADDRESS,),
        "mainEntityOfPage": ("WebPage",),
        "headline": (TEXT,),
        "description": (TEXT,),
        "inLanguage": (TEXT,),
        "datePublished": (MOMENT,),
        "image": (ADDRESS,),
        "author": ("Organization",),
        "publisher": ("Organization",),
        "isPartOf": ("Periodical", "PublicationIssue"),
        "hasPart": ("CreativeWork",),
    },
    "WebPage": {},
    "Organization": {"name": (TEXT,), "url": (ADDRESS,), "logo": ("ImageObject",)},
    "ImageObject": {"url": (ADDRESS,)},
    "Periodical": {"name": (TEXT,), "url": (ADDRESS,)},
    "PublicationIssue": {"issueNumber": (NUMBER,), "isPartOf": ("Periodical",)},
    "CreativeWork": {
        "url": (ADDRESS,),
        "position": (NUMBER,),
        "headline": (TEXT,),
        "isBasedOn": (ADDRESS,),
    },
}
"""What schema.org expects of each property that we use, by type (release 29)."""


def kind(value: Any) -> str:
    if isinstance(value, dict):
        return str(value["@type"])
    if isinstance(value, int):
        return NUMBER
    if re.fullmatch(r"https?://\S+", value):
        return ADDRESS
    return MOMENT if re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:]{8}[+-]\d\d:\d\d", value) else TEXT


def faults(record: dict[str, Any]) -> list[str]:
    known = SCHEMA[record["@type"]]
    found = []
    for name, value in record.items():
        if name.startswith("@"):
            continue
        for one in value if isinstance(value, list) else [value]:
            if kind(one) not in known.get(name, ()):
                found.append(f"{record['@type']}.{name}: {one!r}")
            elif isinstance(one, dict):
                found += faults(one)
    return found


def test_data_is_what_schema_org_expects(render_web: RenderWeb, five_stories: str) -> None:
    data = article(
        render_web(
            five_stories.replace("---\n# ", "number: 27\n---\n# ", 1),
            theme=Theme(logo="https://post.example.org/logo.png"),
        )
    )

    assert [] == faults(data)
    assert "https://schema.org" == data["@context"]
    assert set(SCHEMA["NewsArticle"]) <= set(data)
    assert 27 == data["isPartOf"]["issueNumber"]


def test_data_says_when_by_whom_and_what(render_web: RenderWeb, five_stories: str) -> None:
    data = article(render_web(five_stories))

    assert "Tides, ropes and a very old boat" == data["headline"]
    assert "2021-07-09T07:00:00+01:00" == data["datePublished"]
    assert "en-GB" == data["inLanguage"]
    assert ["https://example.org/shed.png"] == data["image"]
    assert "Harbour Press" == data["publisher"]["name"]
    assert {
        "@type": "CreativeWork",
        "@id": "https://post.example.org/issues/2021-07-09#story-3",
        "url": "https://post.example.org/issues/2021-07-09#story-3",
        "position": 3,
        "headline": "A boat from 1907 is afloat",
        "isBasedOn": "https://example.org/boat",
    } == data["hasPart"][2]


def test_page_is_well_formed_where_the_issue_is_not(render_web: RenderWeb) -> None:
    for text in ("", "\n", "# \n", "## \n", "## 1. \n", "> \n", "- \n", "## 1. A\n## 2. B\n"):
        assert isinstance(read(render_web(text)), etree.ElementBase)
