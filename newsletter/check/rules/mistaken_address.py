"""An address can be well formed and still not the one that was meant: pasted twice, or too far."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from newsletter.check.diagnostic import Edit, Finding, Fix, Severity
from newsletter.check.issue_links import links_of
from newsletter.check.rule import Context, Rule
from newsletter.check.web_address import is_web_address, place_of_address
from newsletter.issue import Issue, Source, Span

_TWICE = re.compile(r"\Ahttps?://(?=https?(?::/{0,2}|//|%3a%2f%2f)[^\s/:?#])", re.IGNORECASE)
_TAIL = re.compile(
    r"(?:[\"'“”„‘’«»‹›`<>\]}|,;\u00a0\u200b\ufeff]|%(?:20|22|27|3c|3e|5d|60|7c|7d|2c|c2%(?:a0|ab|bb)|0[9ad])"
    r"|%e2%80%(?:8b|9[89abcde]|b9|ba)|%ef%bb%bf)+\Z",
    re.IGNORECASE,
)
_SECOND = re.compile(r"\A(https?)(?::/{0,2}|//|%3a%2f%2f)", re.IGNORECASE)
_HEAD = re.compile(
    r"\A(https?://)(?:[\"'“”„‘’«»<(\u00a0\u200b\ufeff]|%20|%22|%3c|%e2%80%(?:98|99|9c|9d|9e|8b)|%c2%(?:a0|ab))+",
    re.IGNORECASE,
)
_PLAIN = re.compile(
    r"https?://(?![^/]*(?:xn--|\.local))(?:[a-z0-9][a-z0-9-]*\.)+[a-z]{2,}"
    r"(?:[/?#](?:/?[\w.?=&#+~-])*/?)?\Z",
    re.IGNORECASE | re.ASCII,
)
"""Nearly every address: no sign in it that could be a slip."""
_HERE = re.compile(
    r"(?:.*\.)?local(?:host)?|127\.[\d.]+|0\.0\.0\.0|10(?:\.\d+){3}|192\.168\.[\d.]+|::1"
)
_NO_SITE = re.compile("[\"'“”„‘’«»‹›()\\[\\]|]")
_BACK_ROOM = re.compile(r"/wp-admin/|[?&]preview=true\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Mistake:
    """`meant` is "" where nobody can tell."""

    what: str
    hint: str
    meant: str = ""


def check(issue: Issue, context: Context) -> Iterator[Finding]:
    if not issue.stories:
        return
    for link in links_of(issue):
        href = link.href
        if not is_web_address(href) or href.startswith(context.house.allowed_links):
            continue
        if mistake := _mistake(href):
            yield Finding(
                span=link.span,
                message=mistake.what,
                hint=mistake.hint,
                fix=_fix(issue.source, link.span, href, mistake.meant),
            )


def _mistake(href: str) -> _Mistake | None:
    if _PLAIN.match(href) and not _BACK_ROOM.search(href):
        return None
    if twice := _TWICE.match(href):
        meant = _SECOND.sub(r"\1://", href[twice.end() :])
        return _Mistake("the address begins twice", "leave one https:// out", meant)
    if (head := _HEAD.match(href)) or (
        (tail := _TAIL.search(href)) and not _is_paired(href, tail[0])
    ):
        meant = _TAIL.sub("", f"{head[1]}{href[head.end() :]}" if head else href)
        sign = href[len(head[1]) : head.end()] if head else href[len(meant) :]
        shown = unquote(sign) if unquote(sign).isprintable() and unquote(sign).strip() else sign
        return _Mistake(f"{shown} is no part of the address", "take it out of the link", meant)
    if href.endswith(")") and href.count(")") > href.count("("):
        return _Mistake(") is no part of the address", "take it out of the link", href[:-1])
    try:
        parts = urlsplit(href)
        host = (parts.hostname or "").rstrip(".")
    except ValueError:
        return _Mistake("the address cannot be read", "copy it anew from the browser")
    return _of_the_site(href, parts.netloc, host)


def _is_paired(href: str, tail: str) -> bool:
    """A bracket or a mark that closes what was opened in the address belongs to it."""
    href, tail = unquote(href), unquote(tail)
    opening = {"'": "'", '"': '"', "]": "[", "}": "{", ">": "<"}.get(tail, "")
    if not opening:
        return False
    return href.count(tail) % 2 == 0 if opening == tail else href.count(opening) >= href.count(tail)


def _of_the_site(href: str, netloc: str, host: str) -> _Mistake | None:
    rest = href.partition("://")[2]
    if re.search(r"https?:?\Z", netloc, re.IGNORECASE) and "//" in rest:
        return _Mistake("two addresses run into each other", "keep the one that is meant")
    path = rest[len(netloc) :]
    if path[1:].lower().startswith((f"http://{host}", f"https://{host}")):
        return _Mistake("the address stands there twice", "leave one out", path[1:])
    if "@" in netloc:
        what = f"the site is {host}, and not what stands before the @"
        return _Mistake(what, "write mailto: for a mail address, or leave the first part out")
    if not host:  # which link-scheme says
        return None
    if _HERE.fullmatch(host):
        return _Mistake(f"no reader can reach {host}", "link the public page")
    host = ".".join(map(_as_typed, host.split(".")))
    if (
        _NO_SITE.search(host)
        or ".." in host
        or host.startswith(".")
        or "," in netloc
        or not _has_dot(host)
    ):
        return _Mistake(f"{host} is not a site on the web", "look for a slip of the keys")
    if _BACK_ROOM.search(path):
        return _Mistake("only editors of that site see this page", "link the published page")
    return None


def _as_typed(label: str) -> str:
    """A label of an international domain as it was before Markdown encoded it (RFC 3492)."""
    try:
        return label[4:].encode().decode("punycode") if label.startswith("xn--") else label
    except UnicodeError:
        return label


def _has_dot(host: str) -> bool:
    return "." in host or ":" in host or "。" in host


def _fix(source: Source, span: Span, href: str, meant: str) -> Fix | None:
    """In the source the address may be written with letters that Markdown has encoded."""
    for written, better in ((href, meant), (unquote(href), unquote(meant))):
        place = place_of_address(source, span, written) if meant else None
        if place:
            return Fix(title="Mend the address", edits=(Edit(span=place, text=better),))
    return None


RULE = Rule(
    code="L011",
    slug="mistaken-address",
    summary="A link's address is the one that was meant.",
    severity=Severity.WARNING,
    check=check,
)
