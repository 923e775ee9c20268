"""A rendered issue: subject, preheader, HTML and text, the same for every reader.

What differs from reader to reader goes where its placeholders are, which `newsletter.message`
fills. The digest is what a person approves and what the journal refers to.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from html import escape

from newsletter.issue import Placeholder, without
from newsletter.pictures import FOLDER, Picture


@dataclass(frozen=True, kw_only=True, slots=True)
class Rendered:
    """What `render_issue` makes. Each placeholder is in `html`, in `text` or in both.

    `pictures` are the files that the HTML shows, each once.
    """

    subject: str
    preheader: str
    html: str
    text: str
    placeholders: tuple[Placeholder, ...]
    pictures: tuple[Picture, ...] = ()

    @property
    def digest(self) -> str:
        """SHA-256, in hex, over all fields; each goes in with its length, so none can pass
        for part of its neighbour.
        """
        digest = sha256(b"newsletter rendered issue 1\n")
        for value in self._values():
            if value is None:
                digest.update(b"none\n")
            else:
                data = value.encode()
                digest.update(b"%d:%b\n" % (len(data), data))
        return digest.hexdigest()

    def _values(self) -> Iterator[str | None]:
        yield from (self.subject, self.preheader, self.html, self.text, str(len(self.placeholders)))
        for placeholder in self.placeholders:
            yield from (placeholder.mark, placeholder.field, placeholder.default)
        for picture in self.pictures:
            yield from (picture.name, picture.media_type, sha256(picture.octets).hexdigest())


def specimen(rendered: Rendered) -> tuple[str, str]:
    """The HTML and the text for a person to look at: each placeholder shows its default.

    Links of a reader's own lead nowhere; they say `specimen`.
    """
    as_html, as_text = rendered.html, rendered.text
    for placeholder in rendered.placeholders:
        value = placeholder.default if placeholder.default is not None else "specimen"
        if not value.strip():
            as_html = without(placeholder.mark, as_html)
            as_text = without(placeholder.mark, as_text)
        as_html = as_html.replace(placeholder.mark, escape(value))
        as_text = as_text.replace(placeholder.mark, value)
    return as_html, as_text


def beside_pictures(html: str, rendered: Rendered) -> str:
    """HTML for a person to look at, with its pictures in the folder `images/` beside it."""
    for picture in rendered.pictures:
        address = rf"[^\s\"'<>]*{picture.stem}[^\s\"'<>]*"
        html = re.sub(address, f"{FOLDER}/{picture.name}", html)
    return html
