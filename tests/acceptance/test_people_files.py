"""Files of people by the installed command: import, sync, export."""

import csv
import json
import os
import stat
import subprocess
import time
from pathlib import Path

import pytest

from tests.acceptance.publication import COMMAND, Publication
from tests.pace import passing

pytestmark = pytest.mark.slow

MANY = 60_000


def one_line(err: str) -> str:
    return " ".join(err.split())


def write(publication: Publication, text: str | bytes, name: str = "people.csv") -> str:
    octets = text if isinstance(text, bytes) else text.encode()
    (publication.folder / name).write_bytes(octets)
    return name


def people_of(publication: Publication) -> list[dict[str, str]]:
    done = publication.run("subscribers", "export")
    return list(csv.DictReader(done.out.splitlines()))


def test_import_shows_the_plan_and_brings_each_where_they_belong(publication: Publication) -> None:
    text = (
        "sep=;\r\nEmail Address;First Name;Status;TAGS;Job Title;\r\n"
        'ada@example.com;Ada;subscribed;"uk,press";Editor;\r\n'
        "left@example.com;;unsubscribed;;;\r\nback@example.com;;cleaned;;;\r\n"
        "waits@example.com;;pending;;;\r\nbad;;;;;\r\nADA@example.com;;;;;\r\n"
    )
    name = write(publication, "\ufeff".encode("utf-16-le") + text.encode("utf-16-le"))

    done = publication.run(
        "subscribers", "import", name, "--yes", "--consent", "at the fair, 2026-03-02"
    )
    found = {row["email"]: row for row in people_of(publication)}
    log = publication.run("log")

    assert 1 == done.status
    assert "1 new, 1 arrives unsubscribed, 1 suppressed from now on, 1 left out, 1 bad" in done.out
    assert "not confirmed where the file comes from: waits@example.com" in done.out
    assert "1 to be suppressed: bounce" in done.out
    assert "Kept as attributes: job_title" in done.out
    assert "Who has gone or not agreed is told by: " in done.out
    assert "people.csv:7: “bad”" in done.out
    assert "people.csv:8: ADA@example.com is on line 3 as well" in done.out
    assert {"ada@example.com": "confirmed", "left@example.com": "unsubscribed"} == {
        key: row["state"] for key, row in found.items()
    }
    ada = found["ada@example.com"]
    assert ("press,uk", '{"job_title": "Editor"}') == (ada["tags"], ada["attributes"])
    assert ("at the fair, 2026-03-02", "2026-03-02T00:00:00.000Z") == (
        ada["consent_source"],
        ada["consent_at"],
    )
    assert "people.csv: 1 joined, 1 arrived unsubscribed, 1 suppressed" in log.out
    assert "@" not in log.out.replace("by root@", "by ")


def test_import_refuses_people_of_whom_nobody_says_how_they_agreed(
    publication: Publication,
) -> None:
    name = write(publication, "email\nada@example.com\n")

    done = publication.run("subscribers", "import", name, "--yes")

    assert 2 == done.status
    assert "--consent" in one_line(done.err)
    assert [] == people_of(publication)


def test_import_says_how_to_read_an_encoding_that_is_not_utf8(publication: Publication) -> None:
    name = write(publication, "email,first_name,consent\nz@example.com,Zoé,form\n".encode("cp1252"))

    refused = publication.run("subscribers", "import", name, "--yes")
    done = publication.run("subscribers", "import", name, "--yes", "--encoding", "cp1252")

    assert 2 == refused.status
    assert "--encoding cp1252" in one_line(refused.err)
    assert (0, "Zoé") == (done.status, people_of(publication)[0]["first_name"])


def test_import_of_a_suppression_list_stops_whoever_is_on_it(publication: Publication) -> None:
    write(publication, "email,consent\nada@example.com,form\nbob@example.com,form\n")
    publication.run("subscribers", "import", "people.csv", "--yes")
    # sha256 of bob@example.com
    write(
        publication,
        "ada@example.com\n5ff860bf1190596c7188ab851db691f0f3169c453936e9e1eba2f9a47f7a0018\n",
        "stop.csv",
    )

    done = publication.run("subscribers", "import", "--suppress", "stop.csv", "--yes")
    suppressed = {row["email"]: row["suppressed"] for row in people_of(publication)}

    assert 0 == done.status, done.err
    assert {"ada@example.com": "by hand", "bob@example.com": "by hand"} == suppressed


def test_sync_makes_the_list_match_and_asks_twice_before_it_loses_most(
    publication: Publication,
) -> None:
    people = "email,consent\n" + "".join(f"p{n}@example.com,form\n" for n in range(4))
    publication.run("subscribers", "import", write(publication, people), "--yes")
    name = write(publication, "email,consent\np0@example.com,\nnew@example.com,fair\n", "one.csv")

    refused = publication.run("subscribers", "sync", name, "--yes", "--diff", "diff.csv")
    done = publication.run("subscribers", "sync", name, "--yes", "--yes-remove-most")
    again = publication.run("subscribers", "sync", name, "--yes")
    diff = (publication.folder / "diff.csv").read_text()

    assert 2 == refused.status
    assert "more than half of the list would be taken off it" in one_line(refused.err)
    assert "--yes-remove-most" in one_line(refused.err)
    assert "removed,p3@example.com," in diff.splitlines()
    assert 0 == done.status, done.err
    assert "1 joined, 3 removed." in done.out
    assert "The list matches the file." in again.out
    assert ["new@example.com", "p0@example.com"] == [row["email"] for row in people_of(publication)]


def test_sync_takes_nobody_off_by_a_file_with_bad_rows(publication: Publication) -> None:
    people = "email,consent\n" + "".join(f"p{n}@example.com,form\n" for n in range(4))
    publication.run("subscribers", "import", write(publication, people), "--yes")
    name = write(publication, people.replace("p3@example.com", "p3@@example.com"), "bad.csv")

    done = publication.run("subscribers", "sync", name, "--yes")

    assert 2 == done.status
    assert "mend" in one_line(done.err)
    assert 4 == len(people_of(publication))


def test_export_is_for_its_owner_alone_and_comes_back(
    publication: Publication, tmp_path: Path
) -> None:
    name = write(publication, "email,first_name,consent\n'=x@example.com,'=1+1,form\n")
    publication.run("subscribers", "import", name, "--yes")

    done = publication.run("subscribers", "export", "list.json", "--format", "json")
    plain = publication.run("subscribers", "export", "list.csv")
    again = publication.run("subscribers", "import", "list.json", "--yes")
    path = publication.folder / "list.json"
    text = (publication.folder / "list.csv").read_text()

    assert (0, 0, 0) == (done.status, plain.status, again.status), done.err + again.err
    assert 0o600 == stat.S_IMODE(path.stat().st_mode)
    assert "=1+1" == json.loads(path.read_text())["subscribers"][0]["first_name"]
    assert "'=x@example.com,'=1+1," in text
    assert "There is nothing to import." in again.out
    assert "list.json: 1 people, 0 suppressions" in publication.run("log").out


def test_killed_import_leaves_nothing_or_all(publication: Publication) -> None:
    """SIGKILL at several moments: while it reads, while it compares, while it writes."""
    rows = "".join(f"reader{number}@example.com,Reader,form\n" for number in range(MANY))
    name = write(publication, "email,first_name,consent\n" + rows)
    command = [str(COMMAND), "subscribers", "import", name, "--yes"]
    environment = {**os.environ, **publication.environment}
    began = time.monotonic()
    whole = publication.run("subscribers", "import", name, "--yes")
    took = time.monotonic() - began
    assert 0 == whole.status, whole.err

    for share in (0.4, 0.75, 0.9):
        for path in publication.folder.glob("newsletter.db*"):
            path.unlink()
        (publication.folder / "newsletter.witness").unlink(missing_ok=True)
        process = subprocess.Popen(
            command, cwd=publication.folder, env=environment, stdout=subprocess.DEVNULL
        )
        try:
            process.wait(took * share)
        except subprocess.TimeoutExpired:
            process.kill()
        process.wait(passing(30))

        count = len(people_of(publication))
        joined = publication.run("log").out.count("joined")
        assert (count, joined) in {(0, 0), (MANY, 1)}


def test_import_of_a_megabyte_in_a_cell_says_where_it_is(publication: Publication) -> None:
    name = write(publication, "email,notes,consent\nada@example.com," + "x" * 1_000_000 + ",form\n")

    done = publication.run("subscribers", "import", name, "--yes")

    assert 2 == done.status
    assert "people.csv:2: the line has 100,000 characters or more" in one_line(done.err)


@pytest.mark.parametrize("command", [["import"], ["import", "--suppress"], ["sync"]])
def test_file_in_another_encoding_is_told_with_the_option(
    publication: Publication, command: list[str]
) -> None:
    name = write(publication, "E-Mail-Adresse;Vorname\r\njo@example.com;Jörg\r\n".encode("cp1252"))

    done = publication.run("subscribers", *command, name)

    assert (2, "") == (done.status, done.out)
    assert "people.csv:2: byte 0xf6 is not UTF-8; save the file as UTF-8, or" in done.err
    assert "add --encoding cp1252" in done.err
