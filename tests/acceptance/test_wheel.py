"""The wheel, built here and unpacked into an empty folder, is the whole program."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.acceptance.publication import clean_environment
from tests.pace import patience

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what the wheel installs; its dependencies are those of this environment."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir"]
    subprocess.run([*build, str(folder), str(ROOT)], check=True, capture_output=True)
    [wheel] = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def run(installed: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "newsletter", *arguments],
        cwd=folder,
        env={**clean_environment(), "PYTHONPATH": str(installed)},
        capture_output=True,
        text=True,
        timeout=patience(60),
    )


def test_wheel_lays_out_a_publication_and_does_the_main_job(
    installed: Path, tmp_path: Path
) -> None:
    issue = "issues/2021-11-26.md"
    steps = (
        ("init",),
        ("check",),
        ("render", issue),
        ("send", issue, "--subscribers", "subscribers.example.csv", "--dry-run"),
        ("send", issue, "--subscribers", "subscribers.example.csv", "--yes"),
    )

    for arguments in steps:
        done = run(installed, tmp_path, *arguments)
        assert 0 == done.returncode, (arguments, done.stdout, done.stderr)

    assert 12 == len(list((tmp_path / "sent").glob("*.eml")))
    assert not (tmp_path / "templates").exists()


def test_wheel_has_templates_to_give(installed: Path, tmp_path: Path) -> None:
    for arguments in (("init",), ("templates", "eject", "partials/story"), ("templates", "diff")):
        done = run(installed, tmp_path, *arguments)
        assert 0 == done.returncode, (arguments, done.stdout, done.stderr)

    assert "No difference" in done.stdout


def test_wheel_is_what_runs(installed: Path, tmp_path: Path) -> None:
    """The tests above mean nothing if the checkout answers instead."""
    code = "import newsletter; print(newsletter.__file__)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={"PYTHONPATH": str(installed)},
        capture_output=True,
        text=True,
    )

    assert str(installed) in done.stdout


def test_wheel_holds_types_migrations_and_the_starter(installed: Path) -> None:
    for name in (
        "newsletter/py.typed",
        "newsletter/store/sql/migrations/env.py",
        "newsletter/_starter/newsletter.toml",
        "newsletter/_starter/.env.example",
        "newsletter/_starter/templates/inline.css",
        "newsletter/_starter/rules/story-numbering.md",
    ):
        assert (installed / name).is_file(), name
    assert not (installed / "tests").exists()
