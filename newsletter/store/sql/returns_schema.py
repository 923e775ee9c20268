"""The tables of what comes back: messages, what each told of whom, how far mailboxes were read."""

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
)

from newsletter.books import ReturnEffect, ReturnKind
from newsletter.store.sql.columns import Instant, Key, metadata, owner_column, words

# What came back, one row a message, and one for each recipient that it tells of. Of an old one the
# content is thrown away; what was made of it stays. Whose is not proven has an empty key.
returned_messages = Table(
    "returned_messages",
    metadata,
    Column("id", Key, primary_key=True),
    owner_column(),
    Column("digest", Text, nullable=False),
    Column("read_at", Instant, nullable=False),
    Column("source", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("size", Integer, nullable=False),
    Column("content", LargeBinary),
    UniqueConstraint("publication_id", "digest"),
    Index(None, "publication_id", "read_at"),
)

# delivery_id is no foreign key: what was said is kept, whatever becomes of the run's rows.
returns = Table(
    "returns",
    metadata,
    Column("id", Key, primary_key=True),
    owner_column(),
    Column("message_id", Key, ForeignKey("returned_messages.id"), nullable=False),
    Column("read_at", Instant, nullable=False),
    Column("kind", words(ReturnKind, "kind"), nullable=False),
    Column("effect", words(ReturnEffect, "effect"), nullable=False),
    Column("how", Text, nullable=False),
    Column("delivery_id", Key),
    Column("issue", Text, nullable=False),
    Column("recipient_key", Text, nullable=False),
    Column("named", Text, nullable=False),
    Column("code", Integer),
    Column("enhanced_code", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("is_final", Integer, nullable=False),
    Index(None, "message_id"),
    Index(None, "publication_id", "recipient_key", "id"),
    Index(None, "publication_id", "issue", "kind"),
    Index(None, "publication_id", "read_at"),
)

# How far each mailbox was read.
mailbox_marks = Table(
    "mailbox_marks",
    metadata,
    owner_column(primary_key=True),
    Column("source", Text, primary_key=True),
    Column("validity", BigInteger, nullable=False),
    Column("uid", BigInteger, nullable=False),
)
