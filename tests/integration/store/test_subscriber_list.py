from datetime import datetime

from newsletter.store import Database
from tests.people import bring


def add(database: Database, now: datetime, *lines: str) -> int:
    return bring(database, "\n".join(["email,first_name", *lines]), now).joined


def test_suppress_keeps_the_first_reason(database: Database, now: datetime) -> None:
    assert database.suppressions.add("ada@example.com", "complained", now)
    assert not database.suppressions.add("ada@example.com", "bounced", now)

    assert database.suppressions.among(["ada@example.com", "bob@example.com"]) == {
        "ada@example.com": "complained"
    }
    assert database.suppressions.find("ada@example.com")
    assert not database.suppressions.find("bob@example.com")


def test_unsubscribe_says_whether_anything_changed(database: Database, now: datetime) -> None:
    add(database, now, "ada@example.com,Ada")

    assert database.membership.leave("ada@example.com", now)
    assert not database.membership.leave("ada@example.com", now)


def test_unsubscribe_remembers_someone_who_is_not_on_the_list(
    database: Database, now: datetime
) -> None:
    assert database.membership.leave("ada@example.com", now)

    assert add(database, now, "ada@example.com,Ada") == 0


def test_audience_is_read_page_by_page(database: Database, now: datetime) -> None:
    lines = [f"p{number}@example.com,P{number}" for number in range(12_000)]
    add(database, now, *lines)

    assert sorted(line.partition(",")[0] for line in lines) == [
        member.key for member in database.subscribers.audience(now)
    ]
