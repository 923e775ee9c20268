"""`newsletter dkim`, and a send whose messages are signed with the key it made."""

import re
import stat
import subprocess
from pathlib import Path

import dkim  # type: ignore[import-untyped]
import pytest

from newsletter.inbox import open_inbox
from tests.acceptance.publication import Done, Publication

pytestmark = pytest.mark.slow

ISSUE = "issues/2021-11-26.md"


def configure(publication: Publication, *runs: Done) -> None:
    """Put what `dkim new` printed where it said."""
    path = publication.folder / "newsletter.toml"
    lines = [
        line.strip()
        for done in runs
        for line in done.out.partition("[dkim]\n")[2].splitlines()
        if " = " in line
    ]
    section = "\n".join(["[dkim]", *lines, ""])
    path.write_text(path.read_text().replace("[dkim]\n", section))


def records(done: Done) -> dict[str, str]:
    names = re.findall(r"^TXT record of (\S+)", done.out, re.MULTILINE)
    return dict(zip(names, re.findall(r"^  (v=DKIM1;.*)$", done.out, re.MULTILINE), strict=True))


def test_dkim_new_makes_a_key_for_its_owner_alone_and_says_what_to_do(
    publication: Publication,
) -> None:
    done = publication.run("dkim", "new", "--selector", "n1")
    key = publication.folder / "dkim" / "n1.pem"

    assert (0, "") == (done.status, done.err)
    assert 0o600 == stat.S_IMODE(key.stat().st_mode)
    assert "*.pem\n" == (key.parent / ".gitignore").read_text()
    assert ["n1._domainkey.news.example.com"] == list(records(done))
    assert key.read_text().splitlines()[1] not in done.out
    strings = re.findall(r'"([^"]*)"', done.out.partition("IN TXT")[2].partition(")")[0])
    assert records(done) == {"n1._domainkey.news.example.com": "".join(strings)}
    assert all(len(string) <= 255 for string in strings)
    assert done.out.endswith(
        '  [dkim]\n  domain = "news.example.com"\n  selector = "n1"\n  key = "dkim/n1.pem"\n'
    )


def test_dkim_new_overwrites_no_key(publication: Publication) -> None:
    publication.run("dkim", "new", "--selector", "n1")
    key = publication.folder / "dkim" / "n1.pem"
    before = key.read_bytes()
    done = publication.run("dkim", "new", "--selector", "n1")

    assert 2 == done.status
    assert "no key is overwritten" in done.err
    assert before == key.read_bytes()


def test_dkim_new_leaves_no_half_key_when_the_disk_is_full(publication: Publication) -> None:
    done = publication.run("dkim", "new", "--selector", "n1", max_file_bytes=100)

    assert 2 == done.status
    assert not (publication.folder / "dkim" / "n1.pem").exists()


def test_dkim_new_refuses_a_selector_that_is_none(publication: Publication) -> None:
    done = publication.run("dkim", "new", "--selector", "../../x")

    assert 2 == done.status
    assert "the DNS does not take this name" in done.err
    assert not (publication.folder / "dkim").exists()


def test_dkim_show_prints_the_records_again(publication: Publication) -> None:
    none = publication.run("dkim", "show")
    first = publication.run("dkim", "new", "--selector", "n1")
    second = publication.run("dkim", "new", "--ed25519", "--selector", "n2")
    configure(publication, first, second)
    done = publication.run("dkim", "show")

    assert (2, 0) == (none.status, done.status)
    assert "has no [dkim]" in none.err
    assert records(first) | records(second) == records(done)


def test_dkim_new_makes_the_key_that_newsletter_toml_names(publication: Publication) -> None:
    path = publication.folder / "newsletter.toml"
    path.write_text(path.read_text().replace("[dkim]\n", '[dkim]\nselector = "n1"\n'))
    missing = publication.run("dkim", "show")
    done = publication.run("dkim", "new")

    assert (2, 0) == (missing.status, done.status)
    assert "; make a key: `newsletter dkim new`" in missing.err
    assert "the DKIM key is not there" in missing.err
    assert (publication.folder / "dkim" / "rsa.pem").is_file()
    assert "newsletter.toml" not in done.out


def test_send_signs_every_message_with_the_keys_of_newsletter_toml(
    publication: Publication,
) -> None:
    runs = [
        publication.run("dkim", "new", "--selector", "n1"),
        publication.run("dkim", "new", "--ed25519", "--selector", "n2"),
    ]
    configure(publication, *runs)
    known = {f"{name}.": record for done in runs for name, record in records(done).items()}

    def look_up(name: bytes, timeout: int = 0) -> bytes:
        return known[name.decode()].encode()

    folder = publication.folder / "inbox"
    with open_inbox(folder) as inbox:
        transport = {"NEWSLETTER_TRANSPORT": inbox.url}
        people = publication.people(3)
        done = publication.run("send", ISSUE, "--subscribers", people, "--yes", env=transport)

    assert 0 == done.status, done.err
    messages = [path.read_bytes() for path in folder.glob("*.eml")]
    assert 3 == len(messages)
    for message in messages:
        assert all(dkim.DKIM(message).verify(idx=n, dnsfunc=look_up) for n in range(2))


def test_send_signs_with_a_key_that_its_group_may_read_or_that_a_variable_holds(
    publication: Publication,
) -> None:
    configure(publication, publication.run("dkim", "new", "--selector", "n1"))
    key = publication.folder / "dkim" / "n1.pem"
    people = publication.people(1)
    key.chmod(0o640)
    by_group = publication.run("send", ISSUE, "--subscribers", people, "--dry-run")
    pem = key.read_text()
    shown = publication.run("dkim", "show")
    key.unlink()
    found = [
        publication.run("dkim", "show", env={"NEWSLETTER_DKIM_KEY": given}).out
        for given in (pem, pem.replace("\n", "\\n"))
    ]

    assert 0 == by_group.status, by_group.err
    assert [shown.out, shown.out] == found


def test_send_warns_of_a_weak_key(publication: Publication) -> None:
    configure(publication, publication.run("dkim", "new", "--selector", "n1"))
    key = publication.folder / "dkim" / "n1.pem"
    key.unlink()
    command = ["openssl", "genrsa", "-out", str(key), "1024"]
    subprocess.run(command, check=True, capture_output=True)
    key.chmod(0o600)
    done = publication.run("send", ISSUE, "--subscribers", publication.people(1), "--yes")

    assert 0 == done.status, done.err
    assert "the key n1 has 1024 bits; receivers want 2048" in done.out


def test_send_does_nothing_when_others_may_read_the_key(publication: Publication) -> None:
    configure(publication, publication.run("dkim", "new", "--selector", "n1"))
    key = publication.folder / "dkim" / "n1.pem"
    key.chmod(0o644)
    done = publication.run("send", ISSUE, "--subscribers", publication.people(1), "--yes")

    assert 2 == done.status
    assert "chmod 600" in done.err
    assert not (publication.folder / "sent").exists()


def test_render_needs_no_key(publication: Publication) -> None:
    """An editor's machine has none."""
    configure(publication, publication.run("dkim", "new", "--selector", "n1"))
    (publication.folder / "dkim" / "n1.pem").unlink()
    done = publication.run("render", ISSUE)
    (message,) = Path(publication.folder).rglob("*.eml")

    assert 0 == done.status, done.err
    assert b"DKIM-Signature" not in message.read_bytes()
