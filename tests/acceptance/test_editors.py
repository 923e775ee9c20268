"""The settings we give to editors, tried in the editors that are here."""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.publication import COMMAND
from tests.pace import patience

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
EDITORS = ROOT / "editors"
SNIPPETS = ("neovim/newsletter.lua", "helix/languages.toml", "zed/tasks.json")
SAMPLE = "issues/2021-11-26.md"
NEEDED = (0, 11)
"""Neovim's first version with `vim.lsp.config` and `vim.lsp.enable`."""


def neovim() -> Path:
    """The one of the development tools, else the one on PATH."""
    own = Path(sys.executable).with_name("nvim")
    found = own if own.exists() else shutil.which("nvim")
    if found is None:
        pytest.skip("no Neovim on this machine")
    said = subprocess.run([found, "--version"], capture_output=True, text=True, check=True).stdout
    version = tuple(map(int, re.findall(r"\d+", said)[:2]))
    if version < NEEDED:
        pytest.skip(f"Neovim {version[0]}.{version[1]} is here; the settings are for 0.11 on")
    return Path(found)


@pytest.mark.parametrize("name", SNIPPETS)
def test_page_shows_the_settings_as_they_are_shipped(name: str) -> None:
    assert (EDITORS / name).read_text().strip() in (ROOT / "docs/editors.md").read_text()


def test_neovim_shows_explains_mends_and_formats(tmp_path: Path) -> None:
    nvim = neovim()
    shutil.copy(ROOT / "newsletter.toml", tmp_path)
    text = (ROOT / SAMPLE).read_text().strip()
    issue = tmp_path / SAMPLE
    issue.parent.mkdir()
    issue.write_text(text.replace("\n## 2. ", "\n## 2) ") + "\n")
    line = text[: text.index("\n## 2. ")].count("\n") + 2

    told = _probed(nvim, issue, tmp_path)

    assert [{"code": "S011", "line": line}] == told["found"]
    assert "# S011 headline-number-style" == told["page"][0]
    assert text == told["mended"]
    assert text == told["formatted"]


def _probed(nvim: Path, issue: Path, folder: Path) -> dict[str, Any]:
    home = {f"XDG_{kind}_HOME": str(folder / kind) for kind in ("CONFIG", "STATE", "DATA", "CACHE")}
    done = subprocess.run(
        [
            *(nvim, "--headless", "--clean", "-u", EDITORS / "neovim/newsletter.lua", issue),
            *("-c", f"luafile {Path(__file__).with_name('nvim_probe.lua')}"),
        ],
        cwd=folder,
        env={
            **home,
            "PATH": f"{COMMAND.parent}{os.pathsep}{os.environ['PATH']}",
            "HOME": str(folder),
            "PATIENCE": str(patience(20)),
        },
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=patience(90),
    )
    assert 0 == done.returncode, done.stdout + done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def test_helix_names_the_server_that_it_starts() -> None:
    settings = tomllib.loads((EDITORS / "helix/languages.toml").read_text())
    server = settings["language-server"]["newsletter"]

    assert [COMMAND.name, "lsp"] == [server["command"], *server["args"]]
    assert ["newsletter"] == settings["language"][0]["language-servers"]


def test_zeds_task_runs(tmp_path: Path) -> None:
    (task,) = json.loads((EDITORS / "zed/tasks.json").read_text())
    shutil.copy(ROOT / "newsletter.toml", tmp_path)
    words = [word.replace("$ZED_FILE", str(ROOT / SAMPLE)) for word in task["args"]]

    done = subprocess.run([COMMAND.with_name(task["command"]), *words], cwd=tmp_path, check=False)

    assert 0 == done.returncode
