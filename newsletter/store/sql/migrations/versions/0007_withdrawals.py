"""Approvals that were taken back are kept, and the same person may approve the same bytes anew."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

INDEXES = {
    "ix_approvals_given": "override_reason IS NULL AND withdrawn_at IS NULL",
    "ix_approvals_overriding": "override_reason IS NOT NULL AND withdrawn_at IS NULL",
}


def upgrade() -> None:
    op.add_column("approvals", sa.Column("withdrawn_at", sa.BigInteger))
    because = sa.Column("withdrawn_because", sa.Text, nullable=False, server_default="")
    op.add_column("approvals", because)
    for name, where in INDEXES.items():
        op.drop_index(op.f(name), table_name="approvals")
        condition = sa.text(where)
        op.create_index(
            op.f(name),
            "approvals",
            ["publication_id", "issue", "digest", "approved_by"],
            unique=True,
            sqlite_where=condition,
            postgresql_where=condition,
        )
