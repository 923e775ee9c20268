"""The box that says what an earlier sending had wrong: in all three parts, or in none of them."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import etree, html

from newsletter.errors import RenderError
from newsletter.issue import parse_issue, source_from_text
from newsletter.render import Imprint, Rendered, Theme
from newsletter.render.page import make_page
from newsletter.render.web_page import render_web_page
from newsletter.render.words import Words

BODY = "# T\n\nIntro.\n\n## 1. A\n\nWords.\n"
CORRECTED = f"---\ncorrection: We wrote that the barge sinks; it floats.\n---\n{BODY}"
WRONG = "We wrote that the barge sinks; it floats."

Render = Callable[..., Rendered]


def web_page(text: str, publication: Imprint, templates: Path) -> str:
    return render_web_page(
        parse_issue(source_from_text(text, path="issues/2021-11-26.md")),
        publication=publication,
        theme=Theme(),
        templates=[templates],
        published=datetime(2021, 11, 26, 7, tzinfo=UTC),
        tag="0" * 32,
    )


def tree_of(rendered: Rendered) -> Any:
    return etree.fromstring(rendered.html, etree.HTMLParser())


def said(tree: Any, path: str) -> list[str]:
    return [" ".join("".join(one.itertext()).split()) for one in tree.xpath(path)]


def test_html_part_shows_the_correction_between_title_and_intro(render: Render) -> None:
    tree = tree_of(render(CORRECTED))
    (box,) = tree.xpath("//td[@class='correction-words']")

    assert f"Correction{WRONG}" == "".join(box.itertext())
    assert ["T"] == said(box, "preceding::h1")
    assert ["Intro."] == said(box, "following::p[1]")


def test_correction_has_its_ground_where_style_sheets_are_not_read(render: Render) -> None:
    tree = tree_of(render(CORRECTED))
    (box,) = tree.xpath("//td[@class='correction-words']")

    assert Theme().light.panel == box.get("bgcolor")
    assert f"border-left:4px solid {Theme().light.accent}" in box.get("style")


def test_text_part_shows_the_correction_between_title_and_intro(render: Render) -> None:
    assert f"\nT\n\nCORRECTION\n\n{WRONG}\n\nIntro.\n" in render(CORRECTED).text


def test_web_page_shows_the_correction_and_tells_machines(
    publication: Imprint, templates: Path
) -> None:
    tree: Any = html.document_fromstring(web_page(CORRECTED, publication, templates))
    article = json.loads(tree.xpath("string(//script)"))

    assert [f"Correction {WRONG}"] == said(tree, "//header//div[@role='note']")
    assert ["Correction"] == said(tree, "//*[@id=//div[@role='note']/@aria-labelledby]")
    assert {"@type": "CorrectionComment", "text": WRONG} == article["correction"]


def test_parts_without_a_correction_know_no_such_thing(
    render: Render, publication: Imprint, templates: Path
) -> None:
    """An empty key is none: the check reports it."""
    rendered = render(BODY)
    emptied = render(f"---\ncorrection:\n---\n{BODY}")

    assert rendered == emptied
    for part in (rendered.html, rendered.text, web_page(BODY, publication, templates)):
        assert "correction" not in part.lower()


def test_author_is_shown_to_no_reader(
    render: Render, publication: Imprint, templates: Path
) -> None:
    """The approval has it from the file."""
    text = f"---\nauthor: Ada Lovelace\n---\n{BODY}"

    assert render(BODY) == render(text)
    assert "Lovelace" not in web_page(text, publication, templates)


def test_correction_is_called_so_in_the_publications_language(
    publication: Imprint, templates: Path
) -> None:
    german = replace(publication, words=Words(correction="Berichtigung"))

    assert "Berichtigung" in web_page(CORRECTED, german, templates)


def test_subject_says_that_it_is_a_correction(render: Render) -> None:
    assert f"Correction: {render(BODY).subject}" == render(CORRECTED).subject


def test_correction_changes_the_digest(render: Render) -> None:
    assert render(BODY).digest != render(CORRECTED).digest


def test_correction_is_of_words_and_not_of_markup(
    render: Render, publication: Imprint, templates: Path
) -> None:
    wrong = 'We wrote <b>*five* & "six"</b> [here](https://x.example), <!-- no --> </script>.'
    shown = "We wrote <b>*five* & “six”</b> [here](https://x.example), <!-- no --> </script>."
    text = f"---\ncorrection: {wrong}\n---\n{BODY}"
    rendered, page = render(text), web_page(text, publication, templates)

    assert shown in unescape(rendered.html)
    assert [] == tree_of(rendered).xpath("//td//b | //td//em")
    assert shown in " ".join(rendered.text.split())
    assert shown in unescape(page)
    assert 1 == page.count("</script>")


@given(st.text(st.characters(exclude_categories=["Cs", "Cc", "Z", "Cf"]), min_size=1))
@example("<!--{{ first_name }}-->")
@example("* # 1. > ` \\ &amp; ~ | $ ^ ://")
def test_correction_comes_through_whatever_it_says(text: str) -> None:
    """But for its straight quotation marks, which become what a printer would set."""
    source = source_from_text(f"---\ncorrection: x\n---\n{BODY}", path="issues/2021-11-26.md")
    issue = parse_issue(source)
    (entry,) = issue.front_matter.entries
    front_matter = replace(issue.front_matter, entries=(replace(entry, value=text),))
    page = make_page(
        replace(issue, front_matter=front_matter),
        Imprint(
            name="P",
            tagline="",
            language="en",
            base_url="https://p.example",
            signup_url="https://p.example/join",
            why="You asked.",
            organisation="O",
            postal_address="1 Street",
        ),
        Theme(),
        date(2021, 11, 26),
        tag="0" * 32,
    )
    straight = str.maketrans("“”‘’", "\"\"''")

    assert text.translate(straight).split() == page.correction.translate(straight).split()


@pytest.mark.parametrize("name", ["partials/opening.mjml.j2", "issue.txt.j2"])
def test_template_that_drops_the_correction_is_refused(
    render: Render, templates: Path, tmp_path: Path, name: str
) -> None:
    """A publication's own template may be older than corrections are."""
    own = tmp_path / name
    own.parent.mkdir(exist_ok=True)
    kept = (templates / name).read_text("utf-8").replace("page.correction }}", "page.preheader }}")
    kept = kept.replace("page.correction | text", "page.preheader | text")
    own.write_text(kept, "utf-8")
    folders = (tmp_path, templates)

    assert render(BODY, templates=folders) == render(BODY)
    with pytest.raises(RenderError, match="does not show the issue's correction"):
        render(CORRECTED, templates=folders)
