"""An issue as a page of the archive: the same words as the e-mail's, the same to every reader.

The page is made from the issue, not from the e-mail's HTML. It holds no script and no address of a
reader, and its policy (Content Security Policy Level 3, in a <meta>) forbids all but its own style
sheet and the issue's own pictures. What it looks like is left to `templates/web_page.html.j2` and
`templates/web_page.css`, what machines are told to `structured_data`. Pure, like the e-mail.
"""

import base64
import hashlib
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from newsletter.issue import (
    Emphasis,
    Image,
    Issue,
    Node,
    Strong,
    Text,
    plain_inlines,
    walk_inlines,
    without,
)
from newsletter.render.environment import Templates
from newsletter.render.html import Html, WebWriter, is_web_src
from newsletter.render.imprint import Imprint
from newsletter.render.page import Page, make_page, strip_controls
from newsletter.render.pictures import NO_PICTURES, Pictures, with_pictures
from newsletter.render.structured_data import as_script, news_article
from newsletter.render.theme import Theme
from newsletter.render.words import Words

WEB_TEMPLATE = "web_page.html.j2"
WEB_STYLES = "web_page.css"

_NONCHARACTER = re.compile(
    "[\ufdd0-\ufdef]|["
    + "".join(chr(plane << 16 | 0xFFFE) + chr(plane << 16 | 0xFFFF) for plane in range(1, 17))
    + "]"
)
_HOST = re.compile(r"[a-z0-9.-]+(?::[0-9]+)?|\[[0-9a-f:.]+\](?::[0-9]+)?", re.IGNORECASE)

_NOTHING = Html()
_PROSE = WebWriter()
_OPENING = WebWriter(level=2)
_SPONSOR = WebWriter(rel="sponsored noopener")


@dataclass(frozen=True, kw_only=True, slots=True)
class WebPage(Page):
    """A page whose placeholders say their defaults, and what only the web has.

    `image` is the picture to show where the page is shared, or
    None. `unsubscribe_url` and `preferences_url` are "": they are a reader's own.
    """

    published: datetime
    image: Image | None
    locale: str
    policy: str = ""
    styles: Html = _NOTHING
    structured_data: Html = _NOTHING
    write: WebWriter = _PROSE
    write_opening: WebWriter = _OPENING
    write_sponsor: WebWriter = _SPONSOR


def render_web_page(
    issue: Issue,
    *,
    publication: Imprint,
    theme: Theme,
    templates: Sequence[Path],
    published: datetime,
    tag: str,
    pictures: Pictures = NO_PICTURES,
    merge_fields: Collection[str] = (),
) -> str:
    """The whole page; `published` is the moment the issue goes out, aware, in its own zone.

    `tag` is 32 hexadecimal digits that the issue's writer could not know.
    In `templates`, folders, the first that has a file wins. Raises RenderError for a template or
    an issue that cannot become a page.
    """
    page = make_page(
        issue, publication, theme, published.date(), tag=tag, merge_fields=merge_fields
    )
    page = with_pictures(page, pictures.on_the_site())
    web_page = make_web_page(page, published)
    sources = Templates(templates)
    styles = strip_controls(sources.fill(WEB_STYLES, web_page)).strip()
    web_page = replace(
        web_page, styles=Html(styles), policy=content_policy(styles, _addresses(web_page))
    )
    html = strip_controls(sources.fill(WEB_TEMPLATE, web_page))
    return html.strip("\n") + "\n"


def make_web_page(page: Page, published: datetime) -> WebPage:
    settled = _Settled(page)
    values = {field.name: settled.value(getattr(page, field.name)) for field in fields(Page)}
    values |= {"unsubscribe_url": "", "preferences_url": "", "placeholders": ()}
    web_page = WebPage(
        **values,
        published=published,
        image=None,
        locale=locale(page.publication.language),
    )
    image = next(pictures_of(web_page), None)
    article = news_article(
        web_page,
        published=published,
        anchors=web_page.anchors,
        images=[image.src] if image else [],
        logo=page.theme.logo,
    )
    return replace(web_page, image=image, structured_data=as_script(article))


@dataclass(frozen=True, slots=True)
class _Settled:
    """Says each placeholder's default, wherever in a page's records a text may hold one."""

    page: Page

    def value(self, value: Any) -> Any:
        match value:
            case str():
                return self._text(value)
            case tuple():
                return tuple(map(self.value, self._joined(value)))
            case Imprint() | Theme() | Words():
                return value
            case _ if is_dataclass(value) and not isinstance(value, type):
                names = (field.name for field in fields(value))
                return replace(value, **{name: self.value(getattr(value, name)) for name in names})
            case _:
                return value

    def _joined(self, items: tuple[Any, ...]) -> tuple[Any, ...]:
        """Of inline nodes, the text round a field with nothing to say as one, marked or not."""
        if not any(isinstance(one, Text) for one in items):
            return items
        silent = {one.mark for one in self.page.placeholders if not (one.default or "").strip()}
        found: list[Any] = []
        for one in items:
            if isinstance(one, Strong | Emphasis) and plain_inlines(one.children) in silent:
                one = Text(text=plain_inlines(one.children))
            if found and isinstance(one, Text) and isinstance(found[-1], Text):
                one = Text(text=found.pop().text + one.text)
            found.append(one)
        return tuple(found)

    def _text(self, text: str) -> str:
        for placeholder in self.page.placeholders:
            said = (placeholder.default or "").strip()
            text = text.replace(placeholder.mark, said) if said else without(placeholder.mark, text)
        return _NONCHARACTER.sub("", strip_controls(text))


def content_policy(styles: str, pictures: Iterable[str]) -> str:
    """What a browser may load: the page's own styles and pictures from where they are; no more.

    `data:` is for the empty icon that keeps a browser from asking for one; it leads nowhere.
    """
    digest = base64.b64encode(hashlib.sha256(styles.encode()).digest()).decode("ascii")
    origins = sorted({origin_of(address) for address in pictures})
    return "; ".join(
        [
            "default-src 'none'",
            f"img-src {' '.join(['data:', *origins])}",
            f"style-src 'sha256-{digest}'",
            "base-uri 'none'",
            "form-action 'none'",
        ]
    )


def origin_of(address: str) -> str:
    """As a source of the policy. A host that it could not spell leaves its scheme alone."""
    try:
        parts = urlsplit(address)
        host = parts.netloc.rpartition("@")[2].encode("idna").decode("ascii")
    except ValueError:  # UnicodeError is one: no such host, and no such picture
        return "https:"
    return f"{parts.scheme.lower()}://{host}" if _HOST.fullmatch(host) else "https:"


def _addresses(page: Page) -> Iterator[str]:
    yield from (image.src for image in pictures_of(page))
    if page.theme.logo:
        yield page.theme.logo


def pictures_of(page: Page) -> Iterator[Image]:
    """Every picture of the issue that the page shows, the publication's logo not among them."""
    for inline in walk_inlines(_nodes(page)):
        if isinstance(inline, Image) and is_web_src(inline.src):
            yield inline


def _nodes(page: Page) -> Iterator[Node]:
    yield from page.intro
    for story in page.stories:
        yield from story.body
    if page.sponsor:
        yield from page.sponsor.body
    yield from (*page.call, *page.after_footer)


def locale(language: str) -> str:
    """As Open Graph has it, "en_GB"; "" for a language without a territory, which it cannot say."""
    primary, *subtags = language.split("-")
    territory = next((tag for tag in subtags if len(tag) == 2 and tag.isalpha()), "")
    return f"{primary.lower()}_{territory.upper()}" if territory else ""
