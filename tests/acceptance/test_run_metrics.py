"""`newsletter run --metrics`: what it sends is counted where Prometheus asks, and names nobody."""

import re
import subprocess
import urllib.request
from collections.abc import Iterator

import pytest

from tests.acceptance.publication import Publication
from tests.pace import patience

pytestmark = pytest.mark.slow


@pytest.fixture
def daemon(publication: Publication) -> Iterator[subprocess.Popen[str]]:
    imported = publication.run("subscribers", "import", publication.people(3), "--yes")
    assert 0 == imported.status
    process = publication.start("run", "--metrics", "0", "--tick", "1", env={})
    yield process
    process.terminate()
    process.communicate(timeout=patience(30))


def test_daemon_serves_its_figures_to_this_machine(daemon: subprocess.Popen[str]) -> None:
    assert daemon.stderr
    found = re.search(r"measuring: (http://127\.0\.0\.1:\d+)/metrics", daemon.stderr.readline())
    assert found
    while "running:" not in daemon.stderr.readline():
        assert daemon.poll() is None

    with urllib.request.urlopen(f"{found[1]}/metrics", timeout=patience(30)) as answer:
        text = answer.read().decode()
    with urllib.request.urlopen(f"{found[1]}/healthz", timeout=patience(30)) as answer:
        assert b"ok\n" == answer.read()

    assert "newsletter_database_up 1.0" in text
    assert re.search(r"^newsletter_ticks_total \d", text, re.MULTILINE)
    assert "@" not in text


@pytest.mark.parametrize("place", ["here", "99999"])
def test_place_that_is_none_is_a_fault_of_whoever_typed_it(
    publication: Publication, place: str
) -> None:
    done = publication.run("run", "--metrics", place)

    assert 2 == done.status
    assert "[HOST:]PORT" in done.err
