"""Addresses of old Japanese telephones, from the CSV file to the envelope."""

from email import message_from_bytes

import pytest

from tests.acceptance.publication import Publication

ISSUE = "issues/2021-11-26.md"
SPELLINGS = ("a..b@docomo.ne.jp", ".a@docomo.ne.jp", "a.@ezweb.ne.jp")


@pytest.fixture
def lenient(publication: Publication) -> Publication:
    toml = publication.folder / "newsletter.toml"
    toml.write_text(toml.read_text().replace("[limits]", "[limits]\nlenient_addresses = true"))
    (publication.folder / "people.csv").write_text(
        "email,consent\n" + ",fair\n".join([*SPELLINGS, ""])
    )
    return publication


def test_lenient_addresses_are_sent_as_quoted_strings(lenient: Publication) -> None:
    """RFC 5321, 4.1.2."""
    done = lenient.run("send", ISSUE, "--subscribers", "people.csv", "--yes")
    sent = [message_from_bytes(path.read_bytes()) for path in lenient.folder.glob("sent/*.eml")]

    assert 0 == done.status, done.err
    assert ['".a"@docomo.ne.jp', '"a."@ezweb.ne.jp', '"a..b"@docomo.ne.jp'] == sorted(
        message["To"] for message in sent
    )


def test_lenient_addresses_are_one_mailbox_however_they_are_written(lenient: Publication) -> None:
    for spelling in ("a..b@docomo.ne.jp", '"A..B"@docomo.ne.jp'):
        lenient.run("subscribers", "suppress", spelling, "--yes")
    done = lenient.run("send", ISSUE, "--subscribers", "people.csv", "--yes")

    assert 0 == done.status, done.err
    assert 2 == len(list(lenient.folder.glob("sent/*.eml")))


def test_addresses_are_not_lenient_unless_they_are_asked_to_be(publication: Publication) -> None:
    (publication.folder / "people.csv").write_text("email\na..b@docomo.ne.jp\n")

    done = publication.run("subscribers", "import", "people.csv", "--yes")

    assert 1 == done.status
    assert "not a mail address" in done.out
