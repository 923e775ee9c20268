"""What Amazon SES tells by mail in JSON: bounces and complaints, with the fields of what was sent.

Its notifications (docs.aws.amazon.com/ses, "notification contents") come through SNS, in a text
that may be wrapped anywhere. What its DSNs say by the standard is `dsn`'s.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from newsletter.books import ReturnKind
from newsletter.bounces.kinds import codes_in, kind_of, one_line
from newsletter.bounces.mime import Fields
from newsletter.bounces.naming import tidied
from newsletter.bounces.outline import Outline
from newsletter.bounces.understanding import ReturnedRecipient

_MOST = 100
_STARTS = ('{"notificationType"', '{"eventType"')


@dataclass(frozen=True, slots=True)
class Notification:
    """`kind` is unknown for a delivery; `fields` are those of the message that was sent."""

    kind: ReturnKind
    recipients: Sequence[ReturnedRecipient]
    fields: Fields


def notification_in(outline: Outline) -> Notification | None:
    """The notification a text begins with, None where it is none."""
    start = outline.words.find('{"', 0, 4000)
    if start < 0 or not outline.words.startswith(_STARTS, start):
        return None
    data = _json(outline.words[start:])
    if data is None:
        return None
    fields = _fields(_map(data.get("mail")))
    kind = data.get("notificationType") or data.get("eventType")
    if kind == "Bounce":
        bounced = [_bounced(each) for each in _maps(_map(data.get("bounce")), "bouncedRecipients")]
        return Notification(bounced[0].kind if bounced else ReturnKind.SOFT, bounced, fields)
    if kind == "Complaint":
        told = _maps(_map(data.get("complaint")), "complainedRecipients")
        return Notification(ReturnKind.COMPLAINT, [_complained(each) for each in told], fields)
    return Notification(ReturnKind.UNKNOWN, (), fields)


def _bounced(told: Mapping[str, Any]) -> ReturnedRecipient:
    words = _text(told, "diagnosticCode").partition(";")[2] or _text(told, "diagnosticCode")
    code, enhanced_code = codes_in(words)
    enhanced_code = enhanced_code or _text(told, "status")
    return ReturnedRecipient(
        address=tidied(_text(told, "emailAddress")),
        kind=kind_of(words, code, enhanced_code),
        code=code,
        enhanced_code=enhanced_code[:15],
        reason=one_line(words),
    )


def _complained(told: Mapping[str, Any]) -> ReturnedRecipient:
    address = tidied(_text(told, "emailAddress"))
    return ReturnedRecipient(address=address, kind=ReturnKind.COMPLAINT)


def _fields(mail: Mapping[str, Any]) -> Fields:
    named = [(_text(each, "name").lower(), _text(each, "value")) for each in _maps(mail, "headers")]
    source = _text(mail, "source")
    return [*named, *([("return-path", source)] if source else [])]


def _json(text: str) -> Mapping[str, Any] | None:
    unwrapped = text.replace("\n ", "").replace("\n", "")
    try:
        data, _ = json.JSONDecoder().raw_decode(unwrapped)
    except (ValueError, RecursionError):
        return None
    return data if isinstance(data, dict) else None


def _map(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _maps(data: Mapping[str, Any], name: str) -> Iterable[Mapping[str, Any]]:
    values = data.get(name)
    return [_map(each) for each in values[:_MOST]] if isinstance(values, list) else []


def _text(data: Mapping[str, Any], name: str) -> str:
    value = data.get(name)
    return value if isinstance(value, str) else ""
