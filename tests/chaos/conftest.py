"""PostgreSQL, for the tests here."""

from tests.integration.store.conftest import postgresql_server, postgresql_url

__all__ = ["postgresql_server", "postgresql_url"]
