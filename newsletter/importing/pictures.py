"""Which pictures are there to be looked at: not the ones that only count who opens a page."""

import re

from newsletter.importing.tags import Tag

_LENGTH = re.compile(r"\s*(\d{1,6}(?:\.\d{1,6})?)\s*(?:px|pt)?\s*", re.IGNORECASE)
_COUNTER = re.compile(
    r"/track/open|/open\.(?:gif|php|aspx)|/wf/open|/e2?o/|/trk\?|/pixel[./?]|[./]pixel\.|/beacon[./?]"
    r"|/o\.gif|/collect\?|facebook\.com/tr\?|/spacer\.gif|/1x1\.|/blank\.gif|/clear\.gif",
    re.IGNORECASE,
)
"""How the addresses of counters and spacers look, where nothing says how large they are."""


def is_pixel(tag: Tag) -> bool:
    """Whether a picture is a point or a line, by its size, or by its address if it has no words.

    >>> is_pixel(Tag("img", {"src": "https://t.example.com/o?id=9", "width": "1"}, ()))
    True
    """
    sizes = [
        float(match[1])
        for name in ("width", "height")
        for given in (tag.get(name), tag.style(name), tag.style(f"max-{name}"))
        if (match := _LENGTH.fullmatch(given))
    ]
    if sizes:
        return min(sizes) <= 2
    has_words = tag.get("alt").strip() or tag.get("title").strip()
    return not has_words and _COUNTER.search(tag.get("src")) is not None
