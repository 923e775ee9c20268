"""The approvals: who said yes to which bytes, with what is needed to tell later what changed.

Whether they are enough is `newsletter.schedule`'s to say.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, or_, select, update

from newsletter.books import (
    Approval,
    AuditAction,
    Deed,
    NewRun,
    RunState,
    Withdrawal,
    segment_words,
)
from newsletter.errors import Act, NotApprovedError, Remedy
from newsletter.store.schedule import audit
from newsletter.store.sql.connections import Connections, insert_new, own, publication_of
from newsletter.store.sql.schema import approvals, runs
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

    def withdraw(
        self, issue: str, names: Sequence[str], now: datetime, because: str = ""
    ) -> Withdrawal:
        """Take back every yes to the issue under these names, and log each, in one transaction.

        No run of the issue begins with one of them after that; which had begun before is told.
        """
        taken = (
            update(approvals)
            .where(
                approvals.c.issue == issue,
                approvals.c.approved_by.in_(names),
                approvals.c.withdrawn_at.is_(None),
            )
            .values(withdrawn_at=now, withdrawn_because=stored_text(because))
            .returning(*_COLUMNS)
        )
        with self._connections.writing() as connection:
            wanted = taken.where(own(connection, approvals))
            found = [_approval(row) for row in connection.execute(wanted)]
            begun = _runs(connection, issue)
            for approval in found:
                audit.append(connection, _undeed(approval, now))
        return Withdrawal(approvals=found, runs=begun)

    def of(self, issue: str) -> list[Approval]:
        """Every yes to any digest of the issue, the newest first; also those taken back."""
        wanted = (
            select(*_COLUMNS)
            .where(approvals.c.issue == issue)
            .order_by(approvals.c.approved_at.desc(), approvals.c.id.desc())
        )
        with self._connections.reading() as connection:
            wanted = wanted.where(own(connection, approvals))
            return [_approval(row) for row in connection.execute(wanted)]


def check_standing(connection: Connection, wanted: NewRun) -> None:
    """That nobody has taken back the approvals by which a run is begun, in its transaction.

    Whoever withdraws one at this moment waits until the run is there, and is told of it. Raises
    NotApprovedError.
    """
    standing = (
        select(approvals.c.approved_by)
        .where(
            own(connection, approvals),
            approvals.c.issue == wanted.approved_as,
            approvals.c.digest == wanted.digest,
            approvals.c.withdrawn_at.is_(None),
        )
        .with_for_update(read=True)
    )
    gone = {*wanted.approved_by}.difference(connection.execute(standing).scalars())
    if gone:
        raise NotApprovedError(
            f"{min(gone)} has withdrawn the approval of it",
            where=wanted.issue,
            next_step="nothing was sent; have it approved again",
            remedy=Remedy(Act.SEE_STATUS, wanted.approved_as),
        )


def _runs(connection: Connection, issue: str) -> Mapping[str, RunState]:
    wanted = select(runs.c.issue, runs.c.state).where(
        own(connection, runs), or_(runs.c.issue == issue, runs.c.corrects == issue)
    )
    return {row.issue: row.state for row in connection.execute(wanted.order_by(runs.c.id))}


def _undeed(approval: Approval, now: datetime) -> Deed:
    return Deed(
        by=approval.approved_by,
        action=AuditAction.WITHDRAWN,
        issue=approval.issue,
        digest=approval.digest,
        detail=approval.withdrawn_because,
        at=now,
    )


def _deed(approval: Approval) -> Deed:
    is_plain = approval.override_reason is None
    to = f", for {segment_words(approval.segment)}" if approval.segment else ""
    return Deed(
        by=approval.approved_by,
        action=AuditAction.APPROVED if is_plain else AuditAction.OVERRIDDEN,
        issue=approval.issue,
        digest=approval.digest,
        detail=(approval.override_reason or approval.subject) + to,
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
        "segment": approval.segment,
    }


def _stored(text: str | None) -> str | None:
    return None if text is None else stored_text(text)


def _approval(row: Row[Any]) -> Approval:
    return Approval(**{**row._asdict(), "inputs": json.loads(row.inputs)})
