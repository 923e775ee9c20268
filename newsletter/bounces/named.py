"""Whom the words of a mail system name, and what they say of each: by patterns all forms share.

`forms.toml` has the patterns, from the plainest to those that are only likely. Addresses of ours
and of mail systems are named everywhere, so they count where nobody else is named. RFC 3464 is
`dsn`'s; which form a message has is `forms`'s.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from newsletter.bounces.charsets import words_decoded
from newsletter.bounces.kinds import codes_in, sure_kind
from newsletter.bounces.naming import addresses_in, distinct, first_named, recipient_named, tidied
from newsletter.bounces.nearby import (
    coded_lines,
    indented_from,
    paragraph_from,
    paragraph_with,
    paragraphs_after,
)
from newsletter.bounces.outline import Outline

_ADDRESS = re.compile(r"[^\s<>,;\"]{1,320}@[^\s<>,;\"]{1,255}")
_FOR = re.compile(r"\bfor\s+<([^\s<>]{3,320})>")
_OF_SYSTEMS = re.compile(
    r"^(?:post_?master|mailer-?daemon|mail(?:er)?|daemon|abuse|support|help(?:desk)?|no-?reply|root"
    r"|admin|administrator|hostmaster|microsoftexchange[0-9a-f]*|info-?center)@",
    re.IGNORECASE,
)
_FOR_HELP = re.compile(
    r"(?:contact|questions?|assist\w*|support|help|write to|e-?mail (?:us )?at|reach us)\b"
    r"[^.@]{0,60}$",
    re.IGNORECASE,
)
"""Before the address of those who can be asked."""
_CODED_START = re.compile(r"[ \t>]{0,8}([45]\d\d(?:[ -][45]\.\d{1,3}\.\d{1,3})?) <")
_SURE_PATTERNS = 3
"""Of the patterns in the table those that find addresses of ours only where these are meant."""


@dataclass(frozen=True, slots=True)
class Named:
    """An address with the words on its line, and where in the text these begin and end."""

    address: str
    words: str
    start: int
    end: int


def named_in(
    outline: Outline, words: str, own_pattern: re.Pattern[str] | None, domain: str = ""
) -> list[Named]:
    """Whom the words name, in their order: by a form's own pattern, else by the first fruitful.

    A form's own pattern may find mailboxes of its `domain` without it.
    """
    if own_pattern is not None and (found := once_each(matches(own_pattern, words, domain))):
        return found
    failed = [
        recipient_named(each)
        for value in outline.top.every("x-failed-recipients")
        for each in re.split(r"[,\s]+", value[:8000])
    ]
    if any(failed):
        return [_located(address, words) for address in distinct(failed)]
    return _in_common(outline, words) or _in_subject(outline)


def named_by_the_copy(outline: Outline) -> str:
    """Whom the copy went to, "" where it does not say: a guess, for it may have had several."""
    for names in (("x-rcpt-to", "envelope-to", "x-original-to", "delivered-to"), ("to",)):
        for copy in outline.copies:
            named = first_named(words_decoded(value) for name, value in copy if name in names)
            if named:
                return named
    for copy in outline.copies:
        for name, value in copy:
            if name == "received" and (match := _FOR.search(value)):
                return tidied(match[1])
    return ""


def said_of(named: Named, words: str, *, before: int, until: int) -> str:
    """What is said of one: the first of the passages near it that tells a code or a kind.

    `before` is where the one named before it ends, `until` where the next one begins; 0 and the end
    of the words for one alone, of whom any passage may tell, one with a code first.
    """
    line = f"{named.words} {indented_from(words, named.end, until)}".strip()
    after = f"{named.words} {paragraph_from(words, named.end, until)}".strip()
    passages = [line, after]
    if before == 0 and until == len(words):
        passages += [
            *paragraphs_after(words, named.end),
            paragraph_with(words, named.start),
            coded_lines(words),
        ]
        passages = [each for each in passages if codes_in(each) != (None, "")] + passages
    elif "<<<" in words[before : named.start]:
        passages.append(f"{words[before : named.start][-400:]} {named.words}".strip())
    for passage in passages:
        if passage and (codes_in(passage) != (None, "") or sure_kind(passage) is not None):
            return passage
    return next((each for each in (words[:1500].strip(), *passages) if each), "")


def _in_common(outline: Outline, words: str) -> list[Named]:
    own = {tidied(value) for value in _own(outline)}
    meant = {tidied(value) for copy in outline.copies[:1] for name, value in copy if name == "to"}
    spare: list[Named] = []
    for at, pattern in enumerate(_common()):
        found = once_each(matches(pattern, words))
        others = [
            each
            for each in found
            if each.address in meant or not (_is_ours(each, own) or _is_for_help(each, words))
        ]
        if others:
            return others
        if at < _SURE_PATTERNS:
            spare = spare or [each for each in found if not _OF_SYSTEMS.match(each.address)]
    return spare


def _in_subject(outline: Outline) -> list[Named]:
    own = {tidied(value) for value in _own(outline)}
    subject = words_decoded(outline.top.field("subject"))[:2000]
    found = [Named(each, "", 0, 0) for each in addresses_in(subject)]
    return [each for each in found if not _is_ours(each, own)][:1]


def _is_ours(named: Named, own: set[str]) -> bool:
    return named.address in own or _OF_SYSTEMS.match(named.address) is not None


def _is_for_help(named: Named, words: str) -> bool:
    return _FOR_HELP.search(words[max(0, named.start - 120) : named.start]) is not None


def _own(outline: Outline) -> Iterator[str]:
    for value in outline.top.every("to", "delivered-to", "from", "reply-to", "message-id"):
        yield from _ADDRESS.findall(words_decoded(value))
    for copy in outline.copies[:1]:
        for name, value in copy:
            if name in ("from", "return-path", "sender", "reply-to", "message-id"):
                yield from _ADDRESS.findall(value)


def _located(address: str, words: str) -> Named:
    at = words.lower().find(address.lower())
    return Named(address, "", max(at, 0), at + len(address) if at >= 0 else 0)


def matches(pattern: re.Pattern[str], words: str, domain: str = "") -> Iterator[Named]:
    for match in pattern.finditer(words):
        groups: Mapping[str, str | None] = match.groupdict()
        said = match["address"]
        address = tidied(said if "@" in said or not domain else f"{said}@{domain}")
        if address:
            reason = (groups.get("reason") or "").strip()
            coded = _CODED_START.match(words, words.rfind("\n", 0, match.start("address")) + 1)
            said = f"{coded[1]} <{address}>{reason}" if coded and reason else reason
            yield Named(address, said, match.start("address"), match.end())


def once_each(found: Iterator[Named]) -> list[Named]:
    """The first of those with one address, or the one with words on its line."""
    first: dict[str, Named] = {}
    for each in found:
        key = each.address.lower()
        if key not in first or (each.words and not first[key].words):
            first[key] = each
    return list(first.values())


@lru_cache(maxsize=1)
def forms_table() -> Mapping[str, Any]:
    """`forms.toml` as it is."""
    data: Mapping[str, Any] = tomllib.loads(
        Path(__file__).with_name("forms.toml").read_text("utf-8")
    )
    return data


@lru_cache(maxsize=1)
def _common() -> Sequence[re.Pattern[str]]:
    return [pattern_of(each) for each in forms_table()["naming"]]


def pattern_of(text: str) -> re.Pattern[str]:
    """A pattern over lines; names in braces stand for the table's parts of patterns."""
    for name, part in forms_table()["fragments"].items():
        text = text.replace(f"{{{name}}}", part)
    return re.compile(text, re.MULTILINE | re.IGNORECASE)
