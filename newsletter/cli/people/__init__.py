"""The door of the command line's room about people, for a send that brings some along.

Its commands are in the group's own table, `newsletter.cli.subscribers`, which a send does not load.
"""

from newsletter.cli.people.bringing import bring, incoming_shown
from newsletter.cli.people.file_options import ConsentText

__all__ = ["ConsentText", "bring", "incoming_shown"]
