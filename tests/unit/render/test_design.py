"""What may be there or not: logo, number, sponsor, image; and templates of a publication's own."""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from newsletter.issue import parse_issue, source_from_text
from newsletter.render import Imprint, Rendered, Theme, render_issue

TEMPLATES = Path(__file__).parents[3] / "templates"
STORY = "## {}. Story {}\n\nWords.\n\n[Read on](https://x.example/{})\n\n"
SPONSOR = "## Sponsored by Acme *Tills*\n\nThey count.\n\n[See the till](https://acme.example/)\n\n"

Tree = Any


def design(text: str, publication: Imprint, **options: Any) -> Rendered:
    theme = options.pop("theme", Theme())
    return render_issue(
        parse_issue(source_from_text(text, path="issues/2021-11-26.md")),
        publication=publication,
        theme=theme,
        templates=options.pop("templates", [TEMPLATES]),
        issue_date=date(2021, 11, 26),
        tag="0" * 32,
    )


def tree_of(rendered: Rendered) -> Tree:
    return etree.fromstring(rendered.html, etree.HTMLParser())


def words(element: Tree) -> str:
    return " ".join("".join(str(text) for text in element.itertext()).split())


def stories(count: int, *, sponsor_after: int) -> str:
    parts = [STORY.format(number, number, number) for number in range(1, count + 1)]
    parts.insert(sponsor_after, SPONSOR)
    return "# T\n\nIntro.\n\n" + "".join(parts)


def by_class(tree: Tree, name: str) -> list[Tree]:
    found: list[Tree] = tree.xpath(
        "//*[contains(concat(' ', @class, ' '), concat(' ', $name, ' '))]", name=name
    )
    return found


def test_masthead_has_the_name_in_live_text_without_a_logo(publication: Imprint) -> None:
    tree = tree_of(design("# T\n", publication))

    assert [] == list(tree.iter("img"))
    assert ["The Harbour Post"] == [words(one) for one in by_class(tree, "wordmark")]


def test_masthead_has_the_logo_in_place_of_the_name(publication: Imprint) -> None:
    """Its alt text is set in the wordmark's letters, for who sees no images."""
    theme = Theme(logo="https://post.example.org/logo.png?v=1&w=2", logo_width=180)
    tree = tree_of(design("# T\n", publication, theme=theme))
    (image,) = [image for one in by_class(tree, "logo") for image in one.iter("img")]

    assert "https://post.example.org/logo.png?v=1&w=2" == image.get("src")
    assert "The Harbour Post" == image.get("alt")
    assert "180" == image.get("width")
    assert "max-width:180px" in image.get("style")
    assert "color:#ffffff" in image.get("style")
    assert "font-family:Georgia" in image.get("style")
    assert "font-size:28px" in image.get("style")
    assert [] == by_class(tree, "wordmark")


def test_logo_has_an_alt_text_of_its_own_where_one_is_set(publication: Imprint) -> None:
    theme = Theme(logo="https://post.example.org/logo.png", logo_alt='The "Post"')
    (image,) = tree_of(design("# T\n", publication, theme=theme)).iter("img")

    assert 'The "Post"' == image.get("alt")


@pytest.mark.parametrize(
    ("expected", "front_matter"),
    [
        ("Friday 26 November 2021", ""),
        ("Friday 26 November 2021 · Issue 46", "---\nnumber: 46\n---\n"),
    ],
)
def test_date_line_has_the_number_where_there_is_one(
    expected: str, front_matter: str, publication: Imprint
) -> None:
    (line,) = by_class(tree_of(design(f"{front_matter}# T\n", publication)), "dateline-date")

    assert expected == words(line)


def test_sponsor_is_absent_without_one(publication: Imprint) -> None:
    html = re.sub(r"<style.*?</style>", "", design("# T\n", publication).html, flags=re.DOTALL)

    assert "sponsor" not in html.lower()


@pytest.mark.parametrize("after", [0, 1, 2, 3])
def test_sponsor_stands_after_its_story_and_is_labelled(after: int, publication: Imprint) -> None:
    tree = tree_of(design(stories(3, sponsor_after=after), publication))
    headings = [words(one) for one in tree.iter("h2")][:4]

    assert "Sponsored by Acme Tills" == headings[after]
    assert ["Story 1", "Story 2", "Story 3"] == headings[:after] + headings[after + 1 :]
    assert ["1", "2", "3"] == [words(one) for one in by_class(tree, "badge")]
    assert ["Story 1", "Story 2", "Story 3"] == [
        words(one) for one in by_class(tree, "contents-words")
    ]


@pytest.mark.parametrize(("after", "rules"), [(0, 2), (1, 1), (2, 1), (3, 2)])
def test_sponsor_panel_stands_in_for_a_rule(after: int, rules: int, publication: Imprint) -> None:
    tree = tree_of(design(stories(3, sponsor_after=after), publication))

    assert rules == len(by_class(tree, "line"))


def test_sponsor_has_a_ground_of_its_own_in_light_and_dark(publication: Imprint) -> None:
    theme = Theme()
    html = design(stories(2, sponsor_after=1), publication).html

    assert theme.light.sponsor not in {theme.light.card, theme.light.panel, theme.light.page}
    assert f"background-color:{theme.light.sponsor}" in html
    assert 2 == html.count(f"background-color: {theme.dark.sponsor}") + html.count(
        f"background-color:{theme.dark.sponsor}"
    )


def test_sponsors_link_names_its_sponsor(publication: Imprint) -> None:
    tree = tree_of(design(stories(2, sponsor_after=1), publication))
    (link,) = tree.xpath("//a[@href='https://acme.example/']")

    assert "See the till: Sponsored by Acme Tills" == link.get("aria-label")
    assert "font-weight:700" in link.get("style")


def test_contents_are_a_list_to_who_hears_them(publication: Imprint) -> None:
    """Its places count already: the numbers would be read twice."""
    tree = tree_of(design(stories(3, sponsor_after=0), publication))
    (contents,) = tree.xpath("//div[@role='list']")

    assert 3 == len(contents.xpath("./div[@role='listitem']"))
    assert ["true"] * 3 == contents.xpath(".//td[@class='contents-number']/@aria-hidden")


def test_blocked_image_is_a_panel_with_its_words(publication: Imprint) -> None:
    html = design("# T\n\nI.\n\n## 1. A\n\n![A shed](https://x.example/s.png)\n", publication).html
    (image,) = etree.fromstring(html, etree.HTMLParser()).iter("img")
    style = image.get("style", "")

    for part in ("background-color:#f6f3ec", "color:#5c6764", "font-size:14px", "border-radius"):
        assert part in style


def test_publication_overrides_one_partial_and_one_style_sheet(
    publication: Imprint, tmp_path: Path
) -> None:
    """All other files stay ours."""
    (tmp_path / "partials").mkdir()
    (tmp_path / "partials/call.mjml.j2").write_text(
        "<mj-section><mj-column><mj-text>Tell {{ page.publication.name }}’s friends</mj-text>"
        "</mj-column></mj-section>",
        "utf-8",
    )
    ours = (TEMPLATES / "inline.css").read_text("utf-8")
    (tmp_path / "inline.css").write_text(
        ours + ".kicker td { color: #123456; }\n.foot-links a { color: #654321; }\n", "utf-8"
    )
    html = design("# T\n", publication, templates=[tmp_path, TEMPLATES]).html

    assert "Tell The Harbour Post’s friends" in html
    assert "Did a colleague" not in html
    assert "#654321" in html
    assert "Unsubscribe" in html


def test_numbers_words_and_names_cannot_become_markup(publication: Imprint) -> None:
    evil = replace(
        publication,
        name='<b>"N"</b>',
        words=replace(publication.words, contents="<i>x</i>", call_button='{name} & "now"'),
    )
    html = design("# T\n\nI.\n\n## 1. A\n\nx\n", evil).html

    assert "<i>x</i>" not in html
    assert "<b>" not in html
    assert "&lt;i&gt;x&lt;/i&gt;" in html
