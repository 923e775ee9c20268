"""`newsletter run --serve` and the letters of a daemon, with the installed command."""

import json
import re
import time

import httpx
import pytest

from tests.acceptance.publication import Publication
from tests.acceptance.site_world import going, letters, sign_up, stamp_of
from tests.pace import patience

pytestmark = pytest.mark.slow


def test_one_process_keeps_the_schedule_and_serves_and_one_stop_drains_both(
    publication: Publication,
) -> None:
    arguments = ("run", "--serve", "--port", "0", "--log-format", "json")
    with going(publication, *arguments) as daemon:
        with httpx.Client(base_url=daemon.url) as client:
            stamp = stamp_of(client.get("/subscribe").text)
            taken = sign_up(client, "ada@example.com", stamp)
        status = publication.run("status").out
        ended = daemon.stop()

    assert (200, 0) == (taken.status_code, ended)
    assert ["ada@example.com"] == list(letters(publication.folder / "sent"))
    assert f"process {daemon.process.pid} since" in status
    records = [json.loads(line) for line in daemon.said]
    events = [record["event"] for record in records]
    assert ["serving", "running", "stopping", "stopped"] == events
    assert records[0]["text"].endswith(" answers for https://news.example.com")


def test_site_that_cannot_listen_is_told_at_the_start(publication: Publication) -> None:
    with going(publication, "serve", "--port", "0") as site:
        port = site.url.rpartition(":")[2]
        done = publication.run("run", "--serve", "--port", port)

    assert 2 == done.status
    assert "the site cannot listen there: Address already in use" in done.err
    assert f"127.0.0.1:{port}" in done.err


def test_daemon_sends_letters_where_the_site_has_no_relay(publication: Publication) -> None:
    publication.environment.pop("NEWSLETTER_TRANSPORT")
    with going(publication, "serve", "--port", "0") as site:
        with httpx.Client(base_url=site.url) as client:
            sign_up(client, "ada@example.com", stamp_of(client.get("/subscribe").text))
        site.wait_for("letters wait: ")
        sent = publication.folder / "sent"
        relay = {"NEWSLETTER_TRANSPORT": "directory:sent/"}
        with going(publication, "run", "--tick", "1", env=relay) as daemon:
            end = time.monotonic() + patience(60)
            while not letters(sent) and time.monotonic() < end:
                time.sleep(0.1)
            ended = daemon.stop(), site.stop()

    assert ["ada@example.com"] == list(letters(sent))
    assert (0, 0) == ended
    waits = [line for line in site.said if "letters wait" in line]
    assert 1 == len(waits)
    assert re.search(r"Z warning site: letters wait: .*NEWSLETTER_TRANSPORT is not set", waits[0])
