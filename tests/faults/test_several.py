"""Two relays side by side, one of them gone wrong: every cell, against journal and both logs."""

import asyncio
from pathlib import Path

import pytest

from tests.faults.several import SEVERAL, SeveralCell, play


@pytest.mark.parametrize("cell", SEVERAL, ids=lambda cell: cell.name)
def test_relay_that_goes_wrong_beside_another_marks_nobody(
    cell: SeveralCell, tmp_path: Path
) -> None:
    assert [] == asyncio.run(play(cell, tmp_path / "news.db"))
