"""Things brought in: rich pastes, links with their pages' titles, pictures, documents."""

import base64
import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from docx import Document
from PIL import Image

from tests.acceptance.publication import Publication
from tests.browser.studio.studio_world import EXAMPLE, studio, text

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PASTES = Path(__file__).parents[2] / "pastes"
PASTE = """([place, html, words]) => {
  const data = new DataTransfer();
  if (html) data.setData('text/html', html);
  data.setData('text/plain', words);
  document.querySelector(place).dispatchEvent(
    new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
}"""
DROP = """([place, words, octets, name, type]) => {
  const bytes = Uint8Array.from(atob(octets), (sign) => sign.charCodeAt(0));
  const data = new DataTransfer();
  data.items.add(new File([bytes], name, { type }));
  const all = [...document.querySelectorAll(place)];
  const target = all.find((each) => each.textContent.includes(words));
  const box = target.getBoundingClientRect();
  target.dispatchEvent(new DragEvent('drop', {
    dataTransfer: data, clientX: box.left + 90, clientY: box.top + 8,
    bubbles: true, cancelable: true,
  }));
}"""


def paste(page: "Page", html: str, words: str = "words", place: str = ".cm-content") -> None:
    page.evaluate(PASTE, [place, html, words])


def drop(page: "Page", octets: bytes, name: str, kind: str, *, on: str, place: str) -> None:
    page.evaluate(DROP, [place, on, base64.b64encode(octets).decode(), name, kind])


def test_paste_from_google_docs_comes_with_a_note_and_goes_with_undo(
    publication: Publication, browser: "Browser"
) -> None:
    from playwright.sync_api import expect

    html = (PASTES / "google-docs.html").read_text(encoding="utf-8")
    with studio(publication, browser, EXAMPLE) as world:
        page = world.open()
        page.locator(".cm-line", has_text="Read the full story").nth(1).click()
        page.keyboard.press("End")
        page.keyboard.press("Enter")
        page.keyboard.press("Enter")
        paste(page, html)
        note = page.locator(".note.paste")
        expect(note).to_contain_text("Pasted from a document")
        expect(note).to_contain_text("2 paragraphs, 1 list, 1 link.")
        expect(note).to_contain_text("tracking on 1 link")
        expect(text(page)).to_contain_text("Sending things back")
        expect(text(page)).not_to_contain_text("Tessel · 31 %")

        page.get_by_role("button", name="Bring in as a list").click()
        expect(text(page)).to_contain_text("Tessel · 31 %")
        expect(note).to_contain_text("It is a list now.")

        page.get_by_role("button", name="Undo paste").click()
        expect(text(page)).not_to_contain_text("Sending things back")
        expect(text(page)).not_to_contain_text("Tessel")
        expect(note).to_have_count(0)

        paste(page, html)
        expect(note).to_be_visible()
        page.keyboard.press("Control+z")
        expect(text(page)).not_to_contain_text("Sending things back")
        expect(note).to_have_count(0)

        paste(page, "<div>" * 3_000 + "deep", "deep words")
        refused = page.get_by_role("alert").filter(has_text="Not brought in")
        expect(refused).to_contain_text("nested more than 2,000 levels deep")
        refused.get_by_role("button", name="Paste the words alone").click()
        expect(text(page)).to_contain_text("deep words")


def test_paste_of_a_whole_issue_fills_an_empty_one(
    publication: Publication, browser: "Browser"
) -> None:
    from playwright.sync_api import expect

    assert 0 == publication.run("new", "--date", "2026-12-04").status
    stories = "".join(f"<h2>Headline {each}</h2><p>Text {each}.</p>" for each in range(1, 6))
    with studio(publication, browser, "2026-12-04") as world:
        page = world.open()
        expect(text(page)).to_be_visible()
        text(page).click()
        page.keyboard.press("Control+End")
        paste(page, f"<h1>Five of the week</h1><p>Hello all.</p>{stories}")
        expect(page.locator(".note.paste")).to_contain_text("5 stories, 1 heading, 6 paragraphs")
        expect(page.locator("#outline")).to_contain_text("Headline 5")
        expect(text(page)).to_contain_text("Five of the week")


@contextmanager
def site() -> Iterator[str]:
    """A page on this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(b"<title>A palm [for] a purse</title><p>Text</p>")

        def log_message(self, *_: object) -> None:
            """Tests have no log."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def trusting(publication: Publication, tmp_path: Path) -> Publication:
    """A publication whose commands take this machine's own addresses for public ones."""
    place = tmp_path / "trusting"
    place.mkdir()
    (place / "sitecustomize.py").write_text(
        "import newsletter.net\nnewsletter.net.is_public = lambda address: True\n"
    )
    publication.environment["PYTHONPATH"] = str(place)
    return publication


def test_link_has_the_title_of_its_page(trusting: Publication, browser: "Browser") -> None:
    from playwright.sync_api import expect

    with site() as base, studio(trusting, browser, EXAMPLE) as world:
        page = world.open()
        page.locator(".cm-line", has_text="Cyber Week").first.click(position={"x": 90, "y": 10})
        page.keyboard.press("Home")
        page.keyboard.press("Control+k")
        field = page.get_by_role("textbox", name="Address of the link")
        expect(field).to_be_focused()
        page.keyboard.type(f"{base}/palm?utm_source=desk&id=7")
        page.keyboard.press("Enter")
        expect(text(page)).to_be_focused()
        written = rf"[A palm \[for\] a purse]({base}/palm?id=7)"
        expect(text(page)).to_contain_text(written)

        page.keyboard.type("Palms")
        expect(text(page)).to_contain_text(f"[Palms]({base}/palm?id=7)")
        page.keyboard.press("Control+k")
        expect(field).to_have_value(f"{base}/palm?id=7")
        page.keyboard.press("Escape")
        expect(field).to_have_count(0)
        page.keyboard.press("Control+k")
        for typed in ("not a link", "javascript:alert(1)", "https://exa mple.com", "palms"):
            field.fill(typed)
            page.keyboard.press("Enter")
            expect(field).to_have_attribute("aria-invalid", "true")
        page.get_by_role("button", name="Remove the link").click()
        expect(text(page)).not_to_contain_text("palm?id=7")
        expect(text(page)).to_contain_text("PalmsCyber Week")

        for _ in range(5):
            page.keyboard.press("Shift+ArrowLeft")
        paste(page, "", f"{base}/hands?utm_medium=mail")
        expect(text(page)).to_contain_text(f"[Palms]({base}/hands)")
        page.keyboard.press("Control+k")
        field.fill("//example.com/a b")
        page.keyboard.press("Enter")
        expect(text(page)).to_contain_text("[Palms](https://example.com/a%20b)")


def picture() -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (1_600, 800), "#c2410c").save(made, "JPEG")
    return made.getvalue()


def test_picture_that_is_dropped_asks_for_its_words(
    publication: Publication, browser: "Browser"
) -> None:
    from playwright.sync_api import expect

    with studio(publication, browser, EXAMPLE) as world:
        page = world.open()
        expect(text(page)).to_contain_text("Cyber Week")
        drop(page, picture(), "Shelves.JPG", "image/jpeg", on="Cyber Week", place=".cm-line")
        question = page.get_by_label("What does it show, for someone who cannot see it?")
        expect(question).to_be_focused()
        expect(page.locator(".pictured img")).to_have_js_property("naturalWidth", 1_120)
        expect(page.locator(".note.of-picture")).to_contain_text("1,120 × 560")
        expect(page.locator("#notes")).to_contain_text("The image has no alt text.")
        stored = world.publication.folder / f"images/{EXAMPLE}-shelves.jpg"

        assert picture() == stored.read_bytes()

        page.keyboard.type("Red shelves")
        expect(page.locator(".alt-question")).to_contain_text("11 characters.")
        page.keyboard.press("Enter")
        expect(question).to_have_count(0)
        expect(page.locator("#notes")).not_to_contain_text("The image has no alt text.")
        page.locator(".pictured img").click()
        expect(text(page)).to_contain_text(f"![Red shelves](images/{stored.name})")

        drop(page, picture() + b"x", "b.jpg", "image/jpeg", on="Twitter is still", place=".cm-line")
        page.get_by_role("button", name="It only decorates").click()
        expect(text(page)).to_contain_text("because it only decorates")
        expect(question).to_have_count(0)

        drop(page, b"words", "c.png", "image/png", on="Twitter is still", place=".cm-line")
        refused = page.get_by_role("alert").filter(has_text="Not brought in")
        expect(refused).to_contain_text("c.png: is no JPEG, PNG, GIF, WebP or AVIF")
        drop(page, b"words", "D.HEIC", "", on="Twitter is still", place=".cm-line")
        expect(refused).to_contain_text("D.HEIC: ")
        drop(page, b"words", "plan.xlsx", "", on="Twitter is still", place=".cm-line")
        expect(refused).to_contain_text("plan.xlsx: only pictures can be dropped into a text.")


def test_document_that_is_imported_is_shown_before_it_is_an_issue(
    publication: Publication, browser: "Browser"
) -> None:
    from playwright.sync_api import expect

    document, made = Document(), io.BytesIO()
    document.add_heading("Five of the week", 0)
    for number in range(1, 6):
        document.add_heading(f"{number}. Headline {number}", 2)
        document.add_paragraph("Text.")
    document.save(made)
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    with studio(publication, browser) as world:
        page = world.open()
        page.goto(f"{world.url}/import")
        paste(page, "", "%PDF-1.7", place="#paste")
        expect(page.get_by_role("alert")).to_contain_text("this is a PDF, which cannot be read")
        drop(page, made.getvalue(), "week.docx", kind, on="", place="#paste")
        understood = page.locator("#understood")
        expect(understood).to_contain_text("5 stories, 0 links in them.")
        expect(understood).to_contain_text("Headline 5")
        expect(understood).to_contain_text("Nothing was left out.")
        page.get_by_label("Day").fill("2026-12-18")
        page.get_by_role("button", name="Make it an issue").click()
        page.wait_for_url("**/issues/2026-12-18")
        expect(text(page)).to_contain_text("Five of the week")

        assert "## 5. Headline 5" in world.file("2026-12-18").read_text(encoding="utf-8")
