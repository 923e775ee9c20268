"""The door of the render room: an issue in, a rendered issue out.

Cheap to open: Jinja2, MJML, lxml and premailer are loaded by the first issue that is rendered, and
each module of the room by the first who asks for what is in it.
"""

from typing import TYPE_CHECKING

from newsletter.doors import later
from newsletter.render.specimen import specimen

if TYPE_CHECKING:
    from newsletter.render.pipeline import render_issue
    from newsletter.render.publication import Publication
    from newsletter.render.rendered import Rendered
    from newsletter.render.shares import Shares, share_out
    from newsletter.render.size import Sizes, measure
    from newsletter.render.theme import DARK, MAX_LOGO_WIDTH, Palette, Theme
    from newsletter.render.web_page import render_web_page
    from newsletter.render.words import Words, date_in_words

__all__ = [
    "DARK",
    "MAX_LOGO_WIDTH",
    "Palette",
    "Publication",
    "Rendered",
    "Shares",
    "Sizes",
    "Theme",
    "Words",
    "date_in_words",
    "measure",
    "render_issue",
    "render_web_page",
    "share_out",
    "specimen",
]

__getattr__ = later(
    __name__,
    {
        "DARK": "theme",
        "MAX_LOGO_WIDTH": "theme",
        "Palette": "theme",
        "Publication": "publication",
        "Rendered": "rendered",
        "Shares": "shares",
        "Sizes": "size",
        "Theme": "theme",
        "Words": "words",
        "date_in_words": "words",
        "measure": "size",
        "render_issue": "pipeline",
        "render_web_page": "web_page",
        "share_out": "shares",
    },
)
