"""listmonk: what its API answers, and a table that does not say who has left."""

import json
from pathlib import Path

import pytest

from newsletter.errors import ExportError
from newsletter.importing.exports import Known, Left, Standing, System
from tests.export_samples import export_at, sample, written_of

EXPORT = sample(System.LISTMONK)
ISSUES = written_of(EXPORT)
TABLE = (
    "uuid,email,name,attributes,status,created_at,updated_at\n"
    "1,ada@example.com,Ada,{},enabled,2023-05-12 10:14:22.31 +0530 IST,\n"
)


def test_campaigns_are_issues_in_the_three_ways_they_are_written() -> None:
    assert ["drafts/not-yet", "archive/2024-02-02", "archive/2024-02-09", "archive/2024-02-16"] == (
        list(ISSUES)
    )
    assert "It rings. [Listen](https://harbour.example.org/bell)." in (
        ISSUES["archive/2024-02-02"].text
    )
    assert "Le café **ouvre** à sept heures.\n\n- lundi\n- dimanche\n" in (
        ISSUES["archive/2024-02-09"].text
    )
    assert "One line.\n\nAnother \\<b>line\\</b>.\n" in ISSUES["archive/2024-02-16"].text
    assert {Left.MACHINE: ["Confirm"], Left.EMPTY: ["Letter 5"]} == dict(EXPORT.left)


def test_settings_say_who_it_is() -> None:
    assert (
        Known(
            name="The Harbour Letter",
            language="en",
            sender_name="The Harbour Letter",
            sender_address="letter@harbour.example.org",
        )
        == EXPORT.known
    )


def test_subscriber_is_what_they_are_on_this_list() -> None:
    [people] = EXPORT.people

    assert "Harbour" == people.audience
    assert {
        "dina@reader.example.com": "confirmed",
        "egon@reader.example.com": "unsubscribed",
        "fay@reader.example.com": "unconfirmed",
        "gil@reader.example.com": "blocklisted",
        "hal@reader.example.com": "disabled",
    } == {row["email"]: row["status"] for row in people.rows or ()}


def test_nobody_confirms_on_a_list_with_a_single_opt_in(tmp_path: Path) -> None:
    """The answer about subscribers does not say it; that about lists does."""
    here = {"id": 7, "name": "News", "subscription_status": "unconfirmed"}
    person = {"email": "ada@example.com", "status": "enabled", "lists": [here]}
    (tmp_path / "s.json").write_text(json.dumps({"data": {"results": [person]}}))

    [before] = export_at(tmp_path).people
    (tmp_path / "l.json").write_text(json.dumps({"data": [{"id": 7, "optin": "single"}]}))
    [people] = export_at(tmp_path).people

    assert ["unconfirmed"] == [row["status"] for row in before.rows or ()]
    assert ["confirmed"] == [row["status"] for row in people.rows or ()]


def test_table_that_does_not_say_who_has_left_is_refused(tmp_path: Path) -> None:
    (tmp_path / "subscribers.csv").write_text(TABLE)

    with pytest.raises(ExportError, match="does not say who has left"):
        export_at(tmp_path)


def test_table_is_what_somebody_has_called_it(tmp_path: Path) -> None:
    for name in ("confirmed", "unsubscribed", "unconfirmed"):
        (tmp_path / f"{name}.csv").write_text(TABLE)
    export = export_at(tmp_path)

    assert {"confirmed.csv": Standing.AS_TOLD, "unsubscribed.csv": Standing.GONE} == {
        file.name: file.standing for file in export.people
    }
    assert {Left.NOT_SUBSCRIBED: ["unconfirmed.csv"]} == dict(export.left)
