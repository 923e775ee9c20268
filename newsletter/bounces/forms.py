"""The forms in which mail systems tell of a failure without a standard: a table, one row a form.

`forms.toml` has them. A form that is known says by what the message was understood; whom it names
and why is found by the form's own pattern, or by those that all have in common. Copies of messages
were cut off before (`outline`).
"""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from newsletter.books import ReturnKind
from newsletter.bounces.charsets import words_decoded
from newsletter.bounces.delays import is_of_a_delay
from newsletter.bounces.kinds import codes_in, one_line, sure_kind
from newsletter.bounces.naming import distinct, recipient_named, tidied
from newsletter.bounces.nearby import coded_lines, paragraph_from
from newsletter.bounces.outline import Outline
from newsletter.bounces.understanding import ReturnedRecipient

_LOOKED_AT = 64 * 1024
_MOST = 100
_OF_SYSTEMS = re.compile(
    r"^(?:postmaster|mailer-?daemon|mail(?:er)?|daemon|abuse|support|help(?:desk)?|noreply|no-reply|root|admin"
    r"|administrator|hostmaster|microsoftexchange[0-9a-f]*|info-?center)@",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Form:
    name: str
    fields: re.Pattern[str] | None
    says: Sequence[str]
    recipient: re.Pattern[str] | None
    domain: str
    kind: ReturnKind | None
    is_final: bool


@dataclass(frozen=True, slots=True)
class _Named:
    """An address with the words on its line, and where these end in the text."""

    address: str
    words: str
    end: int


def form_of(outline: Outline) -> Form | None:
    """The form a message has, the more special one before the common one."""
    said = " ".join(outline.words[:_LOOKED_AT].lower().replace("’", "'").split())
    fields = "\n".join(f"{name}: {value.lower()}" for name, value in outline.top.fields[:200])
    for form in forms():
        if form.fields is not None and not form.fields.search(fields):
            continue
        if not form.says or any(phrase in said for phrase in form.says):
            return form
    return None


def recipients_by_form(outline: Outline, form: Form | None) -> list[ReturnedRecipient]:
    """Whom the words name, and why. Without a `form` every common pattern is tried."""
    words = outline.words[:_LOOKED_AT]
    named = _named_by(form, words) or _named_in_common(words, outline)
    is_delay = is_of_a_delay(outline) or (form is not None and not form.is_final)
    found = []
    for each in named[:_MOST]:
        beside = paragraph_from(words, each.end) if len(named) > 1 else _rest(words, each.end)
        found.append(_returned(each, beside, form, is_delay=is_delay))
    return found


def _rest(words: str, at: int) -> str:
    """What follows the only one who is named; where it tells no code, lines of the text that do."""
    paragraph = paragraph_from(words, at)
    return f"{paragraph} {coded_lines(words)}" if codes_in(paragraph) == (None, "") else paragraph


def _returned(
    named: _Named, beside: str, form: Form | None, *, is_delay: bool
) -> ReturnedRecipient:
    told = f"{named.words} {beside}".strip()
    code, enhanced_code = codes_in(named.words)
    if code is None and not enhanced_code:
        code, enhanced_code = codes_in(told)
    kind = sure_kind(named.words, code, enhanced_code) or sure_kind(told, code, enhanced_code)
    kind = kind or (form.kind if form else None) or ReturnKind.SOFT
    return ReturnedRecipient(
        address=named.address,
        kind=ReturnKind.SOFT if is_delay else kind,
        code=code,
        enhanced_code=enhanced_code,
        reason=one_line(told),
        is_final=not is_delay,
    )


def _named_by(form: Form | None, words: str) -> list[_Named]:
    if form is None or form.recipient is None:
        return []
    found = list(_matches(form.recipient, words, form.domain))
    return _once_each(found)


def _named_in_common(words: str, outline: Outline) -> list[_Named]:
    """Those the first fruitful pattern finds; our own addresses only where nobody else is named."""
    failed = [recipient_named(value) for value in _split(outline.top.every("x-failed-recipients"))]
    if any(failed):
        return [_located(address, words) for address in distinct(failed)]
    own = {tidied(value) for value in _own(outline)}
    meant = {tidied(value) for copy in outline.copies[:1] for name, value in copy if name == "to"}
    spare: list[_Named] = []
    for pattern in _common():
        found = _once_each(list(_matches(pattern, words, "")))
        others = [each for each in found if _may_be_meant(each.address, own, meant)]
        if others:
            return others
        spare = spare or found
    return [each for each in spare if each.address in meant][:1]


def _may_be_meant(address: str, own: set[str], meant: set[str]) -> bool:
    return address in meant or not (address in own or _OF_SYSTEMS.match(address))


def _own(outline: Outline) -> Iterator[str]:
    for value in outline.top.every("to", "delivered-to", "x-original-to", "from", "reply-to"):
        yield from re.findall(r"[^\s<>,;\"]{1,320}@[^\s<>,;\"]{1,255}", words_decoded(value))
    for copy in outline.copies[:1]:
        for name, value in copy:
            if name in ("from", "return-path", "sender", "reply-to", "message-id"):
                yield from re.findall(r"[^\s<>,;\"]{1,320}@[^\s<>,;\"]{1,255}", value)


def _located(address: str, words: str) -> _Named:
    at = words.lower().find(address.lower())
    return _Named(address, "", at + len(address) if at >= 0 else 0)


def _matches(pattern: re.Pattern[str], words: str, domain: str) -> Iterator[_Named]:
    for match in pattern.finditer(words):
        groups: Mapping[str, str | None] = match.groupdict()
        address = tidied(match["address"]) or (f"{match['address']}@{domain}" if domain else "")
        if address:
            yield _Named(address, (groups.get("reason") or "").strip(), match.end())


def _once_each(found: Sequence[_Named]) -> list[_Named]:
    first: dict[str, _Named] = {}
    for each in found:
        first.setdefault(each.address.lower(), each)
    return list(first.values())


def _split(values: Sequence[str]) -> Iterator[str]:
    for value in values:
        yield from re.split(r"[,\s]+", value[:8000])


@lru_cache(maxsize=1)
def _data() -> Mapping[str, Any]:
    data: Mapping[str, Any] = tomllib.loads(
        Path(__file__).with_name("forms.toml").read_text("utf-8")
    )
    return data


@lru_cache(maxsize=1)
def _common() -> Sequence[re.Pattern[str]]:
    return [_lines(each) for each in _data()["naming"]]


@lru_cache(maxsize=1)
def forms() -> Sequence[Form]:
    """All of them, those that ask for fields and words first."""
    found = [_form(each) for each in _data()["form"]]
    return sorted(found, key=lambda form: form.fields is None)


def _form(row: Mapping[str, Any]) -> Form:
    fields: Sequence[str] = row.get("fields", ())
    return Form(
        name=row["name"],
        fields=re.compile("|".join(fields), re.MULTILINE) if fields else None,
        says=tuple(row.get("says", ())),
        recipient=_lines(row["recipient"]) if "recipient" in row else None,
        domain=row.get("domain", ""),
        kind=ReturnKind(row["kind"]) if "kind" in row else None,
        is_final=bool(row.get("final", True)),
    )


def _lines(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.MULTILINE | re.IGNORECASE)
