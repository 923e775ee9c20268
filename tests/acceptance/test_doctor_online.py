"""`newsletter doctor --online` with the installed command, and a name server on loopback."""

import json
from pathlib import Path

import jsonschema
import pytest

from tests.acceptance.publication import Publication
from tests.acceptance.test_check_terminal import seen
from tests.name_server import Odd, names, zone_file

pytestmark = pytest.mark.slow

SCHEMA = json.loads((Path(__file__).parents[2] / "docs/schemas/doctor.json").read_text())


def configure(publication: Publication, **lines: str) -> None:
    """A line more in these sections, and a site that nobody has to be asked for."""
    toml = publication.folder / "newsletter.toml"
    text = toml.read_text().replace("https://news.example.com", "https://127.0.0.1:1")
    for section, line in lines.items():
        text = text.replace(f"[{section}]\n", f"[{section}]\n{line}\n")
    toml.write_text(text)


def test_doctor_says_what_the_dns_lacks_and_what_to_publish(publication: Publication) -> None:
    configure(publication, relay='sends_from = ["192.0.2.7"]')
    hostile = "v=spf1 \x1b]0;owned\x07ip4:192.0.2.7 -all"
    zone = {
        "news.example.com TXT": [hostile],
        "news.example.com MX": ["10 mx.example.com"],
        "mx.example.com A": ["192.0.2.5"],
    }
    with names(zone_file(zone), odd={"7.2.0.192.in-addr.arpa": Odd.REFUSED}) as served:
        done = publication.run("doctor", "--online", env={"NEWSLETTER_DNS": str(served.server)})

    assert 2 == done.status
    lines = done.out.splitlines()
    assert ["Publication", "Mail identity", "Relay", "Site", "Extras"] == [
        line for line in lines if line[:1].isupper()
    ]
    at = next(at for at, line in enumerate(lines) if line.startswith("bad   dmarc"))
    assert [
        "publish: _dmarc.news.example.com TXT",
        "v=DMARC1; p=none; rua=mailto:postmaster@news.example.com",
        "Gmail and Yahoo require this of bulk senders (DMARC policy)",
    ] == [line.strip() for line in lines[at + 1 : at + 4]]
    assert "bad   spf " in done.out
    assert "\\u001b]0;owned" in done.out, "a stranger's text is shown, and not obeyed"
    assert not set("\x1b\x07") & set(done.out)
    assert "7.2.0.192.in-addr.arpa PTR could not be asked: the server could not find out (REFUSED)" in done.out  # fmt: skip  # noqa: E501


def test_doctor_tells_programs_the_same(publication: Publication) -> None:
    configure(publication, relay='sends_from = ["192.0.2.7"]')
    zone = {
        "news.example.com TXT": ["v=spf1 ip4:192.0.2.7 -all"],
        "_dmarc.example.com TXT": ["v=DMARC1; p=none"],
        "news.example.com MX": ["0 ."],
    }
    with names(zone_file(zone)) as served:
        done = publication.run(
            "doctor", "--online", "--format", "json", env={"NEWSLETTER_DNS": str(served.server)}
        )

    told = json.loads(done.out)
    jsonschema.validate(told, SCHEMA)
    found = {each["name"]: each for each in told["findings"]}
    assert (2, 2) == (done.status, told["exit_status"])
    assert len(told["findings"]) == sum(told["counts"].values())
    assert ("ok", "sound", "mail identity") == tuple(
        found["spf"][key] for key in ("level", "found", "group")
    )
    assert ("bad", "takes_no_mail") == (found["mx"]["level"], found["mx"]["found"])
    assert {
        "name": "7.2.0.192.in-addr.arpa",
        "type": "PTR",
        "value": "mail.news.example.com",
        "strings": ["mail.news.example.com"],
        "zone_line": "7.2.0.192.in-addr.arpa. IN PTR mail.news.example.com.",
        "is_example": True,
    } == found["ptr"]["record"]
    assert {"name": "forward and reverse DNS", "demanded_by": ["Gmail", "Yahoo"]} == found["ptr"][
        "rule"
    ]


def test_doctor_asks_nobody_unless_told_to(publication: Publication) -> None:
    with names("example.com A 192.0.2.1") as served:
        done = publication.run(
            "doctor", "--format", "json", env={"NEWSLETTER_DNS": str(served.server)}
        )

    jsonschema.validate(json.loads(done.out), SCHEMA)
    assert [] == served.asked


def test_a_name_server_that_is_no_address_is_a_fault(publication: Publication) -> None:
    done = publication.run("doctor", "--online", env={"NEWSLETTER_DNS": "localhost"})

    assert 2 == done.status
    assert "NEWSLETTER_DNS must be IP addresses, with a port or without" in done.out


def test_addresses_of_the_relay_are_addresses(publication: Publication) -> None:
    configure(publication, relay='sends_from = ["relay.example.com"]')

    done = publication.run("doctor")

    assert 2 == done.status
    assert "[relay] sends_from" in done.out
    assert "must be IP addresses" in done.out


def test_a_record_is_in_one_line_on_a_terminal_too(publication: Publication) -> None:
    """Whoever copies it wants no break in it; words are broken where the terminal ends."""
    configure(publication)
    publication.run("dkim", "new", "--selector", "n1")
    configure(publication, dkim='selector = "n1"\nkey = "dkim/n1.pem"')
    with names("example.com A 192.0.2.1") as served:
        environment = {"NEWSLETTER_DNS": str(served.server), "NO_COLOR": "1"}
        told = seen(publication, 60, "doctor", "--online", **environment)
    shown = seen(publication, 60, "dkim", "show")

    for lines in ([line.strip() for line in each] for each in (told, shown)):
        [value] = [line for line in lines if line.startswith("v=DKIM1; k=rsa; p=")]
        assert value.endswith("AQAB")
        assert any(f'"{value[:255]}"' in line for line in lines)
    assert 60 >= max(len(line) for line in told if line.startswith(("ok", "warn", "bad", "info")))
