"""The approvals: who said yes to which bytes, with what is needed to tell later what changed.

Whether they are enough is `newsletter.schedule`'s to say.
"""

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, select

from newsletter.books import Approval, AuditAction, Deed
from newsletter.store.schedule import audit
from newsletter.store.sql.connections import Connections, insert_new, own, publication_of
from newsletter.store.sql.schema import approvals
from newsletter.store.sql.values import stored_page, stored_text

_COLUMNS = [column for column in approvals.c if column.name not in {"id", "publication_id"}]


@dataclass(frozen=True)
class Approvals:
    """All approvals of one publication. Any thread may ask them."""

    _connections: Connections

    def add(self, approval: Approval) -> None:
        """Write down a yes, and log it. The same person's second one to the same digest changes
        nothing.

        A yes against the rule, with its reason, is kept beside a plain one.
        """
        with self._connections.writing() as connection:
            row = {"publication_id": publication_of(connection), **_row(approval)}
            statement = insert_new(connection, approvals).values(row)
            if connection.execute(statement.returning(approvals.c.id)).first() is not None:
                audit.append(connection, _deed(approval))

    def of(self, issue: str) -> list[Approval]:
        """Every yes to any digest of the issue, the newest first."""
        wanted = (
            select(*_COLUMNS)
            .where(approvals.c.issue == issue)
            .order_by(approvals.c.approved_at.desc(), approvals.c.id.desc())
        )
        with self._connections.reading() as connection:
            wanted = wanted.where(own(connection, approvals))
            return [_approval(row) for row in connection.execute(wanted)]


def _deed(approval: Approval) -> Deed:
    is_plain = approval.override_reason is None
    return Deed(
        by=approval.approved_by,
        action=AuditAction.APPROVED if is_plain else AuditAction.OVERRIDDEN,
        issue=approval.issue,
        digest=approval.digest,
        detail=approval.override_reason or approval.subject,
        at=approval.approved_at,
    )


def _row(approval: Approval) -> dict[str, object]:
    return {
        "issue": approval.issue,
        "digest": approval.digest,
        "approved_by": stored_text(approval.approved_by),
        "approved_at": approval.approved_at,
        "author": _stored(approval.author),
        "override_reason": _stored(approval.override_reason),
        "subject": stored_text(approval.subject),
        "text": stored_page(approval.text),
        "inputs": json.dumps(dict(approval.inputs), sort_keys=True),
    }


def _stored(text: str | None) -> str | None:
    return None if text is None else stored_text(text)


def _approval(row: Row[Any]) -> Approval:
    return Approval(**{**row._asdict(), "inputs": json.loads(row.inputs)})
