"""The main job with the installed command: who gets what, once, and what the books say."""

import email
import email.policy
import json
import re
import signal
import socket
import time
from email.message import EmailMessage
from pathlib import Path

import pytest

from newsletter.inbox import open_inbox
from tests.acceptance.publication import Publication
from tests.pace import patience

ISSUE = "issues/2021-11-26.md"
NAME = "2021-11-26"


def messages(folder: Path) -> dict[str, EmailMessage]:
    """Every .eml of a folder, by recipient; two for one recipient are a failure."""
    found: dict[str, EmailMessage] = {}
    for path in folder.glob("*.eml"):
        message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        assert message["To"] not in found, f"{message['To']} has two"
        found[message["To"]] = message
    return found


def test_send_delivers_to_everyone_once_over_smtp(publication: Publication) -> None:
    people = publication.people(25)
    inbox_folder = publication.folder / "inbox"
    inbox_folder.mkdir()

    with open_inbox(inbox_folder) as inbox:
        transport = {"NEWSLETTER_TRANSPORT": f"{inbox.url}&connections=4"}
        first = publication.run("send", ISSUE, "--subscribers", people, "--yes", env=transport)
        second = publication.run("send", ISSUE, "--yes", env=transport)
        count = inbox.count

    assert (0, 0) == (first.status, second.status), first.err + second.err
    assert 25 == count
    assert {f"reader{n}@example.com" for n in range(25)} == set(messages(inbox_folder))
    assert "25  accepted by the relay" in first.out
    assert "The books balance: 25 = 25. The run is complete." in first.out
    assert "Everyone already has this issue" in second.out


def test_send_gives_each_reader_a_message_of_their_own(publication: Publication) -> None:
    people = publication.people(3)

    publication.run("send", ISSUE, "--subscribers", people, "--yes")
    found = messages(publication.folder / "sent")

    assert 3 == len({message["Message-ID"] for message in found.values()})
    assert 3 == len({message["List-Unsubscribe"] for message in found.values()})
    for message in found.values():
        assert ["text/plain", "text/html"] == [p.get_content_type() for p in message.iter_parts()]
        assert "List-Unsubscribe=One-Click" == message["List-Unsubscribe-Post"]
        assert [] == message.defects


def test_dry_run_writes_the_exact_message_and_sends_nothing(publication: Publication) -> None:
    people = publication.people(3)

    dry = publication.run("send", ISSUE, "--subscribers", people, "--dry-run")
    sent_by_dry_run = list((publication.folder / "sent").glob("*"))
    exact = (publication.folder / f"outbox/{NAME}.first.eml").read_bytes()
    publication.run("send", ISSUE, "--subscribers", people, "--yes")
    real = messages(publication.folder / "sent")["reader0@example.com"]

    assert 0 == dry.status, dry.err
    assert [] == sent_by_dry_run
    assert "3 to send, 0 suppressed" in dry.out
    assert "to bounces+…@news.example.com  one for each delivery" in dry.out
    assert "reader0@example.com, reader1@example.com, reader2@example.com" in dry.out
    shown = email.message_from_bytes(exact, policy=email.policy.default)
    assert shown["Message-ID"] == real["Message-ID"]
    assert shown["List-Unsubscribe"] == real["List-Unsubscribe"]


def test_dry_run_changes_nothing_in_the_store(publication: Publication) -> None:
    people = publication.people(3)

    publication.run("send", ISSUE, "--subscribers", people, "--dry-run")
    count = publication.run("subscribers", "count")

    assert "0  confirmed" in count.out


def test_dry_run_opens_no_socket(publication: Publication) -> None:
    """Every socket call raises in the command's own process, by a sitecustomize of ours."""
    (publication.folder / "guard").mkdir()
    (publication.folder / "guard/sitecustomize.py").write_text(
        "import socket\n"
        "def refuse(*a, **k): raise OSError(99, 'a socket was opened')\n"
        "socket.socket.connect = refuse\n"
        "socket.getaddrinfo = refuse\n"
        "socket.create_connection = refuse\n"
    )
    people = publication.people(2)
    environment = {
        "PYTHONPATH": str(publication.folder / "guard"),
        "NEWSLETTER_TRANSPORT": "smtp://user@relay.example.com?rate=2/s",
        "NEWSLETTER_TRANSPORT_PASSWORD": "correct horse",
    }

    dry = publication.run("send", ISSUE, "--subscribers", people, "--dry-run", env=environment)
    wet = publication.run("send", ISSUE, "--subscribers", people, "--yes", env=environment)

    assert 0 == dry.status, dry.err
    assert "about 1 s at 2 messages a second" in dry.out
    assert "a socket was opened" in wet.err
    assert "horse" not in dry.out + dry.err + wet.out + wet.err


def test_send_leaves_out_the_suppressed_and_books_them(publication: Publication) -> None:
    publication.run("subscribers", "import", publication.people(3), "--yes")
    publication.run(
        "subscribers", "suppress", "reader1@example.com", "--reason", "complained", "-y"
    )

    done = publication.run("send", ISSUE, "--yes")

    assert {"reader0@example.com", "reader2@example.com"} == set(
        messages(publication.folder / "sent")
    )
    assert "1 complained" in done.out
    assert "1  suppressed: never to be mailed" in done.out


def test_send_to_sends_a_marked_test_and_touches_no_journal(publication: Publication) -> None:
    done = publication.run("send", ISSUE, "--to", "me@example.com", "--to", "you@example.com", "-y")
    found = messages(publication.folder / "sent")
    status = publication.run("status")

    assert 0 == done.status, done.err
    assert {"me@example.com", "you@example.com"} == set(found)
    assert all(message["Subject"].startswith("[Test] ") for message in found.values())
    assert "No issue has been sent yet." in status.out


def test_send_test_goes_to_the_recipients_of_the_settings_and_whoever_is_named(
    publication: Publication,
) -> None:
    nobody = publication.run("send", ISSUE, "--test", "-y")
    settings = publication.folder / "newsletter.toml"
    listed = '[test]\nrecipients = ["desk@example.com", "ada@example.com"]'
    settings.write_text(settings.read_text("utf-8").replace("[test]", listed, 1), "utf-8")

    seen = publication.run("send", ISSUE, "--test", "--dry-run")
    done = publication.run("send", ISSUE, "--test", "--to", "me@example.com", "-y")
    found = messages(publication.folder / "sent")

    assert (2, True) == (nobody.status, "in the section [test] of newsletter.toml" in nobody.err)
    assert (0, True) == (seen.status, "desk@example.com, ada@example.com" in seen.out), seen.err
    assert 0 == done.status, done.err
    assert {"desk@example.com", "ada@example.com", "me@example.com"} == set(found)


def test_send_refuses_an_issue_with_errors(publication: Publication) -> None:
    path = publication.folder / ISSUE
    path.write_text(path.read_text().replace("## 3. ", "## 4. ", 1))
    people = publication.people(2)

    dry = publication.run("send", ISSUE, "--subscribers", people, "--dry-run")
    wet = publication.run("send", ISSUE, "--subscribers", people, "--yes")

    assert (1, 1) == (dry.status, wet.status)
    assert "story 3 is missing" in wet.out
    assert not (publication.folder / "sent").exists()


def test_send_shows_the_check_where_an_issue_cannot_even_be_rendered(
    publication: Publication,
) -> None:
    """No title is no subject, which no message can do without; the check says it better."""
    path = publication.folder / ISSUE
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join(line for line in lines if not line.startswith(("# ", "subject:"))))

    done = publication.run("send", ISSUE, "--dry-run")

    assert 1 == done.status, done.err
    assert "S004 the title is missing" in done.out


def test_send_knows_what_ran_before(publication: Publication) -> None:
    path = publication.folder / ISSUE
    later = "issues/2021-12-03.md"
    (publication.folder / later).write_text(path.read_text().replace("2021-11-26", "2021-12-03"))

    done = publication.run("send", later, "--dry-run")

    assert 0 == done.status, done.err
    assert {"R001", "R002"} == set(re.findall(r"\bR\d{3}\b", done.out))
    assert "ran in 2021-11-26" in done.out
    assert "R00" not in publication.run("send", ISSUE, "--dry-run").out


def test_send_asks_and_without_a_terminal_needs_yes(publication: Publication) -> None:
    done = publication.run("send", ISSUE, "--subscribers", publication.people(2))

    assert 2 == done.status
    assert "--yes" in done.err
    assert not (publication.folder / "sent").exists()


def test_send_refuses_a_changed_issue_under_its_old_name(publication: Publication) -> None:
    publication.run("send", ISSUE, "--subscribers", publication.people(2), "--yes")
    path = publication.folder / ISSUE
    path.write_text(path.read_text().replace("Walmart", "Wal-Mart", 1))

    done = publication.run("send", ISSUE, "--yes")

    assert 2 == done.status
    assert "a changed issue is never sent again" in done.err


@pytest.mark.slow
def test_send_reaches_newcomers_only_when_asked(publication: Publication) -> None:
    publication.run("send", ISSUE, "--subscribers", publication.people(2), "--yes")
    (publication.folder / "late.csv").write_text("email,consent\nlate@example.com,fair\n")

    plain = publication.run("send", ISSUE, "--subscribers", "late.csv", "--yes")
    before = set(messages(publication.folder / "sent"))
    extended = publication.run("send", ISSUE, "--extend", "--yes")

    assert "1 joined since this run began" in plain.out
    assert "late@example.com" not in before
    assert 0 == extended.status, extended.err
    assert {"reader0@example.com", "reader1@example.com", "late@example.com"} == set(
        messages(publication.folder / "sent")
    )


def test_interrupted_send_drains_and_the_same_command_goes_on(publication: Publication) -> None:
    people = publication.people(60)
    inbox_folder = publication.folder / "inbox"
    inbox_folder.mkdir()
    with open_inbox(inbox_folder) as inbox:
        slow = {"NEWSLETTER_TRANSPORT": f"{inbox.url}&rate=20/s&connections=2"}
        process = publication.start("send", ISSUE, "--subscribers", str(people), "--yes", env=slow)
        _wait_for(lambda: inbox.count >= 5)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=patience(30))
        before = inbox.count
        fast = {"NEWSLETTER_TRANSPORT": inbox.url}
        again = publication.run("send", ISSUE, "--yes", env=fast)
        after = inbox.count

    assert 75 == process.returncode, out + err
    assert "The same command resumes" in err
    assert 5 <= before < 60
    assert (0, 60) == (again.status, after)
    assert 60 == len(messages(inbox_folder))


def test_second_send_says_who_has_the_run_and_leaves_it_to_them(publication: Publication) -> None:
    people = publication.people(60)
    inbox_folder = publication.folder / "inbox"
    inbox_folder.mkdir()
    with open_inbox(inbox_folder) as inbox:
        slow = {"NEWSLETTER_TRANSPORT": f"{inbox.url}&rate=2/s&connections=2"}
        process = publication.start("send", ISSUE, "--subscribers", str(people), "--yes", env=slow)
        _wait_for(lambda: inbox.count >= 5)
        second = publication.run("send", ISSUE, "--yes", env={"NEWSLETTER_TRANSPORT": inbox.url})
        status = publication.run("status", ISSUE, "--failed")
        lines = publication.run("send", ISSUE, "--yes", "--json-lines")
        process.terminate()  # it has been slow for long enough
        out, err = process.communicate(timeout=patience(30))
        last = publication.run("send", ISSUE, "--yes", env={"NEWSLETTER_TRANSPORT": inbox.url})

    assert (75, "") == (second.status, second.err)
    assert f"process {process.pid} since" in second.out
    assert "is sending 2021-11-26 at this moment" in second.out
    assert (75, 0) == (status.status, status.out.count("in doubt")), status.out
    assert 75 == json.loads(lines.out.splitlines()[-1])["exit_status"]
    assert (75, 0) == (process.returncode, last.status), out + err
    assert 60 == len(messages(inbox_folder))


def test_killed_send_loses_nobody_and_doubles_nobody(publication: Publication) -> None:
    """kill -9 in mid-run: everyone has it once, but for those in doubt, at most one a session."""
    people = publication.people(60)
    inbox_folder = publication.folder / "inbox"
    inbox_folder.mkdir()
    with open_inbox(inbox_folder) as inbox:
        slow = {"NEWSLETTER_TRANSPORT": f"{inbox.url}&rate=30/s&connections=3"}
        process = publication.start("send", ISSUE, "--subscribers", str(people), "--yes", env=slow)
        _wait_for(lambda: inbox.count >= 5)
        process.kill()
        process.communicate(timeout=patience(30))
        again = publication.run("send", ISSUE, "--yes", env={"NEWSLETTER_TRANSPORT": inbox.url})

    received = set(messages(inbox_folder))
    status = publication.run("status", ISSUE, "--failed")
    doubts = {line.split()[0] for line in status.out.splitlines() if "  in doubt  " in line}
    assert again.status == (1 if doubts else 0), again.out + again.err
    assert len(doubts) <= 3
    assert {f"reader{n}@example.com" for n in range(60)} == received | doubts


def _wait_for(condition: object, seconds: float = patience(30)) -> None:
    assert callable(condition)
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.02)


def test_send_says_which_relay_of_a_failover_was_left_and_why(publication: Publication) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]  # closed again, so nobody listens there
    transport = f"failover(smtp://127.0.0.1:{port}?tls=none directory:sent/)"
    environment = {"NEWSLETTER_TRANSPORT": transport}

    done = publication.run(
        "send", ISSUE, "--subscribers", publication.people(2), "--yes", env=environment
    )

    assert 0 == done.status, done.err
    assert f"moving to the next relay: 127.0.0.1:{port}: nothing listens there" in done.err
    assert 2 == len(list((publication.folder / "sent").glob("*.eml")))
