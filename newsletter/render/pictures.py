"""Pictures that were made ready, put into a page: each image knows where it is shown from, and how
large it is.

An e-mail shows them from the publication's site, or brings them along (RFC 2392); a page of the
archive is on the site itself. Files are read, and octets made, elsewhere. Pure.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from typing import Any

from newsletter.issue import Image
from newsletter.pictures import FOLDER, Picture
from newsletter.render.html import PlacedImage
from newsletter.render.imprint import Imprint
from newsletter.render.page import Page
from newsletter.render.theme import Theme
from newsletter.render.words import Words


@dataclass(frozen=True, kw_only=True, slots=True)
class Pictures:
    """Those of one issue, by what its text calls them, and the publication's logo.

    `inline_at` is the domain of their content ids where a message brings them along, "" where it
    does not.
    """

    by_source: Mapping[str, Picture] = field(default_factory=dict)
    logo: Picture | None = None
    inline_at: str = ""

    @property
    def all(self) -> tuple[Picture, ...]:
        """Each once, the logo first."""
        logo = (self.logo,) if self.logo else ()
        by_name = {picture.name: picture for picture in (*logo, *self.by_source.values())}
        return tuple(by_name.values())

    def on_the_site(self) -> "Pictures":
        return replace(self, inline_at="")

    def address(self, picture: Picture, base_url: str) -> str:
        if self.inline_at:
            return f"cid:{content_id(picture, self.inline_at)}"
        return f"{base_url}/{FOLDER}/{picture.name}"


NO_PICTURES = Pictures()


def content_id(picture: Picture, domain: str) -> str:
    """RFC 2045, 7: unique in the world, as the picture's name is, and equal for equal octets."""
    return f"{picture.stem}@{domain}"


def with_pictures(page: Page, pictures: Pictures) -> Page:
    """The page with each image that is a file in its place; all others stay as they are."""
    if not pictures.all:
        return page
    placing = _Placing(pictures, page.publication.base_url)
    values = {each.name: placing.value(getattr(page, each.name)) for each in fields(page)}
    return replace(page, **(values | placing.logo(page.theme)))


@dataclass(frozen=True, slots=True)
class _Placing:
    pictures: Pictures
    base_url: str

    def logo(self, theme: Theme) -> dict[str, Any]:
        logo = self.pictures.logo
        if logo is None:
            return {}
        address = self.pictures.address(logo, self.base_url)
        return {
            "theme": replace(theme, logo=address),
            "logo_height": logo.height_at(theme.logo_width),
        }

    def value(self, value: Any) -> Any:
        """Of a page's records, those that hold an image are made anew."""
        match value:
            case Image(src=src) if picture := self.pictures.by_source.get(src):
                return self._placed(value, picture)
            case tuple():
                return tuple(map(self.value, value))
            case Imprint() | Theme() | Words():
                return value
            case _ if is_dataclass(value) and not isinstance(value, type):
                names = (each.name for each in fields(value))
                return replace(value, **{name: self.value(getattr(value, name)) for name in names})
            case _:
                return value

    def _placed(self, image: Image, picture: Picture) -> PlacedImage:
        return PlacedImage(
            src=self.pictures.address(picture, self.base_url),
            alt=image.alt,
            caption=image.caption,
            span=image.span,
            width=picture.width,
            height=picture.height,
        )
