"""`newsletter next` with the installed command, from the first day on."""

import json
import time

from tests.acceptance.publication import Publication
from tests.acceptance.site_world import going
from tests.pace import patience

WIDTH, HEIGHT = 80, 24


def test_next_reads_well_right_after_init_and_changes_nothing(publication: Publication) -> None:
    before = sorted(publication.folder.rglob("*"))
    environment = {"NEWSLETTER_SECRET_KEY": "", "NEWSLETTER_TRANSPORT": ""}

    done = publication.run("next", env=environment)

    lines = done.out.splitlines()
    assert (0, "") == (done.status, done.err)
    assert lines[1].startswith("Next slot: ")
    assert "    cp .env.example .env && chmod 600 .env" in lines
    assert WIDTH > max(map(len, lines[2:]))
    assert HEIGHT > len(lines)
    assert before == sorted(publication.folder.rglob("*"))


def test_next_leads_to_a_draft_and_tells_programs_the_same(publication: Publication) -> None:
    assert 0 == publication.run("new").status
    assert 0 == publication.run("subscribers", "import", publication.people(2), "--yes").status

    text = publication.run("next").out
    found = json.loads(publication.run("next", "--format", "json").out)

    (item,) = [each for each in found["items"] if each["kind"] == "findings"]
    assert item["text"] in text
    assert f"    {item['command']}\n" in text
    assert f"    {item['facts']['first'][0]}\n" in text
    assert 1 == publication.run(*item["command"].split()[1:]).status
    assert found["next_slot"]["zone"] == "Europe/London"


def test_next_outside_of_a_publication_says_how_to_begin(empty: Publication) -> None:
    done = empty.run("next")

    assert (2, "") == (done.status, done.out)
    assert "newsletter init" in done.err


def test_next_knows_whether_the_site_lives(publication: Publication) -> None:
    """Its heart beats from the first; one that was killed on this machine is known to be dead."""
    with going(publication, "serve", "--port", "0") as site:
        assert site.url
        alive = until(publication, "served")
        site.kill()
        dead = kinds(publication)
        with going(publication, "serve", "--port", "0") as another:
            assert another.url
            again = until(publication, "served")
            assert 0 == another.stop()

    assert "unserved" not in alive + again
    assert ("unserved" in dead, "served" in dead) == (True, False)
    assert not {"served", "unserved"} & set(kinds(publication))


def kinds(publication: Publication) -> list[str]:
    found = json.loads(publication.run("next", "--format", "json").out)
    return [item["kind"] for item in found["items"]]


def until(publication: Publication, kind: str) -> list[str]:
    """What is on the agenda when that is."""
    end = time.monotonic() + patience(60)
    while kind not in (found := kinds(publication)):
        assert time.monotonic() < end, found
    return found
