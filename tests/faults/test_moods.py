"""What a relay says to the whole list, or over one recipient: every cell, against the journal."""

import asyncio
from pathlib import Path

import pytest

from tests.faults.moods import MOODS, MoodCell, play


@pytest.mark.parametrize("cell", MOODS, ids=lambda cell: cell.name)
def test_mood_of_a_relay_marks_nobody(cell: MoodCell, tmp_path: Path) -> None:
    assert [] == asyncio.run(play(cell, tmp_path / "news.db"))
