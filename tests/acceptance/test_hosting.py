"""docs/hosting.md, tried for real: nginx and Caddy before a real `newsletter serve`."""

import re
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from newsletter.publishing.outside import Outside
from tests.acceptance.publication import Publication
from tests.acceptance.site_world import Process, going, sign_up, stamp_of
from tests.acceptance.web_servers import NAME, PROGRAMS, Front, static_host, web_server
from tests.pace import patience

pytestmark = pytest.mark.slow


def needs(program: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(PROGRAMS[program] is None, reason=f"{program} is not installed")


EACH = [pytest.param(name, marks=needs(name)) for name in PROGRAMS]


@dataclass
class Hosted:
    """A site behind a web server; `direct` is where it answers without one."""

    front: Front
    site: Process
    direct: str
    publication: Publication

    def reader(self, source: str = "127.0.0.9") -> httpx.Client:
        """Somebody who comes by https from an address of their own."""
        transport = httpx.HTTPTransport(verify=self.front.context, local_address=source)
        return httpx.Client(
            transport=_ByName(transport), base_url=f"https://{NAME}:{self.front.port}"
        )


class _ByName(httpx.BaseTransport):
    """Looks the publication's name up on this machine, as the DNS would elsewhere."""

    def __init__(self, transport: httpx.HTTPTransport) -> None:
        self._transport = transport

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.extensions["sni_hostname"] = NAME
        request.url = request.url.copy_with(host="127.0.0.1")
        return self._transport.handle_request(request)

    def close(self) -> None:
        self._transport.close()


@pytest.fixture(params=EACH)
def hosted(
    request: pytest.FixtureRequest,
    publication: Publication,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Hosted]:
    settings = publication.folder / "newsletter.toml"
    text = settings.read_text(encoding="utf-8")
    for section, own in (
        ("[site]\n", 'trusted_proxies = ["127.0.0.1", "::1"]\n'),
        ("[site.limits]\n", "per_network_hour = 2\n"),
    ):
        text = text.replace(section, section + own) if section in text else text + section + own
    settings.write_text(text, encoding="utf-8")
    folder = tmp_path_factory.mktemp("front")
    done = publication.run("publish", "issues/2021-11-26.md", "--to", folder / "files")
    assert 0 == done.status, done.err
    with going(publication, "serve", "--port", "0") as site:
        port = int(site.url.rpartition(":")[2])
        with web_server(request.param, folder, port) as front:
            yield Hosted(front, site, site.url, publication)


def test_site_behind_a_web_server(hosted: Hosted) -> None:
    """All of it in one test: each server is started once."""
    with hosted.reader() as reader:
        check_reading(reader)
        check_limits_go_by_the_reader(hosted, reader)
        check_one_click(hosted, reader)
        check_doctor_finds_one_click(hosted)
        check_links_are_logged_nowhere(hosted)
        assert 0 == hosted.site.stop()
        away = reader.get("/issues/")

    assert (503, "30") == (away.status_code, away.headers["retry-after"])
    assert "text/html" in away.headers["content-type"]
    assert (hosted.front.log.parent / "files/503.html").read_bytes() == away.content


def check_reading(reader: httpx.Client) -> None:
    page, head = reader.get("/issues/2021-11-26"), reader.head("/issues/2021-11-26")
    styles = reader.get(re.findall(r'href="(/site\.css[^"]*)"', page.text)[0])
    large = reader.post("/subscribe", content=b"x" * 70_000)

    assert (200, 200, b"") == (page.status_code, head.status_code, head.content)
    assert "max-age=31536000" == page.headers["strict-transport-security"]
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert ("gzip", "gzip") == (
        page.headers["content-encoding"],
        styles.headers["content-encoding"],
    )
    assert (200, "text/css; charset=utf-8") == (styles.status_code, styles.headers["content-type"])
    assert 413 == large.status_code


def check_limits_go_by_the_reader(hosted: Hosted, reader: httpx.Client) -> None:
    """Two an hour for one address, whatever it says of itself; the next has two of its own."""
    stamp = stamp_of(reader.get("/subscribe").text)
    statuses = []
    for number in range(3):
        reader.headers["X-Forwarded-For"] = f"198.51.100.{number}"
        statuses.append(sign_up(reader, f"ada{number}@example.com", stamp).status_code)
    del reader.headers["X-Forwarded-For"]
    with hosted.reader("127.0.7.1") as other:
        another = sign_up(other, "grace@example.com", stamp).status_code
    straight = httpx.HTTPTransport(local_address="127.0.0.9")
    liar = {"X-Forwarded-For": "203.0.113.1", "X-Forwarded-Proto": "https"}
    with httpx.Client(transport=straight, base_url=hosted.direct, headers=liar) as passing_by:
        direct = sign_up(passing_by, "edsger@example.com", stamp)

    assert [200, 200, 429] == statuses
    assert 200 == another
    assert 429 == direct.status_code
    assert "strict-transport-security" not in direct.headers


def check_one_click(hosted: Hosted, reader: httpx.Client) -> None:
    """No redirect, no cookie, no page: a plain answer, also to who presses twice."""
    path = one_click_path(hosted.publication)
    answers = [
        reader.post(path, data={"List-Unsubscribe": "One-Click"}),
        reader.post(path, files={"List-Unsubscribe": (None, "One-Click")}),
    ]

    for answer in answers:
        assert (200, "You have unsubscribed.\n") == (answer.status_code, answer.text)
        assert "set-cookie" not in answer.headers


def check_doctor_finds_one_click(hosted: Hosted) -> None:
    """By a name for which the certificate is not; Caddy answers to its own alone."""
    if hosted.front.program == "caddy":
        return
    url = f"https://localhost:{hosted.front.port}"
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE

    assert "" == Outside(timeout=patience(10), tls=context).fault(url)
    assert "is not this newsletter’s site" in Outside(tls=context).fault(f"{url}/elsewhere")
    assert Outside().fault(url).startswith("its certificate is not valid: ")


def one_click_path(publication: Publication) -> str:
    """What stands in the header of a message that was really sent."""
    people = publication.people(1)
    done = publication.run("send", "issues/2021-11-26.md", "--subscribers", people, "--yes")
    assert 0 == done.status, done.err
    sent = next((publication.folder / "sent").glob("reader0@*.eml")).read_bytes()
    message = message_from_bytes(sent, policy=policy.default)
    return urlsplit(str(message["List-Unsubscribe"]).partition(">")[0].lstrip("<")).path


def check_links_are_logged_nowhere(hosted: Hosted) -> None:
    folder = hosted.front.log.parent
    logs = [path for path in folder.iterdir() if path.suffix in (".log", ".txt")]
    text = "".join(path.read_text() for path in logs) + "".join(hosted.site.said)

    assert "/unsubscribe/" not in text


@needs("nginx")
def test_archive_as_files_needs_no_more_than_a_folder(
    publication: Publication, tmp_path_factory: pytest.TempPathFactory
) -> None:
    files, folder = tmp_path_factory.mktemp("files"), tmp_path_factory.mktemp("nginx")
    done = publication.run("publish", "issues/2021-11-26.md", "--to", files)
    with static_host(folder, files) as url, httpx.Client(base_url=url) as reader:
        found = {
            path: reader.get(path, follow_redirects=True)
            for path in ("/", "/issues/", "/issues/2021-11-26", "/issues/2021", "/feed.atom")
        }
        data, missing = reader.get("/issues/2021-11-26.json"), reader.get("/nowhere")

    assert 0 == done.status, done.err
    assert {200} == {answer.status_code for answer in found.values()}
    assert "Walmart" in found["/issues/2021-11-26"].text
    assert "application/atom+xml" == found["/feed.atom"].headers["content-type"]
    assert (200, "application/json") == (data.status_code, data.headers["content-type"])
    assert (404, True) == (missing.status_code, "<h1>" in missing.text)
    assert all(mode(path) & 0o004 for path in files.rglob("*"))


def mode(path: Path) -> int:
    return path.stat().st_mode
