"""Every mail that the acceptance list is held to, rendered once, and as mail programs see it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import UTC, date, datetime
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from newsletter.issue import (
    Inline,
    Issue,
    Link,
    Node,
    Paragraph,
    Text,
    parse_issue,
    source_from_bytes,
    source_from_text,
    untagged,
    walk_inlines,
)
from newsletter.publishing.dating import issue_date
from newsletter.publishing.issues import read_issue
from newsletter.render import Imprint, Rendered, Theme, render_issue
from newsletter.render.environment import Templates
from newsletter.render.inline_css import inline_css
from newsletter.render.mjml import compile_mjml
from newsletter.render.page import Page, make_page, strip_controls
from newsletter.render.pipeline import fill_html
from newsletter.settings import load_settings
from tests.mail.extremes import EXTREMES

ROOT = Path(__file__).parents[2]
ISSUES = sorted((ROOT / "issues").glob("*.md"))
SEEDS = ROOT.parent / "shared" / "seeds"
SEED_NUMBERS = ("000", "001", "002")
MOMENT = datetime(2021, 11, 1, tzinfo=UTC)
DAY = date(2021, 11, 26)
TEMPLATES = (ROOT / "templates",)

SHIPPED = tuple(path.stem for path in ISSUES)
REAL = (*SHIPPED, *(f"seed {number}" for number in SEED_NUMBERS))
ALL = (*REAL, *EXTREMES, "right to left")

Tree = Any  # lxml's XPath gives what its expression says, which no stub can know

HARBOUR = Imprint(
    name="The Harbour Post",
    tagline="Boats and tides, weekly",
    language="en-GB",
    base_url="https://post.example.org",
    signup_url="https://post.example.org/signup",
    why="You get this because you signed up at post.example.org.",
    organisation="Harbour Press",
    postal_address="1 Quay Street, Whitby YO21 1DH, United Kingdom",
)


@dataclass(frozen=True, kw_only=True)
class Mail:
    """One issue with its publication, and all that is made of it, each made once."""

    name: str
    issue: Issue
    publication: Imprint
    theme: Theme
    day: date

    @cached_property
    def rendered(self) -> Rendered:
        return render_issue(
            self.issue,
            publication=self.publication,
            theme=self.theme,
            templates=TEMPLATES,
            issue_date=self.day,
            tag="0" * 32,
        )

    @property
    def html(self) -> str:
        return self.rendered.html

    @cached_property
    def page(self) -> Page:
        page = make_page(self.issue, self.publication, self.theme, self.day, tag="0" * 32)
        mailed: Page = _as_mailed(page)
        return mailed

    @cached_property
    def inlines(self) -> list[Inline]:
        return [*walk_inlines(said_by(self.page))]

    @cached_property
    def texts(self) -> list[str]:
        """Every run of the issue's words, white space as one space each."""
        found = (strip_controls(one.text) for one in self.inlines if isinstance(one, Text))
        return [" ".join(text.split()) for text in found if text.split()]

    @cached_property
    def hrefs(self) -> set[str]:
        return {one.href for one in self.inlines if isinstance(one, Link)}

    @cached_property
    def sources(self) -> tuple[str, str]:
        """MJML and the style sheet that is to be inlined."""
        return fill_html(Templates(TEMPLATES), self.page)

    @cached_property
    def compiled(self) -> str:
        """The HTML before anything is inlined or taken out."""
        return compile_mjml(self.sources[0])

    @cached_property
    def inlined(self) -> str:
        """The HTML before anything is taken out."""
        return inline_css(self.compiled, self.sources[1])

    @cached_property
    def tree(self) -> Tree:
        return etree.fromstring(self.html, etree.HTMLParser())

    @cached_property
    def outlook_tree(self) -> Tree:
        return etree.fromstring(as_outlook(self.html), etree.HTMLParser())

    @cached_property
    def comments(self) -> list[str]:
        return [str(comment.text) for comment in self.tree.iter(etree.Comment)]

    @cached_property
    def styles(self) -> list[str]:
        return [style.text or "" for style in self.tree.iter("style")]


@cache
def mail(name: str) -> Mail:
    """By one of the names above; skips the test that asks for a seed which is not there."""
    if name in SHIPPED:
        settings = load_settings(ROOT, {}, with_environment=False)
        issue = read_issue(ROOT / "issues" / f"{name}.md", settings.house)
        day = issue_date(issue, settings, MOMENT)
        return Mail(
            name=name,
            issue=issue,
            publication=settings.publication,
            theme=settings.theme,
            day=day,
        )
    if name == "right to left":
        hebrew = replace(HARBOUR, language="he", name="קפה", tagline="השבוע בנמל")
        return _mail(name, _issue(EXTREMES["everything"]), hebrew)
    if name in EXTREMES:
        return _mail(name, _issue(EXTREMES[name]), HARBOUR)
    return _mail(name, _seed(name.removeprefix("seed ")), HARBOUR)


def _mail(name: str, issue: Issue, publication: Imprint) -> Mail:
    return Mail(name=name, issue=issue, publication=publication, theme=Theme(), day=DAY)


def _issue(text: str) -> Issue:
    return parse_issue(source_from_text(text, path="issues/2021-11-26.md"))


def _seed(number: str) -> Issue:
    found = sorted(SEEDS.glob(f"{number}_*.txt"))
    if not found:
        pytest.skip("the seeds are not beside this checkout (../shared/seeds)")
    return parse_issue(source_from_bytes(found[0].read_bytes(), path=str(found[0])))


def without_styles(html: str) -> str:
    """As the Gmail app shows it to an address of another provider."""
    return re.sub(r"<style.*?</style>", "", html, flags=re.DOTALL)


def as_outlook(html: str) -> str:
    """With the conditional comments open that Outlook opens, and those shut that it shuts."""
    shut = re.sub(r"<!--\[if !mso.*?\]><!-->.*?<!--<!\[endif\]-->", "", html, flags=re.DOTALL)
    return re.sub(r"<!--\[if [^\]]*mso[^\]]*\]>(.*?)<!\[endif\]-->", r"\1", shut, flags=re.DOTALL)


def _as_mailed(value: Any) -> Any:
    """The same with the marks of placeholders as short as the finished parts have them."""
    match value:
        case str():
            return untagged(value)
        case tuple():
            return tuple(map(_as_mailed, value))
        case Imprint() | Theme():
            return value
        case _ if is_dataclass(value) and not isinstance(value, type):
            found = {field.name: _as_mailed(getattr(value, field.name)) for field in fields(value)}
            return replace(value, **found)
        case _:
            return value


def said_by(page: Page) -> Iterator[Node]:
    """All that the issue itself says, in no order."""
    yield from (Paragraph(inlines=page.title), *page.intro, *page.call, *page.after_footer)
    parts = [(one.headline, one.body, one.read_more) for one in page.stories]
    if page.sponsor:
        parts.append((page.sponsor.name, page.sponsor.body, page.sponsor.read_more))
    for name, body, more in parts:
        yield from (Paragraph(inlines=(*name, *([more] if more else []))), *body)


def words(element: Tree) -> str:
    """All that it says, white space as one space each."""
    return " ".join("".join(str(text) for text in element.itertext()).split())


def named(name: str) -> str:
    """For `ids`: without spaces, so that one can pass it to `pytest -k`."""
    return name.replace(" ", "-")


every_mail = pytest.mark.parametrize("name", ALL, ids=named)
every_real_mail = pytest.mark.parametrize("name", REAL, ids=named)
