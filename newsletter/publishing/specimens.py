"""A message of an issue as one reader would get it, for a person to look at; it is never sent."""

from datetime import datetime

from newsletter.addresses import parse_addr_spec
from newsletter.issue import Issue
from newsletter.publishing.desk import specimen_desk
from newsletter.render import Rendered
from newsletter.settings import Settings

SPECIMEN = "reader@example.com"
"""Whom it is addressed to."""


def specimen_message(
    issue: Issue, rendered: Rendered, settings: Settings, message_date: datetime
) -> bytes:
    """The octets of the message, with CRLF line ends; its Date is `message_date`."""
    desk = specimen_desk(issue, rendered, settings, message_date)
    return desk.message(parse_addr_spec(SPECIMEN), {})
