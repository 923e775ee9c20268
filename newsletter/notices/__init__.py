"""The door of the notices room: what the team is told of its sends, by mail and by webhook.

Cheap to open: what speaks TLS and HTTP is loaded when somebody asks for it.
"""

from typing import TYPE_CHECKING

from newsletter.doors import later
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

__getattr__ = later(
    __name__,
    {
        "PAUSES": "webhook",
        "Outcome": "webhook",
        "Webhook": "webhook",
        "WebhookAnswer": "webhook",
        "post_patiently": "webhook",
        "read_secret": "signature",
    },
)
