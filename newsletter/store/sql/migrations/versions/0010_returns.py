"""What comes back is kept with what was made of it, and how far each mailbox was read."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")
OWNER = "publication_id"
KINDS = (
    "hard",
    "soft",
    "blocked",
    "complaint",
    "auto-reply",
    "challenge",
    "unsubscribe",
    "unknown",
)
EFFECTS = ("suppressed", "unsubscribed", "counted", "noted", "repeated", "shown")


def owner() -> sa.Column[int]:
    return sa.Column(
        OWNER, KEY, sa.ForeignKey("publications.id"), autoincrement=False, nullable=False
    )


def words(values: tuple[str, ...], name: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=16)


def upgrade() -> None:
    create_returned_messages()
    create_returns()
    op.create_table(
        "mailbox_marks",
        owner(),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("validity", sa.BigInteger, nullable=False),
        sa.Column("uid", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint(OWNER, "source", name=op.f("pk_mailbox_marks")),
    )


def create_returned_messages() -> None:
    op.create_table(
        "returned_messages",
        sa.Column("id", KEY, nullable=False),
        owner(),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("read_at", sa.BigInteger, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("content", sa.LargeBinary),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_returned_messages")),
        sa.UniqueConstraint(
            OWNER, "digest", name=op.f("uq_returned_messages_publication_id_digest")
        ),
    )
    read = op.f("ix_returned_messages_publication_id_read_at")
    op.create_index(read, "returned_messages", [OWNER, "read_at"])


def create_returns() -> None:
    op.create_table(
        "returns",
        sa.Column("id", KEY, nullable=False),
        owner(),
        sa.Column("message_id", KEY, sa.ForeignKey("returned_messages.id"), nullable=False),
        sa.Column("read_at", sa.BigInteger, nullable=False),
        sa.Column("kind", words(KINDS, op.f("ck_returns_kind")), nullable=False),
        sa.Column("effect", words(EFFECTS, op.f("ck_returns_effect")), nullable=False),
        sa.Column("how", sa.Text, nullable=False),
        sa.Column("delivery_id", KEY),
        sa.Column("issue", sa.Text, nullable=False),
        sa.Column("recipient_key", sa.Text, nullable=False),
        sa.Column("named", sa.Text, nullable=False),
        sa.Column("code", sa.Integer),
        sa.Column("enhanced_code", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("is_final", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_returns")),
    )
    for columns in (
        ["message_id"],
        [OWNER, "recipient_key", "id"],
        [OWNER, "issue", "kind"],
        [OWNER, "read_at"],
    ):
        op.create_index(op.f(f"ix_returns_{'_'.join(columns)}"), "returns", columns)
