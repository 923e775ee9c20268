"""A PostgreSQL that cannot hold every alphabet is refused when it is opened."""

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from newsletter.errors import StoreError
from newsletter.store import open_database
from tests.integration.store.conftest import Server

pytestmark = pytest.mark.postgresql
NOW = datetime(2026, 11, 27, 7, 0, tzinfo=UTC)


@pytest.fixture
def made(postgresql_server: Server, request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of a new database in the encoding of the parameter."""
    name = f"test_{uuid.uuid4().hex}"
    postgresql_server.execute(
        f"CREATE DATABASE {name} ENCODING '{request.param}' TEMPLATE template0 LOCALE 'C'"
    )
    yield postgresql_server.url(name)
    postgresql_server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.mark.parametrize("made", ["LATIN1", "SQL_ASCII", "EUC_JP"], indirect=True)
def test_a_database_in_another_encoding_is_refused(
    made: str, request: pytest.FixtureRequest
) -> None:
    with pytest.raises(StoreError) as caught:
        open_database(made)

    encoding = request.node.callspec.params["made"]
    assert f"encoding is {encoding}," in caught.value.what
    assert "UTF8" in caught.value.next_step


@pytest.mark.parametrize("made", ["UTF8"], indirect=True)
@pytest.mark.parametrize(
    "said", ["client_encoding=latin1", "options=-c%20client_encoding%3Dlatin1", ""]
)
def test_text_is_exchanged_in_utf8_whatever_the_url_or_the_environment_says(
    made: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGCLIENTENCODING", "LATIN1")
    with open_database(f"{made}&{said}") as database:
        database.suppressions.add("łukasz@example.com", "Łukasz’ Wunsch", NOW)

        found = database.suppressions.among(["łukasz@example.com"])

    assert {"łukasz@example.com": "Łukasz’ Wunsch"} == found
