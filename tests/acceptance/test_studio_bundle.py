"""What is shipped as the studio's pages is what their source builds, and says whose it is."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.pace import patience

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "editors/studio"
GRAMMARS = ("@lezer/", "@marijn/")
"""Parts of CodeMirror's parser that come with its languages."""

SHIPPED = ROOT / "newsletter/web/studio/static"


@pytest.fixture(scope="module")
def bundler(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The source with the packages that its lock names: those of `make studio`, or new ones."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        pytest.skip("no node and npm on this machine")
    folder = tmp_path_factory.mktemp("studio")
    for name in ("build.mjs", "package.json", "package-lock.json", "tsconfig.json"):
        shutil.copy(SOURCE / name, folder)
    shutil.copytree(SOURCE / "src", folder / "src")
    if _has_packages(SOURCE):
        (folder / "node_modules").symlink_to(SOURCE / "node_modules")
        return folder
    for command in (["ci", "--ignore-scripts"], ["rebuild", "esbuild"]):
        quiet = ["--no-audit", "--no-fund", "--loglevel", "error"]
        done = _run([npm, *command, *quiet], folder)
        if done.returncode:
            pytest.skip(f"npm {command[0]} brings no packages here: {done.stderr[-200:]}")
    return folder


def _has_packages(folder: Path) -> bool:
    """Whether those that are there are those of the lock."""
    installed = folder / "node_modules/.package-lock.json"
    if not installed.is_file():
        return False
    wanted = json.loads((folder / "package-lock.json").read_text())["packages"]
    found = json.loads(installed.read_text())["packages"]
    return all(wanted[name]["version"] == each["version"] for name, each in found.items())


def _run(command: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=folder, capture_output=True, text=True, timeout=patience(100)
    )


def test_bundle_is_what_its_source_builds(bundler: Path, tmp_path: Path) -> None:
    out = tmp_path / "static"
    done = _run(["node", "build.mjs", str(out)], bundler)
    assert 0 == done.returncode, done.stderr
    built = {path.name: path.read_bytes() for path in out.iterdir()}
    shipped = {path.name: path.read_bytes() for path in SHIPPED.iterdir()}

    assert set(built) == set(shipped)
    for name, octets in built.items():
        assert octets == shipped[name], f"{name} is another: run `make studio`"


def test_source_has_no_fault_of_types(bundler: Path) -> None:
    done = _run(["node", "node_modules/typescript/bin/tsc", "--noEmit"], bundler)

    assert "" == done.stdout


def test_every_package_in_the_bundle_has_its_licence_and_its_reason() -> None:
    text = (SHIPPED / "LICENSES.txt").read_text(encoding="utf-8")
    named = re.findall(r"^=+\n(\S+) [\d.]+: (\S+)\n=+$", text, flags=re.MULTILINE)
    reasons = (ROOT / "docs/dependencies.md").read_text(encoding="utf-8")
    asked = json.loads((SOURCE / "package.json").read_text())["devDependencies"]

    assert {"MIT", "OFL-1.1"} == {licence for _, licence in named}
    assert len(named) <= text.count("Copyright")
    for name in {*asked, *(name for name, _ in named if not name.startswith(GRAMMARS))}:
        assert f"`{name}`" in reasons, name


def test_bundle_asks_nothing_of_anywhere_else() -> None:
    css = (SHIPPED / "studio.css").read_text(encoding="utf-8")
    urls = re.findall(r"url\(([^)]*)\)", css)

    assert urls
    for url in urls:
        assert url.strip("\"'").startswith(("./", "data:")), url
    assert "@import" not in css


def test_lock_names_no_registry() -> None:
    assert '"resolved"' not in (SOURCE / "package-lock.json").read_text()
