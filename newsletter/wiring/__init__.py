"""The composition root: puts the rooms together from settings, and is the only one that knows all.

Nothing is decided here. Heavy rooms are loaded by the functions that need them, so that a command
pays for what it does.
"""

from newsletter.wiring.checking import check
from newsletter.wiring.clients import ClientReport, judge_clients
from newsletter.wiring.desk import Desk, message_id, open_desk
from newsletter.wiring.history import SUFFIXES, History
from newsletter.wiring.issues import issue_date, read_issue, render, render_web_page, slot, weigh
from newsletter.wiring.openings import (
    open_database,
    open_transport,
    owner_name,
    person_name,
    secret_key,
)
from newsletter.wiring.paced import paced
from newsletter.wiring.scales import Scales
from newsletter.wiring.signing import open_signer

__all__ = [
    "SUFFIXES",
    "ClientReport",
    "Desk",
    "History",
    "Scales",
    "check",
    "issue_date",
    "judge_clients",
    "message_id",
    "open_database",
    "open_desk",
    "open_signer",
    "open_transport",
    "owner_name",
    "paced",
    "person_name",
    "read_issue",
    "render",
    "render_web_page",
    "secret_key",
    "slot",
    "weigh",
]
