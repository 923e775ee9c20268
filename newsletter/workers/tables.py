"""Procrastinate's tables, in a PostgreSQL schema of their own beside the publication's.

Which of its migrations were applied is remembered there, because it keeps no account of that, and
applying one twice is an error.
"""

from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, Final

from procrastinate.schema import SchemaManager

SCHEMA: Final = "newsletter_jobs"

_LOCK = 7_395_401_288
"""Of PostgreSQL's advisory locks: one process at a time lays out the tables."""

_REMEMBERED = """
CREATE SCHEMA IF NOT EXISTS newsletter_jobs;
CREATE TABLE IF NOT EXISTS newsletter_jobs.migrations (
    name text PRIMARY KEY,
    applied_at timestamptz NOT NULL DEFAULT now()
)
"""
_IS_THERE = "SELECT to_regclass('newsletter_jobs.procrastinate_jobs') IS NOT NULL AS found"
_REMEMBER = "INSERT INTO migrations (name) VALUES (%s)"


async def lay_out(pool: Any) -> None:
    """All tables as the installed Procrastinate wants them; nothing where they are so already.

    `pool` is a psycopg pool whose search_path is the schema. Whoever comes while another is at it
    waits. All of it is one transaction.
    """
    async with pool.connection() as connection:
        await connection.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
        await connection.execute(_REMEMBERED)
        found = await (await connection.execute(_IS_THERE)).fetchone()
        if not found[0]:
            await connection.execute(SchemaManager.get_schema())
        known = await (await connection.execute("SELECT name FROM migrations")).fetchall()
        applied = {name for (name,) in known}
        for migration in _migrations():
            if migration.name in applied:
                continue
            if found[0]:
                await connection.execute(migration.read_text(encoding="utf-8"))
            await connection.execute(_REMEMBER, (migration.name,))


def _migrations() -> list[Traversable]:
    """In the order in which they are to be applied: their names begin with the version."""
    folder = files("procrastinate.sql") / "migrations"
    found = [each for each in folder.iterdir() if each.name.endswith(".sql")]
    return sorted(found, key=lambda each: each.name)
