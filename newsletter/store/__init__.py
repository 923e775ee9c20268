"""The door of the store room: open the database, and what its list, journal and book speak in.

Importing it loads SQLAlchemy, so the command line does that only when it must.
"""

from newsletter.store.database import Database, open_database
from newsletter.store.journal import Journal
from newsletter.store.schedule_book import ScheduleBook
from newsletter.store.subscriber_list import SubscriberList

__all__ = [
    "Database",
    "Journal",
    "ScheduleBook",
    "SubscriberList",
    "open_database",
]
