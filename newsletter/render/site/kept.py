"""A published issue as JSON, as the database keeps it, and back: every field, and nothing else.

The form has a version, so that an archive outlives the program that wrote it. What is read is held
to the records' own types: what is damaged is refused whole, never shown in part.
"""

import json
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

from newsletter.errors import NewsletterError, StoreError
from newsletter.render.html import Html
from newsletter.render.site.published import PublishedIssue

VERSION = 1


def to_json(issue: PublishedIssue) -> str:
    """One line, its keys in a fixed order."""
    record = {"version": VERSION} | _plain(issue)
    return json.dumps(record, ensure_ascii=False, separators=(",", ":"))


def from_json(text: str) -> PublishedIssue:
    """Raises StoreError for what `to_json` has not written."""
    try:
        record = json.loads(text)
        if not isinstance(record, dict):
            raise _damage("", "a record")
        version = record.pop("version", None)
        if version != VERSION:
            raise _damage("version", str(VERSION))
        found: PublishedIssue = _record(PublishedIssue, record, "")
    except (ValueError, TypeError, RecursionError, NewsletterError) as error:
        raise StoreError(
            f"an issue of the archive is damaged: {error}",
            where="published issues",
            next_step="publish it again",
        ) from error
    return found


def _damage(field: str, wanted: str) -> ValueError:
    """What is said of a field that is not what it should be."""
    place = f"“{field.rstrip('.')}”" if field else "it"
    return ValueError(f"{place} is not {wanted}")


def _plain(value: Any) -> Any:
    match value:
        case datetime() | date():
            return value.isoformat()
        case tuple():
            return [_plain(one) for one in value]
        case _ if is_dataclass(value):
            return {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
        case _:
            return value


def _record(kind: type[Any], value: Any, at: str) -> Any:
    hints = get_type_hints(kind)
    if not isinstance(value, dict):
        raise _damage(at, "a record")
    if unknown := sorted(set(value) - set(hints)):
        raise _damage(f"{at}{unknown[0]}", "a field of it")
    for one in fields(kind):
        if one.name not in value and (at or one.default is MISSING):
            raise _damage(f"{at}{one.name}", "there")
    return kind(**{name: _value(hints[name], one, f"{at}{name}") for name, one in value.items()})


def _value(hint: Any, value: Any, at: str) -> Any:
    if isinstance(hint, UnionType):  # a record, or None
        kinds = [kind for kind in get_args(hint) if kind is not type(None)]
        return None if value is None else _value(kinds[0], value, at)
    if get_origin(hint) is tuple:
        if not isinstance(value, list):
            raise _damage(at, "a list")
        (kind, _) = get_args(hint)
        return tuple(_value(kind, one, f"{at}.") for one in value)
    if is_dataclass(hint):
        return _record(hint, value, at if at.endswith(".") else f"{at}.")  # type: ignore[arg-type]
    return _scalar(hint, value, at)


def _scalar(hint: Any, value: Any, at: str) -> Any:
    if hint in {str, Html} and isinstance(value, str):
        value.encode()  # half a character, which no page could hold, is a ValueError
        return hint(value)
    if hint is bool and isinstance(value, bool):
        return value
    if hint is int and isinstance(value, int) and not isinstance(value, bool):
        return value
    if hint is date and isinstance(value, str):
        return date.fromisoformat(value)
    if hint is datetime and isinstance(value, str):
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is None:
            raise _damage(at, "a moment with its zone")
        return moment
    raise _damage(at, "what it should be")
