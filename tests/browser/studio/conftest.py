"""A publication of its own for every test of the studio, with keys and a transport."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.acceptance.publication import Publication, clean_environment

if TYPE_CHECKING:
    from playwright.sync_api import Page


@pytest.fixture
def find_axe_faults(judge: Callable[["Page"], list[Any]]) -> Callable[["Page"], list[Any]]:
    """By every rule: these are pages of ours."""
    return judge


@pytest.fixture
def publication(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Publication:
    """The example publication, whose mail goes into a folder, and whose studio leaves its state in
    another.
    """
    state = {"XDG_STATE_HOME": str(tmp_path_factory.mktemp("state"))}
    made = Publication(tmp_path, {**clean_environment(), **state})
    made.lay_out()
    return made
