"""The door of the notices room: what the team's own webhook is told, and how it is signed."""

from newsletter.notices.signature import read_secret
from newsletter.notices.webhook import PAUSES, Outcome, Webhook, WebhookAnswer, post_patiently

__all__ = [
    "PAUSES",
    "Outcome",
    "Webhook",
    "WebhookAnswer",
    "post_patiently",
    "read_secret",
]
