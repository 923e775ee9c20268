"""A publication of its own for every test, laid out once and copied."""

import shutil
from pathlib import Path

import pytest

from tests.acceptance.publication import Publication, clean_environment


@pytest.fixture(scope="session")
def laid_out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The starter publication, as `newsletter init` lays it out. Not to be written to."""
    folder = tmp_path_factory.mktemp("laid-out")
    done = Publication(folder, clean_environment()).run("init")
    assert done.status == 0, done.err
    return folder


@pytest.fixture
def empty(tmp_path: Path) -> Publication:
    """An empty folder."""
    return Publication(tmp_path, clean_environment())


@pytest.fixture
def publication(empty: Publication, laid_out: Path) -> Publication:
    """The starter publication, freshly laid out."""
    shutil.copytree(laid_out, empty.folder, dirs_exist_ok=True)
    return empty
