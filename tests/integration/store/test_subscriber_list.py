from datetime import datetime, timedelta

from newsletter.store import Database
from newsletter.subscribers import AudienceCounts, SubscriberState, parse_subscribers


def add(database: Database, now: datetime, *lines: str) -> int:
    file = parse_subscribers("\n".join(["email,first_name", *lines]))
    return database.subscribers.apply(database.subscribers.plan_import(file), now)


def test_apply_adds_the_new_and_mends_the_names(database: Database, now: datetime) -> None:
    later = now + timedelta(days=1)

    assert add(database, now, "Ada@example.com,Ada", "bob@example.com,Bob") == 2
    assert add(database, later, "ADA@example.com,Augusta", "eve@example.com,Eve") == 1

    found = database.subscribers.find(["ada@example.com", "bob@example.com", "no@example.com"])
    assert {("Ada@example.com", "Augusta", later), ("bob@example.com", "Bob", now)} == {
        (str(member.address), member.first_name, member.updated_at) for member in found.values()
    }
    assert database.subscribers.count()[SubscriberState.CONFIRMED] == 3


def test_apply_never_turns_anyone_back_on(database: Database, now: datetime) -> None:
    """The commonest complaint about other systems (listmonk 2008, Keila 259, Ghost 25732)."""
    lines = ["ada@example.com,Ada", "bob@example.com,Bob", "eve@example.com,Eve"]
    add(database, now, *lines)
    database.subscribers.unsubscribe("ada@example.com", now)
    database.subscribers.suppress("bob@example.com", "bounced", now)

    assert add(database, now, *[line + "!" for line in lines]) == 0

    assert database.subscribers.audience_counts() == AudienceCounts(
        owed=1, suppressed={"bounced": 1, "unsubscribed": 1}
    )


def test_apply_respects_who_left_after_the_plan_was_shown(
    database: Database, now: datetime
) -> None:
    plan = database.subscribers.plan_import(parse_subscribers("email\nada@example.com\n"))
    database.subscribers.unsubscribe("ada@example.com", now)  # by a link in an old issue

    database.subscribers.apply(plan, now)

    assert [("ada@example.com", "unsubscribed")] == [
        (member.key, member.suppressed_because) for member in database.subscribers.audience()
    ]


def test_plan_import_writes_nothing(database: Database) -> None:
    plan = database.subscribers.plan_import(parse_subscribers("email\nada@example.com\n"))

    assert len(plan.new) == 1
    assert sum(database.subscribers.count().values()) == 0


def test_suppress_keeps_the_first_reason(database: Database, now: datetime) -> None:
    assert database.subscribers.suppress("ada@example.com", "complained", now)
    assert not database.subscribers.suppress("ada@example.com", "bounced", now)

    assert database.subscribers.suppressed(["ada@example.com", "bob@example.com"]) == {
        "ada@example.com": "complained"
    }
    assert database.subscribers.is_suppressed("ada@example.com")
    assert not database.subscribers.is_suppressed("bob@example.com")


def test_unsubscribe_says_whether_anything_changed(database: Database, now: datetime) -> None:
    add(database, now, "ada@example.com,Ada")

    assert database.subscribers.unsubscribe("ada@example.com", now)
    assert not database.subscribers.unsubscribe("ada@example.com", now)


def test_unsubscribe_remembers_someone_who_is_not_on_the_list(
    database: Database, now: datetime
) -> None:
    assert database.subscribers.unsubscribe("ada@example.com", now)

    assert add(database, now, "ada@example.com,Ada") == 0


def test_audience_is_read_page_by_page(database: Database, now: datetime) -> None:
    lines = [f"p{number}@example.com,P{number}" for number in range(12_000)]
    add(database, now, *lines)

    assert sorted(line.partition(",")[0] for line in lines) == [
        member.key for member in database.subscribers.audience()
    ]
