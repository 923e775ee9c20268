"""The door of the studio: the editors' own page, on their own machine. It decides nothing."""

from newsletter.web.studio.server import Asked, Started, serve

__all__ = ["Asked", "Started", "serve"]
