"""Settings made into a publication, once: the only place that knows every room.

Nothing is decided here. Only fronts come here; acts are handed what it gives.
"""

import getpass
import os
import socket
from collections.abc import Callable
from datetime import timedelta

from newsletter import lookup
from newsletter.clock import now
from newsletter.errors import NewsletterError, Remedy, SettingsError, TransportURLError
from newsletter.message import DkimKey, Signer, parse_key, read_key
from newsletter.notices import Webhook, read_secret
from newsletter.process import this_process
from newsletter.publishing.publication import Publication
from newsletter.settings import (
    DKIM_KEYS,
    SECRET_KEY,
    TRANSPORT,
    Access,
    DkimKeyFile,
    Environment,
    Secret,
    Settings,
    TokenSettings,
    missing,
    relay_variable,
)
from newsletter.store import Database, open_database
from newsletter.transports import TokenSource, Transport, cautions, open_transport, routed

_HOOK_TIMEOUT = 10.0
"""Seconds for one try."""


def publication_of(
    settings: Settings,
    *,
    word: Callable[[Remedy], str],
    warn: Callable[[NewsletterError], None],
) -> Publication:
    """The publication of some settings, in the hands of a front. Nothing is opened yet."""
    said: set[str] = set()

    def opened_transport() -> Transport:
        transport = _transport(settings)
        for caution in cautions(transport):
            if caution.what not in said:
                said.add(caution.what)
                warn(caution)
        return transport

    return Publication(
        settings=settings,
        clock=now,
        owner=this_process(now()),
        person=_person(),
        open_database=lambda: _database(settings),
        open_busy_database=lambda: _database(settings, is_busy=True),
        open_transport=opened_transport,
        open_signer=lambda: _signer(settings),
        open_webhook=lambda: _webhook(settings),
        open_resolver=lambda: _resolver(settings),
        secret_key=lambda: _secret_key(settings),
        former_keys=lambda: [key.reveal().encode() for key in settings.environment.former_keys],
        word=word,
        warn=warn,
    )


def _database(settings: Settings, *, is_busy: bool = False) -> Database:
    url = settings.environment.database.reveal()
    return open_database(url, settings.key, is_busy=is_busy)


def _transport(settings: Settings) -> Transport:
    """The transport of the environment, with those of groups that have their own.

    Raises SettingsError where one of them is not there.
    """
    environment, limits = settings.environment, settings.limits
    own = Access(
        name=TRANSPORT,
        transport=environment.transport,
        password=environment.password,
        further_passwords=environment.further_passwords,
        tokens=environment.tokens,
    )
    transport = _opened(own, settings)
    relays = {
        name: _relay(name, settings)
        for name in dict.fromkeys(each.relay for each in limits.domains if each.relay)
    }
    return routed(
        transport, {each.name: relays[each.relay] for each in limits.domains if each.relay}
    )


def _relay(name: str, settings: Settings) -> Transport:
    """The relay that a group names. Its faults name its own variables."""
    variable = relay_variable(name)
    access = settings.environment.relays.get(name, Access(name=variable))
    try:
        return _opened(access, settings)
    except TransportURLError as fault:
        fault.what = fault.what.replace(TRANSPORT, variable)
        fault.next_step = fault.next_step.replace(TRANSPORT, variable)
        raise


def _opened(access: Access, settings: Settings) -> Transport:
    return open_transport(
        _required(access.transport, access.name, settings),
        password=access.password.reveal() if access.password else None,
        clock=now,
        further_passwords=[each.reveal() if each else None for each in access.further_passwords],
        tokens=[_token_source(each, settings) for each in access.tokens],
    )


def _token_source(token: TokenSettings | None, settings: Settings) -> TokenSource | None:
    if token is None:
        return None
    command = token.command.reveal() if token.command else ""
    return TokenSource(name=token.name, folder=settings.folder, command=command, file=token.file)


def _signer(settings: Settings) -> Signer | None:
    """None where newsletter.toml has no [dkim]. Raises SettingsError for a key that will not do."""
    if settings.dkim is None:
        return None
    keys = [_dkim_key(key, settings.environment) for key in settings.dkim.keys]
    days = settings.dkim.expires_days
    return Signer(settings.dkim.domain, keys, expires_after=timedelta(days=days) if days else None)


def _dkim_key(named: DkimKeyFile, environment: Environment) -> DkimKey:
    """The environment goes before what newsletter.toml names."""
    selector, algorithm = named.selector, named.algorithm
    given = environment.dkim_keys.get(algorithm)
    if given is not None:
        pem, where = given.reveal().encode(), DKIM_KEYS[algorithm]
        return parse_key(pem, where=where, selector=selector, algorithm=algorithm)
    is_credential = named.is_credential
    return read_key(named.path, selector=selector, algorithm=algorithm, is_credential=is_credential)


def _webhook(settings: Settings) -> Webhook | None:
    url, secret = settings.notifications.webhook, settings.environment.webhook_secret
    if url is None or secret is None:
        return None
    return Webhook(url=url, secret=read_secret(secret.reveal()), timeout=_HOOK_TIMEOUT)


def _resolver(settings: Settings) -> lookup.Resolver:
    """Loaded when it is asked for: nobody but the doctor asks the DNS."""
    return lookup.open_resolver(settings.environment.name_servers)


def _secret_key(settings: Settings) -> bytes:
    """The key for tokens and message ids. Raises SettingsError where there is none."""
    return _required(settings.environment.secret_key, SECRET_KEY, settings).encode()


def _required(secret: Secret | None, name: str, settings: Settings) -> str:
    if secret is None:
        raise SettingsError(
            [missing(name)],
            where=str(settings.folder / ".env"),
            next_step="mend it and try again",
        )
    return secret.reveal()


def _person() -> str:
    """Who gives an order: the user of this machine."""
    try:
        user = getpass.getuser()
    except (KeyError, OSError):  # a container's user often has no name
        user = f"user {os.getuid()}"
    return f"{user}@{socket.gethostname()}"
