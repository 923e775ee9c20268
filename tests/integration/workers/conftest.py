"""PostgreSQL, for the tests of what is kept in it besides the store's own."""

from tests.integration.store.conftest import postgresql_server, postgresql_url

__all__ = ["postgresql_server", "postgresql_url"]
