"""Buttondown: a table of e-mails, Markdown or HTML each, drafts with front matter."""

import json
from pathlib import Path

import pytest

from newsletter.importing.exports import Known, Left, Shelf, System
from tests.export_samples import export_at, sample, written_of

EXPORT = sample(System.BUTTONDOWN)
ISSUES = written_of(EXPORT)


def test_emails_stand_on_the_shelf_they_belong_on() -> None:
    assert [
        "archive/2023-11-03",
        "archive/2023-11-10",
        "not-public/2023-11-17",
        "drafts/gulls",
    ] == list(ISSUES)
    assert ["Hello and welcome"] == EXPORT.left[Left.MACHINE]
    assert ["Nothing in it"] == EXPORT.left[Left.EMPTY]


def test_markdown_is_read_with_its_tables_notes_and_html() -> None:
    table = ISSUES["archive/2023-11-03"].text

    assert table.startswith(
        "---\nsubject: The tide table is wrong\npreheader: By eleven minutes\n"
        "date: 2023-11-03\nnumber: 41\n---\n# The tide table is wrong\n\n"
        "The tide table is **wrong**, by *eleven* minutes. (Measured with a stick.)\n\n"
        "## 1. What the table says\n\n- **Day** · **High water**\n- Friday · 06:12\n"
    )
    assert "A box in HTML." in table
    assert "{{" not in table


def test_fancy_editor_writes_html() -> None:
    ropes = ISSUES["archive/2023-11-10"].text

    assert "Hello,\n\nRopes, [again](https://harbour.example.org/ropes)." in ropes
    assert "Unsubscribe" not in ropes


def test_settings_are_those_that_its_command_line_pulls() -> None:
    assert (
        Known(
            name="The Harbour Letter",
            tagline="Every Friday, from the quay",
            language="en",
            timezone="Europe/Lisbon",
            accent="#0a6e8a",
            sender_name="The Harbour Letter",
            sender_address="keeper@harbour.example.org",
        )
        == EXPORT.known
    )


def test_list_may_be_json_with_the_bodies_in_it(tmp_path: Path) -> None:
    email = {
        "subject": "Fog",
        "slug": "fog",
        "publish_date": "2024-01-05T07:00:00Z",
        "body": "*Fog.*",
    }
    (tmp_path / "emails.json").write_text(json.dumps([email]))

    assert "\n*Fog.*\n" in written_of(export_at(tmp_path))["archive/2024-01-05"].text


@pytest.mark.parametrize(
    ("status", "shelf"),
    [
        ("imported", Shelf.ARCHIVE),
        ("in_flight", Shelf.ARCHIVE),
        ("scheduled", Shelf.DRAFTS),
        ("errored", Shelf.DRAFTS),
        ("suppressed", Shelf.DRAFTS),
        ("a_word_of_tomorrow", Shelf.DRAFTS),
    ],
)
def test_only_what_readers_have_is_in_the_archive(
    tmp_path: Path, status: str, shelf: Shelf
) -> None:
    (tmp_path / "emails").mkdir()
    (tmp_path / "emails/one.md").write_text("Words.\n")
    (tmp_path / "emails.csv").write_text(
        f"subject,slug,publish_date,status,email_type\nOne,one,2023-11-03,{status},public\n"
    )

    assert [shelf] == [issue.shelf for issue in export_at(tmp_path).issues]
