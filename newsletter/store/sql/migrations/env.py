"""What Alembic runs: the migrations, on the connection and in the transaction it is handed."""

from alembic import context

from newsletter.store.sql.columns import metadata
from newsletter.store.sql.schema import VERSION_TABLE

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table=VERSION_TABLE,
    # The caller's transaction is around all of it, and both databases take DDL back.
    transactional_ddl=True,
)
context.run_migrations()
