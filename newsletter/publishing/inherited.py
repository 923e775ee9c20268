"""What a new publication inherits of its settings from an export of the old one.

Only what can be taken as it is; whatever no setting of ours would take is left to be asked.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from newsletter.addresses import parse_mailbox
from newsletter.books import key_of
from newsletter.errors import NewsletterError
from newsletter.importing.exports import Export, Known, Shelf
from newsletter.publishing.answers import (
    Answers,
    parse_language,
    parse_name,
    parse_sender,
    parse_zone,
)
from newsletter.render import Palette, poor_contrasts
from newsletter.schedule import WEEKDAYS
from newsletter.starter import new_key

_FEW = 4
"""Issues: of fewer nobody can tell on which day they go out."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Inherited:
    """`answers` are by the names of the questions, `own` by section and key of the settings."""

    answers: Mapping[str, str]
    own: Mapping[str, Mapping[str, Any]]

    @property
    def further(self) -> Mapping[str, str]:
        """What nobody is asked for, by its key."""
        return {key: str(value) for section in self.own.values() for key, value in section.items()}


def inherit(export: Export) -> Inherited:
    known = export.known
    found = {
        "name": _if_taken(known.name, parse_name),
        "language": _if_taken(known.language, parse_language),
        "weekday": _weekday(export),
        "timezone": _if_taken(known.timezone, parse_zone),
        "sender": _sender(known),
    }
    own = {
        "publication": {"tagline": known.tagline},
        "sender": {"reply_to": _if_taken(known.reply_to, parse_mailbox)},
        "theme.light": {"accent": _readable(known.accent)},
    }
    kept = {name: {k: v for k, v in values.items() if v} for name, values in own.items()}
    return Inherited(
        answers={name: answer for name, answer in found.items() if answer},
        own={name: values for name, values in kept.items() if values},
    )


def with_inheritance(answers: Answers, inherited: Inherited) -> Mapping[str, Mapping[str, Any]]:
    """The settings of the export, and a key, so that a publication laid out twice is one."""
    publication = {
        **inherited.own.get("publication", {}),
        "key": new_key(key_of(answers.name)),
    }
    return {**inherited.own, "publication": publication}


def _if_taken(text: str, parse: Callable[[str], object]) -> str:
    """The text where it can be taken, else nothing."""
    with suppress(NewsletterError):
        if text and parse(text):
            return text
    return ""


def _weekday(export: Export) -> str:
    """The day on which most of the issues went out, if there is one."""
    sent = [issue for issue in export.issues if issue.day and issue.shelf is not Shelf.DRAFTS]
    if len(sent) < _FEW:
        return ""
    days = Counter(issue.day.weekday() for issue in sent if issue.day)
    [(weekday, count)] = days.most_common(1)
    return WEEKDAYS[weekday] if count * 2 > len(sent) else ""


def _sender(known: Known) -> str:
    """The mailbox as it is written in a header, its name only where it needs no quoting."""
    name = known.sender_name or known.name or "x"
    with suppress(NewsletterError):
        mailbox = parse_sender(known.sender_address, name)
        plain = not set(name) & set('"<>\\')
        return f'"{name}" <{mailbox.addr_spec}>' if plain else str(mailbox.addr_spec)
    return ""


def _readable(accent: str) -> str:
    """A colour that can be read wherever we use it."""
    if not accent:
        return ""
    return "" if any(poor_contrasts(Palette(accent=accent), Palette())) else accent
