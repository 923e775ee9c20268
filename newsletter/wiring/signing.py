"""What the settings say of DKIM, as a signer with its keys read."""

from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from newsletter.message import Signer
    from newsletter.settings import Settings


def open_signer(settings: "Settings") -> "Signer | None":
    """None where newsletter.toml has no [dkim]. Raises SettingsError for a key that will not do."""
    from newsletter.message import Signer, read_key

    if settings.dkim is None:
        return None
    keys = [
        read_key(key.path, selector=key.selector, algorithm=key.algorithm)
        for key in settings.dkim.keys
    ]
    days = settings.dkim.expires_days
    return Signer(settings.dkim.domain, keys, expires_after=timedelta(days=days) if days else None)
