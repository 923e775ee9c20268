"""`newsletter report` with the installed command, over a run of which everything is known."""

import json
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser

import pytest

from newsletter.addresses import AddrSpec
from newsletter.books import Attempt, DeliveryState, NewRun, Outcome
from newsletter.store import open_database
from newsletter.subscribers import AudienceMember
from tests.acceptance.publication import Publication
from tests.turns import begin, settle

pytestmark = pytest.mark.slow

NOW = datetime(2021, 11, 26, 7, 0, tzinfo=UTC)
NAME = "2021-11-26"
ACCEPTED, REFUSED = DeliveryState.ACCEPTED, DeliveryState.REFUSED


def fill(publication: Publication, count: int = 120) -> None:
    """Two in doubt, one in forty refused, everybody else accepted, over two minutes."""
    audience = [
        AudienceMember(
            subscriber_id=None, address=AddrSpec(f"r{n}", f"d{n % 25}.example"), first_name=""
        )
        for n in range(count)
    ]
    with open_database(f"sqlite:///{publication.folder}/newsletter.db") as database:
        run = database.runs.open(
            NewRun(issue=NAME, digest="d1" * 32, subject="Five <stories> & more", message_date=NOW),
            audience,
            NOW,
            by="ada",
        )
        claims = database.journal.claim(run.id, "me", NOW, timedelta(minutes=9), count)
        begin(database, claims, NOW)
        for at, claim in enumerate(claims[:-2]):
            moment = NOW + timedelta(seconds=at)
            refused = at % 40 == 0
            attempt = Attempt(
                started_at=moment,
                ended_at=moment,
                stage="rcpt" if refused else "final-dot",
                code=550 if refused else 250,
                enhanced_code="5.1.1" if refused else "2.0.0",
                text=f"<{claim.recipient}> no <such> user" if refused else f"queued as {at:X}Z1",
                transport="smtp://relay.example",
            )
            state = REFUSED if refused else ACCEPTED
            settle(database, [Outcome(delivery=claim, state=state, attempt=attempt)], moment)
        database.journal.release(run.id, "me", NOW)
        database.runs.finish(run.id, "ada", NOW + timedelta(minutes=2))


def test_report_says_everything_in_text(publication: Publication) -> None:
    fill(publication)

    done = publication.run("report", f"issues/{NAME}.md")

    assert 0 == done.status, done.err
    assert "The books balance: 120 = 120. The run is complete." in done.out
    assert "115  accepted: 250 2.0.0 queued as …" in done.out
    assert "3  refused: 550 5.1.1 … no <such> user" in done.out
    assert "Who needs a person: 5" in done.out
    assert "r118@d18.example  in doubt" in done.out
    assert "r40@d15.example  refused  550 5.1.1 <r40@d15.example> no <such> user" in done.out
    assert "/s at most" in done.out
    assert 20 == sum(line.startswith("  d") for line in done.out.splitlines())
    assert "  others " in done.out


def test_report_is_whole_json(publication: Publication) -> None:
    fill(publication)

    found = json.loads(publication.run("report", NAME, "--format", "json").out)

    counts = {"accepted": 115, "refused": 3, "in_doubt": 2}
    assert (counts, True, 120) == (found["counts"], found["balanced"], found["frozen"])
    assert 115 == sum(found["rate"]["accepted"])
    assert 5 == len(found["needs_person"])
    in_domains = [*found["domains"], found["other_domains"]]
    assert 115 == sum(each.get("accepted", 0) for each in in_domains)


class Page(HTMLParser):
    """What a page loads, runs and says."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name in ("src", "href")]

    def handle_data(self, data: str) -> None:
        self.text += data


def test_report_is_a_page_of_its_own(publication: Publication) -> None:
    fill(publication)
    out = publication.folder / "reports/run.html"

    done = publication.run("report", NAME, "--format", "html", "--out", out)
    page = Page()
    page.feed(out.read_text(encoding="utf-8"))

    assert (0, "") == (done.status, done.out), done.err
    assert ([], 0) == (page.links, page.tags.count("script"))
    assert {"svg", "table", "h1", "main"} <= set(page.tags)
    assert "such" not in page.tags
    assert "Five <stories> & more" in page.text
    assert "<r40@d15.example> no <such> user" in page.text
    assert "prefers-color-scheme:dark" in page.text
    assert 0o600 == out.stat().st_mode & 0o777  # it names people


def test_report_of_a_run_that_has_not_begun_needs_nobody(publication: Publication) -> None:
    publication.run("send", f"issues/{NAME}.md", "--subscribers", publication.people(2), "--yes")

    done = publication.run("report", NAME)

    assert 0 == done.status, done.err
    assert "needs a person" not in done.out


def test_report_names_a_run_that_is_not_there(publication: Publication) -> None:
    done = publication.run("report", "2031-01-01")

    assert 2 == done.status
    assert "2031-01-01: this issue has never been sent" in done.err
