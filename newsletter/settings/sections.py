"""The sections of newsletter.toml, each read into the record of the room that uses it."""

import re
from collections.abc import Mapping
from dataclasses import fields
from datetime import time, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from newsletter.addresses import Mailbox, parse_addr_spec, parse_mailbox
from newsletter.message import Sender
from newsletter.render import DARK, Palette, Publication, Theme
from newsletter.schedule import WEEKDAYS, ScheduleRule
from newsletter.settings.model import Limits
from newsletter.settings.table import Table

_MAILBOX = 'a mailbox, "Name <name@example.com>"'
_ADDRESS = 'an address, "name@example.com"'


def publication(table: Table) -> Publication | None:
    values = {field.name: table.text(field.name) for field in fields(Publication)}
    table.no_other()
    return table.made(lambda: Publication(**values)) if all(values.values()) else None


def sender(table: Table, base_url: str) -> Sender | None:
    mailbox = table.required("from", parse_mailbox, _MAILBOX)
    reverse_path = table.required("reverse_path", parse_addr_spec, _ADDRESS)
    optional: dict[str, Any] = {
        "reply_to": table.parsed("reply_to", parse_mailbox, _MAILBOX),
        "unsubscribe_mailbox": table.parsed("unsubscribe", parse_addr_spec, _ADDRESS),
        "help_url": table.text("help_url", "") or None,
        "archive_url": table.text("archive_url", "") or None,
        "feedback_id": table.text("feedback_id", "") or None,
    }
    list_id, list_name = table.text("list_id"), table.text("list_name", "")
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
            **optional,
        )
    )


def theme(table: Table, faults: list[str], values: Mapping[str, Any]) -> Theme | None:
    default = Theme()
    serif, sans = table.text("serif", default.serif), table.text("sans", default.sans)
    light = _palette("theme.light", values.get("light", {}), Palette(), faults)
    dark = _palette("theme.dark", values.get("dark", {}), DARK, faults)
    table.no_other(also=("light", "dark"))
    if light is None or dark is None:
        return None
    return table.made(lambda: Theme(light=light, dark=dark, serif=serif, sans=sans))


def _palette(name: str, values: object, default: Palette, faults: list[str]) -> Palette | None:
    table = Table(name, values, faults)
    colours = {
        field.name: table.text(field.name, getattr(default, field.name))
        for field in fields(Palette)
    }
    table.no_other()
    return table.made(lambda: Palette(**colours))


def schedule(table: Table) -> ScheduleRule:
    default = ScheduleRule()
    weekday = table.parsed("weekday", _weekday, f"one of {', '.join(WEEKDAYS)}")
    at = table.parsed("time", _time, 'a wall time such as "07:00"')
    zone = table.parsed("timezone", _zone, 'an IANA zone such as "Europe/London"')
    table.no_other()
    return ScheduleRule(
        weekday=default.weekday if weekday is None else weekday,
        time=at or default.time,
        zone=zone or default.zone,
    )


def _weekday(value: str) -> int:
    return WEEKDAYS.index(value.lower())


def _time(value: str) -> time:
    if not re.fullmatch(r"\d{2}:\d{2}", value):
        raise ValueError
    return time.fromisoformat(value)


def _zone(value: str) -> ZoneInfo:
    try:
        return ZoneInfo(value)
    except (ZoneInfoNotFoundError, OSError) as error:
        raise ValueError from error


def limits(table: Table) -> Limits:
    default = Limits()
    pauses = [int(pause.total_seconds()) // 60 for pause in default.retry_after]
    found = Limits(
        html_bytes=table.number("html_bytes", default.html_bytes, least=10_000, most=10_000_000),
        lease=timedelta(minutes=table.number("lease_minutes", 10, least=1, most=24 * 60)),
        retry_after=tuple(
            timedelta(minutes=minutes)
            for minutes in table.numbers("retry_after_minutes", pauses, least=1, most=7 * 24 * 60)
        ),
    )
    table.no_other()
    return found
