"""What a session with PostgreSQL is told of how long to wait for us, and we for it."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Connection, make_url, text

from newsletter.errors import StoreError
from newsletter.store import libpq_url
from newsletter.store.sql.connections import Connections
from newsletter.store.sql.waits import IDLE_IN_TRANSACTION, client_waits

IDLE = "idle_in_transaction_session_timeout"


@contextmanager
def session(url: str) -> Iterator[Connection]:
    connections = Connections(make_url(url.replace("postgresql:", "postgresql+psycopg:")))
    try:
        with connections.reading() as connection:
            yield connection
    finally:
        connections.close()


def setting(connection: Connection, name: str) -> tuple[str, str]:
    statement = "SELECT current_setting(name), source FROM pg_settings WHERE name = :name"
    value, source = connection.execute(text(statement), {"name": name}).one()
    return value, source


def stand_still(connection: Connection) -> None:
    """Longer and longer: the server looks at its clock when it has time for that."""
    for tries in range(10):
        connection.execute(text("SELECT 1"))
        time.sleep(0.05 * 2**tries)


@pytest.mark.postgresql
def test_a_server_gives_up_a_client_that_is_silent_inside_a_transaction(
    postgresql_url: str,
) -> None:
    with session(postgresql_url) as connection:
        assert (IDLE_IN_TRANSACTION, "session") == setting(connection, IDLE)
        assert "session" == setting(connection, "tcp_user_timeout")[1]
        assert "session" == setting(connection, "tcp_keepalives_idle")[1]


@pytest.mark.postgresql
def test_what_the_url_says_of_it_stays(postgresql_url: str) -> None:
    with session(f"{postgresql_url}&options=-c%20{IDLE}%3D7s") as connection:
        assert ("7s", "client") == setting(connection, IDLE)


@pytest.mark.postgresql
def test_who_stood_still_in_the_middle_of_a_change_is_told_so(postgresql_url: str) -> None:
    url = f"{postgresql_url}&options=-c%20{IDLE}%3D20ms"

    with pytest.raises(StoreError) as caught, session(url) as connection:
        stand_still(connection)

    assert "stood still for too long" in caught.value.next_step


def test_a_client_waits_as_long_as_its_url_says_and_else_about_ten_seconds() -> None:
    url = make_url("postgresql://ada@db/news?tcp_user_timeout=500")

    assert "tcp_user_timeout" not in client_waits(url)
    assert 10 == client_waits(url)["connect_timeout"]


def test_the_workers_own_connections_wait_as_ours_do() -> None:
    shared = make_url(libpq_url("postgresql://ada@db/news?connect_timeout=3"))

    assert "3" == shared.query["connect_timeout"]
    assert "10000" == shared.query["tcp_user_timeout"]
