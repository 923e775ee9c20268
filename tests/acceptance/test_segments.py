"""An issue to a segment, with the installed command: who got it, who did not, and what is said."""

import email
import email.policy
import json
import sqlite3
from email.message import EmailMessage
from pathlib import Path

import pytest

from newsletter.inbox import open_inbox
from tests.acceptance.publication import Publication
from tests.acceptance.schedule_world import Desk, needs_faketime

ISSUE = "issues/2021-11-26.md"
NAME = "2021-11-26"
LEEDS = 'tag:uk and not tag:press and city = "LEEDS"'
FORM = 'tag:uk and not tag:press and city = "leeds"'
FRIDAY = "2026-11-27"
MERGED = 'Hello from {{ city | default("your town") }}'


def know(folder: Path, address: str, *tags: str, **attributes: str) -> None:
    """What an import would say of somebody on the list."""
    stored = "".join(f"\n{tag}" for tag in sorted(tags)) + "\n" if tags else ""
    with sqlite3.connect(folder / "newsletter.db") as database:
        database.execute(
            "UPDATE subscribers SET tags = ?, attributes = ? WHERE address_key = ?",
            (stored, json.dumps(attributes), address),
        )
    database.close()


def part_of(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    assert part is not None
    content: str = part.get_content()
    return content


@pytest.fixture
def listed(publication: Publication) -> Publication:
    """Five readers: 0 and 1 are in the segment, and each of the others fails in one part of it."""
    publication.run("subscribers", "import", publication.people(5), "--yes")
    known = [
        ("uk", "Leeds"),
        ("uk", "leeds"),
        ("uk press", "Leeds"),
        ("uk", "Bath"),
        ("fr", "Leeds"),
    ]
    for number, (tags, city) in enumerate(known):
        know(publication.folder, f"reader{number}@example.com", *tags.split(), city=city)
    return publication


def test_send_to_a_segment_reaches_its_people_alone_over_smtp(listed: Publication) -> None:
    folder = listed.folder / "inbox"
    folder.mkdir()

    with open_inbox(folder) as inbox:
        over = {"NEWSLETTER_TRANSPORT": inbox.url}
        dry = listed.run("send", ISSUE, "--segment", LEEDS, "--dry-run", env=over)
        first = listed.run("send", ISSUE, "--segment", LEEDS, "--yes", env=over)
        again = listed.run("send", ISSUE, "--yes", env=over)
        other = listed.run("send", ISSUE, "--segment", "tag:fr", "--yes", env=over)
        count = inbox.count
    status, report = listed.run("status", NAME), listed.run("report", NAME, "--format", "json")

    got = {email.message_from_bytes(path.read_bytes())["To"] for path in folder.glob("*.eml")}
    assert ({"reader0@example.com", "reader1@example.com"}, 2) == (got, count)
    assert (0, 0, 0, 2) == (dry.status, first.status, again.status, other.status), first.err
    assert f"to a segment: {FORM}: 2 of 5 people" in dry.out
    assert "The books balance: 2 = 2. The run is complete." in first.out
    assert "Everyone already has this issue" in again.out
    assert f"its run goes to the segment {FORM}, and cannot go to the segment tag:fr" in other.err
    assert f"to a segment: {FORM}" in status.out
    assert FORM == json.loads(report.out)["segment"]


def test_send_without_the_option_goes_on_with_the_segment_of_its_run(listed: Publication) -> None:
    first = listed.run("send", ISSUE, "--segment", LEEDS, "--yes", "--limit", "1")
    second = listed.run("send", ISSUE, "--yes")

    sent = sorted(path.name.split("@")[0] for path in (listed.folder / "sent").glob("*.eml"))
    assert (75, 0, ["reader0", "reader1"]) == (first.status, second.status, sent), second.err


@pytest.mark.slow
def test_correction_goes_to_those_who_have_the_issue_whatever_the_segment(
    listed: Publication,
) -> None:
    listed.run("send", ISSUE, "--segment", LEEDS, "--yes")
    know(listed.folder, "reader0@example.com", "fr")
    path = listed.folder / ISSUE
    text = path.read_text(encoding="utf-8")
    head = "correction: An earlier version named another town.\n"
    path.write_text(
        text.replace("---\n", f"---\n{head}", 1)
        if text.startswith("---\n")
        else f"---\n{head}---\n{text}",
        encoding="utf-8",
    )

    approved = listed.run("approve", ISSUE, "--by", "Ada")
    done = listed.run("send", ISSUE, "--correction", "--yes")

    assert 0 == approved.status, approved.out + approved.err
    sent = [path.name.split("@")[0] for path in (listed.folder / "sent").glob("*.eml")]
    assert (0, ["reader0", "reader0", "reader1", "reader1"]) == (done.status, sorted(sent)), (
        done.err
    )


@pytest.mark.slow
def test_send_refuses_what_says_two_things_of_whom_it_goes_to(listed: Publication) -> None:
    refused = {
        "import the file first": ["--segment", "tag:uk", "--subscribers", "people.csv"],
        "a test goes to the test recipients": ["--segment", "tag:uk", "--to", "ada@example.com"],
        "a correction goes to those who have": ["--segment", "tag:uk", "--correction"],
        "nobody on the list is in the segment tag:nobody": ["--segment", "tag:nobody"],
        "expected a condition, not the end": ["--segment", ""],
    }
    for said, options in refused.items():
        done = listed.run("send", ISSUE, "--yes", *options)

        assert (2, True) == (done.status, said in " ".join(done.err.split())), done.err
    assert not (listed.folder / "sent").exists()


def test_fault_in_a_segment_is_pointed_at_and_a_slip_is_warned_of(listed: Publication) -> None:
    fault = listed.run("send", ISSUE, "--segment", 'tag:uk adn city = "Leeds"', "--dry-run")
    slip = listed.run("subscribers", "list", "--segment", 'tag:pres or ctiy = "x"')

    assert '  tag:uk adn city = "Leeds"\n         ^^^\n' in fault.err
    assert "character 8: expected “and”, “or” or the end, not “adn”; did you mean “and”?" in (
        " ".join(fault.err.split())
    )
    assert "nobody on the list has the tag “pres”; did you mean press?" in slip.err
    assert "nobody on the list has the attribute “ctiy”; did you mean city?" in slip.err
    assert (0, "There is nobody to list.\n") == (slip.status, slip.out)


@pytest.mark.slow
def test_list_shows_a_segment_as_a_table_csv_and_json(listed: Publication) -> None:
    know(listed.folder, "reader1@example.com", "uk", city="Leeds", company="=1+1")
    listed.run("subscribers", "suppress", "reader4@example.com", "--yes")

    table = listed.run("subscribers", "list", "--segment", LEEDS)
    as_csv = listed.run("subscribers", "list", "--segment", LEEDS, "--format", "csv")
    as_json = listed.run("subscribers", "list", "--format", "json", "--state", "confirmed")
    one = listed.run("subscribers", "list", "--limit", "1")

    lines = table.out.splitlines()
    assert ["ADDRESS", "reader0@example.com", "reader1@example.com"] == [
        line.split()[0] for line in lines
    ]
    assert lines[1].index("confirmed") == lines[0].index("STATE")
    assert 3 == len(as_csv.out.splitlines())
    assert "email,first_name,status,joined,tags,attributes" == as_csv.out.splitlines()[0]
    assert [f"reader{number}@example.com" for number in range(5)] == [
        each["email"] for each in json.loads(as_json.out)
    ]
    assert {"city": "Leeds", "company": "=1+1"} == json.loads(as_json.out)[1]["attributes"]
    assert ("These are the first 1: --limit shows more.\n", 2) == (
        one.err,
        len(one.out.splitlines()),
    )


def test_attributes_are_merged_and_a_hostile_one_does_no_harm(listed: Publication) -> None:
    toml = listed.folder / "newsletter.toml"
    text = toml.read_text(encoding="utf-8")
    toml.write_text(text.replace("[house]\n", '[house]\nmerge_fields = ["city"]\n', 1), "utf-8")
    hostile = "\r\nBcc: all@example.com\r\n\r\n<script>alert(1)</script>\u202e{{ first_name }}"
    know(listed.folder, "reader1@example.com", "uk", city=hostile)
    know(listed.folder, "reader2@example.com", "uk", city="A" * 1_000_000)
    know(listed.folder, "reader3@example.com", "uk")
    issue = listed.folder / ISSUE
    body = issue.read_text(encoding="utf-8")
    issue.write_text(body.replace('Hello {{ first_name | default("there") }}', MERGED, 1), "utf-8")

    done = listed.run("send", ISSUE, "--yes")
    found = [
        email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        for path in (listed.folder / "sent").glob("*.eml")
    ]
    sent = {message["To"].split("@")[0]: message for message in found}

    texts, pages = (
        {to: part_of(message, kind) for to, message in sent.items()} for kind in ("plain", "html")
    )
    assert (0, 5) == (done.status, len(sent)), done.out + done.err
    assert "Hello from Leeds, the" in " ".join(texts["reader0"].split())
    assert "Hello from your town, the" in " ".join(texts["reader3"].split())
    assert {None} == {message["Bcc"] for message in sent.values()}
    assert "<script>" not in pages["reader1"]
    assert "\u202e" not in pages["reader1"] + texts["reader1"]
    assert "Bcc: all@example.com <script>alert(1)</script>{{ first_name }}" in " ".join(
        texts["reader1"].split()
    )
    assert len(texts["reader2"]) < len(texts["reader0"]) + 200


@pytest.fixture
def desk(listed: Publication) -> Desk:
    desk = Desk(listed)
    desk.settings("house", "memory = 0")
    return desk


@needs_faketime
@pytest.mark.slow
def test_slot_of_a_segment_is_approved_for_it_and_sent_to_it(desk: Desk) -> None:
    path = desk.write(FRIDAY)

    scheduled = desk.run("schedule", path, "--segment", LEEDS)
    shown = desk.run("scheduled")
    other = desk.run("approve", path, "--by", "Ada", "--segment", "tag:fr")
    approved = desk.run("approve", path, "--by", "Ada")
    due = desk.run("due", moment=f"{FRIDAY} 07:00:00")
    log = desk.run("log", FRIDAY)

    assert (0, 0, 0) == (scheduled.status, approved.status, due.status), approved.err + due.err
    for said in (scheduled.out, shown.out):
        assert f"to a segment: {FORM}" in said
    assert 2 == other.status
    assert f"it is scheduled for the segment {FORM}, and not for the segment tag:fr" in " ".join(
        other.err.split()
    )
    assert f"Segment    {FORM}: 2 of 5 people now" in approved.out
    assert ["reader0", "reader1"] == desk.readers()
    assert 3 == log.out.count(f" the segment {FORM}")  # scheduled, approved, started


@needs_faketime
@pytest.mark.slow
def test_approval_for_everybody_is_none_for_a_segment(desk: Desk) -> None:
    path = desk.write(FRIDAY)
    desk.run("approve", path, "--by", "Ada")

    desk.run("schedule", path, "--segment", LEEDS)
    due = desk.run("due", moment=f"{FRIDAY} 07:00:00")
    status = desk.run("status", FRIDAY)

    assert (1, []) == (due.status, desk.readers())
    assert "the segment it goes to" in status.out
    assert f"(it was for everybody, and is for the segment {FORM})" in status.out
