"""What the desk brings in, asked for as its page asks: pastes, titles of links, pictures."""

import io
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image

from newsletter.publishing.page_titles import TitleReader
from tests.integration.publishing.conftest import World
from tests.integration.web.studio.pages_world import Browser

ISSUE = "2026-11-27"
PASTES = Path(__file__).parents[3] / "pastes"


def picture(size: tuple[int, int] = (40, 30), kind: str = "PNG", **more: Any) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", size, "#c2410c").save(made, kind, **more)
    return made.getvalue()


def paste(browser: Browser, html: Any, **more: Any) -> httpx.Response:
    asked = {"html": html, "words": "", "text": "## 1. One\n\nText.\n", "at": 12, **more}
    return browser.post(f"/api/issues/{ISSUE}/paste", asked)


def store(browser: Browser, octets: bytes, name: str, issue: str = ISSUE) -> httpx.Response:
    headers = {"x-file-name": name, "x-issue": issue}
    return browser.post("/api/pictures", content=octets, headers=headers)


def test_paste_is_pieces_with_what_was_left_out(world: World, browser: Browser) -> None:
    world.write()
    html = (PASTES / "google-docs.html").read_text(encoding="utf-8")

    told = paste(browser, html).json()

    assert "a document" == told["origin"]
    assert "2 paragraphs, 1 list, 1 link" == told["counted"]
    assert None is told["whole"]
    assert ["paragraph", "list", "paragraph"] == [each["kind"] for each in told["pieces"]]
    assert {"what": "a table of 3 rows", "after": 1} == {
        key: told["left"][0][key] for key in ("what", "after")
    }


def test_paste_of_stories_goes_on_counting_where_the_cursor_is(
    world: World, browser: Browser
) -> None:
    world.write()

    told = paste(browser, "<h2>1. New</h2><p>Text.</p>").json()

    assert "## 2. New" == told["pieces"][0]["text"]


def test_paste_of_an_issue_into_an_empty_one_replaces_what_nobody_wrote(
    world: World, browser: Browser
) -> None:
    browser.post("/api/new", {"day": ISSUE, "number": "1"})
    text = browser.get(f"/api/issues/{ISSUE}/open").json()["text"]
    html = "<h1>Five</h1><h2>1. One</h2><p>Text.</p><h2>2. Two</h2><p>Text.</p>"

    start, end = paste(browser, html, text=text).json()["whole"]

    assert text[:start].endswith("---\n")
    assert text[start:].startswith("# ")
    assert "" == text[end:].strip() or text[end:].startswith("---")


def test_paste_of_markdown_is_left_as_it_is(world: World, browser: Browser) -> None:
    world.write()

    assert {"plain": True} == paste(browser, "<pre>x</pre>", words="## 1. One\n").json()


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"html": 7}, 400),
        ({"html": "<p>x</p>", "words": None}, 400),
        ({"html": "<p>x</p>", "at": "3"}, 400),
        ({"html": "<p>x</p>", "text": None}, 400),
        ({"html": "<div>" * 3_000}, 422),
        ({"html": "<p>x</p>", "at": -5}, 200),
        ({"html": "<p>x</p>", "at": 10**12}, 200),
    ],
)
def test_paste_of_anything_is_answered(
    world: World, browser: Browser, asked: dict[str, Any], status: int
) -> None:
    world.write()

    assert status == paste(browser, **asked).status_code


def test_paste_belongs_to_an_issue_that_is_there(world: World, browser: Browser) -> None:
    assert 404 == paste(browser, "<p>x</p>").status_code


def test_picture_is_stored_by_a_safe_name_and_told_as_readers_get_it(
    world: World, browser: Browser
) -> None:
    world.write()
    exif = Image.Exif()
    exif[0x8825] = {1: "N", 2: (51.0, 30.0, 0.0)}
    octets = picture((3_000, 1_500), "JPEG", quality=95, exif=exif)

    told = store(browser, octets, "..%2F..%2FFr%C3%BChling%20%281%29.JPEG").json()

    assert "images/2026-11-27-fruhling-1.jpg" == told["source"]
    assert told["said"][0].startswith("1,120 × 560, ")
    assert "the place it was taken is out" in told["said"][1]
    assert octets == (world.folder / told["source"]).read_bytes()
    assert not (world.folder.parent / "Frühling (1).JPEG").exists()


def test_picture_is_never_written_over_another_and_the_same_is_stored_once(
    world: World, browser: Browser
) -> None:
    world.write()
    first, other = picture((40, 30)), picture((41, 30))

    names = [store(browser, octets, "a.png").json()["name"] for octets in (first, other, first)]

    assert ["2026-11-27-a.png", "2026-11-27-a-2.png", "2026-11-27-a.png"] == names
    assert first == (world.folder / "images" / names[0]).read_bytes()


def test_picture_is_shown_as_readers_get_it(world: World, browser: Browser) -> None:
    world.write()
    source = store(browser, picture((3_000, 10)), "a.png").json()["source"]

    answer = browser.get(f"/api/pictures?source={source}")

    assert "image/png" == answer.headers["content-type"]
    assert (1_120, 4) == Image.open(io.BytesIO(answer.content)).size
    for outside in ("images/none.png", "images/../newsletter.toml", "newsletter.toml", "", "/etc"):
        assert 404 == browser.get(f"/api/pictures?source={outside}").status_code


@pytest.mark.parametrize(
    ("octets", "what"),
    [
        (b"", "is no JPEG, PNG, GIF, WebP or AVIF"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "is no JPEG"),
        (picture()[:60], "is damaged"),
    ],
)
def test_what_is_no_picture_is_refused_and_leaves_nothing_behind(
    world: World, browser: Browser, octets: bytes, what: str
) -> None:
    world.write()

    answer = store(browser, octets, "a.png")

    assert 422 == answer.status_code
    assert f"a.png: {what}" in answer.json()["said"]
    assert not list((world.folder / "images").glob("*"))


def test_picture_goes_through_no_link(world: World, browser: Browser, tmp_path: Path) -> None:
    world.write()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (world.folder / "images").symlink_to(elsewhere)

    assert 422 == store(browser, picture(), "a.png").status_code
    assert [] == list(elsewhere.iterdir())

    (world.folder / "images").unlink()
    (world.folder / "images").mkdir()
    (world.folder / "images/2026-11-27-a.png").symlink_to(elsewhere / "b.png")
    told = store(browser, picture(), "a.png").json()

    assert "2026-11-27-a-2.png" == told["name"]
    assert [] == list(elsewhere.iterdir())


def test_picture_that_is_too_large_is_not_read_to_its_end(world: World, browser: Browser) -> None:
    world.write()

    async def pieces() -> Any:
        for _ in range(30):
            yield b"\xff\xd8\xff" + bytes(1_000_000)

    assert 413 == store(browser, pieces(), "a.jpg").status_code


PAGES = {
    "/plain": (200, "text/html", b"<title>One &amp; two \xe2\x80\x93 Shop</title>"),
    "/latin": (200, "text/html; charset=iso-8859-1", "<title>Größe</title>".encode("latin-1")),
    "/graph": (
        200,
        "text/html",
        b"<title>x</title><meta property='og:title' content='[The] *page*'>",
    ),
    "/site": (
        200,
        "text/html",
        b"<meta property='og:site_name' content='Shop'><title>One | Shop</title>",
    ),
    "/pdf": (200, "application/pdf", b"<title>No</title>"),
    "/none": (200, "text/html", b"<p>Text</p>"),
    "/gone": (410, "text/html", b"<title>Gone</title>"),
    "/large": (200, "text/html", b"<p>" + b"x" * 600_000 + b"<title>Late</title>"),
}


@pytest.fixture
def site(browser: Browser) -> Iterator[str]:
    """Pages on this machine, and a studio that may ask it."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            status, kind, body = PAGES.get(path, (302, "text/html", b""))
            self.send_response(status)
            if status == 302:
                self.send_header("Location", "/hop" if path == "/hop" else path.removeprefix("/to"))
            self.send_header("Content-Type", kind)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Tests have no log."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}).start()
    browser.studio.titles = TitleReader(may_ask=lambda _: True, timeout=30)
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    ("path", "title", "why"),
    [
        ("/plain", "One & two – Shop", ""),
        ("/latin", "Größe", ""),
        ("/graph", "[The] *page*", ""),
        ("/site", "One", ""),
        ("/to/plain", "One & two – Shop", ""),
        ("/pdf", "", "what is there is no page"),
        ("/none", "", "the page has no title"),
        ("/gone", "", "the server says 410"),
        ("/hop", "", "it redirects more than 5 times"),
        ("/large", "", "the page has no title"),
    ],
)
def test_title_is_what_a_page_calls_itself(
    browser: Browser, site: str, path: str, title: str, why: str
) -> None:
    asked = {"address": f"{site}{path}?utm_source=mail&id=7"}

    told = browser.post("/api/title", asked).json()

    assert (f"{site}{path}?id=7", "127.0.0.1") == (told["address"], told["host"])
    assert (title, why) == (told["title"], told["why"])


def test_title_asks_nobody_on_this_machine(browser: Browser, site: str) -> None:
    browser.studio.titles = None

    told = browser.post("/api/title", {"address": f"{site}/plain"}).json()

    assert ("", "it leads to an address that is not public") == (told["title"], told["why"])


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "file:///etc/passwd", "http://", "http://[", "x" * 8_000]
)
def test_title_of_what_is_no_page_is_none(browser: Browser, address: str) -> None:
    told = browser.post("/api/title", {"address": address}).json()

    assert ("", "", "this is no address of a page") == (told["host"], told["title"], told["why"])


def test_title_can_be_left_unasked(browser: Browser) -> None:
    asked = {"address": "https://www.google.com/url?q=https://a.example/b", "asksPage": False}

    told = browser.post("/api/title", asked).json()

    assert ("https://a.example/b", "a.example", "") == (
        told["address"],
        told["host"],
        told["title"],
    )
    assert 400 == browser.post("/api/title", {"address": "x" * 8_001}).status_code
    assert 400 == browser.post("/api/title", {}).status_code
