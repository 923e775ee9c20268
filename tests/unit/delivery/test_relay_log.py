"""The lines are in the form of Postfix 3.7's and Exim 4.96's own logs."""

import gzip
from pathlib import Path

import pytest

from newsletter.delivery import find_taken, open_relay_log
from newsletter.errors import StoreError

OURS = "k3mvq@news.example.com"
WANTED = {OURS: "ada@example.org", "other@news.example.com": "bob@example.org"}
POSTFIX = f"""\
Nov 26 07:00:01 mx postfix/smtpd[101]: 4XyzAb12Cd: client=host.example[192.0.2.1]
Nov 26 07:00:01 mx postfix/cleanup[102]: 4XyzAb12Cd: message-id=<{OURS}>
Nov 26 07:00:01 mx postfix/qmgr[103]: 4XyzAb12Cd: from=<b@n.example>, nrcpt=1 (queue active)
Nov 26 07:00:02 mx postfix/smtp[104]: 4XyzAb12Cd: to=<Ada@example.org>, status=sent (250 Ok)
"""
EXIM = f"""\
2021-11-26 07:00:01 1mqVxY-0004ab-Cd <= b@news.example.com H=host P=esmtps id={OURS}
2021-11-26 07:00:02 1mqVxY-0004ab-Cd => ada@example.org R=dnslookup T=remote_smtp C="250 OK"
2021-11-26 07:00:02 1mqVxY-0004ab-Cd Completed
"""


@pytest.mark.parametrize(("log", "proof"), [(POSTFIX, "status=sent"), (EXIM, "=> ada@example.org")])
def test_find_taken_finds_our_message_in_the_log(log: str, proof: str) -> None:
    found = find_taken(log.splitlines(), WANTED)

    assert [OURS] == list(found)
    assert proof in found[OURS]


@pytest.mark.parametrize(
    "lines",
    [
        ["cleanup[2]: 4XyzAb12Cd: message-id=<k3mvq@news.example.com>"],
        [
            "cleanup[2]: 4XyzAb12Cd: message-id=<k3mvq@news.example.com>",
            "qmgr[3]: 4XyzAb12Cd: from=<b@n.example>, size=900, nrcpt=1 (queue active)",
        ],
        [
            "cleanup[2]: 4XyzAb12Cd: message-id=<k3mvq@news.example.com>",
            "smtp[4]: 4XyzAb12Cd: to=<ada@example.org>, status=deferred (no route)",
        ],
    ],
    ids=["its end never came", "nobody is named", "nothing says that it was taken"],
)
def test_find_taken_proves_nothing_by_half_a_story(lines: list[str]) -> None:
    """Postfix logs the Message-ID as it reads it, before the final dot."""
    assert {} == find_taken([f"Nov 26 mx postfix/{line}" for line in lines], WANTED)


@pytest.mark.parametrize("status", ["sent", "deferred", "bounced"])
def test_find_taken_takes_any_word_on_the_recipient_of_what_is_in_the_queue(status: str) -> None:
    lines = POSTFIX.replace("status=sent", f"status={status}").splitlines()

    assert "" != find_taken(lines, WANTED)[OURS]


def test_find_taken_knows_a_recipient_that_the_relay_rewrote() -> None:
    alias = "to=<team@inside.example>, orig_to=<ada@example.org>, status=sent (250 Ok)"
    lines = [*POSTFIX.splitlines()[:3], f"Nov 26 mx postfix/smtp[104]: 4XyzAb12Cd: {alias}"]

    assert {OURS} == set(find_taken(lines, WANTED))


@pytest.mark.parametrize(
    "begins_anew",
    [
        "cleanup[78]: 4XyzAb12Cd: message-id=<invoice-1@shop.example.com>",
        "cleanup[78]: 4XyzAb12Cd: message-id=<>",
        "smtpd[78]: 4XyzAb12Cd: client=shop.example.com[192.0.2.9]",
        "pickup[78]: 4XyzAb12Cd: uid=1000 from=<root>",
        "qmgr[78]: 4XyzAb12Cd: removed",
    ],
)
def test_find_taken_ends_a_story_where_its_number_is_anothers(begins_anew: str) -> None:
    """Postfix's short queue ids are made of microseconds and an inode, and come again."""
    ours, *rest = POSTFIX.splitlines()[1:]
    lines = [ours, f"Nov 26 mx postfix/{begins_anew}", *rest]

    assert {} == find_taken(lines, WANTED)


def test_find_taken_ends_a_story_of_exim_where_it_is_completed() -> None:
    arrival, delivery, completed = EXIM.splitlines()

    assert {} == find_taken([arrival, completed, delivery], WANTED)
    assert {} == find_taken([arrival, arrival.replace(OURS, "x@y"), delivery], WANTED)
    assert {OURS} == set(find_taken([f"{arrival} for ada@example.org"], WANTED))


@pytest.mark.parametrize("log", [POSTFIX, EXIM])
def test_find_taken_proves_nothing_for_another_recipient(log: str) -> None:
    assert {} == find_taken(log.splitlines(), {OURS: "eve@example.org"})


def test_find_taken_is_not_misled_by_another_message_of_that_relay() -> None:
    wanted = {"other@news.example.com": "ada@example.org"}

    assert {} == find_taken((POSTFIX + EXIM).splitlines(), wanted)


def test_find_taken_knows_an_address_whose_dots_the_relay_quotes() -> None:
    wanted = {OURS: '"a..b"@docomo.ne.jp'}
    for written in ('"a..b"@docomo.ne.jp', "a..b@docomo.ne.jp"):
        assert {OURS} == set(
            find_taken(POSTFIX.replace("Ada@example.org", written).splitlines(), wanted)
        )


def test_open_relay_log_reads_what_was_rotated_and_packed(tmp_path: Path) -> None:
    path = tmp_path / "mail.log.2.gz"
    path.write_bytes(gzip.compress(POSTFIX.encode() + b"\xff\n"))

    with open_relay_log(path) as lines:
        found = find_taken(lines, WANTED)

    assert {OURS} == set(found)


def test_open_relay_log_says_that_there_is_none(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no such file"), open_relay_log(tmp_path / "mail.log"):
        pass
