"""Which addresses of images name a file of the publication, and which file that is. Pure.

A source is `images/` and the names of folders and a file below it, as in a URL: `%20` is a space.
Whatever could lead out of that folder, or be read in two ways, is no source, whether there is such
a file or not. What is there is left to whoever opens it.
"""

import re
from urllib.parse import unquote_to_bytes

FOLDER = "images"
"""Where a publication keeps its pictures, beside newsletter.toml."""

_MAX_LENGTH = 240
_ODD = re.compile(r'[\x00-\x1f\x7f-\x9f\\:?#%*"<>|\u2028\u2029\ud800-\udfff]')
"""What no name may hold once it is decoded: controls, what another system takes for a separator,
and a percent sign, which would make it two names in one."""


def is_source(src: str) -> bool:
    """Whether an image's address names a file in the publication's folder of pictures."""
    return parse_source(src) is not None


def parse_source(src: str) -> tuple[str, ...] | None:
    """The names from the publication's folder downwards, or None for what is no source.

    >>> parse_source("images/2021/tram%201.jpg")
    ('images', '2021', 'tram 1.jpg')
    >>> parse_source("images/../newsletter.db"), parse_source("images/..%2fnewsletter.db")
    (None, None)
    """
    try:
        path = unquote_to_bytes(src).decode("utf-8")
    except UnicodeError:
        return None
    parts = tuple(path.split("/"))
    is_plain = len(parts) > 1 and parts[0] == FOLDER and len(path) <= _MAX_LENGTH
    if not is_plain or path.count("/") != src.count("/") or _ODD.search(path):
        return None
    if any(part.strip() in {"", ".", ".."} for part in parts):
        return None
    return parts
