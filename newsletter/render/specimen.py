"""A rendered issue for a person to look at: each placeholder shows its default, or a specimen."""

import html

from newsletter.render.rendered import Rendered


def specimen(rendered: Rendered) -> tuple[str, str]:
    """The HTML and the text. Links of a reader's own lead nowhere; they say `specimen`."""
    as_html, as_text = rendered.html, rendered.text
    for placeholder in rendered.placeholders:
        value = placeholder.default if placeholder.default is not None else "specimen"
        as_html = as_html.replace(placeholder.mark, html.escape(value))
        as_text = as_text.replace(placeholder.mark, value)
    return as_html, as_text
