"""The transports' pace, by the name that commands know it by."""

from newsletter.transports import paced, relays_left

__all__ = ["paced", "relays_left"]
