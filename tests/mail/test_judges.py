"""What others say of our messages: SpamAssassin, html5lib, and Python's own `email` package.

The three shipped issues, as a relay would get them. Nobody is asked over the network.
"""

import re
import shutil
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import html5lib
import pytest

from newsletter.addresses import parse_addr_spec
from newsletter.publishing.dating import slot_moment
from newsletter.publishing.desk import open_desk
from newsletter.publishing.issues import read_issue
from newsletter.publishing.rendering import render
from newsletter.render import Rendered
from newsletter.settings import load_settings
from tests.flowed_reader import read_flowed
from tests.pace import patience

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
ISSUES = sorted((ROOT / "issues").glob("*.md"))
STRICT = policy.SMTP + policy.strict
ADA = parse_addr_spec("ada@example.org")
SPAM_SCORE = 1.0
SPAMASSASSIN = shutil.which("spamassassin")
NO_MEMORY = ("use_bayes 0", "use_auto_welcomelist 0")

each_issue = pytest.mark.parametrize("name", [path.stem for path in ISSUES])


@dataclass(frozen=True, slots=True)
class Sent:
    """One issue: as rendered, and the bytes that go to the relay for one reader."""

    rendered: Rendered
    data: bytes

    def filled(self, text: str) -> str:
        """A rendered part with the reader's values, as `data` should have it."""
        fields = {placeholder.field: placeholder for placeholder in self.rendered.placeholders}
        for name, placeholder in fields.items():
            purpose = name.removesuffix("_token")
            tokens = re.findall(rf"/{purpose}/([^/>\"\s]+)", self.body("plain"))
            text = text.replace(placeholder.mark, tokens[0] if tokens else "Ada")
        return text

    def message(self) -> EmailMessage:
        """As the strictest parser reads it: any defect is an exception."""
        return message_from_bytes(self.data, policy=STRICT)

    def body(self, kind: str) -> str:
        part = self.message().get_body((kind,))
        assert part is not None
        return str(part.get_content()).replace("\r\n", "\n")


@pytest.fixture(scope="module")
def sent() -> dict[str, Sent]:
    settings = load_settings(ROOT, {}, with_environment=False)
    made = {}
    for path in ISSUES:
        issue = read_issue(path, settings.house)
        moment = slot_moment(issue, settings, datetime(2021, 1, 1, tzinfo=UTC))
        rendered = render(issue, settings, moment)
        desk = open_desk(
            issue, rendered, settings, message_date=moment, key=b"of nobody but these tests"
        )
        data = desk.message(ADA, {"first_name": "Ada"})
        made[issue.name] = Sent(rendered, data)
    return made


@pytest.fixture(scope="module")
def verdicts(
    sent: dict[str, Sent], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, tuple[float, str]]:
    """SpamAssassin's score and rules for each issue; its rules are compiled once for all."""
    if SPAMASSASSIN is None:
        pytest.skip("SpamAssassin is not installed (apt-get install spamassassin)")
    folder = tmp_path_factory.mktemp("spamassassin")
    files = []
    for name, one in sent.items():
        files.append(folder / f"{name}.eml")
        files[-1].write_bytes(one.data)
    options = [f"--cf={line}" for line in NO_MEMORY]
    run = subprocess.run(
        [SPAMASSASSIN, "--local", "--test-mode", "--nocreate-prefs", *options, *map(str, files)],
        env={"PATH": "/usr/bin:/bin", "HOME": str(folder), "LC_ALL": "C.UTF-8"},
        capture_output=True,
        check=True,
        timeout=patience(110),
    )
    found = re.findall(
        rb"^X-Spam-Status: \w+, score=(-?[\d.]+) required=[\d.]+ tests=(.*?)\sautolearn=",
        run.stdout,
        re.MULTILINE | re.DOTALL,
    )
    assert len(files) == len(found), run.stderr.decode(errors="replace")
    return {
        name: (float(score), re.sub(r"\s+", "", tests.decode()))
        for name, (score, tests) in zip(sent, found, strict=True)
    }


@each_issue
def test_spamassassin_scores_an_issue_as_no_spam(
    verdicts: dict[str, tuple[float, str]], name: str
) -> None:
    score, rules = verdicts[name]

    assert score < SPAM_SCORE, rules


@each_issue
def test_spamassassin_takes_nothing_in_an_issue_for_a_fault(
    verdicts: dict[str, tuple[float, str]], name: str
) -> None:
    """Only what any HTML newsletter is, and what a file that no relay has seen is without."""
    harmless = {
        *("HTML_MESSAGE", "LOTS_OF_MONEY", "MAILING_LIST_MULTI"),
        *("NO_RECEIVED", "NO_RELAYS"),
    }

    assert set() == set(verdicts[name][1].split(",")) - harmless


@each_issue
def test_html5lib_finds_no_error_in_the_html_part(sent: dict[str, Sent], name: str) -> None:
    html5lib.HTMLParser(strict=True).parse(sent[name].body("html"))


@each_issue
def test_email_package_finds_no_defect_in_message_headers_and_parts(
    sent: dict[str, Sent], name: str
) -> None:
    message = sent[name].message()

    assert "multipart/alternative" == message.get_content_type()
    assert [] == [part.defects for part in message.walk() if part.defects]
    for part in message.walk():
        for header, value in part.items():
            assert () == tuple(getattr(value, "defects", ())), header


@each_issue
def test_email_package_reads_both_parts_as_they_were_rendered(
    sent: dict[str, Sent], name: str
) -> None:
    one = sent[name]

    assert one.filled(one.rendered.text) == one.body("plain")
    assert one.filled(one.rendered.html) == one.body("html")
    assert one.rendered.subject == one.message()["Subject"]


@each_issue
def test_email_package_writes_the_message_again_with_the_same_words(
    sent: dict[str, Sent], name: str
) -> None:
    """What a mailing list or an archive does with it."""
    again = message_from_bytes(sent[name].message().as_bytes(), policy=STRICT)

    for kind in ("plain", "html"):
        part = again.get_body((kind,))
        assert part is not None
        assert sent[name].body(kind) == str(part.get_content()).replace("\r\n", "\n")


@each_issue
def test_message_has_what_a_relay_and_a_reader_need(sent: dict[str, Sent], name: str) -> None:
    message = sent[name].message()

    assert message["Date"].datetime.tzinfo is not None
    assert re.fullmatch(r"<[^\s<>@]+@news\.example\.com>", message["Message-ID"])
    assert "1.0" == message["MIME-Version"]
    assert "List-Unsubscribe=One-Click" == message["List-Unsubscribe-Post"]
    unsubscribe = message["List-Unsubscribe"]
    assert ["https", "mailto"] == re.findall(r"<(\w+):[^<>\s]+>", unsubscribe)
    assert str(ADA) == message["To"].addresses[0].addr_spec
    assert ["text/plain", "text/html"] == [part.get_content_type() for part in message.iter_parts()]


@each_issue
def test_text_part_is_declared_flowed_and_reads_so(sent: dict[str, Sent], name: str) -> None:
    part = sent[name].message().get_body(("plain",))
    assert part is not None
    read = read_flowed(sent[name].body("plain"))

    assert ("flowed", "no") == (part.get_param("format"), part.get_param("delsp"))
    assert "-- " in [said for _, said in read]
    assert [0] == sorted({depth for depth, _ in read})
    assert max(len(said) for _, said in read) > 100, "whole paragraphs"
    lines = sent[name].body("plain").split("\n")
    assert max(len(line) for line in lines if not line.startswith("<https://")) <= 72
