"""A publication of its own for every test: the repository's example, freshly copied."""

from pathlib import Path

import pytest

from tests.acceptance.publication import Publication, clean_environment


@pytest.fixture(scope="session")
def laid_out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example publication, to be copied. Not to be written to."""
    folder = tmp_path_factory.mktemp("laid-out")
    Publication(folder, clean_environment()).lay_out()
    return folder


@pytest.fixture
def empty(tmp_path: Path) -> Publication:
    """An empty folder."""
    return Publication(tmp_path, clean_environment())


@pytest.fixture
def publication(empty: Publication) -> Publication:
    """The example publication."""
    empty.lay_out()
    return empty
