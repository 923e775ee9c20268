"""The circle, for real: join on the page, confirm, read, choose, leave; and the next send knows.

A browser, the installed command, SMTP and SQLite; only the reverse proxy is missing, so that a link
of a message is opened on this machine.
"""

import email
import email.policy
import re
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.request import Request, urlopen

import pytest

from tests.acceptance.publication import KEY, Publication
from tests.pace import patience

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]

READER = "zoe.reader@example.com"
ISSUES = ("2021-07-16", "2021-11-26")


@dataclass(frozen=True)
class Circle:
    """A publication with its site and the inbox of everybody in the world."""

    publication: Publication
    mail: Path
    origin: str

    def here(self, url: str) -> str:
        """A link of a message, as the reverse proxy would take it."""
        return url.replace("https://news.example.com", self.origin)

    def newest_to(self, address: str, count: int) -> EmailMessage:
        """The newest message to somebody, when there are so many."""
        deadline = time.monotonic() + patience(20)
        while len(found := sorted(self.mail.glob(f"{address}*.eml"), key=_number)) < count:
            assert time.monotonic() < deadline, [path.name for path in self.mail.iterdir()]
            time.sleep(0.1)
        message = email.message_from_bytes(found[-1].read_bytes(), policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        return message


def _number(path: Path) -> int:
    found = re.search(r"\.(\d+)\.eml$", path.name)
    return int(found[1]) if found else 1


def _first_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


@pytest.fixture
def circle(tmp_path: Path) -> Iterator[Circle]:
    folder, mail = tmp_path / "publication", tmp_path / "mail"
    environment = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "NEWSLETTER_SECRET_KEY": KEY}
    publication = Publication(folder, environment)
    publication.lay_out()
    for name in ISSUES:
        text = Path(__file__).parents[2].joinpath(f"issues/{name}.md").read_text(encoding="utf-8")
        (folder / f"issues/{name}.md").write_text(text, encoding="utf-8")
    environment["NEWSLETTER_DATABASE"] = "sqlite:///circle.db"
    inbox = publication.start("inbox", str(mail), "--port", "0", env={})
    environment["NEWSLETTER_TRANSPORT"] = _first_line(inbox).partition("=")[2]
    serving = publication.start("serve", "--port", "0", env={})
    yield Circle(publication, mail, _first_line(serving).split()[0])
    for process in (serving, inbox):
        process.send_signal(signal.SIGINT)
        said, errors = process.communicate(timeout=patience(30))
        assert 0 == process.returncode, said + errors


def test_a_reader_joins_reads_chooses_and_leaves(
    browser: "Browser",
    circle: Circle,
    keep_screenshot: Callable[["Page", str], None],
) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()

    # Joins, on the front page.
    page.goto(circle.origin)
    page.get_by_label("E-mail address").first.fill(READER)
    page.get_by_label("First name").first.fill("Zoë")
    page.get_by_role("button", name=re.compile("Get The")).first.click()
    assert READER in page.inner_text("main")
    keep_screenshot(page, "circle-1-sent")

    # Confirms, by the link in the letter and the button behind it.
    letter = circle.newest_to(READER, 1)
    assert "Zoë" not in letter.get_content()
    (link,) = re.findall(r"https://\S+", letter.get_content())
    page.goto(circle.here(link))
    assert 0 == _owed(circle)  # a link alone confirms nobody
    page.get_by_role("button").first.click()
    keep_screenshot(page, "circle-2-confirmed")
    assert 1 == _owed(circle)

    # Receives an issue, and opens it in the browser.
    assert 0 == circle.publication.run("send", "issues/2021-07-16.md", "--yes").status
    message = circle.newest_to(READER, 2)
    part = message.get_body(("html",))
    assert part is not None
    html = part.get_content()
    (view,) = re.findall(r'href="(https://[^"]+/issues/2021-07-16)"', html)[:1]
    page.goto(circle.here(view))
    assert page.locator("#story-3").count() == 1
    keep_screenshot(page, "circle-3-issue")

    # Changes the preferences, by the link in the footer.
    (own,) = set(re.findall(r'href="(https://[^"]+/preferences/[^"]+)"', html))
    page.goto(circle.here(own))
    assert "Zoë" == page.get_by_label("First name").input_value()
    page.get_by_label("First name").fill("Augusta")
    page.get_by_role("button", name="Save").click()
    assert "Augusta" == page.get_by_label("First name").input_value()
    keep_screenshot(page, "circle-4-saved")

    # Leaves, by the mail program's one click: no page, no cookie, no referrer.
    url = re.findall(r"<(https://[^>]+)>", message["List-Unsubscribe"])[0]
    assert "List-Unsubscribe=One-Click" == message["List-Unsubscribe-Post"]
    asked = Request(circle.here(url), data=b"List-Unsubscribe=One-Click", method="POST")
    with urlopen(asked, timeout=patience(10)) as answer:
        assert 200 == answer.status
        assert circle.here(url) == answer.url

    # The next send leaves the address out, and the report says why.
    people = circle.publication.folder / "others.csv"
    people.write_text("email,consent\nbob@example.com,fair\n", encoding="utf-8")
    done = circle.publication.run(
        "send", "issues/2021-11-26.md", "--yes", "--subscribers", "others.csv"
    )
    assert 0 == done.status, done.err
    report = circle.publication.run("report", "2021-11-26")
    assert "unsubscribed" in report.out
    assert 2 == len(list(circle.mail.glob(f"{READER}*.eml")))
    assert 1 == len(list(circle.mail.glob("bob@example.com*.eml")))
    page.context.close()


def _owed(circle: Circle) -> int:
    """How many are confirmed, as the command counts them."""
    done = circle.publication.run("subscribers", "count")
    found = re.search(r"([\d,]+)\s+confirmed", done.out)
    assert found, done.out
    return int(found[1])
