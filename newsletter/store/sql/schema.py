"""The tables, as SQLAlchemy Core sees them; one set for SQLite and PostgreSQL.

How they came to be, step by step, is in `migrations/`; a test holds the two together.
"""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Date,
    Dialect,
    Enum,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    Time,
    TypeDecorator,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects import postgresql

from newsletter.books import TAKEN, DeliveryState, RunState, SlotState
from newsletter.store.sql.values import instant_of, stored_instant
from newsletter.subscribers import SubscriberState

HEAD = "0007"
"""The newest migration. Opening a database that is at it loads no Alembic."""

VERSION_TABLE = "newsletter_version"
"""Not Alembic's own name, because PostgreSQL databases are shared."""


class Instant(TypeDecorator[datetime]):
    """An aware datetime as an integer: SQLite would drop the zone of a DateTime."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        return None if value is None else stored_instant(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        return None if value is None else instant_of(value)


def _words(enum: type[StrEnum], name: str) -> Enum:
    """Text with a CHECK: the enum's values, not its names."""
    return Enum(
        enum,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=16,
        values_callable=lambda members: [member.value for member in members],
    )


Key = BigInteger().with_variant(Integer, "sqlite")
"""SQLite makes only an INTEGER PRIMARY KEY count by itself."""

_Object = JSON().with_variant(postgresql.JSONB(), "postgresql")
"""Names and their values, in one column that a statement can look into."""

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)


def _owner(*, primary_key: bool = False) -> Column[int]:
    """Whose row it is: in every table that is not reached by a run, and first in its keys."""
    return Column(
        "publication_id",
        Key,
        ForeignKey("publications.id"),
        primary_key=primary_key,
        autoincrement=False,
        nullable=False,
    )


def _said(name: str, default: str = "") -> Column[str]:
    """A text that rows from before it have as well."""
    return Column(name, Text, nullable=False, server_default=default)


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
    _owner(),
    Column("address", Text, nullable=False),
    Column("address_key", Text, nullable=False),
    Column("first_name", Text, nullable=False),
    Column("state", _words(SubscriberState, "state"), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    _said("tags"),
    Column("attributes", _Object, nullable=False, server_default="{}"),
    _said("consent_source"),
    Column("consent_at", Instant),
    Column("paused_until", Instant),
    UniqueConstraint("publication_id", "address_key"),
)

# Not tied to subscribers: an address stays suppressed when nobody on the list has it any more.
# Of who was erased the key is only a hash (newsletter.subscribers.suppression).
suppressions = Table(
    "suppressions",
    metadata,
    _owner(primary_key=True),
    Column("address_key", Text, primary_key=True),
    Column("reason", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    _said("kind", "by hand"),
)

# What happened to a person, append-only. Many at once, as in an import, are one row without a key.
person_events = Table(
    "person_events",
    metadata,
    Column("id", Key, primary_key=True),
    _owner(),
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
    _owner(),
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
    _owner(primary_key=True),
    Column("key", Text, primary_key=True),
    Column("hour", Instant, primary_key=True, autoincrement=False),
    Column("number", Integer, nullable=False),
)

# The archive: what readers may see, as it was when it was sent; `content` is JSON.
published_issues = Table(
    "published_issues",
    metadata,
    _owner(primary_key=True),
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
    _owner(primary_key=True),
    Column("name", Text, primary_key=True),
    Column("media_type", Text, nullable=False),
    Column("octets", LargeBinary, nullable=False),
)

runs = Table(
    "runs",
    metadata,
    Column("id", Key, primary_key=True),
    _owner(),
    Column("issue", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("message_date", Instant, nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("finished_at", Instant),
    Column("state", _words(RunState, "state"), nullable=False),
    Column("frozen", Integer, nullable=False),
    Column("text", Text),
    Column("controlled_by", Text),
    Column("controlled_at", Instant),
    Column("corrects", Text),
    _said("segment"),
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
    Column("state", _words(DeliveryState, "state"), nullable=False),
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


def _partial(name: str, *columns: str, where: str) -> Index:
    """A UNIQUE that only some rows are held to; both databases know it."""
    condition = text(where)
    return Index(name, *columns, unique=True, sqlite_where=condition, postgresql_where=condition)


# An issue has one slot. Those that were missed or cancelled give their date and time back.
slots = Table(
    "slots",
    metadata,
    Column("id", Key, primary_key=True),
    _owner(),
    Column("issue", Text, nullable=False),
    Column("path", Text, nullable=False),
    Column("local_date", Date, nullable=False),
    Column("local_time", Time, nullable=False),
    Column("zone", Text, nullable=False),
    Column("state", _words(SlotState, "state"), nullable=False),
    Column("scheduled_by", Text, nullable=False),
    Column("scheduled_at", Instant, nullable=False),
    Column("digest", Text, nullable=False),
    Column("started_by", Text),
    Column("started_at", Instant),
    Column("reason", Text, nullable=False),
    _said("segment"),
    UniqueConstraint("publication_id", "issue"),
    _partial(
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
    _owner(),
    Column("issue", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("approved_by", Text, nullable=False),
    Column("approved_at", Instant, nullable=False),
    Column("author", Text),
    Column("override_reason", Text),
    Column("subject", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("inputs", Text, nullable=False),
    _said("segment"),
    Column("withdrawn_at", Instant),
    _said("withdrawn_because"),
    _partial(
        "ix_approvals_given",
        *_OF_APPROVAL,
        where="override_reason IS NULL AND withdrawn_at IS NULL",
    ),
    _partial(
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
    _owner(primary_key=True),
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
    _owner(primary_key=True),
    Column("key", Text, primary_key=True),
    Column("begun_at", Instant, nullable=False),
    Column("ended_at", Instant),
)

heartbeats = Table(
    "heartbeats",
    metadata,
    _owner(primary_key=True),
    Column("owner", Text, primary_key=True),
    Column("started_at", Instant, nullable=False),
    Column("beat_at", Instant, nullable=False),
    Column("doing", Text, nullable=False),
)
