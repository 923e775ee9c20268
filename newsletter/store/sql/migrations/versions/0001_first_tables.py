"""The first tables: the list, and the journal of runs."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")
DELIVERY_STATES = (
    "planned",
    "claimed",
    "deferred",
    "in_doubt",
    "accepted",
    "refused",
    "suppressed",
    "failed",
)


def one_of(table: str, *words: str) -> sa.CheckConstraint:
    allowed = ", ".join(f"'{word}'" for word in words)
    return sa.CheckConstraint(f"state IN ({allowed})", name=op.f(f"ck_{table}_state"))


def upgrade() -> None:
    create_list()
    create_runs()
    create_deliveries()
    create_attempts()


def create_list() -> None:
    op.create_table(
        "subscribers",
        sa.Column("id", KEY, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("address_key", sa.Text, nullable=False),
        sa.Column("first_name", sa.Text, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscribers")),
        sa.UniqueConstraint("address_key", name=op.f("uq_subscribers_address_key")),
        one_of("subscribers", "pending", "confirmed", "unsubscribed"),
    )
    op.create_table(
        "suppressions",
        sa.Column("address_key", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("address_key", name=op.f("pk_suppressions")),
    )


def create_runs() -> None:
    op.create_table(
        "runs",
        sa.Column("id", KEY, nullable=False),
        sa.Column("issue", sa.Text, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("message_date", sa.BigInteger, nullable=False),
        sa.Column("started_at", sa.BigInteger, nullable=False),
        sa.Column("finished_at", sa.BigInteger),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("frozen", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_runs")),
        sa.UniqueConstraint("issue", name=op.f("uq_runs_issue")),
        one_of("runs", "running", "complete"),
    )
    op.create_table(
        "shards",
        sa.Column("id", KEY, nullable=False),
        sa.Column("run_id", KEY, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("epoch", sa.Integer, nullable=False),
        sa.Column("owner", sa.Text),
        sa.Column("lease_until", sa.BigInteger),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shards")),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_shards_run_id")),
        sa.UniqueConstraint("run_id", "number", name=op.f("uq_shards_run_id_number")),
    )


def create_attempts() -> None:
    op.create_table(
        "attempts",
        sa.Column("id", KEY, nullable=False),
        sa.Column("delivery_id", KEY, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("started_at", sa.BigInteger, nullable=False),
        sa.Column("ended_at", sa.BigInteger, nullable=False),
        sa.Column("stage", sa.Text, nullable=False),
        sa.Column("code", sa.Integer),
        sa.Column("enhanced_code", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("transport", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempts")),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["deliveries.id"], name=op.f("fk_attempts_delivery_id")
        ),
        sa.UniqueConstraint("delivery_id", "number", name=op.f("uq_attempts_delivery_id_number")),
    )


def create_deliveries() -> None:
    op.create_table(
        "deliveries",
        sa.Column("id", KEY, nullable=False),
        sa.Column("run_id", KEY, nullable=False),
        sa.Column("shard_id", KEY, nullable=False),
        sa.Column("issue", sa.Text, nullable=False),
        sa.Column("recipient_key", sa.Text, nullable=False),
        sa.Column("recipient", sa.Text, nullable=False),
        sa.Column("fields", sa.Text, nullable=False),
        sa.Column("subscriber_id", KEY),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("next_attempt_at", sa.BigInteger),
        sa.Column("reply_code", sa.Integer),
        sa.Column("enhanced_code", sa.Text, nullable=False),
        sa.Column("reply_text", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_deliveries_run_id")),
        sa.ForeignKeyConstraint(["shard_id"], ["shards.id"], name=op.f("fk_deliveries_shard_id")),
        sa.UniqueConstraint(
            "issue", "recipient_key", name=op.f("uq_deliveries_issue_recipient_key")
        ),
        one_of("deliveries", *DELIVERY_STATES),
    )
    op.create_index(
        op.f("ix_deliveries_run_id_state_shard_id_id"),
        "deliveries",
        ["run_id", "state", "shard_id", "id"],
    )
