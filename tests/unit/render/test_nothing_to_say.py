"""A field with an empty default: mail, preview, web page and inbox line say it by one rule."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from newsletter.addresses import parse_addr_spec, parse_mailbox
from newsletter.issue import parse_issue, source_from_text
from newsletter.message import Composer, Reader, RenderedIssue, Sender
from newsletter.render import Imprint, Rendered, Theme, render_web_page, specimen

TEMPLATES = Path(__file__).parents[3] / "templates"
GREETINGS = [
    ("Hello, welcome.", 'Hello {{ first_name | default("") }}, welcome.'),
    ("Hello!", 'Hello, {{ first_name | default("") }}!'),
    ("Here it is.", '{{ first_name | default("") }}, here it is.'),
    ("Hello, welcome.", 'Hello **{{ first_name | default("") }}**, welcome.'),
    ("Dear, welcome.", 'Dear *{{ first_name | default(" ") }}*, welcome.'),
    ("Welcome back now.", 'Welcome back {{ first_name | default("") }} now.'),
]
every_greeting = pytest.mark.parametrize(("expected", "greeting"), GREETINGS)

Render = Callable[..., Rendered]


def tree_of(html: str) -> Any:
    """lxml's XPath gives what its expression says, which no stub can know."""
    return etree.fromstring(html, etree.HTMLParser())


def issue_text(greeting: str) -> str:
    return f"# T\n\n{greeting}\n\n## 1. A\n\nB.\n"


def intro_of(html: str, xpath: str) -> str:
    tree = tree_of(html)
    return " ".join("".join(tree.xpath(xpath)[0].itertext()).split())


def sent(rendered: Rendered, name: str) -> tuple[str, str]:
    """HTML and text as one reader gets them."""
    issue = RenderedIssue(
        name="2021-11-26",
        subject=rendered.subject,
        html=rendered.html,
        text=rendered.text,
        placeholders=rendered.placeholders,
        date=datetime(2021, 11, 26, 7, tzinfo=UTC),
    )
    sender = Sender(
        mailbox=parse_mailbox("Post <post@example.org>"),
        reverse_path=parse_addr_spec("bounces@example.org"),
        list_id="post.example.org",
        list_name="Post",
        base_url="https://post.example.org",
        reply_to=None,
        unsubscribe_mailbox=None,
        help_url=None,
        archive_url=None,
        feedback_id=None,
    )
    tokens = {"unsubscribe_token": "k1.Zm9v", "preferences_token": "k1.Zm9w"}
    reader = Reader(
        address=parse_addr_spec("ada@example.org"),
        display_name="",
        fields={**tokens, "first_name": name},
        message_id_mac="9f86d081",
    )
    message = message_from_bytes(Composer(issue, sender).compose(reader), policy=policy.SMTP)
    html, text = (message.get_body((kind,)) for kind in ("html", "plain"))
    assert html is not None
    assert text is not None
    return str(html.get_content()), str(text.get_content()).replace("\r\n", "\n")


@every_greeting
def test_mail_to_a_reader_without_a_name(render: Render, expected: str, greeting: str) -> None:
    html, text = sent(render(issue_text(greeting)), "")

    assert expected == intro_of(html, "//td[@class='prose intro']")
    assert f"\n{expected}\n" in text


@every_greeting
@pytest.mark.parametrize("name", ["Ada", "Zoë Ng"])
def test_mail_to_a_reader_with_one(render: Render, expected: str, greeting: str, name: str) -> None:
    html, text = sent(render(issue_text(greeting)), name)
    before, _, rest = greeting.partition("{{")
    said = f"{before}{name}{rest.partition('}}')[2]}".replace("*", "")

    assert said == intro_of(html, "//td[@class='prose intro']").replace("*", "")
    assert said in text.replace("*", "").replace("_", "")
    assert expected not in text


@every_greeting
def test_preview_and_preheader_say_the_same(render: Render, expected: str, greeting: str) -> None:
    rendered = render(issue_text(greeting))
    html, text = specimen(rendered)

    assert expected == intro_of(html, "//td[@class='prose intro']")
    assert f"\n{expected}\n" in text
    assert expected == rendered.preheader


@every_greeting
def test_web_page_says_the_same(publication: Imprint, expected: str, greeting: str) -> None:
    page = render_web_page(
        parse_issue(source_from_text(issue_text(greeting), path="issues/2021-11-26.md")),
        publication=publication,
        theme=Theme(),
        templates=[TEMPLATES],
        published=datetime(2021, 11, 26, 7, tzinfo=UTC),
        tag="0" * 32,
    )

    assert expected == intro_of(page, "//*[contains(@class, 'intro')]")


def test_long_line_that_is_wrapped_before_the_field(render: Render) -> None:
    words = "word " * 13 + "last"
    greeting = f'{words} {{{{ first_name | default("") }}}}, and the rest of it is here.'
    _, text = sent(render(issue_text(greeting)), "")

    assert "last, \n" in text or "last, and" in text
    assert max(map(len, text.splitlines())) <= 78


@pytest.mark.parametrize(
    ("expected", "intro"),
    [
        ("A week of tides.", "![A grey shed](https://x.example/s.png)\n\nA week of tides."),
        (
            "A week of tides.",
            "[![A shed](https://x.example/s.png 'c')](https://x.example/)\n\nA week of tides.",
        ),
        ("A week of tides.", "A week ![an icon](https://x.example/i.png) of tides."),
        ("", "![A grey shed](https://x.example/s.png)"),
    ],
)
def test_preheader_is_no_pictures_words(render: Render, expected: str, intro: str) -> None:
    issue = parse_issue(source_from_text(issue_text(intro), path="issues/2021-11-26.md"))

    assert expected == " ".join(render(issue_text(intro)).preheader.split())
    assert expected == " ".join(issue.preheader.split())


LANGUAGES = [
    (
        "MİGROS İSTANBUL’DA İLK KASİYERSİZ MAĞAZA, ILIK",
        "tr-TR",
        "Migros İstanbul’da ilk kasiyersiz mağaza, ılık",
    ),
    ("İKİ ILIK ŞEY", "az", "iki ılık şey"),
    ("KASIYER IS INDIGO", "en-GB", "Kasiyer is indigo"),
    ("STRASSE", "de", "Straße"),
    ("ΝΕΑ ΑΠΟ ΤΗΝ ΑΘΗΝΑ", "el", "Νέα από την Αθήνα"),
    ("ŞİŞLİ", "tr", "şişli"),
]


@pytest.mark.parametrize(("expected", "language", "headline"), LANGUAGES)
def test_capitals_are_those_of_the_language(
    publication: Imprint, expected: str, language: str, headline: str
) -> None:
    text = text_of(
        f"# T\n\nI.\n\n## 1. {headline}\n\n### {headline}\n\nB.\n", publication, language
    )

    assert f"1. {expected}\n" in text
    assert f"\n{expected}\n" in text


@pytest.mark.parametrize(
    "address",
    [
        "https://Example.org/Path?q=AbC",
        "<https://Example.org/Path?q=AbC>",
        "www.Example.org/AbC",
        "Ada.Lovelace@Example.org",
        "example.org/AbC",
        "ftp://example.org/AbC",
        "`https://example.org/AbC`",
    ],
)
def test_capitals_leave_addresses_as_they_are(publication: Imprint, address: str) -> None:
    text = text_of(f"# T\n\nI.\n\n## 1. Read {address} now\n\nB.\n", publication, "en")
    bare = address.strip("<>`")

    assert bare in text.partition("-----")[2].partition("-----")[2]
    assert "READ" in text
    assert "NOW" in text


def text_of(text: str, publication: Imprint, language: str) -> str:
    from newsletter.render import render_issue

    return render_issue(
        parse_issue(source_from_text(text, path="issues/2021-11-26.md")),
        publication=replace(publication, language=language),
        theme=Theme(),
        templates=[TEMPLATES],
        issue_date=date(2021, 11, 26),
        tag="0" * 32,
    ).text


def test_linked_picture_keeps_its_link_and_its_caption(render: Render) -> None:
    picture = (
        "[![A till](https://x.example/t.png 'The till, seen from above')](https://x.example/g)"
    )
    rendered = render(f"# T\n\nI.\n\n## 1. A\n\n{picture}\n\nB.\n")
    tree = tree_of(rendered.html)
    (figure,) = tree.xpath("//div[@class='figure']")

    assert ["https://x.example/g"] == figure.xpath("./a/@href")
    assert ["A till"] == figure.xpath("./a/img/@alt")
    (caption,) = figure.xpath("./p[@class='caption']/text()")
    assert "The till, seen from above" == " ".join(caption.split())
    assert "[Image: A till]\nThe till, seen from above\n<https://x.example/g>\n" in rendered.text


def test_linked_picture_keeps_its_caption_on_the_web_page(publication: Imprint) -> None:
    picture = "[![A till](https://x.example/t.png 'Seen from above')](https://x.example/g)"
    page = render_web_page(
        parse_issue(source_from_text(issue_text(picture), path="issues/2021-11-26.md")),
        publication=publication,
        theme=Theme(),
        templates=[TEMPLATES],
        published=datetime(2021, 11, 26, 7, tzinfo=UTC),
        tag="0" * 32,
    )

    assert '<figure><a href="https://x.example/g" rel="noopener"><img ' in page
    assert "<figcaption>Seen from above</figcaption></figure>" in page


@pytest.mark.parametrize(
    ("expected", "headline", "more"),
    [
        ("https://x.example/more", "A shed", "[Read on](https://x.example/more)"),
        (
            "https://x.example/own",
            "[A shed](https://x.example/own)",
            "[Read on](https://x.example/m)",
        ),
        ("https://x.example/own", "See [a shed](https://x.example/own) now", ""),
        ("", "A shed", "Nothing more."),
        ("", "[A](https://x.example/a) or [b](https://x.example/b)", ""),
    ],
)
def test_headline_leads_where_its_story_does(
    render: Render, expected: str, headline: str, more: str
) -> None:
    html = render(f"# T\n\nI.\n\n## 1. {headline}\n\nB.\n\n{more}\n").html
    tree = tree_of(html)

    assert [expected] * bool(expected) == tree.xpath("//h2/a[@class='go']/@href")
    assert [] == tree.xpath("//a//a")
    assert "color:#14211f;text-decoration:none" in html
