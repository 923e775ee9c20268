"""`newsletter.publishing.doctoring` over a real name server: a zone in, findings out."""

import asyncio
import ssl
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import dns.zone
import pytest
import trustme

from newsletter.lookup import Bounds, open_resolver
from newsletter.mail_identity import Wanted
from newsletter.message import Algorithm, new_key, parse_key
from newsletter.publishing.doctoring.diagnosis import diagnose
from newsletter.publishing.doctoring.extras import look_at_extras
from newsletter.publishing.doctoring.finding import Finding, Found, Level
from newsletter.publishing.doctoring.sending import sending_addresses
from newsletter.publishing.doctoring.spf import look_at_spf
from newsletter.publishing.outside import Outside
from newsletter.settings import load_settings
from newsletter.starter import starter_folder
from newsletter.transports import Place
from tests.integration.publishing.conftest import KEY, publication_of
from tests.name_server import Odd, names, zone_file
from tests.pace import passing

NOW = datetime(2026, 11, 27, 7, 0, tzinfo=UTC)
PEM = new_key(Algorithm.RSA)
OURS = parse_key(PEM, where="", selector="n1", algorithm=Algorithm.RSA).record
OTHERS = parse_key(new_key(Algorithm.RSA), where="", selector="n1", algorithm=Algorithm.RSA).record
SELECTOR = "n1._domainkey.news.example.com TXT"
SPF, DMARC = "news.example.com TXT", "_dmarc.example.com TXT"
PTR = "7.2.0.192.in-addr.arpa PTR"

SOUND: Mapping[str, Sequence[str]] = {
    SPF: ["unrelated", "v=spf1 ip4:192.0.2.7 -all"],
    "news.example.com MX": ["10 mx.example.com"],
    "mx.example.com A": ["192.0.2.5"],
    SELECTOR: [OURS],
    DMARC: ["v=DMARC1; p=reject; rua=mailto:dmarc@example.com"],
    PTR: ["mail.example.com"],
    "mail.example.com A": ["192.0.2.7"],
}

Records = Mapping[str, Sequence[str]]


def findings(
    folder: Path,
    records: Records,
    *,
    odd: Mapping[str, Odd] | None = None,
    settings: Mapping[str, str] | None = None,
    is_signed: bool = True,
) -> list[Finding]:
    """All that the doctor finds of a publication whose names are these, and that is asked."""
    text = (starter_folder() / "newsletter.toml").read_text(encoding="utf-8")
    text = text.replace("https://news.example.com", "https://127.0.0.1:1")
    if is_signed:
        (folder / "n1.pem").write_bytes(PEM)
        (folder / "n1.pem").chmod(0o600)
        text = text.replace("[dkim]", '[dkim]\nselector = "n1"\nkey = "n1.pem"')
    text = text.replace("[relay]", '[relay]\nsends_from = ["192.0.2.7"]')
    for old, new in (settings or {}).items():
        assert old in text, old
        text = text.replace(old, new)
    (folder / "newsletter.toml").write_text(text, encoding="utf-8")

    async def found() -> list[Finding]:
        return [each async for each in diagnose(publication, outside=Outside())]

    with names(zone_file({**SOUND, **records}), odd=odd) as served:
        environ = {
            "NEWSLETTER_SECRET_KEY": KEY,
            "NEWSLETTER_TRANSPORT": f"directory:{folder}/sent/",
            "NEWSLETTER_DNS": f"127.0.0.1:{served.port}",
        }
        publication = publication_of(load_settings(folder, environ), lambda: NOW)
        return [each for each in asyncio.run(found()) if each.found]


def test_all_is_well(tmp_path: Path) -> None:
    found = findings(tmp_path, {})

    mail = [each for each in found if each.name != "site" and each.level is not Level.INFO]
    assert {"dkim", "spf", "dmarc", "alignment", "mx", "headers", "ptr"} == {
        each.name for each in mail
    }
    assert {(Level.OK, Found.SOUND)} == {(each.level, each.found) for each in mail}
    assert [each.place for each in found] == sorted(each.place for each in found)


def test_what_nobody_demands_is_no_fault(tmp_path: Path) -> None:
    found = [each for each in findings(tmp_path, {}) if each.level is Level.INFO]

    assert ["mta-sts", "tls-rpt", "bimi", "dane"] == [each.name for each in found]
    assert {Found.MISSING} == {each.found for each in found}


@pytest.mark.parametrize(
    ("records", "name", "found", "record"),
    [
        ({SPF: []}, "spf", Found.MISSING, "v=spf1 ip4:192.0.2.7 ~all"),
        ({SPF: ["v=spf1 a -all", "v=spf1 ip4:192.0.2.7 ~all"]}, "spf", Found.SEVERAL,
         "v=spf1 a ip4:192.0.2.7 ~all"),
        ({SPF: ["v=spf1 ipv4:192.0.2.7 mx -all"]}, "spf", Found.INVALID,
         "v=spf1 ip4:192.0.2.7 mx -all"),
        ({SPF: ["v=spf1 192.0.2.7 -all"]}, "spf", Found.INVALID, "v=spf1 ip4:192.0.2.7 -all"),
        ({SPF: ["v=spf1 nonsense -all"]}, "spf", Found.INVALID, "v=spf1 ip4:192.0.2.7 ~all"),
        ({SPF: ["v=spf1; mx -all"]}, "spf", Found.INVALID, "v=spf1 mx -all"),
        ({SPF: ['"v=spf1 mx -all"']}, "spf", Found.INVALID, "v=spf1 mx -all"),
        ({SPF: ["v=spf1 +all"]}, "spf", Found.OPEN_TO_ALL, "v=spf1 ip4:192.0.2.7 ~all"),
        ({SPF: ["v=spf1 ip4:192.0.2.7 +all"]}, "spf", Found.OPEN_TO_ALL,
         "v=spf1 ip4:192.0.2.7 ~all"),
        ({SPF: ["v=spf1 include:open.example.com -all"], "open.example.com TXT": ["v=spf1 +all"]},
         "spf", Found.OPEN_TO_ALL, None),
        ({SPF: ["v=spf1 mx -all"]}, "spf", Found.NOT_COVERED, "v=spf1 mx ip4:192.0.2.7 -all"),
        ({SPF: ["v=spf1 include:gone.example.com -all"]}, "spf", Found.INVALID, None),
        ({SPF: ["v=spf1 " + "a:mail.example.com " * 11 + "-all"]}, "spf",
         Found.TOO_MANY_LOOKUPS, None),
        ({SPF: ["v=spf1 a:x.example a:y.example a:z.example -all"]}, "spf",
         Found.TOO_MANY_LOOKUPS, None),
        ({SELECTOR: []}, "dkim", Found.MISSING, OURS),
        ({SELECTOR: ["v=spf1 -all"]}, "dkim", Found.MISSING, OURS),
        ({SELECTOR: [OURS, OTHERS]}, "dkim", Found.SEVERAL, OURS),
        ({SELECTOR: [OTHERS]}, "dkim", Found.OTHER_KEY, OURS),
        ({SELECTOR: ["v=DKIM1; p="]}, "dkim", Found.REVOKED, OURS),
        ({SELECTOR: [OURS.replace("v=DKIM1", "v=DKIM2")]}, "dkim", Found.INVALID, OURS),
        ({SELECTOR: [f'"{OURS}"']}, "dkim", Found.INVALID, OURS),
        ({SELECTOR: [OURS.replace(";", "\\;")]}, "dkim", Found.INVALID, OURS),
        ({SELECTOR: [OURS.replace("p=", "h=sha1; p=")]}, "dkim", Found.NARROW, OURS),
        ({DMARC: []}, "dmarc", Found.MISSING,
         "v=DMARC1; p=none; rua=mailto:postmaster@news.example.com"),
        ({DMARC: ["v=DMARC1; p=none", "v=DMARC1; p=reject"]}, "dmarc", Found.SEVERAL,
         "v=DMARC1; p=none; rua=mailto:postmaster@example.com"),
        ({"_dmarc.news.example.com TXT": ["v=dmarc1; p=none"], DMARC: []}, "dmarc", Found.INVALID,
         "v=DMARC1; p=none; rua=mailto:postmaster@news.example.com"),
        ({DMARC: ["v=DMARC1; p=nonne"]}, "dmarc", Found.INVALID,
         "v=DMARC1; p=none; rua=mailto:postmaster@example.com"),
        ({"news.example.com MX": ["0 ."]}, "mx", Found.TAKES_NO_MAIL, "10 mail.news.example.com"),
        ({"news.example.com MX": []}, "mx", Found.MISSING, "10 mail.news.example.com"),
        ({"news.example.com MX": ["10 gone.example.com"]}, "mx", Found.INVALID,
         "10 mail.news.example.com"),
        ({PTR: []}, "ptr", Found.MISSING, "mail.news.example.com"),
        ({PTR: ["other.example.com"], "other.example.com A": ["192.0.2.8"]}, "ptr",
         Found.NOT_CONFIRMED, "192.0.2.7"),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_the_record_to_write(
    tmp_path: Path, records: Records, name: str, found: Found, record: str | None
) -> None:
    [fault] = [each for each in findings(tmp_path, records) if each.level is Level.BAD and each.name != "site"]  # fmt: skip  # noqa: E501

    assert (name, found) == (fault.name, fault.found), fault.what
    assert record == (fault.record.value if fault.record else None)
    assert fault.rule or name == "mx"
    if fault.record:
        assert stands_in_a_zone(fault.record)


def stands_in_a_zone(record: Wanted) -> bool:
    """dnspython reads the line, and finds what was meant."""
    text = f"$TTL 60\n{record.zone_line}\n"
    zone = dns.zone.from_text(text, origin=".", relativize=False, check_origin=False)
    [found] = zone.find_rdataset(f"{record.name}.", record.kind)
    if record.kind == "TXT":
        return record.value.encode() == b"".join(found.strings)
    return str(found.to_text()).rstrip(".") == record.value


@pytest.mark.parametrize(
    ("records", "name", "found", "level"),
    [
        ({SPF: ["v=spf1 ip4:192.0.2.7 ?all"]}, "spf", Found.UNDECIDED, Level.WARN),
        ({SPF: ["v=spf1 ip4:192.0.2.7"]}, "spf", Found.UNDECIDED, Level.WARN),
        ({SELECTOR: [OURS.replace("p=", "t=y; p=")]}, "dkim", Found.TESTING, Level.WARN),
        ({DMARC: ["v=DMARC1; p=reject; pct=50"]}, "dmarc", Found.TESTING, Level.INFO),
        ({DMARC: ["v=DMARC1; p=reject; rua=mailto:a@reports.example.net"]}, "dmarc",
         Found.NOT_ALLOWED, Level.INFO),
        ({"news.example.com MX": ["0 .", "10 mail.example.com"]}, "mx", Found.INVALID, Level.WARN),
        ({"news.example.com MX": [], "news.example.com A": ["192.0.2.9"]}, "mx", Found.MISSING,
         Level.WARN),
    ],
)  # fmt: skip
def test_what_is_worth_a_look(
    tmp_path: Path, records: Records, name: str, found: Found, level: Level
) -> None:
    seen = [(each.name, each.found, each.level) for each in findings(tmp_path, records)]

    assert (name, found, level) in seen
    assert not [each for each in seen if each[2] is Level.BAD and each[0] != "site"]


@pytest.mark.parametrize(
    ("odd", "name"),
    [
        ("news.example.com", "spf"),
        ("news.example.com", "mx"),
        ("n1._domainkey.news.example.com", "dkim"),
        ("_dmarc.example.com", "dmarc"),
        ("7.2.0.192.in-addr.arpa", "ptr"),
        ("mail.example.com", "ptr"),
        ("mx.example.com", "mx"),
    ],
)
def test_what_could_not_be_asked_is_not_missing(tmp_path: Path, odd: str, name: str) -> None:
    found = [each for each in findings(tmp_path, {}, odd={odd: Odd.SERVFAIL}) if each.name == name]

    assert [(Level.WARN, Found.UNKNOWN)] == [(each.level, each.found) for each in found]
    assert odd in found[0].what
    assert "SERVFAIL" in found[0].what
    assert found[0].record is None


@pytest.mark.parametrize(
    ("settings", "records", "found", "words"),
    [
        ({"bounces@news.example.com": "bounces@example.net"}, {}, Found.SOUND, "DKIM’s news"),
        ({'selector = "n1"': 'selector = "n1"\ndomain = "example.com"'}, {}, Found.SOUND, "and"),
        ({'selector = "n1"': 'selector = "n1"\ndomain = "example.com"'},
         {DMARC: ["v=DMARC1; p=none; adkim=s"]}, Found.SOUND, "SPF’s news.example.com is aligned"),
        ({'selector = "n1"': 'selector = "n1"\ndomain = "example.com"',
          "bounces@news.example.com": "bounces@example.net"},
         {DMARC: ["v=DMARC1; p=none; adkim=s"]}, Found.NOT_ALIGNED, "neither"),
    ],
)  # fmt: skip
def test_alignment(
    tmp_path: Path, settings: Mapping[str, str], records: Records, found: Found, words: str
) -> None:
    alignment = [each for each in findings(tmp_path, records, settings=settings) if each.name == "alignment"]  # fmt: skip  # noqa: E501

    assert [found] == [each.found for each in alignment]
    assert words in alignment[0].what


def test_where_the_relay_signs_spf_has_to_be_aligned(tmp_path: Path) -> None:
    settings = {"bounces@news.example.com": "bounces@example.net"}

    found = {each.name: each for each in findings(tmp_path, {}, is_signed=False)}
    assert (Found.SOUND, Found.NOT_SIGNED) == (found["alignment"].found, found["headers"].found)
    found = {each.name: each for each in findings(tmp_path, {}, is_signed=False, settings=settings)}
    assert Found.NOT_ALIGNED is found["alignment"].found


def test_nobody_sends_a_newsletter_from_a_free_mailbox(tmp_path: Path) -> None:
    settings = {"friday@news.example.com": "friday@gmail.com"}

    found = {each.name: each for each in findings(tmp_path, {}, is_signed=False, settings=settings)}

    assert (Level.BAD, Found.FREE_MAIL) == (found["from"].level, found["from"].found)


def looked(records: Records, places: Sequence[Place]) -> list[Finding]:
    async def found() -> list[Finding]:
        resolver = open_resolver([served.server], Bounds(seconds_each=passing(2)))
        sending = await sending_addresses(resolver, places, ())
        return await look_at_spf(resolver, "news.example.com", "bounces", sending)

    with names(zone_file({**SOUND, **records})) as served:
        return asyncio.run(found())


def test_a_relay_is_known_by_its_name_and_may_send_from_elsewhere() -> None:
    relay = Place(host="relay.example.com", port=587, is_here=False)
    records = {"relay.example.com A": ["8.8.4.4", "10.0.0.1"]}

    [refused] = looked(records, [relay])
    [passed] = looked({**records, SPF: ["v=spf1 ip4:8.8.4.4 -all"]}, [relay])

    assert (Level.WARN, Found.NOT_COVERED) == (refused.level, refused.found)
    assert "8.8.4.4 (relay.example.com)" in refused.what
    assert (Level.OK, Found.SOUND) == (passed.level, passed.found)


@pytest.mark.parametrize(
    "place",
    [
        Place(host="127.0.0.1", port=25, is_here=True),
        Place(host="10.1.2.3", port=25, is_here=False),
        Place(host="nowhere.example.com", port=25, is_here=False),
    ],
)
def test_an_address_that_nobody_knows_is_not_tried(place: Place) -> None:
    [found] = looked({}, [place])

    assert (Level.INFO, Found.UNTRIED) == (found.level, found.found)


POLICY = b"version: STSv1\nmode: enforce\nmx: mx.example.com\nmax_age: 86400\n"


@contextmanager
def policy_host(authority: trustme.CA, text: bytes, status: int = 200) -> Iterator[int]:
    """Gives the text out by https, whatever is asked for; yields its port."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_: object) -> None:
            """Tests have no log."""

    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("mta-sts.news.example.com").configure_cert(tls)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.socket = tls.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


EXTRAS: Records = {
    "_mta-sts.news.example.com TXT": ["v=STSv1; id=1"],
    "mta-sts.news.example.com A": ["127.0.0.1"],
    "_smtp._tls.news.example.com TXT": ["v=TLSRPTv1; rua=mailto:a@example.com"],
    "default._bimi.example.com TXT": ["v=BIMI1; l=https://example.com/logo.svg"],
    "_25._tcp.mx.example.com TLSA": [f"3 1 1 {'ab' * 32}"],
}


def extras(
    authority: trustme.CA,
    records: Records,
    *,
    policy: bytes = POLICY,
    status: int = 200,
    odd: Mapping[str, Odd] | None = None,
    may_ask: bool = True,
) -> dict[str, Finding]:
    tls = ssl.create_default_context()
    authority.configure_trust(tls)

    async def found() -> list[Finding]:
        resolver = open_resolver([served.server], Bounds(seconds_each=passing(2)))
        return await look_at_extras(resolver, "news.example.com", outside)

    with ExitStack() as stack:
        served = stack.enter_context(
            names(zone_file({**SOUND, **records}), odd=odd, is_authentic=True)
        )
        port = stack.enter_context(policy_host(authority, policy, status))
        outside = Outside(tls=tls, policy_port=port, may_ask=lambda _: may_ask)
        return {each.name: each for each in asyncio.run(found())}


def test_extras_that_are_there(authority: trustme.CA) -> None:
    found = extras(authority, EXTRAS)

    assert dict.fromkeys(("mta-sts", "tls-rpt", "bimi", "dane"), Found.SOUND) == {
        name: each.found for name, each in found.items()
    }


@pytest.mark.parametrize(
    ("policy", "status", "may_ask", "found", "words"),
    [
        (POLICY.replace(b"mx.", b"mail."), 200, True, Found.INVALID, "leaves out mx.example.com"),
        (b"nonsense", 200, True, Found.INVALID, "not KEY: VALUE"),
        (POLICY, 301, True, Found.UNKNOWN, "it answers with 301"),
        (POLICY, 404, True, Found.UNKNOWN, "it answers with 404"),
        (POLICY, 200, False, Found.UNKNOWN, "not public"),
    ],
)
def test_a_policy_that_does_not_hold(
    authority: trustme.CA, policy: bytes, status: int, may_ask: bool, found: Found, words: str
) -> None:
    sts = extras(authority, EXTRAS, policy=policy, status=status, may_ask=may_ask)["mta-sts"]

    assert (Level.INFO, found) == (sts.level, sts.found)
    assert words in sts.what


@pytest.mark.parametrize(
    ("name", "key", "value"),
    [
        ("mta-sts", "_mta-sts.news.example.com TXT", "v=STSv1; id=a-b"),
        ("mta-sts", "mta-sts.news.example.com A", ""),
        ("tls-rpt", "_smtp._tls.news.example.com TXT", "v=TLSRPTv1; rua=a@example.com"),
        ("bimi", "default._bimi.example.com TXT", "v=BIMI1; l="),
        ("bimi", DMARC, "v=DMARC1; p=none"),
    ],
)
def test_an_extra_that_is_wrong_is_told_and_no_fault(
    authority: trustme.CA, name: str, key: str, value: str
) -> None:
    found = extras(authority, {**EXTRAS, key: [value] if value else []})[name]

    assert (Level.INFO, Found.INVALID) == (found.level, found.found)


def test_an_extra_that_could_not_be_asked_is_not_missing(authority: trustme.CA) -> None:
    found = extras(authority, {}, odd={"_smtp._tls.news.example.com": Odd.REFUSED})["tls-rpt"]

    assert (Level.INFO, Found.UNKNOWN) == (found.level, found.found)


@pytest.mark.parametrize(
    ("missing", "name", "strayed"),
    [
        (SELECTOR, "dkim", {"n1._domainkey.news.example.com.news.example.com TXT": [OURS]}),
        (DMARC, "dmarc", {"_dmarc.news.example.com.news.example.com TXT": ["v=DMARC1; p=none"]}),
    ],
)
def test_record_that_a_form_put_a_domain_too_far_down_is_found(
    tmp_path: Path, missing: str, name: str, strayed: Records
) -> None:
    """Forms add the domain to what is typed, and people type it all the same."""
    found = findings(tmp_path, {missing: [], **strayed})

    [fault] = [each for each in found if each.name == name and each.level is Level.BAD]
    assert "it stands at " in fault.step
    assert (
        "news.example.com.news.example.com: the form adds news.example.com by itself" in fault.step
    )


def test_name_made_of_an_address_is_no_lookup_for_nothing(tmp_path: Path) -> None:
    """Nobody's address has one, so what an address that is none finds there proves nothing."""
    terms = " ".join(f"exists:%{{i}}.{each}.example.com" for each in "abc")
    zone = {
        SPF: [f"v=spf1 ip4:192.0.2.7 {terms} -all"],
    }

    assert {Found.SOUND} == {each.found for each in findings(tmp_path, zone) if each.name == "spf"}
