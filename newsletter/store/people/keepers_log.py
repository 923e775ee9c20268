"""What a list keeper did to one person, in the audit log: the act and its reason, and no address.

The log can never be erased, so whose name was in it once would be in it for ever.
"""

from datetime import datetime

from sqlalchemy import Connection

from newsletter.books import AuditAction, Deed
from newsletter.store.schedule.audit import append
from newsletter.subscribers import without_addresses


def note(
    connection: Connection,
    action: AuditAction,
    address_key: str,
    said: str,
    by: str,
    now: datetime,
) -> None:
    """To be called at the end of the transaction of the change, as `audit.append` says.

    Of `said`, a kind or a reason, whatever would give the address away is left out.
    """
    words = without_addresses(said, address_key)
    detail = f"an address: {words}" if words else "an address"
    append(connection, Deed(by=by, action=action, issue="", at=now, detail=detail))
