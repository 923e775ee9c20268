"""Bytes of any charset, encoded words and HTML as plain text: never raising, in linear time.

What a part says of its charset is often wrong or missing, so it is believed only where the bytes
allow it (RFC 2045, 2047, 2231). Only charsets of real mail are known: some of Python's codecs cost
more than linear time.
"""

import binascii
import html
import re
from urllib.parse import unquote_to_bytes

_CHARSETS = re.compile(
    r"(?:unicode-1-1-)?utf-?(?:8|7|16(?:-?[lb]e)?)|(?:us-)?ascii|ansi_x3\.4-1968|iso-?8859-?1?\d(?:-[ei])?|latin-?1"
    r"|(?:windows|cp)-?(?:125\d|437|850|852|866|874|932|936|949|950)|koi8-?[rut]|gb(?:2312|k|18030)"
    r"|big5(?:-?hkscs)?|hz-gb-2312|(?:x-)?s(?:hift)?_?jis|iso-2022-(?:jp(?:-\d|-ext)?|kr)|euc-?(?:jp|kr)"
    r"|ks_c_5601-1987|tis-620|mac-?roman"
)
_WIDER = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "windows-936": "gb18030",
    "windows-932": "cp932",
    "windows-949": "cp949",
    "windows-950": "cp950",
    "windows-874": "cp874",
    "shift_jis": "cp932",
    "x-sjis": "cp932",
    "sjis": "cp932",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
    "iso-2022-jp": "iso2022_jp_ext",
    "iso-8859-8-i": "iso-8859-8",
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "hz-gb-2312": "hz",
}
"""Who writes the left one means the right one, which has all its characters and more."""

_WORD = re.compile(r"=\?([^?\s]{1,40})\?([bBqQ])\?([^?]{0,2000})\?=")
_BETWEEN = re.compile(r"(?<=\?=)\s+(?==\?)")
_TAG = re.compile(r"<([^<>]*)>")
_ADDRESS_IN_BRACKETS = re.compile(r"[^\s@<>\"'/]+@[^\s@<>\"'/]+")
_BREAKS = frozenset(
    {"br", "p", "div", "tr", "li", "h1", "h2", "h3", "h4", "pre", "table", "hr", "td"}
)
_SILENT = frozenset({"style", "script", "title"})


def decoded(content: bytes, charset: str) -> str:
    r"""Text of `content`, with no NUL in it and no line end but LF.

    >>> decoded(b"caf\xc3\xa9", "iso-8859-1"), decoded(b"caf\xe9", "no-such-charset")
    ('café', 'café')
    """
    text = _decoded(content, charset.strip().lower())
    return text.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n").lstrip("\ufeff")


def _decoded(content: bytes, charset: str) -> str:
    if content.isascii() and b"\x1b" not in content and not charset.startswith(("utf-16", "utf-7")):
        return content.decode("ascii")
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", "replace")
    if not charset.startswith("utf-16"):
        try:
            return content.decode("utf-8") if b"\x1b" not in content else _japanese(content)
        except UnicodeDecodeError:
            pass
    known = charset if _CHARSETS.fullmatch(charset) else "cp1252"
    if known.startswith("utf-16") and content.count(0) * 8 < len(content):
        known = "utf-8"
    try:
        return content.decode(_WIDER.get(known, known), "replace")
    except (LookupError, UnicodeError):
        return content.decode("latin-1")


def _japanese(content: bytes) -> str:
    """ISO-2022-JP says what it is by its escapes, whatever the part is said to be (RFC 1468)."""
    if b"\x1b$" in content or b"\x1b(" in content:
        return content.decode("iso2022_jp_ext", "replace")
    return content.decode("utf-8")


def words_decoded(value: str) -> str:
    """A field's value with its encoded-words (RFC 2047) read; what cannot be stays as it is.

    >>> words_decoded("=?utf-8?q?R=C3=BCck?= =?utf-8?b?bMOkdWZlcg==?=")
    'Rückläufer'
    """
    if "=?" not in value:
        return value
    return _WORD.sub(_word, _BETWEEN.sub("", value))


def _word(match: re.Match[str]) -> str:
    charset, encoding, text = match.groups()
    if encoding in "bB":
        content = from_base64(text.encode("latin-1", "ignore"))
    else:
        content = unquote_to_bytes(
            re.sub(r"=([0-9A-Fa-f]{2})", r"%\1", text.replace("%", "%25").replace("_", " "))
        )
    return decoded(content, charset.partition("*")[0]).replace("\n", " ")


def from_base64(content: bytes) -> bytes:
    """What can be read of it: foreign characters are left out, and what is cut off at its end."""
    kept = re.sub(rb"[^A-Za-z0-9+/]", b"", content)
    kept = kept[: len(kept) - (len(kept) % 4 == 1)]
    try:
        return binascii.a2b_base64(kept + b"=" * (-len(kept) % 4))
    except binascii.Error:
        return b""


def plain_text(markup: str) -> str:
    """HTML as lines of text; an address in angle brackets, which is no tag, is kept.

    >>> plain_text("<p>No such user<br>&lt;ada@example.org&gt;</p>").split()
    ['No', 'such', 'user', '<ada@example.org>']
    """
    kept: list[str] = []
    silent = ""
    for at, piece in enumerate(_TAG.split(markup)):
        if at % 2 == 0:
            if not silent:
                kept.append(piece)
        elif _ADDRESS_IN_BRACKETS.fullmatch(piece):
            kept.append(f"<{piece}>")
        else:
            silent = _after_tag(piece, silent, kept)
    return html.unescape("".join(kept)).replace("\xa0", " ")


def _after_tag(tag: str, silent: str, kept: list[str]) -> str:
    """The element whose text is left out from here on, "" where there is none."""
    name = tag.strip().split(maxsplit=1)[0].lower() if tag.strip() else ""
    if silent:
        return "" if name == f"/{silent}" else silent
    kept.append("\n" if name.strip("/") in _BREAKS else "")
    return name if name in _SILENT else ""
