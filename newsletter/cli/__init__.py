"""The door of the command line."""

from newsletter.cli.app import main

__all__ = ["main"]
