"""The door of the render room: an issue in, a rendered issue out.

Jinja2, MJML, lxml and premailer are loaded by the first issue that is rendered.
"""

from newsletter.render.contrast import MEETINGS, Meeting, PoorContrast, poor_contrasts
from newsletter.render.imprint import Imprint
from newsletter.render.pipeline import render_issue
from newsletter.render.rendered import Rendered, specimen
from newsletter.render.shares import Shares, share_out
from newsletter.render.size import Sizes, measure
from newsletter.render.theme import DARK, MAX_LOGO_WIDTH, Palette, Theme
from newsletter.render.web_page import render_web_page
from newsletter.render.words import Words, date_in_words

__all__ = [
    "DARK",
    "MAX_LOGO_WIDTH",
    "MEETINGS",
    "Imprint",
    "Meeting",
    "Palette",
    "PoorContrast",
    "Rendered",
    "Shares",
    "Sizes",
    "Theme",
    "Words",
    "date_in_words",
    "measure",
    "poor_contrasts",
    "render_issue",
    "render_web_page",
    "share_out",
    "specimen",
]
