"""What a list keeper does, with the installed command: what is said, kept, logged and refused."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from newsletter.subscribers import hashed
from tests.acceptance.publication import Done, Publication

pytestmark = pytest.mark.slow

ADA = "ada@example.com"
CONSENT = ("--consent", "asked at the fair")


def keep(publication: Publication, *arguments: str) -> Done:
    return publication.run("subscribers", *arguments)


def data(publication: Publication, *arguments: str) -> Any:
    done = keep(publication, *arguments, "--format", "json")
    assert 0 == done.status, done.err
    return json.loads(done.out)


def test_a_person_comes_leaves_returns_and_is_forgotten(publication: Publication) -> None:
    """Each step says what it has done, and once more that there is nothing to do."""
    steps: list[tuple[int, str, tuple[str, ...]]] = [
        (0, "is on the list.", ("add", ADA, "--first-name", "Ada", "--tag", "UK", *CONSENT)),
        (0, "is on the list already; nothing has changed.", ("add", ADA, *CONSENT)),
        (0, "is unsubscribed", ("unsubscribe", ADA, "--yes")),
        (0, "had left already; nothing has changed.", ("unsubscribe", ADA)),
        (2, f"`newsletter subscribers resubscribe {ADA} --reason TEXT`", ("add", ADA, *CONSENT)),
        (2, "the reason is missing; say why", ("resubscribe", ADA, "--yes")),
        (0, "is on the list again.", ("resubscribe", ADA, "--reason", "rang", "--yes")),
        (0, "is on the list already", ("resubscribe", ADA, "--reason", "rang")),
        (0, "is now suppressed.", ("suppress", ADA, "--kind", "complaint", "--yes")),
        (0, "was already suppressed (complaint", ("suppress", ADA, "--kind", "bounce")),
        (1, f"`newsletter subscribers unsuppress {ADA}", ("resubscribe", ADA, "--reason", "rang")),
        (2, "the reason is missing; say why", ("unsuppress", ADA, "--yes")),
        (0, "are sent the next issue.", ("unsuppress", ADA, "--reason", "a slip", "--yes")),
        (0, "is not suppressed; nothing has changed.", ("unsuppress", ADA, "--reason", "a slip")),
        (2, "add --yes", ("remove", ADA)),
        (0, "`newsletter subscribers unsubscribe` or `suppress`", ("remove", ADA, "--yes")),
        (0, "is not on the list; nothing has changed.", ("remove", ADA)),
        (0, "It is not on the list, and no import", ("suppress", "nobody@example.com", "--yes")),
        (2, "add --yes", ("forget", ADA)),
        (0, f"The hash is {hashed(ADA)}", ("forget", ADA, "--yes")),
        (0, f"Nothing that names {ADA} is held; nothing has changed.", ("forget", ADA)),
        (2, f"`newsletter subscribers unsuppress {ADA} --reason TEXT`", ("add", ADA, *CONSENT)),
    ]
    for status, words, arguments in steps:
        done = keep(publication, *arguments)

        assert (status, True) == (done.status, words in done.out + done.err), (arguments, done)

    log = publication.run("log", "--format", "json").out
    assert [
        "added",
        "unsubscribed",
        "resubscribed",
        "suppressed",
        "unsuppressed",
        "removed",
        "suppressed",
        "erased",
    ] == [entry["action"] for entry in json.loads(log)]
    assert ADA not in log


def test_a_page_shows_everything_that_is_known(publication: Publication) -> None:
    publication.environment["NEWSLETTER_TRANSPORT"] = "directory:outbox/"
    keep(publication, "add", ADA, "--first-name", "Ada", "--date", "2021-03-01", *CONSENT)
    assert 0 == publication.run("send", "issues/2021-11-26.md", "--yes").status
    keep(publication, "suppress", ADA, "--reason", "pressed spam", "--kind", "complaint", "--yes")

    page = keep(publication, "show", ADA).out
    found = data(publication, "show", ADA)

    assert "  Consent      asked at the fair, 2021-03-01 00:00 UTC\n" in page
    assert "  Suppressed   complaint: pressed spam, since " in page
    assert "  Next issue   not sent: suppressed\n" in page
    assert "2021-11-26  accepted  250 2.0.0 written to " in page
    assert ["joined", "suppressed"] == [event["kind"] for event in found["events"]]
    assert ("confirmed", "complaint", "accepted") == (
        found["subscriber"]["state"],
        found["suppression"]["kind"],
        found["issues"][0]["state"],
    )


def test_people_are_counted_found_and_drawn(publication: Publication) -> None:
    keep(publication, "import", str(publication.people(12)), "--yes")
    keep(publication, "add", ADA, *CONSENT)
    keep(publication, "unsubscribe", "reader1@example.com", "--yes")
    keep(publication, "suppress", hashed("reader2@example.com"), "--yes")

    counts = data(publication, "count")
    found = keep(publication, "find", "READER1", "--limit", "2").out.splitlines()
    history = keep(publication, "history", "--weeks", "2", "--format", "csv").out.splitlines()
    chart = publication.run("subscribers", "history", env={"LC_ALL": "C"}).out

    assert ({"pending": 0, "confirmed": 12, "unsubscribed": 1}, 11, 1) == (
        counts["states"],
        counts["owed"],
        counts["confirmed_and_suppressed"],
    )
    assert ["reader10@example.com", "reader11@example.com"] == [
        line.split()[0] for line in found[:2]
    ]
    assert "… and 1 more of 3: say more, or give --limit" == found[2]
    assert "week,joined,left,removed,net" == history[0]
    assert "1" == history[-1].split(",")[2]
    assert chart.isascii()
    assert "this week" in chart


@pytest.mark.parametrize(
    ("words", "arguments"),
    [
        ("only looks like", ("add", "ａda@example.com", *CONSENT)),
        ("not a mail address", ("add", '"a b"@example.com', *CONSENT)),
        ("--consent is missing", ("add", ADA)),
        ("U+000D, which is no text", ("add", ADA, *CONSENT, "--first-name", "a\r\nBcc: b")),
        ("is yet to come", ("add", ADA, *CONSENT, "--date", "2999-01-01")),
        (f"newsletter subscribers forget {ADA}", ("suppress", ADA, "--kind", "erased", "--yes")),
        ("give a part of it", ("find", " ")),
    ],
)
def test_what_cannot_be_taken_is_one_line(
    publication: Publication, words: str, arguments: tuple[str, ...]
) -> None:
    done = keep(publication, *arguments)

    assert (2, "") == (done.status, done.out)
    assert words in done.err
    assert (1, True) == (done.err.count("\n"), len(done.err) < 300)


def test_who_is_asked_may_say_no(publication: Publication) -> None:
    terminal = publication.run_on_terminal
    added = terminal("subscribers", "add", ADA, answers="by telephone\n")

    refused = [
        terminal("subscribers", *command, answers="n\n")
        for command in (
            ("remove", ADA),
            ("unsubscribe", ADA),
            ("suppress", ADA),
            ("forget", ADA),
        )
    ]

    assert 0 == added.status, added.err
    assert [2] * 4 == [done.status for done in refused]
    assert all("Nothing has changed." in done.out for done in refused)
    assert "What stays is a hash of the address" in refused[3].out
    found = data(publication, "show", ADA)
    assert ("by telephone", None) == (
        found["subscriber"]["consent"]["source"],
        found["suppression"],
    )


def test_two_publications_of_one_database_know_nothing_of_each_others_people(
    empty: Publication, laid_out: Path, tmp_path: Path
) -> None:
    both = []
    for key in ("one", "other"):
        shutil.copytree(laid_out, tmp_path / key)
        settings = tmp_path / key / "newsletter.toml"
        kept = [line for line in settings.read_text().splitlines() if not line.startswith("key =")]
        text = "\n".join(kept).replace("[publication]", f'[publication]\nkey = "{key}"', 1)
        settings.write_text(text)
        environment = {**empty.environment, "NEWSLETTER_DATABASE": f"sqlite:///{tmp_path}/both.db"}
        both.append(Publication(tmp_path / key, environment))
    ours, theirs = both
    for publication in both:
        assert 0 == keep(publication, "add", ADA, *CONSENT).status

    keep(ours, "suppress", ADA, "--yes")
    keep(ours, "forget", ADA, "--yes")

    assert 1 == data(theirs, "count")["owed"]
    assert 1 == data(theirs, "find", "ada")["total"]
    assert ["joined"] == [event["kind"] for event in data(theirs, "show", ADA)["events"]]
    weeks = data(theirs, "history", "--weeks", "1")["weeks"]
    assert [(1, 0, 0)] == [(week["joined"], week["left"], week["removed"]) for week in weeks]
    assert 1 == len(json.loads(theirs.run("log", "--format", "json").out))
