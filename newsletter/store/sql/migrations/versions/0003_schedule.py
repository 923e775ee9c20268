"""The schedule book: slots, approvals, the audit log, notices, heartbeats; and corrections."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")
SLOT_STATES = "state IN ('scheduled', 'started', 'done', 'missed', 'cancelled')"
APPEND_ONLY = "the audit log is append-only"


def upgrade() -> None:
    op.add_column("runs", sa.Column("corrects", sa.Text))
    create_slots()
    create_approvals()
    create_audit()
    create_notices()
    create_heartbeats()
    if op.get_bind().dialect.name == "sqlite":
        seal_audit_on_sqlite()
    else:
        seal_audit_on_postgresql()


def create_slots() -> None:
    op.create_table(
        "slots",
        sa.Column("id", KEY, nullable=False),
        sa.Column("issue", sa.Text, nullable=False),
        sa.Column("path", sa.Text, nullable=False),
        sa.Column("local_date", sa.Date, nullable=False),
        sa.Column("local_time", sa.Time, nullable=False),
        sa.Column("zone", sa.Text, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("scheduled_by", sa.Text, nullable=False),
        sa.Column("scheduled_at", sa.BigInteger, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("started_by", sa.Text),
        sa.Column("started_at", sa.BigInteger),
        sa.Column("reason", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slots")),
        sa.UniqueConstraint("issue", name=op.f("uq_slots_issue")),
        sa.CheckConstraint(SLOT_STATES, name=op.f("ck_slots_state")),
    )
    unique_where(
        "ix_slots_taken",
        "slots",
        ["local_date", "local_time", "zone"],
        "state IN ('scheduled', 'started', 'done')",
    )


def create_approvals() -> None:
    op.create_table(
        "approvals",
        sa.Column("id", KEY, nullable=False),
        sa.Column("issue", sa.Text, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("approved_by", sa.Text, nullable=False),
        sa.Column("approved_at", sa.BigInteger, nullable=False),
        sa.Column("author", sa.Text),
        sa.Column("override_reason", sa.Text),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("inputs", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approvals")),
    )
    given = ["issue", "digest", "approved_by"]
    unique_where("ix_approvals_given", "approvals", given, "override_reason IS NULL")
    unique_where("ix_approvals_overriding", "approvals", given, "override_reason IS NOT NULL")


def unique_where(name: str, table: str, columns: list[str], where: str) -> None:
    condition = sa.text(where)
    op.create_index(
        op.f(name),
        table,
        columns,
        unique=True,
        sqlite_where=condition,
        postgresql_where=condition,
    )


def create_audit() -> None:
    op.create_table(
        "audit",
        sa.Column("id", KEY, nullable=False, autoincrement=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("done_by", sa.Text, nullable=False),
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("issue", sa.Text, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
        sa.Column("chain", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    op.create_index(op.f("ix_audit_issue_id"), "audit", ["issue", "id"])


def create_notices() -> None:
    op.create_table(
        "notices",
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("begun_at", sa.BigInteger, nullable=False),
        sa.Column("ended_at", sa.BigInteger),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_notices")),
    )


def create_heartbeats() -> None:
    op.create_table(
        "heartbeats",
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("started_at", sa.BigInteger, nullable=False),
        sa.Column("beat_at", sa.BigInteger, nullable=False),
        sa.Column("doing", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("owner", name=op.f("pk_heartbeats")),
    )


def seal_audit_on_sqlite() -> None:
    """INSERT OR REPLACE deletes without asking a DELETE trigger, so an insert is only let in
    behind the last entry. https://www.sqlite.org/lang_conflict.html, REPLACE.
    """
    for event in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER audit_no_{event.lower()} BEFORE {event} ON audit"
            f" BEGIN SELECT RAISE(ABORT, '{APPEND_ONLY}'); END"
        )
    op.execute(
        "CREATE TRIGGER audit_at_the_end BEFORE INSERT ON audit"  # noqa: S608
        " WHEN NEW.id <> (SELECT coalesce(max(id), 0) + 1 FROM audit)"
        f" BEGIN SELECT RAISE(ABORT, '{APPEND_ONLY}'); END"
    )


def seal_audit_on_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION newsletter_audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN RAISE EXCEPTION '{APPEND_ONLY}'; END $$"
    )
    for event, each in (("UPDATE OR DELETE", "ROW"), ("TRUNCATE", "STATEMENT")):
        op.execute(
            f"CREATE TRIGGER audit_no_{event.split()[0].lower()} BEFORE {event} ON audit"
            f" FOR EACH {each} EXECUTE FUNCTION newsletter_audit_is_append_only()"
        )
