"""One clear line for each thing that goes wrong: what, where, what to do next; no traceback."""

import asyncio
import os
import pty
import re
import ssl
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
import trustme
from aiosmtpd.smtp import SMTP, AuthResult

from tests.acceptance.publication import Publication

pytestmark = pytest.mark.slow

ISSUE = "issues/2021-11-26.md"


def one_line(err: str) -> str:
    lines = [line for line in err.splitlines() if line.strip()]
    assert 1 == len(lines), err
    return lines[0]


@pytest.mark.parametrize(
    ("expected", "content"),
    [
        ("issue.md: this is a binary file", b"\x89PNG\x00\x01"),
        ("issue.md:2:3: byte 0xff is not UTF-8", b"# Title\nab\xff\n"),
        ("issue.md: the file is larger than 2 MB", b"a" * 10_000_000),
    ],
)
def test_check_says_what_is_no_text(
    expected: str, content: bytes, publication: Publication
) -> None:
    (publication.folder / "issue.md").write_bytes(content)

    done = publication.run("check", "issue.md")

    assert 2 == done.status
    assert expected in one_line(done.err)


def test_check_says_that_there_is_no_file(publication: Publication) -> None:
    done = publication.run("check", "issues/nope.md")

    assert 2 == done.status
    assert "issues/nope.md: no such file; give the path of an issue" in one_line(done.err)


def test_check_reports_an_empty_file_as_one_finding(publication: Publication) -> None:
    (publication.folder / "issue.md").write_bytes(b"")

    done = publication.run("check", "issue.md")

    assert 1 == done.status
    assert "issue.md:1:1: error S001 the file is empty [empty-issue]" == done.out.splitlines()[0]
    assert 1 == done.out.count("issue.md:")


@pytest.mark.parametrize(
    ("expected", "yaml"),
    [
        ("this line has no key before a colon", "- a\n- b"),
        ("this line has no key before a colon", "<<: {a: b}"),
        ("not a list or more keys", "subject:\n  - a"),
        ("the colon is missing after “subject”", "subject Shelves"),
    ],
)
def test_check_refuses_front_matter_beyond_keys_and_values(
    expected: str, yaml: str, publication: Publication
) -> None:
    (publication.folder / "issue.md").write_text(f"---\n{yaml}\n---\n# Title\n")

    done = publication.run("check", "issue.md")

    assert 1 == done.status
    assert expected in done.out


def test_import_says_which_column_is_missing(publication: Publication) -> None:
    (publication.folder / "people.csv").write_text("name,phone\nAda,1\n")

    done = publication.run("subscribers", "import", "people.csv", "--yes")

    assert 2 == done.status
    assert "people.csv:1: no column “email”" in one_line(done.err)


def test_import_names_bad_rows_by_line_and_takes_the_good(publication: Publication) -> None:
    (publication.folder / "people.csv").write_bytes(
        b"email,first_name,consent\nada@example.com,Ada,fair\n"
        b'not-an-address,B,\n"x@example.com","C\r\nBcc: y"\n'
    )

    asked = publication.run("subscribers", "import", "people.csv")
    done = publication.run("subscribers", "import", "people.csv", "--yes")
    count = publication.run("subscribers", "count")

    assert 2 == asked.status
    assert "1 new, 2 bad" in asked.out
    assert 1 == done.status
    assert "people.csv:3: " in done.out
    assert "people.csv:4: column 2 holds a control character" in done.out
    assert "1  confirmed" in count.out


def test_send_says_that_the_relay_is_unreachable_and_loses_nobody(
    publication: Publication,
) -> None:
    people = publication.people(2)
    nobody = {"NEWSLETTER_TRANSPORT": "smtp://127.0.0.1:9?tls=none"}

    done = publication.run("send", ISSUE, "--subscribers", people, "--yes", env=nobody)
    later = publication.run("send", ISSUE, "--yes")

    assert 2 == done.status
    assert "127.0.0.1:9: " in one_line(done.err)
    assert 0 == later.status
    assert 2 == len(list((publication.folder / "sent").glob("*.eml")))


@pytest.mark.parametrize(
    ("expected", "toml", "environment"),
    [
        ("no newsletter.toml here or above", None, {}),
        ("the file is not TOML", "[publication", {}),
        ("NEWSLETTER_SECRET_KEY is not set", "", {"NEWSLETTER_SECRET_KEY": ""}),
        ("NEWSLETTER_TRANSPORT is not set", "", {"NEWSLETTER_TRANSPORT": ""}),
    ],
)
def test_send_says_what_is_wrong_with_the_settings(
    expected: str, toml: str | None, environment: dict[str, str], publication: Publication
) -> None:
    path = publication.folder / "newsletter.toml"
    if toml is None:
        path.unlink()
    elif toml:
        path.write_text(toml)

    done = publication.run("send", ISSUE, "--yes", env=environment)

    assert 2 == done.status
    assert expected in done.err


def test_settings_tell_all_faults_at_once(publication: Publication) -> None:
    path = publication.folder / "newsletter.toml"
    text = path.read_text().replace("stories = 5 ", 'stories = "five" ')
    text = text.replace("Europe/London", "Europe/Londen").replace("[limits]", "[limits]\nrate = 1")
    path.write_text(text.replace('\nname = "The Friday Five"', ""))
    (publication.folder / ".env").write_text(f"NEWSLETTER_TRANSPORT_PASSWORD={'s' * 8}\n")
    (publication.folder / ".env").chmod(0o644)

    done = publication.run("send", ISSUE, "--yes", env={"NEWSLETTER_SECRET_KEY": "short"})

    assert 2 == done.status
    for expected in (
        "6 faults in the settings",
        '[house] stories = "five": must be a whole number from 1 to 30',
        '[schedule] timezone = "Europe/Londen": must be an IANA zone',
        "[limits] rate means nothing",
        "[publication] name is missing",
        "NEWSLETTER_SECRET_KEY has 5 characters",
        "chmod 600",
    ):
        assert expected in done.err
    assert "ssssssss" not in done.err


def test_send_says_that_the_transport_url_is_wrong(publication: Publication) -> None:
    wrong = {"NEWSLETTER_TRANSPORT": "smtp://relay.example.com?conections=3"}

    done = publication.run("send", ISSUE, "--yes", env=wrong)

    assert 2 == done.status
    assert "connections" in one_line(done.err)


def test_send_names_a_database_that_is_none(publication: Publication) -> None:
    (publication.folder / "newsletter.db").write_text("this is a diary, not a database, see?" * 99)

    done = publication.run("send", ISSUE, "--yes")

    assert 2 == done.status
    assert "newsletter.db" in one_line(done.err)


class _Sink:
    async def handle_DATA(self, *_: object) -> str:  # noqa: N802
        return "250 2.0.0 kept"


def test_send_says_that_the_password_is_wrong_and_never_shows_it(
    publication: Publication, tmp_path: Path
) -> None:
    authority, server = _authority("127.0.0.1")
    pem = tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(str(pem))

    def refuse(*_: object) -> AuthResult:
        return AuthResult(success=False, handled=False)

    def make() -> SMTP:
        return SMTP(_Sink(), tls_context=server, require_starttls=True, authenticator=refuse)

    with _served(make) as port:
        environment = {
            "NEWSLETTER_TRANSPORT": f"smtp://editor@127.0.0.1:{port}?ca={pem}",
            "NEWSLETTER_TRANSPORT_PASSWORD": "correct horse",
        }
        people = publication.people(1)
        done = publication.run("send", ISSUE, "--subscribers", people, "--yes", env=environment)

    assert 2 == done.status
    assert "password" in one_line(done.err)
    assert "correct horse" not in done.out + done.err


def test_send_says_that_the_certificate_does_not_verify(publication: Publication) -> None:
    _, server = _authority("127.0.0.1")
    with _served(lambda: SMTP(_Sink(), tls_context=server)) as port:
        environment = {"NEWSLETTER_TRANSPORT": f"smtp://127.0.0.1:{port}"}
        people = publication.people(1)
        done = publication.run("send", ISSUE, "--subscribers", people, "--yes", env=environment)

    assert 2 == done.status
    assert "certificate" in one_line(done.err)


def test_render_says_that_a_file_cannot_be_written_and_leaves_the_old_one(
    publication: Publication,
) -> None:
    """The system refuses to write more than 20 kB, as it does when the disk is full."""
    publication.run("render", ISSUE)
    before = (publication.folder / "outbox/2021-11-26.html").read_bytes()

    done = publication.run("render", ISSUE, max_file_bytes=20_000)

    assert 2 == done.status
    assert "outbox/2021-11-26.html: cannot be written: File too large; make room there" in one_line(
        done.err
    )
    assert before == (publication.folder / "outbox/2021-11-26.html").read_bytes()
    assert ["2021-11-26.eml", "2021-11-26.html", "2021-11-26.txt"] == sorted(
        path.name for path in (publication.folder / "outbox").iterdir()
    )


def _authority(name: str) -> tuple[trustme.CA, ssl.SSLContext]:
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    return authority, context


@contextmanager
def _served(make: Callable[[], SMTP]) -> Iterator[int]:
    """A real SMTP server in a thread of its own, on a free port."""
    loop = asyncio.new_event_loop()
    server = loop.run_until_complete(loop.create_server(make, "127.0.0.1", 0))
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        loop.call_soon_threadsafe(server.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.run_until_complete(server.wait_closed())
        loop.close()


HOSTILE = "\x1b]0;PWNED\x07\x1b[31mred\x1b[2J\x9b31m\u202eevil\u2066"
OBEYED = set("\x1b\x07\x9b\u202e\u2066")


def said_on_a_terminal(publication: Publication, *arguments: str) -> str:
    """Both outputs of a command whose standard output and error are a terminal."""
    master, slave = pty.openpty()
    program = [sys.executable, "-m", "newsletter", *arguments]
    with subprocess.Popen(
        program, cwd=publication.folder, stdin=slave, stdout=slave, stderr=slave
    ) as process:
        os.close(slave)
        octets = b""
        with suppress(OSError):  # EIO: the other end is closed
            while piece := os.read(master, 65536):
                octets += piece
        process.wait()
    os.close(master)
    return re.sub(r"\x1b\[(?:0|1|2|32|33|31;1)m", "", octets.decode("utf-8", "replace"))


@pytest.mark.parametrize(
    "arguments",
    [
        ("show", "issues/2021-12-03.md"),
        ("show", "issues/2021-12-03.md", "--format", "json"),
        ("check", "issues/2021-12-03.md"),
        ("check", "issues/2021-12-03.md", "--format", "json"),
        ("check", "issues/2021-12-03.md", "--fix", "--diff"),
        ("fmt", "--diff", "issues/2021-12-03.md"),
        ("send", "issues/2021-12-03.md", "--dry-run", "--subscribers", "subscribers.example.csv"),
        ("show", f"issues/{HOSTILE.replace('/', '')}.md"),
        ("rules", HOSTILE),
        ("check", f"--{HOSTILE}"),
        (HOSTILE,),
        ("report", HOSTILE),
    ],
)
def test_terminal_is_told_words_only(publication: Publication, arguments: tuple[str, ...]) -> None:
    path = publication.folder / "issues" / "2021-11-26.md"
    text = path.read_text("utf-8")
    first, *rest = text.split("\n## 1. ", 1)
    hostile = f"{first} {HOSTILE} \n## 1. {HOSTILE} and words {rest[0]}" if rest else text
    (path.parent / "2021-12-03.md").write_text(hostile, "utf-8")
    said = said_on_a_terminal(publication, *arguments)

    assert said
    assert not OBEYED & set(said)


@pytest.mark.parametrize(
    "command",
    ["check", "fmt", "next", "status", "run", "subscribers count", "templates list", "scheduled"],
)
def test_in_a_folder_that_is_no_publication_the_way_is_told(
    command: str, empty: Publication
) -> None:
    """Most of the time it is only the wrong folder."""
    done = empty.run(*command.split())

    assert (2, "") == (done.status, done.out)
    said = " ".join(done.err.split())
    assert f"error: {empty.folder}: 1 fault in the settings; go into the folder of your" in said
    assert "or lay one out: `newsletter init FOLDER`" in said
    assert not list(empty.folder.iterdir())


@pytest.mark.parametrize("command", [["new"], ["import", "paste.txt"]])
def test_issue_that_is_no_publications_is_told_as_such(
    command: list[str], empty: Publication
) -> None:
    (empty.folder / "paste.txt").write_text("1. One\nText.\n")

    done = empty.run(*command)

    assert "warning: there is no newsletter.toml here or above" in done.err


@pytest.mark.parametrize(
    ("asked", "step"),
    [
        ("2021-11-27", "did you mean 2021-11-26?"),
        ("issues/2021-11-6.md", "did you mean 2021-11-26?"),
        ("friday", "or its name: the newest here is 2021-11-26"),
    ],
)
@pytest.mark.parametrize("command", ["check", "render", "show", "send", "schedule"])
def test_name_of_no_issue_is_told_with_one_that_is(
    command: str, asked: str, step: str, publication: Publication
) -> None:
    done = publication.run(command, asked)

    assert (2, "") == (done.status, done.out)
    said = one_line(done.err)
    assert said.startswith(f"error: {asked}: no such file; ")
    assert said.endswith(step)


@pytest.mark.parametrize("port", ["99999", "-1"])
def test_inbox_at_no_port_is_told_in_a_line(port: str, empty: Publication) -> None:
    done = empty.run("inbox", f"--port={port}")

    assert 2 == done.status
    assert f"Invalid value for '--port': {port} is not in the range" in done.err


@pytest.mark.parametrize("wait", ["99999999999999999999", "999999999h", "soon"])
def test_wait_that_nobody_means_is_told_in_a_line(wait: str, publication: Publication) -> None:
    done = publication.run("send", ISSUE, f"--wait={wait}", "--yes")

    assert 2 == done.status
    assert f"error: --wait {wait}: " in one_line(done.err)


@pytest.mark.parametrize(
    ("command", "option"),
    [("subscribers list", "--limit"), ("health", "--letters"), ("send 2021-11-26", "--limit")],
)
def test_number_that_nobody_means_is_told_in_a_line(
    command: str, option: str, publication: Publication
) -> None:
    done = publication.run(*command.split(), f"{option}=99999999999999999999")

    assert 2 == done.status
    assert f"Invalid value for '{option}': 99999999999999999999 is " in done.err
