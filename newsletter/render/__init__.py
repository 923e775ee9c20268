"""The door of the render room: an issue in, a rendered issue out.

Jinja2, MJML, lxml and premailer are loaded by the first issue that is rendered.
"""

from newsletter.render.contrast import MEETINGS, Meeting, PoorContrast, poor_contrasts
from newsletter.render.imprint import Imprint
from newsletter.render.pictures import NO_PICTURES, Pictures, content_id
from newsletter.render.pipeline import render_issue
from newsletter.render.rendered import Rendered, beside_pictures, specimen
from newsletter.render.shares import Shares, share_out
from newsletter.render.size import Sizes, measure
from newsletter.render.theme import DARK, MAX_LOGO_WIDTH, Palette, Theme
from newsletter.render.web_page import render_web_page
from newsletter.render.words import Words, date_in_words

__all__ = [
    "DARK",
    "MAX_LOGO_WIDTH",
    "MEETINGS",
    "NO_PICTURES",
    "Imprint",
    "Meeting",
    "Palette",
    "Pictures",
    "PoorContrast",
    "Rendered",
    "Shares",
    "Sizes",
    "Theme",
    "Words",
    "beside_pictures",
    "content_id",
    "date_in_words",
    "measure",
    "poor_contrasts",
    "render_issue",
    "render_web_page",
    "share_out",
    "specimen",
]
