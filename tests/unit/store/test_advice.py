"""What is to be done about an error of a database is said of that error."""

import pytest

from newsletter.store.sql.advice import advice_on

FAILED = 'connection failed: connection to server at "10.0.0.1", port 5432 failed: FATAL: '


@pytest.mark.parametrize(
    ("words", "step"),
    [
        (f"{FAILED} sorry, too many clients already", "max_connections"),
        (f'{FAILED} too many connections for role "news"', "limit of the database or the role"),
        (
            f"{FAILED} remaining connection slots are reserved for non-replication superuser",
            "max_connections",
        ),
        (f'{FAILED} password authentication failed for user "news"', "the password in the URL"),
        (f'{FAILED} Peer authentication failed for user "news"', "pg_hba.conf"),
        (f'{FAILED} no pg_hba.conf entry for host "10.0.0.2", user "news"', "let this machine"),
        (f'{FAILED} database "news" does not exist', "create it"),
        (f"{FAILED} the database system is starting up", "wait until the server is up"),
        (f"{FAILED} the database system is in recovery mode", "wait until the server is up"),
        ("permission denied for schema public", "let the role own the database"),
        ("canceling statement due to lock timeout", "another process"),
        ("canceling statement due to statement timeout", "statement_timeout"),
        ("could not extend file: No space left on device", "free some disk space"),
        ("cannot execute INSERT in a read-only transaction", "can be written to"),
        ('connection to server at "10.0.0.1", port 5432 failed: Connection refused', "server runs"),
        ('could not translate host name "db" to address', "host in the URL"),
        ("database is locked", "another process is writing"),
        ("something new", "whole and can be reached"),
    ],
)
def test_advice_is_on_what_the_database_said(words: str, step: str) -> None:
    assert step in advice_on(words)
