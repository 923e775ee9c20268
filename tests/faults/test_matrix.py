"""Every stage of a session with every fault of a relay, against the journal and the relay's log.

`python -m tests.faults` plays the same cells and prints them as the table of docs/guarantee.md.
"""

import os
from pathlib import Path

import pytest

from tests.faults.cells import CELLS, LATER, Cell
from tests.faults.ground import lay_ground
from tests.faults.script import Stage
from tests.faults.world import Ground, Result, play


def play_all(cells: list[Cell], ground: Ground, *, joined: bool = False) -> list[Result]:
    # The system's certificates take 60 ms to load for each transport, and prove nothing here.
    os.environ["SSL_CERT_FILE"] = str(ground.authority)
    return [play(cell, ground, number, joined=joined) for number, cell in enumerate(cells)]


@pytest.mark.parametrize("stage", list(Stage), ids=lambda stage: stage.value)
def test_matrix_loses_and_doubles_nobody(stage: Stage, tmp_path: Path) -> None:
    cells = [cell for cell in CELLS if cell.script.stage is stage]

    results = play_all(cells, lay_ground(tmp_path))

    assert cells
    wrong = {cell.name: result.wrong for cell, result in zip(cells, results, strict=True)}
    assert {} == {name: faults for name, faults in wrong.items() if faults}


def test_matrix_holds_where_replies_come_joined(tmp_path: Path) -> None:
    """As many replies in one packet as there are commands waiting (RFC 2920, 3.1)."""
    cells = [cell for cell in CELLS if cell.when == LATER]

    results = play_all(cells, lay_ground(tmp_path), joined=True)

    wrong = {cell.name: result.wrong for cell, result in zip(cells, results, strict=True)}
    assert {} == {name: faults for name, faults in wrong.items() if faults}
