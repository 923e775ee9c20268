"""The sections of newsletter.toml, each read into the record of the room that uses it."""

import json
from dataclasses import fields
from typing import Any

from newsletter.addresses import AddrSpec, Mailbox, parse_addr_spec, parse_mailbox
from newsletter.books import MAX_KEY, parse_key
from newsletter.check import BLANK, Calendar
from newsletter.message import MAX_BASE, LetterWords, Sender, has_room
from newsletter.render import (
    Imprint,
    Words,
)
from newsletter.settings.spoken import letter_words_in, words_in
from newsletter.settings.table import Table

_MAILBOX = 'a mailbox, "Name <name@example.com>"'
_KEY = f'at most {MAX_KEY} letters, digits and hyphens, such as "friday-five"'
_IN_THE_FOOTER = frozenset({"why", "postal_address"})
"""These alone may have more lines than one."""

_ADDRESS = 'an address, "name@example.com"'


def given_key(table: Table) -> str | None:
    """To be read before the rest of its section."""
    return table.parsed("key", parse_key, _KEY)


def publication(table: Table, own_words: Words, cautions: list[str]) -> Imprint | None:
    """What was laid out as a blank and is one still is a caution: readers would see it."""
    names = [field.name for field in fields(Imprint) if field.name != "words"]
    values = {
        name: table.text(name) if name in _IN_THE_FOOTER else table.line(name) for name in names
    }
    table.no_other()
    for name, value in values.items():
        if value.strip() == BLANK:
            cautions.append(f"[publication] {name} is not filled in yet, and readers see it")
    if not all(values.values()):
        return None
    return table.made(lambda: Imprint(**values, words=own_words))


def words(table: Table, calendar: Calendar, language: str = "en") -> Words:
    """Weekdays and months are those that the house format knows, where not given again here.

    All else that is not set is as the language has it.
    """
    values: dict[str, Any] = {
        "weekdays": table.texts("weekdays") or calendar.weekdays,
        "months": table.texts("months") or calendar.months,
    }
    default = words_in(language)
    for field in fields(Words):
        if field.name not in values:
            values[field.name] = table.text(field.name, getattr(default, field.name))
    table.no_other()
    return table.made(lambda: Words(**values)) or default


def letters(table: Table, language: str = "en") -> LetterWords:
    """The words of letters to readers; all that is not set is as the language has it."""
    default = letter_words_in(language)
    own = {
        field.name: (table.line if field.name.endswith("_subject") else table.text)(
            field.name, getattr(default, field.name)
        )
        for field in fields(LetterWords)
    }
    table.no_other()
    return table.made(lambda: LetterWords(**own)) or default


def sender(table: Table, base_url: str) -> Sender | None:
    mailbox = table.required("from", parse_mailbox, _MAILBOX)
    reverse_path = table.required("reverse_path", parse_addr_spec, _ADDRESS)
    optional: dict[str, Any] = {
        "reply_to": table.parsed("reply_to", parse_mailbox, _MAILBOX),
        "unsubscribe_mailbox": table.parsed("unsubscribe", parse_addr_spec, _ADDRESS),
        "help_url": table.line("help_url", "") or None,
        "archive_url": table.line("archive_url", "") or None,
        "feedback_id": table.line("feedback_id", "") or None,
    }
    list_id, list_name = table.line("list_id"), table.line("list_name", "")
    verp = _verp(table, reverse_path)
    table.no_other()
    if not (isinstance(mailbox, Mailbox) and reverse_path and list_id and base_url):
        return None
    return table.made(
        lambda: Sender(
            mailbox=mailbox,
            reverse_path=reverse_path,
            list_id=list_id,
            list_name=list_name or mailbox.display_name,
            base_url=base_url,
            verp=verp,
            **optional,
        )
    )


def _verp(table: Table, reverse_path: AddrSpec | None) -> bool:
    verp = table.flag("verp", default=True)
    if verp and reverse_path and not has_room(reverse_path):
        table.note(
            f"reverse_path = {json.dumps(str(reverse_path), ensure_ascii=False)}: "
            f"before the @ it must be plain and at most {MAX_BASE} long, so that each delivery can "
            "have one of its own; shorten it, or set verp = false"
        )
    return verp
