"""Addresses that work in an e-mail: whole, and of a scheme that mail programs open."""

import re
from urllib.parse import quote, urljoin, urlsplit

_SCHEMES = frozenset({"http", "https", "mailto"})
_LINE_ENDS = re.compile(r"[\t\r\n]+")
_UNSAFE = {ord(character): quote(character) for character in ' ()<>"\\^`{|}'}
"""Brackets, quotation marks and spaces would end a Markdown link early."""


def web_address(href: str, page: str | None) -> str | None:
    """The whole address of a link on a page, or None where it has none for an e-mail.

    >>> web_address("../b?x=1", "https://www.example.com/a/c/")
    'https://www.example.com/a/b?x=1'
    >>> web_address("javascript:void(0)", "https://www.example.com/")
    """
    try:
        whole = urljoin(page or "", _LINE_ENDS.sub("", href.strip()))
        parts = urlsplit(whole)
    except ValueError:
        return None
    if parts.scheme not in _SCHEMES or not (parts.netloc or parts.scheme == "mailto"):
        return None
    return whole.translate(_UNSAFE)
