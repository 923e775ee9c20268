"""Addresses as strangers write them: found in fields and in words, with the domain in lower case.

Nothing is refused for being no address by the book: `addresses` is for what we are going to mail,
and this is for what somebody says. Who it is of ours is settled by the keys, never by this.
"""

import re
from collections.abc import Iterable, Sequence

_LOCAL = r"[^\s@<>()\[\]\\,;:\"'`|]{1,128}"
_DOMAIN = r"(?:[\w](?:[\w-]{0,62})\.){1,8}[\w-]{2,63}"
_ADDRESS = re.compile(
    rf"(?<![^\s@<>()\[\]\\,;:\"'`|])((?:\"(?:[^\"\\\n]|\\.){{1,64}}\"|{_LOCAL})@{_DOMAIN})"
)
_LOOSE = re.compile(r"(\"(?:[^\"\\\n]|\\.){1,64}\"|[^\s@<>]{1,128})@([\w.-]{1,253}|\[[\d.]+\])")
_GLUED = re.compile(r"^([A-Za-z0-9.-]{1,200}\.[A-Za-z]{2,24})[^\x00-\x7f].*$")
"""Words in Chinese or Japanese go on behind an address without a space."""
_GLUED_BEFORE = re.compile(r"^.*[\u3000-\u30ff\u4e00-\u9fff\uff00-\uffef](?=[!-~]+$)")
_OLD_ROUTE = re.compile(r"^@[\w.,@-]{1,200}:")
_TYPED = re.compile(r"^\s*([A-Za-z0-9/-]{1,20})\s*;\s*")
_ESCAPED = re.compile(r"\\x\{([0-9A-Fa-f]{1,6})\}")
_XTEXT = re.compile(r"\+([0-9A-F]{2})")


def addresses_in(text: str) -> list[str]:
    """Every address in a text, in its order and once each."""
    found = [tidied(match) for match in _ADDRESS.findall(text)]
    return list(dict.fromkeys(each for each in found if each))


def tidied(text: str) -> str:
    """An address without what stands around it, "" where there is none.

    >>> tidied("<Ada.Lovelace@Example.ORG>"), tidied("nobody")
    ('Ada.Lovelace@example.org', '')
    """
    text = text.strip().removeprefix("mailto:").strip(" \t<>'`()[]{};,.:")
    text = text if '"@' in text else text.strip('"')
    match = _LOOSE.search(_OLD_ROUTE.sub("", text))
    if match is None:
        return ""
    local_part = _GLUED_BEFORE.sub("", match[1])
    local_part = local_part if local_part.startswith('"') else local_part.lstrip("\"'(<:;,*|")
    domain = _GLUED.sub(r"\1", match[2]).strip(".-").lower()
    return f"{local_part}@{domain}" if local_part and domain else ""


def recipient_named(value: str) -> str:
    """The address in a field such as Final-Recipient (RFC 3464, 2.3.2; RFC 6533, 3), or "".

    >>> recipient_named("rfc822; Ada@EXAMPLE.org"), recipient_named("rfc822;ada+2Bnews@example.org")
    ('Ada@example.org', 'ada+news@example.org')
    """
    typed = _TYPED.match(value)
    kind, rest = (typed[1].lower(), value[typed.end() :]) if typed else ("", value)
    if kind == "utf-8":
        rest = _ESCAPED.sub(lambda match: _character(int(match[1], 16)), rest)
    if kind == "rfc822" and "+2B" in rest:
        rest = _XTEXT.sub(lambda match: chr(int(match[1], 16)), rest)
    rest = rest.strip()
    bracketed = re.search(r"<([^<>]{1,400})>", rest)
    return (tidied(bracketed[1]) if bracketed else "") or tidied(rest)


def _character(number: int) -> str:
    return chr(number) if 32 <= number < 0x110000 and not 0xD800 <= number < 0xE000 else ""


def first_named(values: Iterable[str]) -> str:
    """The first address of them all, "" where nobody is named."""
    return next((each for value in values if (each := recipient_named(value))), "")


def distinct(values: Iterable[str]) -> Sequence[str]:
    """In the order they come, once each, without what is empty."""
    return tuple(dict.fromkeys(value for value in values if value))
