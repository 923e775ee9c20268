"""The door of the public site: it answers what every message promises, and decides nothing."""

from newsletter.web.public.server import Serving, serve

__all__ = ["Serving", "serve"]
