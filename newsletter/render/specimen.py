"""A rendered issue as a person may look at it: every slot shows its default, or a specimen."""

import html

from newsletter.render.rendered import Rendered


def specimen(rendered: Rendered) -> tuple[str, str]:
    """The HTML and the text. Links of a reader's own lead nowhere; they say `specimen`."""
    as_html, as_text = rendered.html, rendered.text
    for slot in rendered.slots:
        value = slot.default if slot.default is not None else "specimen"
        as_html = as_html.replace(slot.placeholder, html.escape(value))
        as_text = as_text.replace(slot.placeholder, value)
    return as_html, as_text
