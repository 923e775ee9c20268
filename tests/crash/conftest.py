"""A publication with its audience imported, laid out once and copied for every test."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.acceptance.publication import Publication, clean_environment
from tests.crash.send import people
from tests.integration.store.conftest import Server, postgresql_binaries

MEMORY = Path("/dev/shm")
"""A killed process loses nothing that the kernel has, so no disk need be waited for here."""

SIZES = {"few": 3, "some": 200, "many": 2000}


@pytest.fixture(scope="session")
def laid_out() -> Iterator[Path]:
    """A publication for each size of audience."""
    place = MEMORY if os.access(MEMORY, os.W_OK) else None
    with tempfile.TemporaryDirectory(dir=place, prefix="newsletter-crash-") as name:
        folder = Path(name)
        for size, count in SIZES.items():
            (folder / size).mkdir()
            publication = Publication(folder / size, clean_environment())
            publication.lay_out()
            path = people(publication.folder, count)
            done = publication.run("subscribers", "import", path, "--yes")
            assert 0 == done.status, done.err
        yield folder


@pytest.fixture
def copies(laid_out: Path) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(dir=laid_out) as name:
        yield Path(name)


def _copy(laid_out: Path, name: str, copies: Path) -> Publication:
    shutil.copytree(laid_out / name, copies / name)
    return Publication(copies / name, clean_environment())


@pytest.fixture
def few(laid_out: Path, copies: Path) -> Publication:
    return _copy(laid_out, "few", copies)


@pytest.fixture
def some(laid_out: Path, copies: Path) -> Publication:
    return _copy(laid_out, "some", copies)


@pytest.fixture
def many(laid_out: Path, copies: Path) -> Publication:
    return _copy(laid_out, "many", copies)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    binaries = postgresql_binaries()
    if binaries is None:
        pytest.skip("no PostgreSQL server binaries found (PGBIN, PATH, /usr/lib/postgresql)")
    pytest.importorskip("psycopg", reason="psycopg, the extra “postgresql”, is not installed")
    # A unix socket's path has 107 bytes, and root's tmp_path is root's.
    folder = Path(tempfile.mkdtemp(prefix="nl-", dir="/tmp"))
    running = Server(binaries, folder)
    yield running
    running.stop()
    shutil.rmtree(folder)
