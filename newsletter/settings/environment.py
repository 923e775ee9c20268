"""The environment and the `.env` file: secrets, the transport and the database.

What the environment says goes before what the file says. A secret is kept in a wrapper that
prints as stars, so that no log, error or `repr` can show it.
"""

import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

TRANSPORT = "NEWSLETTER_TRANSPORT"
PASSWORD = "NEWSLETTER_TRANSPORT_PASSWORD"  # noqa: S105 - the name of a variable
DATABASE = "NEWSLETTER_DATABASE"
SECRET_KEY = "NEWSLETTER_SECRET_KEY"  # noqa: S105 - as above
WEBHOOK_SECRET = "NEWSLETTER_WEBHOOK_SECRET"  # noqa: S105 - as above
FURTHER_PASSWORDS = tuple(f"{PASSWORD}_{number}" for number in range(2, 10))
"""Those of the second to the ninth transport of a failover."""

NAMES = (TRANSPORT, PASSWORD, DATABASE, SECRET_KEY, WEBHOOK_SECRET)

DEFAULT_DATABASE = "sqlite:///newsletter.db"
MIN_KEY_LENGTH = 32
"""Characters: 128 bits in hexadecimal, for tokens that live for years."""

_OTHERS = stat.S_IRWXG | stat.S_IRWXO


@dataclass(frozen=True, slots=True)
class Secret:
    """A value that must not be seen. `reveal` is the only way to it."""

    _value: str

    def __repr__(self) -> str:
        return "Secret('***')"

    __str__ = __repr__

    def reveal(self) -> str:
        return self._value


@dataclass(frozen=True, kw_only=True, slots=True)
class Environment:
    """The values of the environment; None where nothing is set.

    `transport` is a transport URL that may hold a password, and so is a secret too.
    `further_passwords` has one place for each further transport of a failover.
    """

    transport: Secret | None = None
    password: Secret | None = None
    further_passwords: tuple[Secret | None, ...] = ()
    database: Secret = Secret(DEFAULT_DATABASE)
    secret_key: Secret | None = None
    webhook_secret: Secret | None = None


def read_environment(
    folder: Path, environ: Mapping[str, str]
) -> tuple[Environment, tuple[str, ...]]:
    """The environment, and every fault found in it, each on one line and without its value."""
    values, faults = _dotenv(folder / ".env")
    values |= {name: environ[name] for name in (*NAMES, *FURTHER_PASSWORDS) if environ.get(name)}
    faults += _unknown(values)
    key = values.get(SECRET_KEY)
    if key is not None and len(key) < MIN_KEY_LENGTH:
        faults.append(
            f"{SECRET_KEY} has {len(key)} characters: at least {MIN_KEY_LENGTH} are needed;"
            ' make one with `python3 -c "import secrets; print(secrets.token_hex(32))"`'
        )
    environment = Environment(
        transport=_secret(values.get(TRANSPORT)),
        password=_secret(values.get(PASSWORD)),
        further_passwords=tuple(_secret(values.get(name)) for name in FURTHER_PASSWORDS),
        database=Secret(_in_folder(values.get(DATABASE) or DEFAULT_DATABASE, folder)),
        secret_key=_secret(key),
        webhook_secret=_secret(values.get(WEBHOOK_SECRET)),
    )
    return environment, tuple(faults)


def _secret(value: str | None) -> Secret | None:
    return Secret(value) if value else None


def _in_folder(url: str, folder: Path) -> str:
    """A relative SQLite path is relative to newsletter.toml, wherever the command is run."""
    prefix = "sqlite:///"
    path = url.removeprefix(prefix)
    if not url.startswith(prefix) or path.startswith("/") or not path:
        return url
    return f"{prefix}{folder.absolute() / path}"


def _dotenv(path: Path) -> tuple[dict[str, str], list[str]]:
    from dotenv import dotenv_values  # only where a command needs the environment

    try:
        mode = path.stat().st_mode
        with path.open(encoding="utf-8") as file:
            found = dotenv_values(stream=file, interpolate=False)
    except FileNotFoundError:
        return {}, []
    except (OSError, UnicodeDecodeError) as error:
        return {}, [f"{path} cannot be read: {error}"]
    values = {name: value for name, value in found.items() if value}
    secrets = {PASSWORD, *FURTHER_PASSWORDS, SECRET_KEY, TRANSPORT, WEBHOOK_SECRET}
    if mode & _OTHERS and secrets & values.keys():
        fault = f"{path} holds secrets and others may read it (mode {mode & 0o777:o})"
        return values, [f"{fault}: `chmod 600 {path}`"]
    return values, []


def _unknown(values: Mapping[str, str]) -> list[str]:
    return [
        f"{name} is set in .env and means nothing; the names are {', '.join(NAMES)}"
        for name in values
        if name.startswith("NEWSLETTER_") and name not in (*NAMES, *FURTHER_PASSWORDS)
    ]
