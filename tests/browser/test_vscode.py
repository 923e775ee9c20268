"""The extension in VS Code itself: its server half, the workbench in Chromium, a real folder."""

import json
import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from tests.acceptance.publication import COMMAND
from tests.pace import patience

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]

ROOT = Path(__file__).parents[2]
EXTENSION = ROOT / "editors/vscode"
SERVER = ROOT / "build/vscode-server/node_modules/code-server/lib/vscode/out/server-main.js"
SUITE = EXTENSION / "dist/suite.js"
SAMPLE = "issues/2021-11-26.md"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A publication with one issue, in which one headline is numbered otherwise."""
    made = tmp_path / "publication"
    (made / "issues").mkdir(parents=True)
    shutil.copy(ROOT / "newsletter.toml", made)
    (made / SAMPLE).write_text((ROOT / SAMPLE).read_text().replace("\n## 2. ", "\n## 2) "))
    return made


@contextmanager
def served(home: Path) -> Iterator[str]:
    """VS Code's server on a free port: its authority, such as 127.0.0.1:40123."""
    if not (SERVER.exists() and SUITE.exists()):
        pytest.skip("no VS Code here (`make vscode` brings it)")
    settings = home / "data/Machine/settings.json"
    settings.parent.mkdir(parents=True)
    settings.write_text(json.dumps({"newsletter.path": str(COMMAND)}))
    said = home / "said.log"
    with said.open("wb") as output:
        process = subprocess.Popen(
            [
                *("node", SERVER, "--host", "127.0.0.1", "--port", "0", "--telemetry-level", "off"),
                *("--accept-server-license-terms", "--without-connection-token"),
                *("--server-data-dir", home),
            ],
            env={**os.environ, "PATIENCE": str(patience(30)), "HOME": str(home)},
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        end = time.monotonic() + patience(30)
        while not (found := re.search(r"bound to (\S+:\d+)", said.read_text())):
            assert time.monotonic() < end, said.read_text()
            time.sleep(0.1)
        yield found[1]
    finally:
        os.killpg(process.pid, signal.SIGKILL)  # with its extension host, and our server in there
        process.wait()


def test_extension_in_vs_code(browser: "Browser", folder: Path, tmp_path: Path) -> None:
    """Steps and what each one looks for are in editors/vscode/test/suite.ts."""
    told = folder / "told.json"
    with served(tmp_path / "server") as authority:
        payload = [
            ["extensionDevelopmentPath", f"vscode-remote://{authority}{EXTENSION}"],
            ["extensionTestsPath", f"vscode-remote://{authority}{SUITE}"],
        ]
        page = browser.new_page()
        page.goto(
            f"http://{authority}/?folder={quote(str(folder))}&payload={quote(json.dumps(payload))}"
        )
        for _ in range(int(patience(120))):
            if told.exists():
                break
            page.wait_for_timeout(1000)
        page.close()

    outcome = json.loads(told.read_text())
    assert {"passed"} == set(outcome.values()), told.read_text()
    assert 8 == len(outcome)
