"""The composition root: puts the rooms together from settings, and is the only one that knows all.

Nothing is decided here. What stands here is loaded when it is asked for, and heavy rooms by the
functions that need them, so that a command pays for what it does.
"""

from typing import TYPE_CHECKING

from newsletter.doors import later

if TYPE_CHECKING:
    from newsletter.wiring.checking import check
    from newsletter.wiring.clients import ClientReport, judge_clients
    from newsletter.wiring.desk import Desk, message_id, open_desk
    from newsletter.wiring.digest import issue_digest, issue_inputs, publication_path
    from newsletter.wiring.history import SUFFIXES, History
    from newsletter.wiring.issues import (
        issue_date,
        read_issue,
        render,
        render_web_page,
        slot,
        weigh,
    )
    from newsletter.wiring.openings import (
        open_database,
        open_transport,
        owner_name,
        person_name,
        secret_key,
    )
    from newsletter.wiring.pace import paced, relays_left
    from newsletter.wiring.scales import Scales
    from newsletter.wiring.scheduling import date_in_book, dated, next_free, slot_path
    from newsletter.wiring.signing import open_signer
    from newsletter.wiring.telling import News, Telling, Told, open_telling
    from newsletter.wiring.witness import (
        ACCEPT_RESTORED,
        check_not_restored,
        is_restored,
        keep_witness,
        read_witness,
        restored_error,
    )

__all__ = [
    "ACCEPT_RESTORED",
    "SUFFIXES",
    "ClientReport",
    "Desk",
    "History",
    "News",
    "Scales",
    "Telling",
    "Told",
    "check",
    "check_not_restored",
    "date_in_book",
    "dated",
    "is_restored",
    "issue_date",
    "issue_digest",
    "issue_inputs",
    "judge_clients",
    "keep_witness",
    "message_id",
    "next_free",
    "open_database",
    "open_desk",
    "open_signer",
    "open_telling",
    "open_transport",
    "owner_name",
    "paced",
    "person_name",
    "publication_path",
    "read_issue",
    "read_witness",
    "relays_left",
    "render",
    "render_web_page",
    "restored_error",
    "secret_key",
    "slot",
    "slot_path",
    "weigh",
]

__getattr__ = later(
    __name__,
    {
        "check": "checking",
        "ClientReport": "clients",
        "judge_clients": "clients",
        "Desk": "desk",
        "message_id": "desk",
        "open_desk": "desk",
        "issue_digest": "digest",
        "issue_inputs": "digest",
        "publication_path": "digest",
        "History": "history",
        "SUFFIXES": "history",
        "issue_date": "issues",
        "read_issue": "issues",
        "render": "issues",
        "render_web_page": "issues",
        "slot": "issues",
        "weigh": "issues",
        "open_database": "openings",
        "open_transport": "openings",
        "owner_name": "openings",
        "person_name": "openings",
        "secret_key": "openings",
        "paced": "pace",
        "Scales": "scales",
        "date_in_book": "scheduling",
        "dated": "scheduling",
        "next_free": "scheduling",
        "slot_path": "scheduling",
        "open_signer": "signing",
        "News": "telling",
        "Telling": "telling",
        "Told": "telling",
        "open_telling": "telling",
        "ACCEPT_RESTORED": "witness",
        "check_not_restored": "witness",
        "is_restored": "witness",
        "keep_witness": "witness",
        "read_witness": "witness",
        "relays_left": "pace",
        "restored_error": "witness",
    },
)
