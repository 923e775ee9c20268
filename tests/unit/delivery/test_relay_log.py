"""The lines are in the form of Postfix 3.7's and Exim 4.96's own logs."""

import gzip
from pathlib import Path

import pytest

from newsletter.delivery import find_taken, open_relay_log
from newsletter.errors import StoreError

OURS = "k3mvq@news.example.com"
POSTFIX = f"""\
Nov 26 07:00:01 mx postfix/smtpd[101]: 4XyzAb12Cd: client=host.example[192.0.2.1]
Nov 26 07:00:01 mx postfix/cleanup[102]: 4XyzAb12Cd: message-id=<{OURS}>
Nov 26 07:00:01 mx postfix/qmgr[103]: 4XyzAb12Cd: from=<b@n.example> (queue active)
Nov 26 07:00:02 mx postfix/smtp[104]: 4XyzAb12Cd: to=<ada@a.example>, status=sent (250 Ok)
"""
EXIM = f"""\
2021-11-26 07:00:01 1mqVxY-0004ab-Cd <= b@news.example.com H=host P=esmtps id={OURS}
2021-11-26 07:00:02 1mqVxY-0004ab-Cd => ada@example.org R=dnslookup T=remote_smtp C="250 OK"
2021-11-26 07:00:02 1mqVxY-0004ab-Cd Completed
"""


@pytest.mark.parametrize(
    ("log", "proof"), [(POSTFIX, "(queue active)"), (EXIM, "<= b@news.example.com")]
)
def test_find_taken_finds_our_message_in_the_log(log: str, proof: str) -> None:
    found = find_taken(log.splitlines(), {OURS, "other@news.example.com"})

    assert [OURS] == list(found)
    assert proof in found[OURS]


def test_find_taken_proves_nothing_by_a_message_whose_end_never_came() -> None:
    """Postfix logs the Message-ID as it reads it, before the final dot."""
    lines = [line for line in POSTFIX.splitlines() if "cleanup" in line or "smtpd" in line]

    assert {} == find_taken(lines, {OURS})


def test_find_taken_is_not_misled_by_another_message_of_that_relay() -> None:
    assert {} == find_taken((POSTFIX + EXIM).splitlines(), {"other@news.example.com"})
    deferred = POSTFIX.replace("(queue active)", "").replace("status=sent", "status=deferred")
    assert {} == find_taken(deferred.splitlines(), {OURS})


def test_open_relay_log_reads_what_was_rotated_and_packed(tmp_path: Path) -> None:
    path = tmp_path / "mail.log.2.gz"
    path.write_bytes(gzip.compress(POSTFIX.encode() + b"\xff\n"))

    with open_relay_log(path) as lines:
        found = find_taken(lines, {OURS})

    assert {OURS} == set(found)


def test_open_relay_log_says_that_there_is_none(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no such file"), open_relay_log(tmp_path / "mail.log"):
        pass
