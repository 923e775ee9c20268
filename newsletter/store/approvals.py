"""The approvals: who said yes to which bytes, with what is needed to tell later what changed.

Functions on a connection; the transaction round them is the schedule book's. Whether they are
enough is `newsletter.schedule`'s to say.
"""

import json
from typing import Any

from sqlalchemy import Connection, Row, select

from newsletter.books import Approval
from newsletter.store.connections import insert_new
from newsletter.store.schema import approvals
from newsletter.store.values import stored_page, stored_text

_COLUMNS = [column for column in approvals.c if column is not approvals.c.id]


def add(connection: Connection, approval: Approval) -> bool:
    """False when the person has said so of that digest before: the first yes stays."""
    statement = insert_new(connection, approvals).values(
        issue=approval.issue,
        digest=approval.digest,
        approved_by=stored_text(approval.approved_by),
        approved_at=approval.approved_at,
        author=_stored(approval.author),
        override_reason=_stored(approval.override_reason),
        subject=stored_text(approval.subject),
        text=stored_page(approval.text),
        inputs=json.dumps(dict(approval.inputs), sort_keys=True),
    )
    return connection.execute(statement.returning(approvals.c.id)).first() is not None


def of_issue(connection: Connection, issue: str) -> list[Approval]:
    """The newest first."""
    wanted = (
        select(*_COLUMNS)
        .where(approvals.c.issue == issue)
        .order_by(approvals.c.approved_at.desc(), approvals.c.id.desc())
    )
    return [_approval(row) for row in connection.execute(wanted)]


def _stored(text: str | None) -> str | None:
    return None if text is None else stored_text(text)


def _approval(row: Row[Any]) -> Approval:
    return Approval(**{**row._asdict(), "inputs": json.loads(row.inputs)})
