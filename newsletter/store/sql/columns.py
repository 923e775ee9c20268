"""The kinds of columns and indexes that tables are made of."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Dialect,
    Enum,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Text,
    TypeDecorator,
    text,
)
from sqlalchemy.dialects import postgresql

from newsletter.store.sql.values import instant_of, stored_instant

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)


class Instant(TypeDecorator[datetime]):
    """An aware datetime as an integer: SQLite would drop the zone of a DateTime."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        return None if value is None else stored_instant(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        return None if value is None else instant_of(value)


def words(enum: type[StrEnum], name: str) -> Enum:
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

Object = JSON().with_variant(postgresql.JSONB(), "postgresql")
"""Names and their values, in one column that a statement can look into."""


def owner_column(*, primary_key: bool = False) -> Column[int]:
    """Whose row it is: in every table that is not reached by a run, and first in its keys."""
    return Column(
        "publication_id",
        Key,
        ForeignKey("publications.id"),
        primary_key=primary_key,
        autoincrement=False,
        nullable=False,
    )


def said(name: str, default: str = "") -> Column[str]:
    """A text that rows from before it have as well."""
    return Column(name, Text, nullable=False, server_default=default)


def partial_index(name: str, *columns: str, where: str) -> Index:
    """A UNIQUE that only some rows are held to; both databases know it."""
    condition = text(where)
    return Index(name, *columns, unique=True, sqlite_where=condition, postgresql_where=condition)
