"""`newsletter health` as monitoring asks it: lines, facts, and an exit status."""

import json

import pytest

from tests.acceptance.publication import Publication

pytestmark = pytest.mark.slow


def test_exit_status_says_well_needs_a_person_and_cannot_say(publication: Publication) -> None:
    nothing = publication.run("health")

    assert (2, 1) == (nothing.status, nothing.out.count("\n"))
    assert "there is no database" in nothing.out

    people = publication.people(3)
    assert 0 == publication.run("subscribers", "import", people, "--yes").status
    well = publication.run("health")

    assert (0, 10) == (well.status, well.out.count("\n"))
    assert all(line.startswith("well ") for line in well.out.splitlines())

    wanted = publication.run("health", "--workers", "1", "--format", "json")
    found = json.loads(wanted.out)

    assert (1, 1, "degraded") == (wanted.status, found["exit_status"], found["verdict"])
    assert ["workers"] == [
        each["check"] for each in found["checks"] if each["verdict"] == "degraded"
    ]


def test_settings_at_fault_are_told_where_the_answer_is_read(publication: Publication) -> None:
    settings = publication.folder / "newsletter.toml"
    settings.write_text(settings.read_text().replace('"Europe/London"', '"Europe/Nowhere"', 1))

    done = publication.run("health", "--format", "json")
    (check,) = json.loads(done.out)["checks"]

    assert (2, "settings", "unknown") == (done.status, check["check"], check["verdict"])
    assert "Europe/Nowhere" in check["text"]
