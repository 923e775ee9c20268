"""Which image format an address is of, by its ending or, of a data: URL, by its media type."""

import re
from collections.abc import Iterator

_DATA = re.compile(r"data:image/([a-z0-9.+-]+)[^,]*?(;base64)?,", re.IGNORECASE)
_ENDING = re.compile(r"\.([a-z0-9]{2,5})(?:[?#]|\Z)", re.IGNORECASE)


def image_kinds(address: str) -> Iterator[str]:
    """The marks `image:webp` and `image:base64`; none for an address that does not tell.

    An animated PNG or WebP looks like any other from outside.
    """
    found = _DATA.match(address)
    if found:
        yield f"image:{found[1].lower().removesuffix('+xml')}"
        if found[2]:
            yield "image:base64"
        return
    path = re.split(r"[?#]", address, maxsplit=1)[0]
    ending = _ENDING.search(path, path.rfind("/") + 1)
    if ending:
        yield f"image:{path.rsplit('.', 1)[1].lower()}"
