"""How long a connection to PostgreSQL waits for the other side, on both its sides.

A network that is cut says nothing. Without these, a client asks a server that is gone for a quarter
of an hour, and a server keeps the locks of a client that is gone for two hours, while everybody
else waits for them. No statement has a time of its own: an import may take minutes, and whoever
waits for a lock has it at the latest when the one who holds it is given up.
"""

from collections.abc import Mapping
from typing import Final

from sqlalchemy import URL

CONNECT_TIMEOUT = 10
"""Seconds for a PostgreSQL server to answer."""

_CLIENT_WAITS: Final[Mapping[str, int]] = {
    "connect_timeout": CONNECT_TIMEOUT,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}
"""Libpq's, the last in milliseconds: a network that was cut is noticed in about ten seconds."""

IDLE_IN_TRANSACTION = "20s"
"""As long as a worker's lease: by then the rest of what it had is others', too. Ours ask the next
thing of a transaction within milliseconds; a process that was stopped for longer does it again."""

_SERVER_WAITS: Final[Mapping[str, str]] = {
    "idle_in_transaction_session_timeout": IDLE_IN_TRANSACTION,
    "tcp_keepalives_idle": "10",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "2",
    "tcp_user_timeout": "20s",
}

_GIVEN = ", ".join(f"('{name}', '{value}')" for name, value in _SERVER_WAITS.items())
SERVER_WAITS: Final = (
    "SELECT set_config(name, value, false) FROM pg_settings"  # noqa: S608 - nothing from outside
    f" JOIN (VALUES {_GIVEN}) AS wanted (name, value) USING (name) WHERE source = 'default'"
)
"""A statement for a new session. What whoever keeps the server has set, or the URL, stays so."""


def client_waits(url: URL) -> Mapping[str, int]:
    """What is to be added to a URL; what it says itself stays."""
    return {name: value for name, value in _CLIENT_WAITS.items() if name not in url.query}
