"""Files onto the list, over both databases."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from newsletter.addresses import parse_addr_spec
from newsletter.books import AuditAction
from newsletter.store import Database, Origin, Replaces, open_database
from newsletter.store.sql.values import CHUNK
from newsletter.subscribers import (
    Arrived,
    AudienceCounts,
    Consent,
    Difference,
    PersonEventKind,
    Subscriber,
    SubscriberState,
    SuppressionKind,
    Verdict,
    hashed,
    parse_subscribers,
)
from tests.neighbour import THEIRS
from tests.people import CONSENT, bring, planned

WHOLE = Replaces(tags=True, attributes=True)


def add(database: Database, now: datetime, *lines: str) -> int:
    return bring(database, "\n".join(["email,first_name", *lines]), now).joined


def member(database: Database, name: str) -> Subscriber:
    return database.subscribers.find([f"{name}@example.com"])[f"{name}@example.com"]


def test_import_adds_the_new_and_mends_the_names(database: Database, now: datetime) -> None:
    later = now + timedelta(days=1)

    assert add(database, now, "Ada@example.com,Ada", "bob@example.com,Bob") == 2
    assert add(database, later, "ADA@example.com,Augusta", "eve@example.com,Eve") == 1

    found = database.subscribers.find(["ada@example.com", "bob@example.com", "no@example.com"])
    assert {("Ada@example.com", "Augusta", later), ("bob@example.com", "Bob", now)} == {
        (str(member.address), member.first_name, member.updated_at) for member in found.values()
    }
    assert database.subscribers.count()[SubscriberState.CONFIRMED] == 3


def test_import_keeps_what_the_file_knows_of_somebody(database: Database, now: datetime) -> None:
    bring(
        database,
        "email,tags,city,größe,consent_source,consent_at,created_at\n"
        'ada@example.com,"uk,press",Leeds,"5 ""x""",the fair,2020-01-02,2020-01-01\n',
        now,
    )

    ada = member(database, "ada")
    assert ("press", "uk") == ada.tags
    assert {"city": "Leeds", "grösse": '5 "x"'} == ada.attributes
    assert Consent(source="the fair", at=datetime(2020, 1, 2, tzinfo=UTC)) == ada.consent
    assert datetime(2020, 1, 1, tzinfo=UTC) == ada.created_at


def test_import_gives_the_consent_that_was_said_where_the_file_gives_none(
    database: Database, now: datetime
) -> None:
    said = Consent(source="the fair", at=datetime(2026, 3, 2, tzinfo=UTC))

    bring(database, "email,consent\nada@example.com,a form\nbob@example.com,\n", now, consent=said)

    assert Consent(source="a form") == member(database, "ada").consent
    assert said == member(database, "bob").consent


def test_import_plan_counts_who_has_no_consent_among_the_new_alone(
    database: Database, now: datetime
) -> None:
    add(database, now, "old@example.com,Old")

    plan = planned(
        database,
        "email,status,consent\nold@example.com,,\nnew@example.com,,\nsaid@example.com,,fair\n"
        "gone@example.com,unsubscribed,\n",
        now,
    )

    assert 1 == plan.without_consent


def test_import_never_turns_anyone_back_on(database: Database, now: datetime) -> None:
    """The commonest complaint about other systems (listmonk 2008, Keila 259, Ghost 25732)."""
    lines = ["ada@example.com,Ada", "bob@example.com,Bob", "eve@example.com,Eve"]
    add(database, now, *lines)
    database.membership.leave("ada@example.com", now)
    database.suppressions.add("bob@example.com", "bounced", now)

    assert add(database, now, *[line + "!" for line in lines]) == 0

    assert database.subscribers.audience_counts(now) == AudienceCounts(
        owed=1, suppressed={"bounced": 1, "unsubscribed": 1}
    )


def test_import_brings_nobody_back_who_was_erased(database: Database, now: datetime) -> None:
    add(database, now, "ada@example.com,Ada")
    database.person_files.forget("ada@example.com", now, by="a test")

    plan = planned(database, "email\nADA@example.com\n", now)
    assert add(database, now, "ada@example.com,Ada") == 0

    assert {Verdict.KEPT_SUPPRESSED: 1} == plan.verdicts
    assert 0 == sum(database.subscribers.count().values())


def test_import_respects_who_left_or_was_erased_after_the_plan_was_shown(
    database: Database, now: datetime
) -> None:
    text = "email\nada@example.com\nbob@example.com\n"
    origin = Origin(name="people.csv", now=now)
    with database.imports.compared(parse_subscribers(text).rows(), origin) as compared:
        database.membership.leave("ada@example.com", now)  # by a link in an old issue
        database.suppressions.add(hashed("bob@example.com"), "erased", now)

        arrived = compared.apply(AuditAction.IMPORTED, "a test", CONSENT)

    assert 2 == compared.plan.new
    assert 1 == arrived.joined
    assert [("ada@example.com", "unsubscribed")] == [
        (member.key, member.suppressed_because) for member in database.subscribers.audience(now)
    ]


def test_import_plan_writes_nothing(database: Database, now: datetime) -> None:
    plan = planned(database, "email,status\nada@example.com,\nbob@example.com,bounced\n", now)

    assert 1 == plan.new
    assert 0 == sum(database.subscribers.count().values())
    assert 0 == sum(database.suppressions.count().values())
    assert database.audit.last() is None


def test_import_plan_puts_everybody_under_one_verdict(database: Database, now: datetime) -> None:
    add(database, now, "same@example.com,Same", "other@example.com,Other", "left@example.com,")
    add(database, now, "leaves@example.com,", "stop@example.com,")
    database.membership.leave("left@example.com", now)
    database.suppressions.add("stop@example.com", "complained", now)
    text = (
        "email,first_name,status\nnew@example.com,New,\nsame@example.com,,\n"
        "other@example.com,Another,\nleft@example.com,,\nstop@example.com,,\n"
        "leaves@example.com,,cancelled\ngone@example.com,,unsubscribed\n"
        "waits@example.com,,pending\nback@example.com,,bounced\nNEW@example.com,Twice,\nbad,,\n"
    )

    plan = planned(database, text, now)

    assert {
        Verdict.NEW: 1,
        Verdict.GONE: 1,
        Verdict.STOPPED: 1,
        Verdict.CHANGED: 1,
        Verdict.LEAVES: 1,
        Verdict.UNCHANGED: 1,
        Verdict.KEPT_SUPPRESSED: 1,
        Verdict.KEPT_UNSUBSCRIBED: 1,
        Verdict.KEPT_UNCONFIRMED: 1,
    } == plan.verdicts
    assert {SuppressionKind.BOUNCE: 1} == plan.stops
    assert (1, 12) == (plan.faults, plan.first_faults[0].line)
    assert 1 == plan.duplicates
    (twice,) = plan.first_duplicates
    assert (11, 2, "NEW@example.com") == (twice.line, twice.first_line, str(twice.address))
    other = Difference(verdict=Verdict.CHANGED, address="other@example.com", line=4)
    assert (other,) == tuple(plan.first[Verdict.CHANGED])


def test_import_lets_go_of_who_is_gone_where_the_file_comes_from(
    database: Database, now: datetime
) -> None:
    add(database, now, "ada@example.com,Ada")
    bring(database, "email\nnew@example.com\n", now, consent=Consent(source="the form", at=now))
    before = now - timedelta(days=1)

    arrived = bring(
        database,
        "email,status,unsubscribed_at\nada@example.com,unsubscribed,\ngone@example.com,removed,\n"
        f"new@example.com,unsubscribed,{before.isoformat()}\ncomplains@example.com,complained,\n",
        now,
    )

    assert Arrived(gone=1, left=1, suppressed=1) == arrived
    states = {name: member(database, name).state for name in ("ada", "gone", "new")}
    left = SubscriberState.UNSUBSCRIBED
    assert {"ada": left, "gone": left, "new": SubscriberState.CONFIRMED} == states
    found = database.suppressions.find("complains@example.com")
    assert found is not None
    assert (SuppressionKind.COMPLAINT, "complaint in people.csv") == (found.kind, found.reason)


def test_import_lets_go_of_who_left_long_before_a_list_brought_them_that_did_not_know_it(
    database: Database, now: datetime
) -> None:
    """The day of an import is no day on which anybody has said yes."""
    add(database, now, "ada@example.com,Ada")

    arrived = bring(
        database, "email,unsubscribed_at\nada@example.com,2020-02-01\n", now + timedelta(days=9)
    )

    assert Arrived(left=1) == arrived
    assert SubscriberState.UNSUBSCRIBED is member(database, "ada").state


@pytest.mark.parametrize("lines", [("ada,active", "ada,gone"), ("ada,gone", "ada,active")])
def test_import_believes_the_line_that_says_somebody_is_gone(
    database: Database, now: datetime, lines: tuple[str, str]
) -> None:
    rows = "\n".join(line.replace("ada", "ada@example.com") for line in lines)

    assert Arrived(gone=1) == bring(database, f"email,status\n{rows}\n", now)


def test_import_adds_tags_and_attributes_to_those_that_are_there(
    database: Database, now: datetime
) -> None:
    bring(database, "email,tags,city,job\nada@example.com,uk,Leeds,Editor\n", now)

    again = bring(database, "email,tags,city\nada@example.com,press,York\n", now)
    same = bring(database, "email,tags,city\nada@example.com,uk,York\n", now)

    ada = member(database, "ada")
    assert (Arrived(changed=1), Arrived()) == (again, same)
    assert (("press", "uk"), {"city": "York", "job": "Editor"}) == (ada.tags, ada.attributes)


def test_import_is_in_the_books_without_an_address(database: Database, now: datetime) -> None:
    add(database, now, "ada@example.com,Ada", "bob@example.com,Bob")

    entry = database.audit.last()
    assert entry is not None
    assert (AuditAction.IMPORTED, "a test", "people.csv: 2 joined") == (
        entry.action,
        entry.by,
        entry.detail,
    )
    assert database.audit.verify() is None


def test_import_is_one_event_in_the_history(database: Database, now: datetime) -> None:
    add(database, now, "ada@example.com,Ada", "bob@example.com,Bob")

    (event,) = database.person_files.of("").events
    assert (PersonEventKind.JOINED, 2, "people.csv", "a test") == (
        event.kind,
        event.people,
        event.detail,
        event.by,
    )


def test_import_is_of_its_own_publication_alone(
    database: Database, database_url: str, now: datetime
) -> None:
    """The neighbour has an Ada, and whoever is suppressed there is not here."""
    with open_database(database_url, THEIRS) as theirs:
        before = [str(each.address) for each in theirs.subscribers.members()]

        bring(database, "email\nada@example.com\n", now, replaces=WHOLE)

        assert before == [str(each.address) for each in theirs.subscribers.members()]


def test_sync_makes_the_list_match_and_keeps_who_left(database: Database, now: datetime) -> None:
    """phpList 1051: membership is replaced, the history of leaving stays."""
    text = "email,first_name,tags,city\n"
    people = "".join(f"{name}@example.com,,uk,Leeds\n" for name in ("ada", "bob", "eve", "zoe"))
    bring(database, text + people, now)
    database.membership.leave("eve@example.com", now)
    database.suppressions.add("bob@example.com", "bounced", now)

    wanted = text + "ada@example.com,Ada,press,\neve@example.com,,,\nnew@example.com,,,\n"
    plan = planned(database, wanted, now, replaces=WHOLE)
    arrived = bring(database, wanted, now, replaces=WHOLE)

    assert (2, 3) == (plan.count(Verdict.REMOVED), plan.readers)
    assert plan.removes_most
    assert Arrived(joined=1, changed=1, removed=2) == arrived
    states = {each.address.local_part: each.state for each in database.subscribers.members()}
    yes = SubscriberState.CONFIRMED
    assert {"ada": yes, "eve": SubscriberState.UNSUBSCRIBED, "new": yes} == states
    assert (("press",), {}) == (member(database, "ada").tags, member(database, "ada").attributes)
    assert database.suppressions.find("bob@example.com") is not None


def test_sync_leaves_who_joined_after_the_plan_was_shown(database: Database, now: datetime) -> None:
    add(database, now, "ada@example.com,", "bob@example.com,")
    rows = parse_subscribers("email\nada@example.com\n").rows()
    origin = Origin(name="people.csv", now=now)
    with database.imports.compared(rows, origin, replaces=WHOLE) as compared:
        database.membership.add(parse_addr_spec("new@example.com"), "", CONSENT, now, by="a test")
        compared.apply(AuditAction.SYNCED, "a test")

    found = [str(each.address) for each in database.subscribers.members()]
    assert ["ada@example.com", "new@example.com"] == found


def test_sync_takes_no_tags_where_the_file_has_no_column_for_them(
    database: Database, now: datetime
) -> None:
    bring(database, "email,tags,city\nada@example.com,uk,Leeds\n", now)

    bring(database, "email\nada@example.com\n", now, replaces=Replaces())

    ada = member(database, "ada")
    assert (("uk",), {"city": "Leeds"}) == (ada.tags, ada.attributes)


def test_differences_name_everybody_page_by_page(database: Database, now: datetime) -> None:
    people = [f"p{number:05}@example.com" for number in range(CHUNK + 10)]
    add(database, now, *[f"{each}," for each in people])
    rows = parse_subscribers("\n".join(["email", people[0], "new@example.com"])).rows()
    origin = Origin(name="people.csv", now=now)

    with database.imports.compared(rows, origin, replaces=WHOLE) as compared:
        found = list(compared.differences())

    removed = [each.address for each in found if each.verdict is Verdict.REMOVED]
    assert people[1:] == removed
    assert {(Verdict.NEW, 3), (Verdict.UNCHANGED, 2)} == {
        (each.verdict, each.line) for each in found if each.line is not None
    }


def test_import_takes_more_than_a_page_in_any_order(database: Database, now: datetime) -> None:
    lines = [f"p{number * 7_919 % 12_000}@example.com,P{number}" for number in range(12_000)]

    assert 12_000 == add(database, now, *lines)
    assert 12_000 == planned(database, "\n".join(["email,first_name", *lines]), now).count(
        Verdict.UNCHANGED
    )
    assert sorted(line.partition(",")[0] for line in lines) == [
        member.key for member in database.subscribers.audience(now)
    ]


def test_a_large_import_leaves_postgresql_with_plans_for_it(
    database: Database, now: datetime
) -> None:
    """It looks by itself within a minute; a send that begins at once would take twice as long."""
    if not database.is_shared:
        pytest.skip("SQLite goes by its indexes, whatever is in them")
    bring(database, "email\n" + "".join(f"r{n}@d{n % 7}.example\n" for n in range(5_000)), now)

    with database._connections.reading() as connection:
        known = text("SELECT reltuples FROM pg_class WHERE oid = 'subscribers'::regclass")
        assert connection.execute(known).scalar_one() >= 5_000
