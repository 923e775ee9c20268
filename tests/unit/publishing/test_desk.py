"""Which desks sign, and in how many threads."""

import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from newsletter.addresses import parse_addr_spec
from newsletter.message import Algorithm, new_key
from newsletter.publishing.desk import Desk, specimen_desk
from newsletter.publishing.issues import read_issue
from newsletter.publishing.ready import Ready, make_ready
from newsletter.publishing.rendering import render
from newsletter.settings import DkimKeyFile, DkimSettings, Secret, Settings, load_settings
from newsletter.wiring import publication_of

ROOT = Path(__file__).parents[3]
ISSUE = ROOT / "issues/2021-11-26.md"
NOW = datetime(2021, 11, 26, 7, tzinfo=UTC)


@pytest.fixture(scope="module")
def settings() -> Settings:
    shipped = load_settings(ROOT, {}, with_environment=False)
    return replace(shipped, environment=replace(shipped.environment, secret_key=Secret("k" * 40)))


def desk(settings: Settings) -> Desk:
    """As a send opens it."""
    publication = publication_of(settings, word=str, warn=list[object]().append)
    ready = make_ready(read_issue(ISSUE, settings.house), publication, moment=NOW)
    assert isinstance(ready, Ready)
    return ready.desk


def looked_at(settings: Settings) -> Desk:
    issue = read_issue(ISSUE, settings.house)
    return specimen_desk(issue, render(issue, settings, NOW), settings, NOW)


def signs(desk: Desk) -> int:
    message = desk.message(parse_addr_spec("ada@example.org"), {})
    return message.count(b"DKIM-Signature:")


def test_desk_signs_in_threads_when_the_settings_have_keys(
    settings: Settings, tmp_path: Path
) -> None:
    keys = []
    for algorithm in Algorithm:
        path = tmp_path / algorithm
        path.touch(0o600)
        path.write_bytes(new_key(algorithm))
        keys.append(DkimKeyFile(selector=algorithm.value, algorithm=algorithm, path=path))
    signing = replace(
        settings, dkim=DkimSettings(domain="example.com", keys=keys, expires_days=None)
    )

    assert (2, os.cpu_count()) == (signs(desk(signing)), desk(signing).signers)
    assert (0, 0) == (signs(looked_at(signing)), looked_at(signing).signers)


def test_desk_signs_nothing_when_the_settings_have_no_key(settings: Settings) -> None:
    assert (0, 0) == (signs(desk(settings)), desk(settings).signers)
