"""What the settings lead to outside: the transport, the database, the key, this process's name."""

from datetime import datetime
from typing import TYPE_CHECKING

from newsletter.clock import Clock, now
from newsletter.errors import SettingsError

if TYPE_CHECKING:
    from newsletter.settings import Secret, Settings
    from newsletter.store import Database
    from newsletter.transports import Transport


def secret_key(settings: "Settings") -> bytes:
    """The key for tokens and message ids. Raises SettingsError where there is none."""
    return _required(
        settings.environment.secret_key,
        "NEWSLETTER_SECRET_KEY",
        'a key; make one with `python3 -c "import secrets; print(secrets.token_hex(32))"`',
    ).encode()


def open_transport(
    settings: "Settings", url: str | None = None, *, clock: Clock = now
) -> "Transport":
    """The transport of the environment, or of another URL."""
    from newsletter.transports import open_transport as from_url

    password = settings.environment.password
    known = url or _required(
        settings.environment.transport,
        "NEWSLETTER_TRANSPORT",
        "a transport URL such as smtp://user@relay.example.com or directory:outbox/",
    )
    further = settings.environment.further_passwords
    return from_url(
        known,
        clock=clock,
        password=password.reveal() if password else None,
        further_passwords=[each.reveal() if each else None for each in further],
    )


def _required(secret: "Secret | None", name: str, allowed: str) -> str:
    if secret is None:
        raise SettingsError(
            [f"{name} is not set: it must be {allowed}"],
            where="environment",
            next_step="set it in the environment or in .env (see .env.example)",
        )
    return secret.reveal()


def open_database(settings: "Settings") -> "Database":
    from newsletter.store import open_database as from_url

    return from_url(settings.environment.database.reveal())


def owner_name(now: datetime) -> str:
    """Who holds a lease: this process on this machine, since now."""
    from newsletter.process import this_process

    return this_process(now)


def person_name() -> str:
    """Who gives an order: the user of this machine."""
    import getpass
    import os
    import socket

    try:
        user = getpass.getuser()
    except (KeyError, OSError):  # a container's user often has no name
        user = f"user {os.getuid()}"
    return f"{user}@{socket.gethostname()}"
