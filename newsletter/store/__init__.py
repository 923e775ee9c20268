"""The door of the store room: open the database, and the small books that it hands out.

Importing it loads SQLAlchemy, so the command line does that only when it must.
"""

from newsletter.store.archive import Archive
from newsletter.store.backup import file_of, put_in_place
from newsletter.store.database import Database, open_database
from newsletter.store.examination import Examination, examine, publications_in
from newsletter.store.journal.journal import Journal
from newsletter.store.people.exporting import Exports
from newsletter.store.people.importing import Compared, Imports
from newsletter.store.people.judging import Replaces
from newsletter.store.people.letters import Letters
from newsletter.store.people.membership import (
    BY_THEMSELVES,
    Confirmed,
    Membership,
    Preferences,
    Wish,
)
from newsletter.store.people.person_files import PersonFiles
from newsletter.store.people.staging import Origin
from newsletter.store.people.subscriber_list import SubscriberList
from newsletter.store.people.suppressions import Suppressions
from newsletter.store.people.tries import Tries
from newsletter.store.runs.audiences import Audiences
from newsletter.store.runs.doubts import Doubts
from newsletter.store.runs.runs import Runs
from newsletter.store.runs.statistics import Statistics
from newsletter.store.schedule.approvals import Approvals
from newsletter.store.schedule.audit import Audit
from newsletter.store.schedule.faults import Faults
from newsletter.store.schedule.heartbeats import Heartbeats
from newsletter.store.schedule.notices import Notices
from newsletter.store.schedule.slots import Slots
from newsletter.store.sql.database_url import libpq_url
from newsletter.store.sql.waits import SERVER_WAITS

__all__ = [
    "BY_THEMSELVES",
    "SERVER_WAITS",
    "Approvals",
    "Archive",
    "Audiences",
    "Audit",
    "Compared",
    "Confirmed",
    "Database",
    "Doubts",
    "Examination",
    "Exports",
    "Faults",
    "Heartbeats",
    "Imports",
    "Journal",
    "Letters",
    "Membership",
    "Notices",
    "Origin",
    "PersonFiles",
    "Preferences",
    "Replaces",
    "Runs",
    "Slots",
    "Statistics",
    "SubscriberList",
    "Suppressions",
    "Tries",
    "Wish",
    "examine",
    "file_of",
    "libpq_url",
    "open_database",
    "publications_in",
    "put_in_place",
]
