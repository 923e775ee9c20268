"""A page's bytes to its characters, as browsers do it. The only file that knows webencodings.

A page names its encoding by a label of the web's own list (WHATWG Encoding Standard, section 4.2):
"iso-8859-1" there means windows-1252. What is not on the list is no encoding, whatever Python has
under that name; some of Python's take quadratic time.
"""

import codecs
import re

import webencodings

_META = re.compile(rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([\w:.-]{1,40})", re.IGNORECASE)
_XML = re.compile(rb"<\?xml[^>]{0,200}?\sencoding\s*=\s*[\"']([\w:.-]{1,40})", re.IGNORECASE)
_HEAD = 4096
"""Bytes in which a page says it; browsers look at 1,024, and some editors write more before it."""

_WINDOWS = webencodings.Encoding("windows-1252", codecs.lookup("cp1252"))
_OTHERS = {
    "utf-16le": webencodings.UTF8,
    "utf-16be": webencodings.UTF8,
    "x-user-defined": _WINDOWS,
    "replacement": None,  # a browser shows nothing at all, to be safe from scripts; we run none
}
"""What a page cannot be in where it was found to say so (HTML Standard, section 13.2.3.2)."""

_C1 = {
    code: bytes((code,)).decode("cp1252", "ignore") or None  # five of them mean nothing
    for code in range(0x80, 0xA0)
}
"""&#147; means what windows-1252 has there (HTML Standard, section 13.2.5.80)."""

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")


def decode_page(data: bytes, *, charset: str = "") -> str:
    """The text of a page, without control characters.

    By the byte-order mark, else by what its server says (`charset`), else by what the page says,
    else UTF-8 or what Windows writes.
    """
    return _CONTROL.sub("", _decoded(data, webencodings.lookup(charset) if charset else None))


def without_c1(text: str) -> str:
    r"""The text with what windows-1252 means by the codes 128 to 159, which nobody types.

    >>> without_c1("\x93Sensors\x94 cost \x805")
    '“Sensors” cost €5'
    """
    return text if text.isascii() else text.translate(_C1)


def _decoded(data: bytes, served: webencodings.Encoding | None) -> str:
    encoding = served or _said(data)
    if encoding is None:
        try:
            return data.decode("utf-8-sig")
        except UnicodeDecodeError:
            encoding = _WINDOWS
    text, _ = webencodings.decode(data, encoding, errors="replace")
    return text


def _said(data: bytes) -> webencodings.Encoding | None:
    """What a byte-order mark or the page says. No page that can be searched is in UTF-16."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
        return webencodings.UTF8  # `decode` heeds the mark, whatever it is given
    for pattern in (_META, _XML):
        if label := pattern.search(data[:_HEAD]):
            encoding = webencodings.lookup(label[1].decode("ascii"))
            if encoding is not None and encoding.name != "utf-8":
                return _OTHERS.get(encoding.name, encoding)
    return None
