"""What the editor works out without a page: parts, moves, fields, folded addresses, sums."""

import shutil
import subprocess
from pathlib import Path

import pytest

STUDIO = Path(__file__).parents[4] / "editors" / "studio"


@pytest.mark.slow
def test_logic_of_the_editor_holds_by_its_own_tests() -> None:
    """They are in TypeScript, beside it: `npm test` bundles them and runs them by node."""
    node = shutil.which("node")
    if node is None or not (STUDIO / "node_modules" / "esbuild").exists():
        pytest.skip("needs node, and `npm ci` in editors/studio")

    ended = subprocess.run(
        [node, "test.mjs"], cwd=STUDIO, capture_output=True, text=True, check=False
    )

    assert 0 == ended.returncode, ended.stdout + ended.stderr
