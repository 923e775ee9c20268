"""The environment and the `.env` file: secrets, the transport and the database.

What the environment says goes before what the file says. A secret is kept in a wrapper that
prints as stars, so that no log, error or `repr` can show it; one that stands in a file of its own
is read by `secret_files`.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

from newsletter.lookup import NameServer, parse_name_server
from newsletter.settings.dotenv_file import DotEnv, read_dotenv
from newsletter.settings.faults import DOTENV, Fault, Origin
from newsletter.settings.secret_files import read_secret_files, unless_said, variables

TRANSPORT = "NEWSLETTER_TRANSPORT"
PASSWORD = "NEWSLETTER_TRANSPORT_PASSWORD"  # noqa: S105 - the name of a variable
DATABASE = "NEWSLETTER_DATABASE"
SECRET_KEY = "NEWSLETTER_SECRET_KEY"  # noqa: S105 - as above
FORMER_KEYS = "NEWSLETTER_SECRET_KEY_OLD"
"""Those that links in old issues were made with, parted by commas."""
WITNESS = "NEWSLETTER_WITNESS"
WEBHOOK_SECRET = "NEWSLETTER_WEBHOOK_SECRET"  # noqa: S105 - as above
BOUNCES_PASSWORD = "NEWSLETTER_BOUNCES_PASSWORD"  # noqa: S105 - as above
"""That of the mailbox which what comes back is read from, by IMAP."""
DNS = "NEWSLETTER_DNS"
"""Which name servers are asked in place of the system's, parted by commas."""
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
    WITNESS,
    SECRET_KEY,
    FORMER_KEYS,
    WEBHOOK_SECRET,
    BOUNCES_PASSWORD,
    DNS,
    *DKIM_KEYS.values(),
)
SECRETS = (
    TRANSPORT,
    PASSWORD,
    *FURTHER_PASSWORDS,
    DATABASE,
    SECRET_KEY,
    FORMER_KEYS,
    WEBHOOK_SECRET,
    BOUNCES_PASSWORD,
    *DKIM_KEYS.values(),
)
"""Those that may stand in a file of their own: behind each name, `_FILE` names it."""

_TRANSPORT_SECRETS = (TRANSPORT, PASSWORD, *FURTHER_PASSWORDS)
_ALL_NAMES = (
    *NAMES,
    *FURTHER_PASSWORDS,
    *TOKEN_COMMANDS[1:],
    *TOKEN_FILES[1:],
    *variables(SECRETS),
)

DEFAULT_DATABASE = "sqlite:///newsletter.db"
MIN_KEY_LENGTH = 32
"""Characters: 128 bits in hexadecimal, for tokens that live for years."""

_OF_TRANSPORT = (TRANSPORT, PASSWORD, *FURTHER_PASSWORDS, *TOKEN_COMMANDS, *TOKEN_FILES)
RELAY = "NEWSLETTER_RELAY_"
"""Before the name of a relay that a group of domains has for itself. What belongs to it is named as
with the transport: `NEWSLETTER_RELAY_B_PASSWORD`.
"""

TO_SEND = (TRANSPORT, SECRET_KEY)
"""What nothing can be sent without."""

_ALLOWED = {
    TRANSPORT: "a transport URL such as smtp://user@relay.example.com or directory:outbox/",
    SECRET_KEY: 'a key; make one with `python3 -c "import secrets; print(secrets.token_hex(32))"`',
}

_SUFFIXES = "|".join(each.removeprefix(TRANSPORT) for each in _OF_TRANSPORT)
_RELAY_NAME = re.compile(rf"{RELAY}([A-Z][A-Z0-9]*)(?:{_SUFFIXES})(?:_FILE)?")
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
class Access:
    """How a relay is reached: a transport URL, which may hold a password, and what belongs to it.

    As the same fields of `Environment`; `name` is the variable that has the URL.
    """

    name: str
    transport: Secret | None = None
    password: Secret | None = None
    further_passwords: tuple[Secret | None, ...] = ()
    tokens: tuple[TokenSettings | None, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Environment:
    """The values of the environment; None where nothing is set.

    `transport` is a transport URL that may hold a password, and so is a secret too.
    `further_passwords` has one place for each further transport of a failover, `tokens` one for
    each transport. `relays` are those of groups of domains, by the names that [limits.domains] has
    for them. `dkim_keys` are in PEM, by algorithm, and go before the files that newsletter.toml
    names. `witness` is a folder.
    """

    transport: Secret | None = None
    password: Secret | None = None
    further_passwords: tuple[Secret | None, ...] = ()
    tokens: tuple[TokenSettings | None, ...] = ()
    relays: Mapping[str, Access] = field(default_factory=dict)
    database: Secret = Secret(DEFAULT_DATABASE)
    witness: Path | None = None
    secret_key: Secret | None = None
    former_keys: tuple[Secret, ...] = ()
    webhook_secret: Secret | None = None
    bounces_password: Secret | None = None
    dkim_keys: Mapping[str, Secret] = field(default_factory=dict)
    name_servers: tuple[NameServer, ...] = ()


def read_environment(
    folder: Path, environ: Mapping[str, str]
) -> tuple[Environment, tuple[Fault, ...]]:
    """The environment, and every fault found in it."""
    path = folder / DOTENV
    origin = Origin(folder, environ)
    file = read_dotenv(path)
    relays = _relays({**environ, **file.values})
    secrets = (*SECRETS, *(_of_relay(each, name) for each in relays for name in _TRANSPORT_SECRETS))
    names = (*_ALL_NAMES, *variables(secrets), *_names_of(relays))
    given = {name: environ[name] for name in names if environ.get(name)}
    values = {**unless_said(given, file.values, secrets), **given}
    from_files, not_read = read_secret_files(values, secrets, DKIM_KEYS.values(), origin)
    values |= from_files
    in_file = (*file.faults, *_seen(path, file, names), *_unknown(file.values, names))
    faults = [
        *map(origin.in_file, in_file),
        *map(origin.in_environment, _misspelt(environ, names)),
        *not_read,
    ]
    if _NOT_EXPANDED.match(values.get(DATABASE, "")):
        what = f"{DATABASE} holds a $, and nothing is expanded: write the path out"
        faults.append(origin.fault(DATABASE, what))
    key = values.get(SECRET_KEY)
    former = [each.strip() for each in values.get(FORMER_KEYS, "").split(",") if each.strip()]
    faults += _short_keys(key, former, origin)
    own = _access(TRANSPORT, values, origin, faults)
    environment = Environment(
        transport=own.transport,
        password=own.password,
        further_passwords=own.further_passwords,
        tokens=own.tokens,
        relays={each.lower(): _access(f"{RELAY}{each}", values, origin, faults) for each in relays},
        database=Secret(_in_folder(values.get(DATABASE) or DEFAULT_DATABASE, folder)),
        witness=folder.absolute() / values[WITNESS] if values.get(WITNESS) else None,
        secret_key=_secret(key),
        former_keys=tuple(map(Secret, former)),
        webhook_secret=_secret(values.get(WEBHOOK_SECRET)),
        bounces_password=_secret(values.get(BOUNCES_PASSWORD)),
        dkim_keys={
            algorithm: _pem(values[name]) for algorithm, name in DKIM_KEYS.items() if name in values
        },
        name_servers=tuple(_name_servers(values.get(DNS, ""), origin, faults)),
    )
    return environment, tuple(faults)


def relay_variable(relay: str) -> str:
    """The variable that has the URL of a relay which a group of domains names."""
    return f"{RELAY}{relay.upper()}"


def _relays(values: Mapping[str, str]) -> list[str]:
    """As their variables name them, each once."""
    found = (_RELAY_NAME.fullmatch(name) for name, value in values.items() if value)
    return sorted({each[1] for each in found if each})


def _of_relay(relay: str, name: str) -> str:
    """What the transport's variable is called for a relay."""
    return name.replace(TRANSPORT, f"{RELAY}{relay}", 1)


def _names_of(relays: Sequence[str]) -> Iterator[str]:
    yield from (_of_relay(relay, name) for relay in relays for name in _OF_TRANSPORT)


def _access(
    transport: str, values: Mapping[str, str], origin: Origin, faults: list[Fault]
) -> Access:
    """What stands under the names of the transport, or of a relay."""

    def of(name: str) -> str:
        return name.replace(TRANSPORT, transport, 1)

    return Access(
        name=transport,
        transport=_secret(values.get(transport)),
        password=_secret(values.get(of(PASSWORD))),
        further_passwords=tuple(_secret(values.get(of(name))) for name in FURTHER_PASSWORDS),
        tokens=tuple(
            _tokens(values, of(command), of(file), origin, faults)
            for command, file in zip(TOKEN_COMMANDS, TOKEN_FILES, strict=True)
        ),
    )


def missing_faults(
    environment: Environment, needs: Sequence[str], origin: Origin
) -> Iterator[Fault]:
    """A fault for each variable of `TO_SEND` that is needed and set nowhere."""
    found = {TRANSPORT: environment.transport, SECRET_KEY: environment.secret_key}
    for name in needs:
        if found[name] is None:
            yield origin.in_file(missing(name))


def missing(name: str) -> str:
    """The words for a variable of `TO_SEND`, or a relay's, that is set nowhere."""
    allowed = _ALLOWED.get(name, _ALLOWED[TRANSPORT])
    return f"{name} is not set, here or in the environment: it must be {allowed}"


def _short_keys(key: str | None, former: Sequence[str], origin: Origin) -> Iterator[Fault]:
    if key is not None and len(key) < MIN_KEY_LENGTH:
        yield origin.fault(
            SECRET_KEY,
            f"{SECRET_KEY} has {len(key)} characters: at least {MIN_KEY_LENGTH} are needed;"
            ' make one with `python3 -c "import secrets; print(secrets.token_hex(32))"`',
        )
    for number, each in enumerate(former, 1):
        if len(each) < MIN_KEY_LENGTH:
            yield origin.fault(
                FORMER_KEYS,
                f"{FORMER_KEYS} has {len(each)} characters in its key {number}: no key had fewer"
                f" than {MIN_KEY_LENGTH}; write it whole, or leave it out",
            )


def _name_servers(text: str, origin: Origin, faults: list[Fault]) -> Iterator[NameServer]:
    for each in filter(None, map(str.strip, text.split(","))):
        try:
            yield parse_name_server(each)
        except ValueError:
            what = f"{DNS} must be IP addresses, with a port or without: 127.0.0.1:5353"
            faults.append(origin.fault(DNS, what))


def _tokens(
    values: Mapping[str, str], command: str, file: str, origin: Origin, faults: list[Fault]
) -> TokenSettings | None:
    if values.get(command) and values.get(file):
        what = f"{command} and {file} are both set: a token comes from one of them"
        faults.append(origin.fault(command, what))
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


def _seen(path: Path, file: DotEnv, names: Sequence[str]) -> Iterator[str]:
    paths = {*TOKEN_FILES, *variables(SECRETS)}
    secrets = {*names} - {DATABASE, DNS, WITNESS} - paths
    has_some = secrets & file.values.keys() or "@" in file.values.get(DATABASE, "")
    if file.is_seen_by_others and has_some:
        yield f"holds secrets and others may read it (mode {file.mode:o}): `chmod 600 {path}`"


def _unknown(values: Mapping[str, str], names: Sequence[str]) -> Iterator[str]:
    for name in values:
        if _OURS.search(name) and name not in names:
            yield f"{name} means nothing; the names are {', '.join(NAMES)}"


def _misspelt(environ: Mapping[str, str], known: Sequence[str]) -> Iterator[str]:
    """Programs like Kubernetes set names that begin as ours do: only a slip of ours is a fault."""
    for name in filter(_OURS.match, environ):
        meant = () if name in known else get_close_matches(name.upper(), known, 1, _ALIKE)
        if meant:
            yield f"{name} means nothing; did you mean {meant[0]}?"
