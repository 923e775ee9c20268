"""What a digest covers, and which input is named when it changes."""

from dataclasses import fields, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from newsletter.addresses import parse_addr_spec, parse_mailbox
from newsletter.publishing.dating import dated
from newsletter.publishing.digest import issue_digest, issue_inputs
from newsletter.publishing.issues import publication_path, read_issue
from newsletter.publishing.rendering import render
from newsletter.render import Rendered
from newsletter.settings import Settings, load_settings

ROOT = Path(__file__).parents[3]
NOW = datetime(2021, 11, 26, 7, tzinfo=UTC)
DAY = date(2021, 11, 26)
PATH = ROOT / "issues" / "2021-11-26.md"


@pytest.fixture(scope="module")
def settings() -> Settings:
    return load_settings(ROOT, {}, with_environment=False)


@pytest.fixture(scope="module")
def rendered(settings: Settings) -> Rendered:
    return render(read_issue(PATH, settings.house), settings, NOW)


OTHER: dict[str, Any] = {
    "mailbox": parse_mailbox("Other <friday@news.example.com>"),
    "reply_to": parse_mailbox("desk@example.com"),
    "reverse_path": parse_addr_spec("other@news.example.com"),
    "list_id": "other.news.example.com",
    "list_name": "Other",
    "base_url": "https://other.example.com",
    "unsubscribe_mailbox": None,
    "help_url": None,
    "archive_url": "https://news.example.com/other",
    "feedback_id": "a:b:c:other",
}


def test_digest_covers_every_field_of_the_sender(settings: Settings, rendered: Rendered) -> None:
    assert {field.name for field in fields(settings.sender)} == {*OTHER, "verp"}
    digests = {issue_digest(rendered, settings)}
    for name, value in OTHER.items():
        changed = replace(settings, sender=replace(settings.sender, **{name: value}))
        digests.add(issue_digest(rendered, changed))

    assert len(OTHER) + 1 == len(digests)


def test_digest_is_of_the_message_and_not_of_how_its_bounces_are_known(
    settings: Settings, rendered: Rendered
) -> None:
    """A run that was begun goes on with the other, and an approval from before it holds."""
    other = replace(settings, sender=replace(settings.sender, verp=not settings.sender.verp))

    assert issue_digest(rendered, settings) == issue_digest(rendered, other)


@pytest.mark.parametrize("name", ["subject", "preheader", "html", "text"])
def test_digest_covers_all_that_is_rendered(
    name: str, settings: Settings, rendered: Rendered
) -> None:
    other: dict[str, Any] = {name: f"{getattr(rendered, name)} "}
    changed = replace(rendered, **other)

    assert issue_digest(rendered, settings) != issue_digest(changed, settings)


def test_digest_covers_the_segment_and_is_as_it_was_without(
    settings: Settings, rendered: Rendered
) -> None:
    everybody = issue_digest(rendered, settings)

    assert everybody == issue_digest(rendered, settings, "")
    assert 3 == len({everybody, *(issue_digest(rendered, settings, to) for to in ("a", "b"))})


def test_digest_is_the_same_wherever_it_is_made(settings: Settings, rendered: Rendered) -> None:
    again = render(read_issue(PATH, settings.house), settings, NOW)

    assert issue_digest(rendered, settings) == issue_digest(again, settings)
    assert issue_digest(rendered, settings) != rendered.digest


def test_inputs_name_the_file_the_templates_and_the_settings(settings: Settings) -> None:
    issue = read_issue(PATH, settings.house)
    before = issue_inputs(issue, settings, DAY)
    after = issue_inputs(issue, settings, date(2021, 12, 3))

    assert {"issues/2021-11-26.md", "templates/issue.mjml.j2", "templates/inline.css"} <= set(
        before
    )
    assert ["the date of the issue"] == [name for name in before if before[name] != after[name]]
    assert not any(name.startswith(("templates/web_page", "templates/site/")) for name in before)


def test_path_outside_of_the_publication_is_kept_whole(tmp_path: Path) -> None:
    assert "issues/a.md" == publication_path(tmp_path / "issues/a.md", tmp_path)
    assert "/elsewhere/a.md" == publication_path(Path("/elsewhere/a.md"), tmp_path)


def test_issue_with_a_date_keeps_it(settings: Settings) -> None:
    issue = read_issue(PATH, settings.house)

    assert DAY == dated(issue, date(2026, 11, 27)).date
    assert date(2026, 11, 27) == dated(replace(issue, date=None), date(2026, 11, 27)).date
