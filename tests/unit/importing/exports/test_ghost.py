"""Ghost: tables in one JSON file, bodies in three forms, links by a mark."""

import json
from pathlib import Path

import pytest

from newsletter.errors import ExportError
from newsletter.importing.exports import Known, Left, System
from tests.export_samples import SAMPLES, export_at, sample, written_of

EXPORT = sample(System.GHOST)
AT_SITE = sample(System.GHOST, site="https://hafen.example.org/")
ISSUES = written_of(AT_SITE)


def test_settings_say_what_the_publication_is() -> None:
    assert (
        Known(
            name="Der Hafenbrief",
            tagline="Jeden Freitag vom Kai",
            language="de",
            timezone="Europe/Berlin",
            accent="#0a6e8a",
            sender_name="Hafenbrief",
            sender_address="brief@hafen.example.org",
            reply_to="redaktion@hafen.example.org",
        )
        == EXPORT.known
    )


def test_posts_stand_on_the_shelf_they_belong_on() -> None:
    """What is for members, free or paying, is not for the archive."""
    assert [
        "not-public/2019-05-17",
        "drafts/untitled",
        "archive/2024-05-03",
        "archive/2024-05-10",
        "not-public/2024-05-18",
        "drafts/next-week",
    ] == list(ISSUES)
    assert {Left.PAGES: ["About us"], Left.EMPTY: ["Empty"]} == dict(EXPORT.left)


def test_day_is_by_the_clocks_of_the_site() -> None:
    """It went out at 23:30 UTC on the 17th, which is the 18th in Berlin."""
    assert "date: 2024-05-18" in ISSUES["not-public/2024-05-18"].text


def test_html_comes_with_its_pictures_and_without_its_forms() -> None:
    crane = ISSUES["archive/2024-05-03"]

    assert "subject: Kran Nr. 7: er ist gelb\n" in crane.text
    assert "number: 7\n" in crane.text
    assert (
        "![Der Südkai](https://hafen.example.org/content/images/2024/05/suedkai.jpg" in crane.text
    )
    assert "[Mehr dazu](https://hafen.example.org/ueber/)" in crane.text
    assert "\n## Was er hebt\n" in crane.text
    assert "[Zum Datenblatt](https://hafen.example.org/kran)" in crane.text
    assert "alert" not in crane.text
    assert "Abonnieren" not in crane.text


def test_lexical_and_mobiledoc_come_as_they_read() -> None:
    mast, ropes = ISSUES["archive/2024-05-10"].text, ISSUES["not-public/2019-05-17"].text

    assert (
        "The mast is **forty** metres high; see [the plan](https://hafen.example.org/plan/)" in mast
    )
    assert "\n1. *Hemp*\n2. Steel\n" in mast
    assert "Hey there," in mast
    assert "[Come aboard](https://harbour.example.org/visit)" in mast
    assert "**Ropes** are [sold here](https://harbour.example.org/rope)\\\nby the metre." in ropes
    assert "\n- Bowline\n- Reef knot\n" in ropes


def test_links_of_the_old_site_are_open_until_somebody_says_where_it_was() -> None:
    plan = written_of(EXPORT)["archive/2024-05-10"]

    assert (True, False) == (EXPORT.leaves_links_open, AT_SITE.leaves_links_open)
    assert "see the plan" in plan.text
    assert "__GHOST_URL__" not in "".join(each.text for each in written_of(EXPORT).values())


def test_several_newsletters_are_named(tmp_path: Path) -> None:
    [path] = (SAMPLES / "ghost").glob("*.json")
    site = json.loads(path.read_text())
    more = {"name": "Extra", "status": "active", "sort_order": 1}
    site["db"][0]["data"]["newsletters"].append(more)
    (tmp_path / "site.json").write_text(json.dumps(site))

    assert ["Der Hafenbrief", "Extra"] == list(export_at(tmp_path).newsletters)


def test_two_sites_are_refused(tmp_path: Path) -> None:
    [path] = (SAMPLES / "ghost").glob("*.json")
    for name in ("a.json", "b.json"):
        (tmp_path / name).write_bytes(path.read_bytes())

    with pytest.raises(ExportError, match="two exports of a site"):
        export_at(tmp_path)
