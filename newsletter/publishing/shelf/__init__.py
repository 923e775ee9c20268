"""The door of the shelf: a publication's issues, and how far each of them is."""

from newsletter.publishing.shelf.gathering import Shelf, ShelfKeeper, SlotAhead
from newsletter.publishing.shelf.heads import Head, Heads
from newsletter.publishing.shelf.standings import Draft, Sending, Yeses

__all__ = ["Draft", "Head", "Heads", "Sending", "Shelf", "ShelfKeeper", "SlotAhead", "Yeses"]
