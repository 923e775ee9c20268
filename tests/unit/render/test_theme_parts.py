"""Every key of the theme reaches every part of a mail that shows it, and the web page."""

import re
from dataclasses import fields, replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from newsletter.issue import Issue, parse_issue, source_from_text
from newsletter.render import Imprint, Palette, Theme, render_issue, render_web_page
from tests.mail.extremes import EXTREMES

TEMPLATES = Path(__file__).parents[3] / "templates"
KEYS = tuple(one.name for one in fields(Palette))
LIGHT = Palette(**{key: f"#1a10{at:02x}" for at, key in enumerate(KEYS)})
DARK = Palette(**{key: f"#2d20{at:02x}" for at, key in enumerate(KEYS)})
THEME = Theme(light=LIGHT, dark=DARK, serif="Didot, serif", sans="Optima, '3D Sans', sans-serif")

every_key = pytest.mark.parametrize("key", KEYS)


@pytest.fixture(scope="module")
def issue() -> Issue:
    """One of each: number, correction, sponsor, picture, code, quotation, list."""
    text = EXTREMES["everything"].replace("number: 46", "number: 46\ncorrection: It was the other.")
    text = text.replace("---\nSign up", "## 3. Ruled off\n\nBy a line.\n\n---\nSign up")
    return parse_issue(source_from_text(text, path="issues/2021-11-26.md"))


@pytest.fixture(scope="module")
def html(issue: Issue, publication: Imprint) -> str:
    return mail(issue, publication, THEME)


@pytest.fixture(scope="module")
def page(issue: Issue, publication: Imprint) -> str:
    return render_web_page(
        issue,
        publication=publication,
        theme=THEME,
        templates=[TEMPLATES],
        published=datetime(2021, 11, 26, 7, tzinfo=UTC),
        tag="0" * 32,
    )


def mail(issue: Issue, publication: Imprint, theme: Theme) -> str:
    return render_issue(
        issue,
        publication=publication,
        theme=theme,
        templates=[TEMPLATES],
        issue_date=date(2021, 11, 26),
        tag="0" * 32,
    ).html


def sheet(html: str, mark: str) -> str:
    """The one `<style>` with this in it."""
    (found,) = [
        one for one in re.findall(r"<style[^>]*>(.*?)</style>", html, re.DOTALL) if mark in one
    ]
    return str(found)


@every_key
def test_light_colour_is_in_the_elements(key: str, html: str) -> None:
    bare = re.sub(r"<style.*?</style>", "", html, flags=re.DOTALL)

    assert re.search(rf'style="[^"]*{getattr(LIGHT, key)}', bare)


@every_key
def test_dark_colour_is_in_both_dark_sheets(key: str, html: str) -> None:
    for mark in ("prefers-color-scheme", "[data-ogsc]"):
        assert getattr(DARK, key) in sheet(html, mark)


@every_key
@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_colour_is_on_the_web_page(palette: Palette, key: str, page: str) -> None:
    assert getattr(palette, key) in page


@pytest.mark.parametrize("key", ["serif", "sans"])
def test_fonts_are_in_the_elements_for_outlook_and_on_the_web_page(
    key: str, html: str, page: str
) -> None:
    fonts = getattr(THEME, key)
    first = fonts.partition(",")[0]

    assert fonts in sheet(html, "mso-line-height-rule")
    assert f"font-family:{first}" in re.sub(r"<style.*?</style>", "", html, flags=re.DOTALL)
    assert fonts in page


@pytest.mark.parametrize("key", ["serif", "sans"])
def test_no_font_of_ours_stays_where_the_publication_has_its_own(key: str, html: str) -> None:
    assert getattr(Theme(), key).partition(",")[0] not in html


def test_no_colour_of_ours_stays_where_the_publication_has_its_own(html: str, page: str) -> None:
    own = {value for palette in (LIGHT, DARK) for value in map(palette.__getattribute__, KEYS)}

    assert own == set(re.findall(r"#[0-9a-f]{6}\b", html))
    assert own == set(re.findall(r"#[0-9a-f]{6}\b", page.partition("@media print")[0]))


def test_the_two_dark_sheets_say_the_same(html: str) -> None:
    """But for the marks by which Outlook.com says what it has turned."""
    ours = sheet(html, "prefers-color-scheme").partition("{")[2].rpartition("}")[0]
    theirs = re.sub(r"\[data-ogs[bc]\] ", "", sheet(html, "[data-ogsc]"))

    assert theirs.split() == ours.split()


def test_dark_sheets_have_nothing_of_parts_that_the_issue_has_not(publication: Imprint) -> None:
    bare = parse_issue(source_from_text("# T\n\nI.\n\n## 1. A\n\nB.\n", path="issues/x.md"))
    html = mail(bare, publication, THEME)

    assert "correction" not in html
    assert "sponsor" not in html


@pytest.mark.parametrize("key", ["logo", "logo_alt", "logo_width"])
def test_logo_is_in_the_mail_and_on_the_web_page(
    key: str, issue: Issue, publication: Imprint
) -> None:
    theme = replace(THEME, logo="https://l.example/l.png", logo_alt="Our sign", logo_width=123)

    assert str(getattr(theme, key)) in mail(issue, publication, theme)
