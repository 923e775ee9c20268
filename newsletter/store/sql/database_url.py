"""Database URLs: read for the driver, and shown to people without what is secret in them.

A secret is known by its value, not by its place alone: where a sign in a password would end it too
early the URL is refused, and the driver's words are looked through for it. RFC 3986, 2.1 and 3.2.
"""

import re
from collections.abc import Iterator
from urllib.parse import quote, quote_plus

from sqlalchemy import URL
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from newsletter.errors import Act, Remedy, StoreError
from newsletter.store.sql.waits import client_waits

_EXAMPLES = "sqlite:///newsletter.db or postgresql://user@host/database"
_ASTRAY = (
    "an @ stands where none may: where user name or password holds one of / ? # @ % :, "
    "write %2F %3F %23 %40 %25 %3A"
)
_UNCLEAR = "the database URL cannot be understood"
_LAST_PORT = 65535
_STARS = "***"
_LEAST = 3
"""Characters of what is looked for in others' words; what is shorter is in many of them."""

_PARTS = re.compile(r"[/?#@%:&=\s]+")
_PLAIN_USER = re.compile(r"[\w.@-]*")
_SECRET_OPTIONS = ("password", "sslpassword")
_PLAIN_OPTIONS = frozenset(
    (
        *("application_name", "channel_binding", "client_encoding", "connect_timeout", "dbname"),
        *("fallback_application_name", "gssencmode", "host", "hostaddr", "krbsrvname", "options"),
        *("keepalives", "keepalives_count", "keepalives_idle", "keepalives_interval"),
        *("load_balance_hosts", "passfile", "port", "require_auth", "service", "sslcert"),
        *("ssl_max_protocol_version", "ssl_min_protocol_version", "sslcrl", "sslcrldir", "sslkey"),
        *("sslmode", "sslnegotiation", "sslrootcert", "sslsni", "target_session_attrs"),
        *("tcp_user_timeout", "user"),
    )
)
"""Those of libpq that are no secret; any other one may be the end of a password with a & in it."""


def parse_database_url(text: str) -> URL:
    """The URL, with the driver we use. Raises StoreError, and never repeats what it cannot read:
    there may be a password in it.
    """
    url = _understood(text.strip())
    backend = url.drivername.partition("+")[0]
    if backend == "sqlite":
        return _sqlite(url)
    if backend not in ("postgresql", "postgres"):
        raise StoreError(
            f"“{url.drivername}” is not a kind of database we know",
            next_step=f"write the URL as {_EXAMPLES}",
        )
    if text.count("@") > (url.username is not None):
        raise StoreError(_ASTRAY, where="postgresql:…", next_step=f"write the URL as {_EXAMPLES}")
    return url.set(drivername="postgresql+psycopg")


def libpq_url(text: str) -> str:
    """A PostgreSQL's URL as its own client library takes it, with the password in it, and with how
    long to wait for the server.

    Raises StoreError for any other database: what several machines share is a PostgreSQL.
    """
    url = parse_database_url(text)
    if url.get_backend_name() == "sqlite":
        raise StoreError(
            "workers on many machines share a PostgreSQL, and this is a file on one",
            where=masked(url),
            next_step="set NEWSLETTER_DATABASE to postgresql://user@host/database; on one machine"
            " a daemon sends all by itself",
            remedy=Remedy(Act.KEEP_SCHEDULE),
        )
    waits = {name: str(value) for name, value in client_waits(url).items()}
    url = url.update_query_dict(waits)
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


def _understood(text: str) -> URL:
    try:
        url = make_url(text)
    except (ArgumentError, ValueError) as error:
        raise StoreError(_UNCLEAR, next_step=f"write it as {_EXAMPLES}") from error
    if url.port and url.port > _LAST_PORT:  # a password without its @
        raise StoreError(_UNCLEAR, next_step=f"write it as {_EXAMPLES}")
    return url


def _sqlite(url: URL) -> URL:
    if url.host or url.username or url.port:
        raise StoreError(
            "a file's path begins behind three slashes",
            where="sqlite:…",
            next_step=f"write the URL as {_EXAMPLES}",
        )
    if not url.database or url.database == ":memory:":
        raise StoreError(
            "a database in memory forgets who has the issue",
            where="sqlite:…",
            next_step="name a file: sqlite:///newsletter.db",
        )
    return url.set(drivername="sqlite+pysqlite")


def masked(url: URL) -> str:
    """The URL for people: no driver, and stars for whatever may be secret, wherever it stands."""
    is_plain = url.username is None or _PLAIN_USER.fullmatch(url.username)
    options = {name: value for name, value in url.query.items() if name in _PLAIN_OPTIONS}
    shown = url.set(
        drivername=url.get_backend_name(),
        username=url.username if is_plain else _STARS,
        query=options,
    ).render_as_string(hide_password=True)
    shown = shown.replace(quote(_STARS), _STARS)
    if len(options) == len(url.query):
        return shown
    return f"{shown}{'&' if options else '?'}{_STARS}"


def secrets_of(url: URL) -> tuple[str, ...]:
    """What nobody's words may hold, the longest first: the passwords in any form, and pieces."""
    found: set[str] = set()
    for secret in _secrets(url):
        found |= {secret, quote(secret), quote(secret, safe=""), quote_plus(secret)}
        found |= set(_PARTS.split(secret))
    return tuple(sorted((each for each in found if len(each) >= _LEAST), key=len, reverse=True))


def _secrets(url: URL) -> Iterator[str]:
    if url.password:
        yield url.password
    for name, value in url.query.items():
        if name not in _PLAIN_OPTIONS:
            yield from (value,) if isinstance(value, str) else value
            if name not in _SECRET_OPTIONS:
                yield name


def without(secrets: tuple[str, ...], words: str) -> str:
    """Somebody else's words, with stars in place of each of the secrets."""
    for secret in secrets:
        words = words.replace(secret, _STARS)
    return words
