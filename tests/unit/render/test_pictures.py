"""Pictures from the disk in the e-mail and on the page: where they are shown from, how large."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from newsletter.issue import parse_issue, source_from_text
from newsletter.pictures import Picture
from newsletter.render import (
    Imprint,
    Pictures,
    Rendered,
    Theme,
    beside_pictures,
    render_issue,
    render_web_page,
    share_out,
)

TEXT = """\
# The one harbour story of the week

Hello {{ first_name | default("there") }}.

## 1. A boat is afloat

![A boat & "sails"](images/boat.jpg "By Ada")

> ![The same boat](images/boat.jpg)

- [![A rope](images/rope%201.png)](https://example.org/rope)

![On the web](https://example.org/shed.png)

![Nobody knows it](images/unknown.jpg)
"""
BASE = "https://post.example.org"
RenderWith = Callable[..., Rendered]


def picture(source: str, size: tuple[int, int] = (1120, 840), octets: bytes = b"") -> Picture:
    kind = "image/png" if source.endswith(".png") else "image/jpeg"
    return Picture.of(octets or source.encode(), kind, size, source=source, file=b"file")


BOAT, ROPE = picture("images/boat.jpg"), picture("images/rope%201.png", (300, 100))
LOGO = picture("images/logo.png", (640, 160))
READY = Pictures(by_source={BOAT.source: BOAT, ROPE.source: ROPE})


@pytest.fixture
def render_with(publication: Imprint, templates: Path) -> RenderWith:
    def render(pictures: Pictures = READY, *, theme: Theme | None = None) -> Rendered:
        return render_issue(
            parse_issue(source_from_text(TEXT, path="issues/2021-11-26.md")),
            publication=publication,
            theme=theme or Theme(),
            templates=[templates],
            issue_date=date(2021, 11, 26),
            tag="0" * 32,
            pictures=pictures,
        )

    return render


def images(html: str) -> list[Mapping[str, str]]:
    tags: list[str] = re.findall(r"<img[^>]*>", html)
    return [dict(re.findall(r'([a-z]+)="([^"]*)"', tag)) for tag in tags]


def sizes(html: str) -> list[tuple[str, str | None, str | None]]:
    return [(one["src"], one.get("width"), one.get("height")) for one in images(html)]


def test_mail_shows_pictures_from_the_site_no_larger_than_they_are(
    render_with: RenderWith,
) -> None:
    rendered = render_with()

    assert [
        (f"{BASE}/images/{BOAT.name}", "504", "378"),
        (f"{BASE}/images/{BOAT.name}", "440", "330"),
        (f"{BASE}/images/{ROPE.name}", "300", "100"),
        ("https://example.org/shed.png", "504", None),
    ] == sizes(rendered.html)
    assert "images/boat.jpg" not in rendered.html
    assert "Nobody knows it" in rendered.html
    assert """alt='A boat &amp; "sails"'""" in rendered.html
    assert (BOAT, ROPE) == rendered.pictures


def test_mail_that_brings_them_along_shows_them_by_their_content_ids(
    render_with: RenderWith,
) -> None:
    html = render_with(replace(READY, inline_at="news.example.com")).html

    assert [
        (f"cid:{BOAT.stem}@news.example.com", "504", "378"),
        (f"cid:{BOAT.stem}@news.example.com", "440", "330"),
        (f"cid:{ROPE.stem}@news.example.com", "300", "100"),
        ("https://example.org/shed.png", "504", None),
    ] == sizes(html)


@pytest.mark.parametrize("inline_at", ["", "news.example.com"])
def test_logo_from_the_disk_stands_in_the_masthead(inline_at: str, render_with: RenderWith) -> None:
    pictures = replace(READY, logo=LOGO, inline_at=inline_at)
    rendered = render_with(pictures, theme=Theme(logo=LOGO.source, logo_width=200))
    address = f"cid:{LOGO.stem}@{inline_at}" if inline_at else f"{BASE}/images/{LOGO.name}"

    assert (address, "200", "50") == sizes(rendered.html)[0]
    assert (LOGO, BOAT, ROPE) == rendered.pictures


def test_picture_that_nothing_shows_is_not_among_those_rendered(render_with: RenderWith) -> None:
    other = picture("images/other.jpg")

    rendered = render_with(replace(READY, by_source={**READY.by_source, other.source: other}))

    assert (BOAT, ROPE) == rendered.pictures


def test_two_files_with_the_same_octets_are_one_picture(render_with: RenderWith) -> None:
    twin = replace(BOAT, source=ROPE.source)

    rendered = render_with(Pictures(by_source={BOAT.source: BOAT, ROPE.source: twin}))

    assert (BOAT.name,) == tuple(one.name for one in rendered.pictures)


def test_digest_covers_the_octets_of_pictures(render_with: RenderWith) -> None:
    rendered = render_with()
    changed = replace(BOAT, octets=b"another boat")

    assert rendered.digest != replace(rendered, pictures=(changed, ROPE)).digest
    assert rendered.digest != replace(rendered, pictures=()).digest


def test_digest_of_an_issue_without_pictures_is_what_it_was() -> None:
    """Approvals that were given before pictures came to be still hold."""
    rendered = Rendered(subject="s", preheader="p", html="h", text="t", placeholders=())

    expected = "e653c7e16d99bf7c260a237872680819d6a1afb6d304a1654e87e64a63da0786"
    assert expected == rendered.digest


def test_text_part_has_the_words_of_a_picture(render_with: RenderWith) -> None:
    text = render_with().text

    assert '[Image: A boat & "sails"]' in text
    assert BOAT.stem not in text


def test_page_shows_pictures_from_the_site_whatever_the_mail_does(
    publication: Imprint, templates: Path
) -> None:
    page = render_web_page(
        parse_issue(source_from_text(TEXT, path="issues/2021-11-26.md")),
        publication=publication,
        theme=Theme(logo=LOGO.source),
        templates=[templates],
        published=datetime(2021, 11, 26, 7, tzinfo=UTC),
        tag="0" * 32,
        pictures=replace(READY, logo=LOGO, inline_at="news.example.com"),
    )

    assert [
        (f"{BASE}/images/{LOGO.name}", "200", "50"),
        (f"{BASE}/images/{BOAT.name}", "1120", "840"),
        (f"{BASE}/images/{BOAT.name}", "1120", "840"),
        (f"{BASE}/images/{ROPE.name}", "300", "100"),
        ("https://example.org/shed.png", None, None),
    ] == sizes(page)
    assert "cid:" not in page
    assert f'property="og:image" content="{BASE}/images/{BOAT.name}"' in page
    assert f"img-src data: https://example.org {BASE};" in page
    assert f'"url": "{BASE}/images/{LOGO.name}"' in page


def test_shares_have_the_pictures_beside_the_html(
    render_with: RenderWith, publication: Imprint, templates: Path
) -> None:
    shares = share_out(
        render_with(),
        parse_issue(source_from_text(TEXT, path="issues/2021-11-26.md")),
        publication=publication,
        theme=Theme(),
        templates=[templates],
        issue_date=date(2021, 11, 26),
        tag="0" * 32,
        pictures=READY,
    )

    assert (len(BOAT.octets), len(ROPE.octets)) == shares.pictures
    assert shares.whole == shares.frame + sum(shares.stories)


@pytest.mark.parametrize("inline_at", ["", "news.example.com"])
def test_html_to_look_at_shows_pictures_beside_it(inline_at: str, render_with: RenderWith) -> None:
    rendered = render_with(replace(READY, inline_at=inline_at))

    html = beside_pictures(rendered.html, rendered)

    assert [f"images/{BOAT.name}"] * 2 + [
        f"images/{ROPE.name}",
        "https://example.org/shed.png",
    ] == [one["src"] for one in images(html)]
