"""People brought onto a list as an import does it, from a text."""

from datetime import datetime

from newsletter.books import AuditAction
from newsletter.store import Database, Origin, Replaces
from newsletter.subscribers import Arrived, Consent, ImportPlan, parse_subscribers

CONSENT = Consent(source="the test's word")


def bring(
    database: Database,
    text: str,
    now: datetime,
    *,
    consent: Consent = CONSENT,
    replaces: Replaces | None = None,
) -> Arrived:
    """Import a CSV file's text."""
    origin = Origin(name="people.csv", now=now)
    rows = parse_subscribers(text, path="people.csv").rows()
    with database.imports.compared(rows, origin, replaces=replaces) as compared:
        return compared.apply(AuditAction.IMPORTED, "a test", consent)


def planned(
    database: Database, text: str, now: datetime, *, replaces: Replaces | None = None
) -> ImportPlan:
    """What that would do."""
    origin = Origin(name="people.csv", now=now)
    rows = parse_subscribers(text, path="people.csv").rows()
    with database.imports.compared(rows, origin, replaces=replaces) as compared:
        return compared.plan
