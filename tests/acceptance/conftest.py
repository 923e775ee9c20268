"""A publication of its own for every test."""

from pathlib import Path

import pytest

from tests.acceptance.publication import Publication, clean_environment


@pytest.fixture
def empty(tmp_path: Path) -> Publication:
    """An empty folder."""
    return Publication(tmp_path, clean_environment())


@pytest.fixture
def publication(empty: Publication) -> Publication:
    """The starter publication, freshly laid out."""
    assert empty.run("init").status == 0
    return empty
