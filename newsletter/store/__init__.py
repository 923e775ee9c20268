"""The door of the store room: open the database, and what its list and its journal speak in.

Importing it loads SQLAlchemy, so the command line does that only when it must.
"""

from newsletter.store.database import Database, open_database
from newsletter.store.journal import FAILURES, Journal
from newsletter.store.records import Attempt, Balance, Delivery, Failure, Outcome, Run
from newsletter.store.states import UNFINISHED, DeliveryState, RunState
from newsletter.store.subscriber_list import AudienceCounts, SubscriberList

__all__ = [
    "FAILURES",
    "UNFINISHED",
    "Attempt",
    "AudienceCounts",
    "Balance",
    "Database",
    "Delivery",
    "DeliveryState",
    "Failure",
    "Journal",
    "Outcome",
    "Run",
    "RunState",
    "SubscriberList",
    "open_database",
]
