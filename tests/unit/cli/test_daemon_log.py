"""What a daemon says of single deliveries: by number, and by name only where that is asked for."""

import json
from datetime import UTC, datetime

import pytest

from newsletter.books import DeliveryState
from newsletter.cli.daemon_log import DaemonLog, LogFormat, without_addresses
from newsletter.publishing.marking import Mark

NOON = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)
MARK = Mark(
    issue="2026-11-27",
    run_id=12,
    delivery_id=48113,
    recipient="ada@example.com",
    state=DeliveryState.REFUSED,
    said="550 5.1.1 <ada@example.com> is unknown",
)


def test_delivery_has_its_numbers_and_no_name(capsys: pytest.CaptureFixture[str]) -> None:
    DaemonLog(LogFormat.JSON, clock=lambda: NOON).marked(MARK)

    expected = {
        "time": "2026-11-27T12:00:00+00:00",
        "level": "warning",
        "event": "refused",
        "issue": "2026-11-27",
        "run": 12,
        "delivery": 48113,
        "text": "delivery 48113 550 5.1.1 <(an address)> is unknown",
    }
    assert expected == json.loads(capsys.readouterr().err)


@pytest.mark.parametrize("log_format", LogFormat)
def test_names_are_there_where_they_are_asked_for(
    log_format: LogFormat, capsys: pytest.CaptureFixture[str]
) -> None:
    DaemonLog(log_format, names=False).marked(MARK)
    DaemonLog(log_format, names=True).marked(MARK)

    without, named = capsys.readouterr().err.splitlines()

    assert "@" not in without
    assert 2 == named.count("ada@example.com")


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("to=ada@example.com refused", "to=(an address) refused"),
        ("<ada@bücher.example>: no", "<(an address)>: no"),
        (
            "smtps://ada%40example.com:***@relay.example:465 is away",
            "smtps://relay.example:465 is away",
        ),
        ("nothing of the kind", "nothing of the kind"),
    ],
)
def test_whatever_a_relay_says_names_nobody(said: str, shown: str) -> None:
    assert shown == without_addresses(said)
