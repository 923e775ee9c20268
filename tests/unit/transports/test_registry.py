import re
import subprocess
import sys
from pathlib import Path

import pytest

from newsletter.clock import now
from newsletter.errors import TransportError, TransportURLError
from newsletter.transports import SCHEMES, folders_of, known_schemes, open_transport

URLS = {
    "console": "console:",
    "directory": "directory:outbox/",
    "lmtp": "lmtp://store.example.com:24",
    "maildir": "maildir:Mail",
    "recording": "recording:",
    "smtp": "smtp://relay.example.com:587",
    "smtps": "smtps://relay.example.com:465",
}


def test_open_transport_opens_every_scheme_of_ours() -> None:
    assert URLS.keys() == SCHEMES.keys()
    for url in URLS.values():
        assert url == open_transport(url, clock=now).name


def test_open_transport_touches_nothing_before_it_is_asked_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A dry run names its transport, and leaves no folder behind."""
    monkeypatch.chdir(tmp_path)

    for url in URLS.values():
        open_transport(url, clock=now)

    assert [] == list(tmp_path.iterdir())


def test_open_transport_hands_the_password_over() -> None:
    assert (
        "smtp://ada:***@relay:587"
        == open_transport("smtp://ada@relay", password="pw", clock=now).name
    )


def test_open_transport_names_the_known_and_the_nearest_scheme() -> None:
    with pytest.raises(TransportURLError) as caught:
        open_transport("stmp://relay", clock=now)

    assert "unknown transport “stmp:”" in caught.value.what
    assert "did you mean “smtp:”?" in caught.value.next_step
    assert f"known are {', '.join(known_schemes())}; " in caught.value.next_step
    assert known_schemes() == tuple(sorted(SCHEMES))
    assert "presets brevo, gmail, " in caught.value.next_step


@pytest.mark.parametrize(
    ("url", "part"),
    [
        ("failover(smtp://a)", "2 to 9 transports, not 1"),
        ("failover()", "2 to 9 transports, not 0"),
        ("failover(" + "console: " * 10 + ")", "2 to 9 transports, not 10"),
        ("failover(smtp://a smtp://ada:s3cret@b", "is written failover(URL URL)"),
        ("failover(smtp://a failover(smtp://b smtp://c))", "holds no other failover"),
        ("failover(smtp://a smtp://ada:s3cret@b?rate=x)", "rate=x"),
        ("failover(smtp://a roundrobin(smtp://b smtp://c))", "holds no other failover or round"),
        ("roundrobin(smtp://a failover(smtp://b smtp://c))", "holds no other failover or round"),
        ("roundrobin(smtp://a)", "a roundrobin has 2 to 9 transports, not 1"),
        ("roundrobin(smtp://a smtp://ada:s3cret@b?weight=0)", "weight=0: must be 1 to 100"),
        ("roundrobin(smtp://a smtp://ada:s3cret@b?per_day=x)", "per_day=x: must be 1 to"),
        ("roundrobin(smtp://a sendgrid:)", "set NEWSLETTER_TRANSPORT_PASSWORD_2"),
        ("failover(smtp://a, smtp://b)", "host 'a,'"),
        ("failover(smtp://a sendgrid:)", "set NEWSLETTER_TRANSPORT_PASSWORD_2"),
    ],
)
def test_open_transport_says_what_is_wrong_with_several(url: str, part: str) -> None:
    with pytest.raises(TransportURLError) as caught:
        open_transport(url, clock=now)

    assert part in str(caught.value)
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize("url", ["ada:s3cret@relay", "stmp://ada:s3cret@relay", "s3cret", ""])
def test_open_transport_shows_no_password_of_a_url_it_does_not_know(url: str) -> None:
    with pytest.raises(TransportURLError) as caught:
        open_transport(url, clock=now)

    assert "s3cret" not in str(caught.value)


def install_plug_in(folder: Path, code: str, *, target: str = "plug_in:open_pigeon") -> None:
    """What pip leaves behind for a package with one entry point."""
    metadata = folder / "pigeon_post-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: pigeon-post\nVersion: 1.0\n")
    (metadata / "entry_points.txt").write_text(f"[newsletter.transports]\npigeon = {target}\n")
    (folder / "plug_in.py").write_text(code)


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "plug_in", raising=False)
    return tmp_path


def test_open_transport_finds_another_packages_by_entry_point(site: Path) -> None:
    install_plug_in(
        site,
        "from newsletter.transports import RecordingTransport\n"
        "def open_pigeon(url, surroundings):\n"
        "    assert surroundings.clock().tzinfo and url.extra == {'loft': 'north'}\n"
        "    return RecordingTransport(url)\n",
    )

    transport = open_transport("pigeon://coop:7?loft=north&rate=2&connections=3", clock=now)

    assert ("pigeon://coop:7?rate=2&connections=3&loft=***", 2.0, 3) == (
        transport.name,
        transport.rate,
        transport.connections,
    )
    assert "pigeon" in known_schemes()


@pytest.mark.parametrize(
    ("code", "target", "part"),
    [
        ("import no_such_module_at_all", "plug_in:open_pigeon", "no_such_module_at_all"),
        ("", "plug_in:open_pigeon", "AttributeError"),
        ("open_pigeon = 3", "plug_in:open_pigeon", "TypeError"),
        ("def open_pigeon(url, surroundings): 1 / 0", "plug_in:open_pigeon", "ZeroDivisionError"),
    ],
)
def test_open_transport_names_the_package_whose_transport_fails(
    site: Path, code: str, target: str, part: str
) -> None:
    install_plug_in(site, code, target=target)

    with pytest.raises(TransportError) as caught:
        open_transport("pigeon://coop?key=s3cret", clock=now)

    assert "the transport “pigeon” of the package pigeon-post cannot be opened" in caught.value.what
    assert part in caught.value.what
    assert "s3cret" not in str(caught.value)


def test_open_transport_lets_a_plug_in_blame_the_url(site: Path) -> None:
    install_plug_in(
        site,
        "from newsletter.errors import TransportURLError\n"
        "def open_pigeon(url, surroundings):\n"
        "    raise TransportURLError('no such loft')\n",
    )

    with pytest.raises(TransportURLError, match="no such loft"):
        open_transport("pigeon://coop", clock=now)


def test_open_transport_reads_another_packages_url_by_its_row(site: Path) -> None:
    install_plug_in(
        site,
        "from newsletter.transports import Form, RecordingTransport, Scheme\n"
        "def open_pigeon(url, surroundings):\n"
        "    assert {'loft': 'north'} == dict(url.extra)\n"
        "    return RecordingTransport(url)\n"
        "PIGEON = Scheme(form=Form.FILE, factory=open_pigeon, options=('rate', 'loft'))\n",
        target="plug_in:PIGEON",
    )

    assert 2.0 == open_transport("pigeon:coop?loft=north&rate=2", clock=now).rate
    for url, part in [
        ("pigeon:?loft=north", "the file is missing"),
        ("pigeon://coop/x?loft=north", "without slashes"),
        ("pigeon:coop?lofft=north", "unknown option “lofft”, did you mean “loft”?"),
        ("pigeon:coop?loft=north&connections=2", "(pigeon: allows loft, rate)"),
    ]:
        with pytest.raises(TransportURLError, match=re.escape(part)):
            open_transport(url, clock=now)


@pytest.mark.parametrize(
    ("url", "folders"),
    [
        ("directory:outbox/?rate=5", ["outbox"]),
        ("maildir:///var/Mail%20dir", ["/var/Mail dir"]),
        ("smtp://ada@relay.example.com", []),
        ("smtp:///run/relay.sock", []),
        ("sendgrid:", []),
        ("console:", []),
        ("failover(sendgrid: directory:a maildir:b)", ["a", "b"]),
        ("pigeon:/var/coop/tree", ["/var/coop"]),
    ],
)
def test_folders_of_names_what_a_transport_writes_to(
    site: Path, url: str, folders: list[str]
) -> None:
    install_plug_in(
        site,
        "from newsletter.transports import Form, Scheme\n"
        "PIGEON = Scheme(form=Form.FILE, factory='no_such_module:open_pigeon')\n",
        target="plug_in:PIGEON",
    )

    assert [Path(each) for each in folders] == list(folders_of(url))


@pytest.mark.parametrize("url", ["directory:", "stmp://relay", "failover(smtp://a)"])
def test_folders_of_refuses_what_cannot_be_opened(url: str) -> None:
    with pytest.raises(TransportURLError):
        folders_of(url)


def test_the_door_loads_no_schemes_module() -> None:
    modules = sorted({str(row.factory).partition(":")[0] for row in SCHEMES.values()})
    modules.remove("newsletter.transports.recording")  # for tests, which name it
    heavy = ("aiosmtplib", *modules)
    code = f"import sys, newsletter.transports\nprint([m for m in {heavy} if m in sys.modules])"

    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert "[]" == found.stdout.strip()


@pytest.mark.parametrize("url", ["127.0.0.1:25", "relay.example.com:587", "relay.example.com"])
def test_host_without_a_scheme_is_told_what_stands_before_it(url: str) -> None:
    with pytest.raises(TransportURLError) as caught:
        open_transport(url, clock=now)

    assert caught.value.next_step.startswith("before a host stands smtp:// or smtps://; known are")
