"""The colours, fonts and logo of a publication, with ours as the default; no shape and no words.

Every pair that meets in our templates has a contrast of 4.5 or more (WCAG 2.2, 1.4.3), in the
light and in the dark; a test measures them.
"""

import re
from dataclasses import dataclass, field, fields

from newsletter.errors import RenderError
from newsletter.pictures import FOLDER, is_source

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_FONTS = re.compile(r"[A-Za-z0-9 ,'-]+")
_LOGO = re.compile(r"https://[^\s/<>\"]+/[^\s<>\"]+|cid:[0-9a-f]{32}@[A-Za-z0-9.-]+")
"""On the web, or in the message itself, where somebody has put it there."""

MAX_LOGO_WIDTH = 320
"""Pixels: what the narrowest phone shows; the file may have twice as many."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Palette:
    """Colours as `#rrggbb`: some mail programs know no shorter form."""

    page: str = "#efece4"
    """Round the card."""
    card: str = "#ffffff"
    panel: str = "#f6f3ec"
    """Behind "In this issue" and behind code."""
    masthead: str = "#123b38"
    """Behind the name, and behind the call to sign up."""
    strip: str = "#0c2e2b"
    """Behind the date line."""
    on_masthead: str = "#ffffff"
    on_masthead_soft: str = "#c9dcd8"
    kicker: str = "#f2b27a"
    """Small capitals on the masthead."""
    ink: str = "#14211f"
    """Title and headlines."""
    text: str = "#33423f"
    muted: str = "#5c6764"
    rule: str = "#e2ddd1"
    sponsor: str = "#e7efed"
    """Behind what a sponsor paid for, and behind nothing else."""
    accent: str = "#c2410c"
    """Badges, buttons, bars: a surface."""
    on_accent: str = "#ffffff"
    accent_text: str = "#ad3a0a"
    """Links: words."""

    def __post_init__(self) -> None:
        for one in fields(self):
            colour = getattr(self, one.name)
            if not _COLOUR.fullmatch(colour):
                raise RenderError(
                    f"{colour!r} is not a colour",
                    where=f"theme colour {one.name}",
                    next_step="write it as six hexadecimal digits, #0c2e2b",
                )


DARK = Palette(
    page="#0c1211",
    card="#161f1d",
    panel="#1e2a27",
    masthead="#17403c",
    strip="#10302d",
    on_masthead="#ffffff",
    on_masthead_soft="#c9dcd8",
    kicker="#f2b27a",
    ink="#f3f6f4",
    text="#cbd5d1",
    muted="#9dada8",
    rule="#2d3a37",
    sponsor="#1b312d",
    accent="#c2410c",
    on_accent="#ffffff",
    accent_text="#ffa477",
)
"""Our dark palette. Only mail programs that say they are dark ever show it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Theme:
    """Two palettes, two font stacks, and a logo where there is one.

    The first font should be one that Word knows: Outlook reads no further. A name needs (single)
    quotes only where one of its words begins with a digit. `logo` is an https address, a file in
    the publication's folder of pictures, or "" for its name in live text; `logo_alt`, "" for that
    name, stands where images are blocked; `logo_width` is in pixels. Raises RenderError for what
    would break out of its place.
    """

    light: Palette = field(default_factory=Palette)
    dark: Palette = DARK
    serif: str = "Georgia, Times New Roman, serif"
    sans: str = "Segoe UI, Roboto, Helvetica, Arial, sans-serif"
    logo: str = ""
    logo_alt: str = ""
    logo_width: int = 200

    def __post_init__(self) -> None:
        for name in ("serif", "sans"):
            fonts = getattr(self, name)
            if not _FONTS.fullmatch(fonts) or fonts.count("'") % 2:
                raise RenderError(
                    f"{fonts!r} is not a list of fonts",
                    where=f"theme {name}",
                    next_step="write it as Georgia, Times New Roman, serif",
                )
        if self.logo and not (_LOGO.fullmatch(self.logo) or is_source(self.logo)):
            raise RenderError(
                f"{self.logo!r} is not the https address of an image, nor a file in {FOLDER}/",
                where="theme logo",
                next_step=f"write it as https://news.example.com/logo.png or {FOLDER}/logo.png",
            )
        if not 1 <= self.logo_width <= MAX_LOGO_WIDTH:
            raise RenderError(
                f"{self.logo_width} pixels is not a width for a logo",
                where="theme logo_width",
                next_step=f"write a whole number from 1 to {MAX_LOGO_WIDTH}",
            )
