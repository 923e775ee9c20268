"""The environment and the `.env` file: secrets, the transport and the database.

What the environment says goes before what the file says. A secret is kept in a wrapper that
prints as stars, so that no log, error or `repr` can show it.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

from newsletter.settings.dotenv_file import DotEnv, read_dotenv

TRANSPORT = "NEWSLETTER_TRANSPORT"
PASSWORD = "NEWSLETTER_TRANSPORT_PASSWORD"  # noqa: S105 - the name of a variable
DATABASE = "NEWSLETTER_DATABASE"
SECRET_KEY = "NEWSLETTER_SECRET_KEY"  # noqa: S105 - as above
WEBHOOK_SECRET = "NEWSLETTER_WEBHOOK_SECRET"  # noqa: S105 - as above
DKIM_KEYS = {
    "rsa-sha256": "NEWSLETTER_DKIM_KEY",
    "ed25519-sha256": "NEWSLETTER_DKIM_ED25519_KEY",
}
"""The variable that may hold a key, by its algorithm."""
TOKEN_COMMAND = "NEWSLETTER_TRANSPORT_TOKEN_COMMAND"  # noqa: S105 - as above
TOKEN_FILE = "NEWSLETTER_TRANSPORT_TOKEN_FILE"  # noqa: S105 - as above
FURTHER_PASSWORDS = tuple(f"{PASSWORD}_{number}" for number in range(2, 10))
"""Those of the second to the ninth transport of a failover."""
TOKEN_COMMANDS = (TOKEN_COMMAND, *(f"{TOKEN_COMMAND}_{number}" for number in range(2, 10)))
TOKEN_FILES = (TOKEN_FILE, *(f"{TOKEN_FILE}_{number}" for number in range(2, 10)))
"""Those of the first transport and of all further ones."""

NAMES = (
    TRANSPORT,
    PASSWORD,
    TOKEN_COMMAND,
    TOKEN_FILE,
    DATABASE,
    SECRET_KEY,
    WEBHOOK_SECRET,
    *DKIM_KEYS.values(),
)
_ALL_NAMES = (*NAMES, *FURTHER_PASSWORDS, *TOKEN_COMMANDS[1:], *TOKEN_FILES[1:])

DEFAULT_DATABASE = "sqlite:///newsletter.db"
MIN_KEY_LENGTH = 32
"""Characters: 128 bits in hexadecimal, for tokens that live for years."""

_OURS = re.compile(r"(?:^|[^a-z0-9_])newsletter_", re.IGNORECASE)
"""Also what a slip makes of our names: `newsletter_database`, `$env:NEWSLETTER_DATABASE`."""

_ALIKE = 0.9
_NOT_EXPANDED = re.compile(r"sqlite:.*\$[A-Za-z_{(]")
"""Of a path: a database of that very name would be made."""


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
class TokenSettings:
    """Where one transport's tokens come from, by a command or by a file; `name` says which is set.

    A command may have a secret in it.
    """

    name: str
    command: Secret | None = None
    file: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Environment:
    """The values of the environment; None where nothing is set.

    `transport` is a transport URL that may hold a password, and so is a secret too.
    `further_passwords` has one place for each further transport of a failover, `tokens` one for
    each transport. `dkim_keys` are in PEM, by algorithm, and go before the files that
    newsletter.toml names.
    """

    transport: Secret | None = None
    password: Secret | None = None
    further_passwords: tuple[Secret | None, ...] = ()
    tokens: tuple[TokenSettings | None, ...] = ()
    database: Secret = Secret(DEFAULT_DATABASE)
    secret_key: Secret | None = None
    webhook_secret: Secret | None = None
    dkim_keys: Mapping[str, Secret] = field(default_factory=dict)


def read_environment(
    folder: Path, environ: Mapping[str, str]
) -> tuple[Environment, tuple[str, ...]]:
    """The environment, and every fault found in it, each on one line and without its value."""
    path = folder / ".env"
    file = read_dotenv(path)
    values = dict(file.values) | {name: environ[name] for name in _ALL_NAMES if environ.get(name)}
    faults = [*file.faults, *_seen(path, file), *_unknown(file.values), *_misspelt(environ)]
    if _NOT_EXPANDED.match(values.get(DATABASE, "")):
        faults.append(f"{DATABASE} holds a $, and nothing is expanded: write the path out")
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
        tokens=tuple(
            _tokens(values, command, file, faults)
            for command, file in zip(TOKEN_COMMANDS, TOKEN_FILES, strict=True)
        ),
        database=Secret(_in_folder(values.get(DATABASE) or DEFAULT_DATABASE, folder)),
        secret_key=_secret(key),
        webhook_secret=_secret(values.get(WEBHOOK_SECRET)),
        dkim_keys={
            algorithm: _pem(values[name]) for algorithm, name in DKIM_KEYS.items() if name in values
        },
    )
    return environment, tuple(faults)


def _tokens(
    values: Mapping[str, str], command: str, file: str, faults: list[str]
) -> TokenSettings | None:
    if values.get(command) and values.get(file):
        faults.append(f"{command} and {file} are both set: a token comes from one of them")
    if values.get(command):
        return TokenSettings(name=command, command=Secret(values[command]))
    return TokenSettings(name=file, file=values[file]) if values.get(file) else None


def _secret(value: str | None) -> Secret | None:
    return Secret(value) if value else None


def _pem(value: str) -> Secret:
    r"""Where a variable has but one line, the lines of PEM are parted by `\n`."""
    return Secret(value.replace("\\n", "\n"))


def _in_folder(url: str, folder: Path) -> str:
    """A relative SQLite path is relative to newsletter.toml, wherever the command is run."""
    prefix = "sqlite:///"
    path = url.removeprefix(prefix)
    if not url.startswith(prefix) or path.startswith("/") or not path:
        return url
    return f"{prefix}{folder.absolute() / path}"


def _seen(path: Path, file: DotEnv) -> Iterator[str]:
    secrets = {*_ALL_NAMES} - {DATABASE, *TOKEN_FILES}
    has_some = secrets & file.values.keys() or "@" in file.values.get(DATABASE, "")
    if file.is_seen_by_others and has_some:
        fault = f"{path} holds secrets and others may read it (mode {file.mode:o})"
        yield f"{fault}: `chmod 600 {path}`"


def _unknown(values: Mapping[str, str]) -> Iterator[str]:
    for name in values:
        if _OURS.search(name) and name not in _ALL_NAMES:
            yield f"{name} is set in .env and means nothing; the names are {', '.join(NAMES)}"


def _misspelt(environ: Mapping[str, str]) -> Iterator[str]:
    """Programs like Kubernetes set names that begin as ours do: only a slip of ours is a fault."""
    known = _ALL_NAMES
    for name in filter(_OURS.match, environ):
        meant = () if name in known else get_close_matches(name.upper(), known, 1, _ALIKE)
        if meant:
            yield f"{name} is set in the environment and means nothing; did you mean {meant[0]}?"
