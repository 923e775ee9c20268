"""Pause and cancel, the text a run was opened with, and what was said of deliveries in doubt."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")
RUN_STATES = ("running", "paused", "cancelled", "complete")
DELIVERY_STATES = (
    "planned",
    "claimed",
    "deferred",
    "in_doubt",
    "accepted",
    "refused",
    "suppressed",
    "failed",
    "cancelled",
)


def upgrade() -> None:
    widen_states("runs", RUN_STATES)
    widen_states("deliveries", DELIVERY_STATES)
    op.add_column("runs", sa.Column("text", sa.Text))
    op.add_column("runs", sa.Column("controlled_by", sa.Text))
    op.add_column("runs", sa.Column("controlled_at", sa.BigInteger))
    op.create_table(
        "resolutions",
        sa.Column("id", KEY, nullable=False),
        sa.Column("delivery_id", KEY, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("resolved_by", sa.Text, nullable=False),
        sa.Column("resolved_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resolutions")),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["deliveries.id"], name=op.f("fk_resolutions_delivery_id")
        ),
    )
    op.create_index(op.f("ix_resolutions_delivery_id"), "resolutions", ["delivery_id"])


def widen_states(table: str, words: tuple[str, ...]) -> None:
    """SQLite cannot change a CHECK in place: its table is copied, with foreign keys switched off.

    https://www.sqlite.org/lang_altertable.html, section 7.
    """
    name = op.f(f"ck_{table}_state")
    allowed = ", ".join(f"'{word}'" for word in words)
    with op.batch_alter_table(table) as batch:
        batch.drop_constraint(name, type_="check")
        batch.create_check_constraint(name, sa.text(f"state IN ({allowed})"))
