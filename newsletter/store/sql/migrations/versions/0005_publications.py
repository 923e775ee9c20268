"""Several publications in one database: whose each row is. What there was is the first one's."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations

revision = "0005"
down_revision = "0004"

KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")
OWNER = "publication_id"
FIRST = "1"
"""The only publication there is, whose key the next to open it says."""


def upgrade() -> None:
    create_publications()
    give_to_the_first("subscribers", ["address_key"])
    give_to_the_first("runs", ["issue"])
    give_to_the_first("slots", ["issue"])
    give_to_the_first("approvals")
    give_by_key("suppressions", "address_key")
    give_by_key("notices", "key")
    give_by_key("heartbeats", "owner")
    give_audit()
    tie_recipients_to_runs()


def create_publications() -> None:
    table = op.create_table(
        "publications",
        sa.Column("id", KEY, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("salt", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publications")),
        sa.UniqueConstraint("key", name=op.f("uq_publications_key")),
    )
    op.bulk_insert(table, [{"key": "", "name": "", "salt": ""}])


STATES = {
    "subscribers": "state IN ('pending', 'confirmed', 'unsubscribed')",
    "slots": "state IN ('scheduled', 'started', 'done', 'missed', 'cancelled')",
    "runs": "state IN ('freezing', 'running', 'paused', 'cancelled', 'complete')",
    "deliveries": "state IN ('planned', 'claimed', 'deferred', 'in_doubt', 'accepted', 'refused',"
    " 'suppressed', 'failed', 'cancelled')",
}
"""SQLite's copy of a table leaves its CHECK behind."""

PARTIAL = {
    "slots": {
        "ix_slots_taken": (
            ["local_date", "local_time", "zone"],
            "state IN ('scheduled', 'started', 'done')",
        )
    },
    "approvals": {
        "ix_approvals_given": (["issue", "digest", "approved_by"], "override_reason IS NULL"),
        "ix_approvals_overriding": (
            ["issue", "digest", "approved_by"],
            "override_reason IS NOT NULL",
        ),
    },
}


def give_to_the_first(table: str, unique: Sequence[str] = ()) -> None:
    """Its rows are the first publication's; what was unique is so within a publication."""
    add_owner(table)
    partial = PARTIAL.get(table, {})
    for name in partial:
        op.drop_index(op.f(name), table_name=table)
    with op.batch_alter_table(table) as batch:
        hold_owner(batch, table)
        keep_states(batch, table)
        if unique:
            names = "_".join(unique)
            batch.drop_constraint(op.f(f"uq_{table}_{names}"), type_="unique")
            name = op.f(f"uq_{table}_{OWNER}_{names}")
            batch.create_unique_constraint(name, [OWNER, *unique])
    for name, (columns, where) in partial.items():
        condition = sa.text(where)
        op.create_index(
            op.f(name),
            table,
            [OWNER, *columns],
            unique=True,
            sqlite_where=condition,
            postgresql_where=condition,
        )


def give_by_key(table: str, *columns: str) -> None:
    """The same for a table whose rows are found by their own key."""
    add_owner(table)
    with op.batch_alter_table(table) as batch:
        hold_owner(batch, table)
        batch.drop_constraint(op.f(f"pk_{table}"), type_="primary")
        batch.create_primary_key(op.f(f"pk_{table}"), [OWNER, *columns])


def give_audit() -> None:
    """Each publication's log is counted and sealed by itself; the copy needs its triggers anew."""
    op.drop_index(op.f("ix_audit_issue_id"), table_name="audit")
    give_by_key("audit", "id")
    op.create_index(op.f("ix_audit_publication_id_issue_id"), "audit", [OWNER, "issue", "id"])
    if op.get_bind().dialect.name != "sqlite":
        return
    for event in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER audit_no_{event.lower()} BEFORE {event} ON audit"
            " BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END"
        )
    op.execute(
        "CREATE TRIGGER audit_at_the_end BEFORE INSERT ON audit WHEN NEW.id <>"
        " (SELECT coalesce(max(id), 0) + 1 FROM audit WHERE publication_id = NEW.publication_id)"
        " BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END"
    )


def tie_recipients_to_runs() -> None:
    """Two publications may give their issues one name."""
    with op.batch_alter_table("deliveries") as batch:
        keep_states(batch, "deliveries")
        batch.drop_constraint(op.f("uq_deliveries_issue_recipient_key"), type_="unique")
        name = op.f("uq_deliveries_run_id_recipient_key")
        batch.create_unique_constraint(name, ["run_id", "recipient_key"])


def add_owner(table: str) -> None:
    """Both databases have such a column at once, however many rows there are."""
    op.add_column(table, sa.Column(OWNER, KEY, nullable=False, server_default=FIRST))


def hold_owner(batch: BatchOperations, table: str) -> None:
    """From now on it must be said, and be a publication's."""
    batch.alter_column(OWNER, server_default=None)
    batch.create_foreign_key(op.f(f"fk_{table}_{OWNER}"), "publications", [OWNER], ["id"])


def keep_states(batch: BatchOperations, table: str) -> None:
    if table in STATES and op.get_bind().dialect.name == "sqlite":
        batch.create_check_constraint(op.f(f"ck_{table}_state"), sa.text(STATES[table]))
