"""The door of the render room: an issue in, a rendered issue out.

Cheap to open: Jinja2, MJML, lxml and premailer are loaded by the first issue that is rendered.
"""

from newsletter.render.page import date_in_words
from newsletter.render.pipeline import render_issue
from newsletter.render.publication import Publication
from newsletter.render.rendered import Rendered
from newsletter.render.size import Sizes, measure, story_sizes
from newsletter.render.specimen import specimen
from newsletter.render.theme import DARK, Palette, Theme

__all__ = [
    "DARK",
    "Palette",
    "Publication",
    "Rendered",
    "Sizes",
    "Theme",
    "date_in_words",
    "measure",
    "render_issue",
    "specimen",
    "story_sizes",
]
