"""What is known of people, the letters they are owed, and the archive that they read."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"

KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")
OWNER = "publication_id"
OBJECT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    tell_more_of_subscribers()
    tell_kinds_of_suppressions()
    for table in ("runs", "slots", "approvals"):
        op.add_column(table, text("segment"))
    create_person_events()
    create_letters()
    create_tries()
    create_archive()


def text(name: str, default: str = "") -> sa.Column[str]:
    """Both databases have such a column at once, however many rows there are."""
    return sa.Column(name, sa.Text, nullable=False, server_default=default)


def owner() -> sa.Column[int]:
    return sa.Column(
        OWNER, KEY, sa.ForeignKey("publications.id"), autoincrement=False, nullable=False
    )


def tell_more_of_subscribers() -> None:
    op.add_column("subscribers", text("tags"))
    op.add_column(
        "subscribers", sa.Column("attributes", OBJECT, nullable=False, server_default="{}")
    )
    op.add_column("subscribers", text("consent_source"))
    op.add_column("subscribers", sa.Column("consent_at", sa.BigInteger))
    op.add_column("subscribers", sa.Column("paused_until", sa.BigInteger))


def tell_kinds_of_suppressions() -> None:
    """Until now a person could only be suppressed by hand, or by leaving without being a member."""
    op.add_column("suppressions", text("kind", "by hand"))
    op.execute("UPDATE suppressions SET kind = 'unsubscribed' WHERE reason = 'unsubscribed'")


def create_person_events() -> None:
    op.create_table(
        "person_events",
        sa.Column("id", KEY, nullable=False),
        owner(),
        sa.Column("address_key", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("done_by", sa.Text, nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
        sa.Column("people", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_events")),
    )
    name = op.f("ix_person_events_publication_id_address_key_id")
    op.create_index(name, "person_events", [OWNER, "address_key", "id"])
    op.create_index(op.f("ix_person_events_publication_id_at"), "person_events", [OWNER, "at"])


def create_letters() -> None:
    op.create_table(
        "letters",
        sa.Column("id", KEY, nullable=False),
        owner(),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("address_key", sa.Text, nullable=False),
        sa.Column("limit_key", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("due_at", sa.BigInteger, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("reply", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letters")),
    )
    limited = op.f("ix_letters_publication_id_limit_key_created_at")
    op.create_index(limited, "letters", [OWNER, "limit_key", "created_at"])
    due = op.f("ix_letters_publication_id_state_due_at")
    op.create_index(due, "letters", [OWNER, "state", "due_at"])


def create_tries() -> None:
    op.create_table(
        "tries",
        owner(),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("hour", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint(OWNER, "key", "hour", name=op.f("pk_tries")),
    )


def create_archive() -> None:
    op.create_table(
        "published_issues",
        owner(),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("local_date", sa.Date, nullable=False),
        sa.Column("published_at", sa.BigInteger, nullable=False),
        sa.Column("corrected_at", sa.BigInteger),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint(OWNER, "name", name=op.f("pk_published_issues")),
    )
    op.create_table(
        "pictures",
        owner(),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("media_type", sa.Text, nullable=False),
        sa.Column("octets", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint(OWNER, "name", name=op.f("pk_pictures")),
    )
