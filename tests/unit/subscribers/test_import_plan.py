from datetime import UTC, datetime

import pytest

from newsletter.addresses import parse_addr_spec
from newsletter.subscribers import Kept, Subscriber, SubscriberState, diff, parse_subscribers

NOW = datetime(2021, 11, 26, 7, 0, tzinfo=UTC)


def member(name: str, state: SubscriberState = SubscriberState.CONFIRMED) -> dict[str, Subscriber]:
    address = parse_addr_spec(f"{name.lower()}@example.com")
    subscriber = Subscriber(
        id=1, address=address, first_name=name, state=state, created_at=NOW, updated_at=NOW
    )
    return {address.key: subscriber}


def test_diff_puts_every_record_in_one_place() -> None:
    file = parse_subscribers(
        "email,first_name\nnew@example.com,New\nada@example.com,Augusta\nbob@example.com,Bob\n"
        "eve@example.com,Eve\nnobody\nnew@example.com,Twice\n"
    )

    plan = diff(file, member("Ada") | member("Bob"), {"eve@example.com": "bounced"})

    assert [str(row.address) for row in plan.new] == ["new@example.com"]
    assert [(change.subscriber.first_name, change.first_name) for change in plan.changed] == [
        ("Ada", "Augusta")
    ]
    assert [row.first_name for row in plan.unchanged] == ["Bob"]
    assert [(kept.because, kept.detail) for kept in plan.kept_out] == [(Kept.SUPPRESSED, "bounced")]
    assert plan.kept_out_counts == {Kept.SUPPRESSED: 1}
    assert (len(plan.faults), len(plan.duplicates)) == (1, 1)


@pytest.mark.parametrize("state", [SubscriberState.UNSUBSCRIBED, SubscriberState.PENDING])
def test_diff_keeps_out_whoever_has_not_said_yes(state: SubscriberState) -> None:
    file = parse_subscribers("email,first_name\nada@example.com,Augusta\n")

    plan = diff(file, member("Ada", state), {})

    assert [state.value] == [kept.because.value for kept in plan.kept_out]
    assert not plan.changes_something


def test_diff_changes_no_name_when_the_file_gives_none() -> None:
    plan = diff(parse_subscribers("email\nADA@example.com\n"), member("Ada"), {})

    assert len(plan.unchanged) == 1
    assert not plan.changes_something
