"""A second publication in the same database, with the same people, issues and moments.

Whoever asks the database for one publication, and forgets to say so, meets this one.
"""

from datetime import UTC, date, datetime, time, timedelta

from newsletter.addresses import parse_addr_spec
from newsletter.books import (
    Approval,
    ArchivedIssue,
    AuditAction,
    Deed,
    DeliveryState,
    NewRun,
    NewSlot,
    Outcome,
    PublicationKey,
    StoredPicture,
)
from newsletter.store import Wish, open_database
from tests.people import bring
from tests.turns import begin

OURS = PublicationKey(key="ours", name="Ours", is_given=True)
THEIRS = PublicationKey(key="theirs", name="Theirs", is_given=True)
NAMES = ("ada", "bob", "eve", "zoe", "r0", "r1", "r2", "person0", "person1", "person2")
ISSUES = ("2021-11-26", "2026-11-27", "issue", "a", "b")
_NOW = datetime(2021, 11, 25, 7, 0, tzinfo=UTC)
_MORNING = time(7, 0)


def move_in(url: str) -> None:
    """Half of its people are suppressed, one has left; its issues were sent, or have a slot."""
    with open_database(url, OURS) as ours:
        ours.heartbeats.stop("nobody")  # writes nothing, and begins the publication
    with open_database(url, THEIRS) as theirs:
        people = "".join(f"{name}@example.com,Their {name}\n" for name in NAMES)
        list_ = theirs.subscribers
        bring(theirs, f"email,first_name\n{people}", _NOW)
        for issue in ISSUES[:3]:
            new = NewRun(issue=issue, digest="theirs", subject="Theirs", message_date=_NOW)
            run = theirs.runs.open(new, list_.audience(_NOW), _NOW, by="their editor")
            lease = timedelta(days=9_000)
            claims = theirs.journal.claim(run.id, "their sender", _NOW, lease, 5)
            begin(theirs, claims, _NOW)
            told = [Outcome(delivery=each, state=DeliveryState.REFUSED) for each in claims[:3]]
            theirs.journal.turn(told, [], _NOW)
        for name in NAMES[::2]:
            theirs.suppressions.add(f"{name}@example.com", "theirs", _NOW)
        theirs.membership.leave("bob@example.com", _NOW)
        for number, issue in enumerate(ISSUES[3:]):
            slot = NewSlot(
                issue=issue,
                path=f"issues/{issue}.md",
                local_date=date(2026, 11, 27) + timedelta(days=7 * number),
                local_time=_MORNING,
                zone="Europe/London",
                digest="theirs",
            )
            theirs.slots.schedule(slot, "their editor", _NOW)
        for issue in ISSUES:
            theirs.approvals.add(
                Approval(
                    issue=issue,
                    digest="d1",
                    approved_by="ada",
                    approved_at=_NOW,
                    subject="Theirs",
                    text="",
                    inputs={},
                )
            )
        wish = Wish(
            address=parse_addr_spec("eve@example.com"),
            first_name="",
            limit_key="eve@example.com",
            source="a form",
        )
        theirs.membership.ask(wish, _NOW)
        theirs.tries.count({"network": 9}, _NOW)
        theirs.archive.publish(
            ArchivedIssue(
                name="2021-11-26",
                local_date=date(2021, 11, 26),
                published_at=_NOW,
                digest="theirs",
                content="{}",
            ),
            [StoredPicture(name="theirs.png", media_type="image/png", octets=b"theirs")],
        )
        theirs.audit.append(Deed(by="them", action=AuditAction.RESTORED, issue="", at=_NOW))
        theirs.heartbeats.beat("their daemon", _NOW, _NOW, "theirs")
        for key in ("reminder 2026-11-27", "another", "run a", "run b"):
            theirs.notices.begin(key, _NOW)
            theirs.faults.add(key, _NOW)
