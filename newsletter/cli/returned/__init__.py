"""The command line's room for what came back: reading it, listing it, and saying what it means.

Its commands are in the group's own table, `newsletter.cli.bounces`. Nothing that a stranger wrote
reaches a terminal but by the console, which leaves no control character in it.
"""

from newsletter.cli.returned.explaining import explain
from newsletter.cli.returned.listing import list_
from newsletter.cli.returned.reading import read
from newsletter.cli.returned.showing import show

__all__ = ["explain", "list_", "read", "show"]
