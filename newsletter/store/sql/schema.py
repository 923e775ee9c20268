"""The tables, as SQLAlchemy Core sees them; one set for SQLite and PostgreSQL.

How they came to be, step by step, is in `migrations/`; a test holds the two together.
"""

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    Time,
    UniqueConstraint,
)

from newsletter.books import TAKEN, DeliveryState, RunState, SlotState
from newsletter.store.sql.columns import (
    Instant,
    Key,
    Object,
    metadata,
    owner_column,
    partial_index,
    said,
    words,
)
from newsletter.store.sql.returns_schema import (  # noqa: F401 - tables of the same database
    returned_messages,
)
from newsletter.subscribers import SubscriberState

HEAD = "0010"
"""The newest migration. Opening a database that is at it loads no Alembic."""

VERSION_TABLE = "newsletter_version"
"""Not Alembic's own name, because PostgreSQL databases are shared."""

# Its first one has no key until somebody opens it: an older database was one publication's.
publications = Table(
    "publications",
    metadata,
    Column("id", Key, primary_key=True),
    Column("key", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("salt", Text, nullable=False),
    UniqueConstraint("key"),
)

subscribers = Table(
    "subscribers",
    metadata,
    Column("id", Key, primary_key=True),
    owner_column(),
    Column("address", Text, nullable=False),
    Column("address_key", Text, nullable=False),
    Column("first_name", Text, nullable=False),
    Column("state", words(SubscriberState, "state"), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    said("tags"),
    Column("attributes", Object, nullable=False, server_default="{}"),
    said("consent_source"),
    Column("consent_at", Instant),
    Column("paused_until", Instant),
    UniqueConstraint("publication_id", "address_key"),
)

# Not tied to subscribers: an address stays suppressed when nobody on the list has it any more.
# Of who was erased the key is only a hash (newsletter.subscribers.suppression).
suppressions = Table(
    "suppressions",
    metadata,
    owner_column(primary_key=True),
    Column("address_key", Text, primary_key=True),
    Column("reason", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    said("kind", "by hand"),
)

# What happened to a person, append-only. Many at once, as in an import, are one row without a key.
person_events = Table(
    "person_events",
    metadata,
    Column("id", Key, primary_key=True),
    owner_column(),
    Column("address_key", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("kind", Text, nullable=False),
    Column("done_by", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("people", Integer, nullable=False),
    Index(None, "publication_id", "address_key", "id"),
    Index(None, "publication_id", "at"),
)

# Owed to one person each, and to nobody but them: confirmations and welcomes.
letters = Table(
    "letters",
    metadata,
    Column("id", Key, primary_key=True),
    owner_column(),
    Column("kind", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("address_key", Text, nullable=False),
    Column("limit_key", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("reply", Text, nullable=False),
    Index(None, "publication_id", "limit_key", "created_at"),
    Index(None, "publication_id", "state", "due_at"),
)

# How often somebody has tried to sign up in an hour; a key says no address of a computer.
tries = Table(
    "tries",
    metadata,
    owner_column(primary_key=True),
    Column("key", Text, primary_key=True),
    Column("hour", Instant, primary_key=True, autoincrement=False),
    Column("number", Integer, nullable=False),
)

# The archive: what readers may see, as it was when it was sent; `content` is JSON.
published_issues = Table(
    "published_issues",
    metadata,
    owner_column(primary_key=True),
    Column("name", Text, primary_key=True),
    Column("local_date", Date, nullable=False),
    Column("published_at", Instant, nullable=False),
    Column("corrected_at", Instant),
    Column("digest", Text, nullable=False),
    Column("content", Text, nullable=False),
)

pictures = Table(
    "pictures",
    metadata,
    owner_column(primary_key=True),
    Column("name", Text, primary_key=True),
    Column("media_type", Text, nullable=False),
    Column("octets", LargeBinary, nullable=False),
)

runs = Table(
    "runs",
    metadata,
    Column("id", Key, primary_key=True),
    owner_column(),
    Column("issue", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("message_date", Instant, nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("finished_at", Instant),
    Column("state", words(RunState, "state"), nullable=False),
    Column("frozen", Integer, nullable=False),
    Column("text", Text),
    Column("controlled_by", Text),
    Column("controlled_at", Instant),
    Column("corrects", Text),
    said("segment"),
    UniqueConstraint("publication_id", "issue"),
)

shards = Table(
    "shards",
    metadata,
    Column("id", Key, primary_key=True),
    Column("run_id", Key, ForeignKey("runs.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("owner", Text),
    Column("lease_until", Instant),
    said("domain_group"),
    Column("counts", Text),
    UniqueConstraint("run_id", "number"),
)

# subscriber_id is no foreign key: the books outlive the membership they tell of.
deliveries = Table(
    "deliveries",
    metadata,
    Column("id", Key, primary_key=True),
    Column("run_id", Key, ForeignKey("runs.id"), nullable=False),
    Column("shard_id", Key, ForeignKey("shards.id"), nullable=False),
    Column("issue", Text, nullable=False),
    Column("recipient_key", Text, nullable=False),
    Column("recipient", Text, nullable=False),
    Column("fields", Text, nullable=False),
    Column("subscriber_id", Key),
    Column("state", words(DeliveryState, "state"), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_attempt_at", Instant),
    Column("reply_code", Integer),
    Column("enhanced_code", Text, nullable=False),
    Column("reply_text", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("updated_at", Instant, nullable=False),
    UniqueConstraint("run_id", "recipient_key"),
    Index(None, "run_id", "state", "shard_id", "id"),
)

attempts = Table(
    "attempts",
    metadata,
    Column("id", Key, primary_key=True),
    Column("delivery_id", Key, ForeignKey("deliveries.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("ended_at", Instant, nullable=False),
    Column("stage", Text, nullable=False),
    Column("code", Integer),
    Column("enhanced_code", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("transport", Text, nullable=False),
    UniqueConstraint("delivery_id", "number"),
)

# What was said of deliveries in doubt, kept though the delivery itself goes on to another state.
resolutions = Table(
    "resolutions",
    metadata,
    Column("id", Key, primary_key=True),
    Column("delivery_id", Key, ForeignKey("deliveries.id"), nullable=False),
    Column("state", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("resolved_by", Text, nullable=False),
    Column("resolved_at", Instant, nullable=False),
    Index(None, "delivery_id"),
)


# An issue has one slot. Those that were missed or cancelled give their date and time back.
slots = Table(
    "slots",
    metadata,
    Column("id", Key, primary_key=True),
    owner_column(),
    Column("issue", Text, nullable=False),
    Column("path", Text, nullable=False),
    Column("local_date", Date, nullable=False),
    Column("local_time", Time, nullable=False),
    Column("zone", Text, nullable=False),
    Column("state", words(SlotState, "state"), nullable=False),
    Column("scheduled_by", Text, nullable=False),
    Column("scheduled_at", Instant, nullable=False),
    Column("digest", Text, nullable=False),
    Column("started_by", Text),
    Column("started_at", Instant),
    Column("reason", Text, nullable=False),
    said("segment"),
    UniqueConstraint("publication_id", "issue"),
    partial_index(
        "ix_slots_taken",
        "publication_id",
        "local_date",
        "local_time",
        "zone",
        where=f"state IN {tuple(map(str, TAKEN))}",
    ),
)

# A person approves a digest once, and overrides the rule for it once.
_OF_APPROVAL = "publication_id", "issue", "digest", "approved_by"

approvals = Table(
    "approvals",
    metadata,
    Column("id", Key, primary_key=True),
    owner_column(),
    Column("issue", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("approved_by", Text, nullable=False),
    Column("approved_at", Instant, nullable=False),
    Column("author", Text),
    Column("override_reason", Text),
    Column("subject", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("inputs", Text, nullable=False),
    said("segment"),
    Column("withdrawn_at", Instant),
    said("withdrawn_because"),
    partial_index(
        "ix_approvals_given",
        *_OF_APPROVAL,
        where="override_reason IS NULL AND withdrawn_at IS NULL",
    ),
    partial_index(
        "ix_approvals_overriding",
        *_OF_APPROVAL,
        where="override_reason IS NOT NULL AND withdrawn_at IS NULL",
    ),
)

# Append-only, by triggers. A publication's ids have no gaps: they are counted in the transaction
# that adds.
audit = Table(
    "audit",
    metadata,
    owner_column(primary_key=True),
    Column("id", Key, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("done_by", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("issue", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("chain", Text, nullable=False),
    Index(None, "publication_id", "issue", "id"),
)

notices = Table(
    "notices",
    metadata,
    owner_column(primary_key=True),
    Column("key", Text, primary_key=True),
    Column("begun_at", Instant, nullable=False),
    Column("ended_at", Instant),
)

heartbeats = Table(
    "heartbeats",
    metadata,
    owner_column(primary_key=True),
    Column("owner", Text, primary_key=True),
    Column("started_at", Instant, nullable=False),
    Column("beat_at", Instant, nullable=False),
    Column("doing", Text, nullable=False),
    said("kind", "daemon"),
)

# A pace that all machines keep to together, by the name of what it is for: a relay, or a group of
# domains at one. A relay does not care whose mail it is, so they are of no publication.
# `next_at`, in microseconds since 1970 by the database's clock, is when the next message may go.
paces = Table(
    "paces",
    metadata,
    Column("name", Text, primary_key=True),
    Column("next_at", BigInteger, nullable=False),
)

COPIED = [table for table in metadata.sorted_tables if table is not paces]
"""What a publication takes with it, parents first: a pace is for this moment, and nobody's own."""
