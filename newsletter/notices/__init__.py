"""The door of the notices room: what the team is told of its sends, by mail and by webhook.

Cheap to open: what speaks TLS and HTTP is loaded when somebody asks for it.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from newsletter.notices.mail import compose_notice

if TYPE_CHECKING:
    from newsletter.notices.signature import read_secret
    from newsletter.notices.webhook import PAUSES, Outcome, Webhook, WebhookAnswer, post_patiently

__all__ = [
    "PAUSES",
    "Outcome",
    "Webhook",
    "WebhookAnswer",
    "compose_notice",
    "post_patiently",
    "read_secret",
]

_LATER = {
    "PAUSES": "webhook",
    "Outcome": "webhook",
    "Webhook": "webhook",
    "WebhookAnswer": "webhook",
    "post_patiently": "webhook",
    "read_secret": "signature",
}


def __getattr__(name: str) -> Any:
    """From its module, at the first asking (PEP 562)."""
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_LATER[name]}"), name)
