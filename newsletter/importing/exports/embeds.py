"""What was embedded in an issue, a video or a player, as a link to it: an issue holds no frames."""

import re
from html import escape, unescape
from urllib.parse import urlsplit

_FRAME = re.compile(r"<iframe\b([^<>]{0,4000})>(?:\s*</iframe\s*>)?", re.IGNORECASE)
_SOURCE = re.compile(r"""\bsrc\s*=\s*(?:"([^"]{1,2000})"|'([^']{1,2000})')""", re.IGNORECASE)
_YOUTUBE = re.compile(r"/embed/([\w-]{5,20})")
_VIMEO = re.compile(r"/video/(\d{3,15})")


def with_links(html: str) -> tuple[str, int]:
    """The HTML with a paragraph for each frame that has a page of its own, and how many there are.

    >>> with_links('<iframe src="https://player.vimeo.com/video/123?h=1"></iframe>')
    ('<p><a href="https://vimeo.com/123">https://vimeo.com/123</a></p>', 1)
    """
    count = 0

    def link(frame: re.Match[str]) -> str:
        nonlocal count
        source = _SOURCE.search(frame[1])
        address = _page_of(unescape(source[1] or source[2])) if source else ""
        if not address:
            return frame[0]
        count += 1
        shown = escape(address)
        return f'<p><a href="{shown}">{shown}</a></p>'

    return _FRAME.sub(link, html), count


def _page_of(source: str) -> str:
    """Where people watch what a player plays; the player itself where that is not known."""
    source = f"https:{source}" if source.startswith("//") else source
    try:
        parts = urlsplit(source)
        host = parts.hostname or ""
    except ValueError:
        return ""
    if parts.scheme not in {"http", "https"} or not host:
        return ""
    name = host.removeprefix("www.").removeprefix("player.")
    if name in {"youtube.com", "youtube-nocookie.com"} and (video := _YOUTUBE.match(parts.path)):
        return f"https://www.youtube.com/watch?v={video[1]}"
    if name == "vimeo.com" and (video := _VIMEO.match(parts.path)):
        return f"https://vimeo.com/{video[1]}"
    return source
