"""What comes back, by the installed command: read, listed, shown, explained, acted on."""

import json
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from tests.acceptance.publication import COMMAND, Publication, clean_environment
from tests.dovecot import PASSWORD, dovecot
from tests.pace import patience
from tests.returned_mail import (
    SentMail,
    complaint,
    out_of_office,
    report,
    sent_mails,
    unsubscribe_mail,
)

pytestmark = pytest.mark.slow

ISSUE = "2021-11-26"


@pytest.fixture
def publication(tmp_path: Path, laid_out: Path) -> Publication:
    """An issue that was sent to a Maildir, and an empty one for what comes back."""
    shutil.copytree(laid_out, tmp_path, dirs_exist_ok=True)
    environment = clean_environment() | {"NEWSLETTER_TRANSPORT": f"maildir:{tmp_path}/mail"}
    made = Publication(tmp_path, environment)
    for part in ("cur", "new", "tmp"):
        (tmp_path / "returned" / part).mkdir(parents=True)
    for arguments in (
        ("subscribers", "import", "subscribers.example.csv", "--yes"),
        ("send", ISSUE, "--yes"),
    ):
        done = made.run(*arguments)
        assert 0 == done.status, done
    return made


def mails(publication: Publication) -> list[SentMail]:
    found = sent_mails(publication.folder / "mail")
    return [found[name] for name in sorted(found)]


def put(folder: Path, name: str, raw: bytes) -> None:
    (folder / "tmp" / name).write_bytes(raw)
    (folder / "tmp" / name).rename(folder / "new" / name)


def kinds(publication: Publication) -> dict[str, str]:
    done = publication.run("subscribers", "export", "--format", "json")
    return {one["email"]: one["status"] for one in json.loads(done.out)}


def test_a_mailbox_is_read_and_each_message_does_what_it_may(publication: Publication) -> None:
    gone, junk, away, leaving, *_ = mails(publication)
    forged = SentMail(
        reverse_path="bounces@news.example.com", recipient=away.recipient, content=away.content
    )
    put(publication.folder / "returned", "1", report(gone))
    put(publication.folder / "returned", "2", complaint(junk))
    put(publication.folder / "returned", "3", out_of_office(away))
    put(publication.folder / "returned", "4", unsubscribe_mail(leaving))
    put(publication.folder / "returned", "5", report(forged, copy=False))

    first = publication.run("bounces", "read", "returned")
    again = publication.run("bounces", "read", "returned", "--anew")

    assert (0, "") == (first.status, first.err)
    assert "5 new messages" in first.out
    assert "2  suppressed" in first.out
    assert "1  unsubscribed" in first.out
    assert "1  not proven" in first.out
    assert (0, "Nothing new in maildir:returned.\n") == (again.status, again.out)
    listed = json.loads(publication.run("bounces", "list", "--format", "json").out)
    assert {
        gone.recipient: "suppressed",
        junk.recipient: "suppressed",
        away.recipient: "noted",
        leaving.recipient: "unsubscribed",
        None: "shown",
    } == {each["reader"]: each["effect"] for each in listed}
    history = publication.run("subscribers", "show", gone.recipient)
    assert "came back" in history.out
    assert "550 5.1.1 no such user" in history.out
    reported = publication.run("report", ISSUE)
    assert "1 accepted, later returned" in reported.out
    assert "The books balance" in reported.out
    over = publication.run("report", "--over", "3")
    assert ISSUE in over.out


def test_one_message_is_shown_and_written_as_it_came(publication: Publication) -> None:
    raw = report(mails(publication)[0])
    put(publication.folder / "returned", "1", raw)
    assert 0 == publication.run("bounces", "read", "returned").status

    shown = publication.run("bounces", "show", "1")
    written = subprocess.run(
        [COMMAND, "bounces", "show", "1", "--raw"],
        cwd=publication.folder,
        env=publication.environment,
        capture_output=True,
        check=True,
    )
    missing = publication.run("bounces", "show", "99")

    assert "Undelivered Mail Returned to Sender" in shown.out
    assert raw == written.stdout
    assert 2 == missing.status
    assert "nothing that came back has this number" in missing.err


def pipe(publication: Publication, raw: bytes, *arguments: str) -> tuple[int, str]:
    done = subprocess.run(
        [COMMAND, "bounces", "read", "-", *arguments],
        cwd=publication.folder,
        env=publication.environment,
        input=raw,
        capture_output=True,
        check=False,
    )
    assert b"Traceback" not in done.stderr
    return done.returncode, (done.stdout + done.stderr).decode()


def test_a_mail_server_hands_over_one_by_one(publication: Publication) -> None:
    mail = mails(publication)[0]
    raw = report(mail, to="bounces@news.example.com", copy=False)

    unproven = pipe(publication, raw)
    proven = pipe(publication, raw + b"\r\n", "--recipient", mail.reverse_path)
    again = pipe(publication, raw + b"\r\n", "--recipient", mail.reverse_path)

    assert (0, True) == (unproven[0], "not proven" in unproven[1])
    assert (0, True) == (proven[0], "suppressed" in proven[1])
    assert (0, True) == (again[0], "was read before" in again[1])


def test_a_mail_server_is_told_to_come_again_where_we_are_at_fault(
    publication: Publication,
) -> None:
    raw = report(mails(publication)[0])
    settings = publication.folder / "newsletter.toml"
    whole = settings.read_text()
    settings.write_text(whole + "\n[nonsense]\n")

    status, said = pipe(publication, raw)

    assert 75 == status
    assert said.startswith("tempfail: ")
    settings.write_text(whole)
    assert 0 == pipe(publication, raw)[0]


@pytest.mark.parametrize("way", ["maildir", "imap"])
def test_a_daemon_reads_as_things_come(publication: Publication, way: str) -> None:
    if way == "maildir":
        daemon_reads(publication, "maildir:returned", publication.folder / "returned")
        return
    with dovecot() as server:
        daemon_reads(publication, server.source(), server.mail)
        assert all(name.endswith((".1", ".2")) for name in server.flags()), "none has a flag"


def daemon_reads(publication: Publication, source: str, folder: Path) -> None:
    settings = publication.folder / "newsletter.toml"
    named = f'[bounces]\nsource = "{source}"\n'
    settings.write_text(settings.read_text().replace("[bounces]\n", named, 1))
    daemon = subprocess.Popen(
        [COMMAND, "run", "--tick", "1"],
        cwd=publication.folder,
        env=publication.environment | {"NEWSLETTER_BOUNCES_PASSWORD": PASSWORD},
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        put(folder, "m.1", report(mails(publication)[0]))
        await_returns(publication, 1)
        put(folder, "m.2", report(mails(publication)[1]))
        await_returns(publication, 2)
    finally:
        daemon.terminate()
        _, log = daemon.communicate(timeout=patience())

    assert 0 == daemon.returncode, log
    assert "suppressed: " in log
    assert "Traceback" not in log
    assert PASSWORD not in log
    assert "@" not in "".join(line for line in log.splitlines() if " suppressed: " in line)


def await_returns(publication: Publication, count: int) -> None:
    until = time.monotonic() + patience()
    while time.monotonic() < until:
        done = publication.run("bounces", "list", "--format", "json")
        if len(json.loads(done.out)) >= count:
            return
        time.sleep(0.2)
    pytest.fail(f"{count} did not come: {done}")


def test_explain_needs_no_publication(tmp_path: Path) -> None:
    mail = SentMail(
        reverse_path="b@news.example.com",
        recipient="ada@example.org",
        content=b"From: x\r\nMessage-ID: <1@example.com>\r\n\r\n",
    )
    (tmp_path / "one.eml").write_bytes(report(mail))
    (tmp_path / "two.eml").write_bytes(out_of_office(mail))
    alone = Publication(tmp_path, clean_environment())

    both = alone.run("bounces", "explain", "one.eml", "two.eml", "--format", "json")
    words = alone.run("bounces", "explain", "one.eml")
    missing = alone.run("bounces", "explain", "three.eml", "one.eml")

    one, two = map(json.loads, both.out.splitlines())
    assert ("hard", ["ada@example.org"], 550, "5.1.1") == (
        one["kind"],
        one["recipients"],
        one["code"],
        one["enhanced_code"],
    )
    assert "auto-reply" == two["kind"]
    assert "ada@example.org: hard" in words.out
    assert 2 == missing.status
    assert "cannot be read" in missing.err
    assert "ada@example.org: hard" in missing.out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["read"], "no mailbox is named"),
        (["read", "nowhere"], "is no mailbox"),
        (["read", "pop3://a@b"], "is no mailbox"),
        (["read", "imaps://a:secret@mx.example/INBOX"], "has a password in it"),
        (["read", "newsletter.toml"], "no mbox"),
        (["read", "issues"], "no Maildir"),
    ],
)
def test_what_is_wrong_is_said_in_a_line(
    arguments: list[str], words: str, publication: Publication
) -> None:
    done = publication.run("bounces", *arguments)

    assert 2 == done.status
    assert words in done.err
    assert "secret" not in done.err
    assert 1 == len(done.err.splitlines())
