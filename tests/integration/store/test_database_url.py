"""A database URL as people are shown it, and others' words without what is secret in it."""

from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.errors import StoreError
from newsletter.store.sql.connections import Connections
from newsletter.store.sql.database_url import masked, parse_database_url, secrets_of, without


@pytest.mark.parametrize(
    ("shown", "text"),
    [
        ("postgresql://ada:***@db:5432/news", "postgresql://ada:pw@db:5432/news"),
        ("postgresql://ada@db/news", "postgres://ada@db/news"),
        ("postgresql://***@db/news", "postgresql://ada%3Apw@db/news"),
        ("postgresql://ada@/news?host=%2Frun", "postgresql://ada@/news?host=/run"),
        (
            "postgresql://ada@db/news?sslmode=require&***",
            "postgresql://ada@db/news?sslmode=require&x=1",
        ),
        ("sqlite:////srv/news.db", "sqlite:////srv/news.db"),
        ("sqlite:///news.db?***", "sqlite:///news.db?key=pw"),
    ],
)
def test_masked_shows_what_is_surely_no_secret(shown: str, text: str) -> None:
    assert shown == masked(parse_database_url(text))


@pytest.mark.parametrize("form", [str, quote, lambda text: quote(text, safe=""), quote_plus, repr])
def test_others_words_are_without_the_password_in_whatever_form(form: type[str]) -> None:
    password = "p/w sécret@100%"
    url = parse_database_url(f"postgresql://ada:{quote(password, safe='')}@127.0.0.1:1/news")

    said = without(secrets_of(url), f'no host "{form(password)}" nor "sécret"')

    assert 'no host "***" nor "***"' == said.replace("'", "")


def test_an_error_of_the_driver_is_told_without_the_password() -> None:
    """Here it is a piece of the host's name: the driver is asked, and repeats what it was given."""
    pytest.importorskip("psycopg")
    url = parse_database_url("postgresql://ada:nowhere@nowhere.invalid/news")
    connections = Connections(url)

    with pytest.raises(StoreError) as caught, connections.reading():
        pass

    assert "***" in caught.value.what
    assert "nowhere" not in caught.value.what


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20))
def test_whatever_stands_in_place_of_a_password_is_not_shown(tail: str) -> None:
    password = f"Q7Z{tail}Q7Z"
    try:
        shown = masked(parse_database_url(f"postgresql://ada:{password}@db/news"))
    except StoreError as error:
        shown = str(error)

    assert "Q7Z" not in shown
