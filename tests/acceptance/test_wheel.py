"""The wheel, built here and unpacked into an empty folder, is the whole program."""

import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest
import yaml

from newsletter.installation import commit_of
from tests.acceptance.publication import clean_environment
from tests.pace import patience

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
STUDIO = [
    str(path.relative_to(ROOT))
    for folder in ("static", "templates")
    for path in (ROOT / "newsletter/web/studio" / folder).iterdir()
]
"""The studio's pages: its bundle with the licences of others, and its templates."""

BIN = str(Path(sys.executable).parent)
"""Where `pip` and `python` are those with the dependencies."""


def build(folder: Path, *options: str) -> Path:
    """The wheel that a build leaves in the folder; a build in its own environment asks the net."""
    command = [sys.executable, "-m", "build", "--no-isolation", *options, "--outdir", str(folder)]
    subprocess.run([*command, str(ROOT)], check=True, capture_output=True)
    [wheel] = folder.glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `make build` leaves: a source archive, and the wheel that was built out of it."""
    folder = tmp_path_factory.mktemp("dist")
    build(folder)
    return folder


@pytest.fixture(scope="module")
def installed(dist: Path) -> Path:
    """A folder with what the wheel installs; its dependencies are those of this environment."""
    [wheel] = dist.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(dist / "site")
    return dist / "site"


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
    assert 0 == run(installed, tmp_path, "init").returncode
    for name in ("newsletter.toml", issue):
        shutil.copyfile(ROOT / name, tmp_path / name)
    steps = (
        ("check", issue),
        ("render", issue),
        ("send", issue, "--subscribers", "subscribers.example.csv", "--dry-run"),
        ("send", issue, "--subscribers", "subscribers.example.csv", "--yes"),
    )

    for arguments in steps:
        done = run(installed, tmp_path, *arguments)
        assert 0 == done.returncode, (arguments, done.stdout, done.stderr)

    assert 12 == len(list((tmp_path / "sent").glob("*.eml")))
    assert not (tmp_path / "templates").exists()


def git(folder: Path, *arguments: str) -> str:
    identity = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org")
    return subprocess.run(
        ["git", *identity, *arguments], cwd=folder, check=True, capture_output=True, text=True
    ).stdout.strip()


class Proposal:
    """A new publication in a repository, and its first issue proposed on a branch."""

    def __init__(self, installed: Path, folder: Path, out: Path) -> None:
        self.folder = folder
        git(folder, "init", "--quiet")
        git(folder, "commit", "--quiet", "--allow-empty", "--message", "Before")
        self.base = git(folder, "rev-parse", "HEAD")
        assert 0 == run(installed, folder, "init", "--name", "The Block").returncode
        git(folder, "add", "--all")
        git(folder, "commit", "--quiet", "--message", "An issue")
        self._environment = {
            "PATH": os.pathsep.join([f"{out}/bin", BIN, clean_environment()["PATH"]]),
            "PYTHONPATH": str(out),
            "PIP_TARGET": str(out),
            "PIP_NO_DEPS": "1",
            "PIP_NO_INDEX": "1",
        }

    def step(self, script: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """A script as both sites run it; what it installs goes into a folder of its own."""
        return subprocess.run(
            ["sh", "-e", "-c", script],
            cwd=self.folder,
            env={**self._environment, **variables},
            capture_output=True,
            text=True,
            timeout=patience(120),
        )


@pytest.fixture
def proposal(installed: Path, tmp_path: Path) -> Proposal:
    folder, out = tmp_path / "block", tmp_path / "site"
    folder.mkdir()
    return Proposal(installed, folder, out)


def test_workflow_for_github_checks_and_renders_what_is_proposed(
    dist: Path, proposal: Proposal
) -> None:
    job = yaml.safe_load((proposal.folder / ".github/workflows/newsletter.yml").read_text())
    install, check, render = (step for step in job["jobs"]["issues"]["steps"] if "run" in step)
    [wheel] = dist.glob("*.whl")

    unset = proposal.step(install["run"], **job["env"])
    assert (1, True) == (unset.returncode, "::error file=.github" in unset.stdout)
    done = proposal.step(install["run"], NEWSLETTER=str(wheel))
    assert 0 == done.returncode, done.stderr
    checked = proposal.step(check["run"])
    assert (1, True) == (checked.returncode, "::error file=issues/" in checked.stdout)
    assert {"BASE": "${{ github.event.pull_request.base.sha }}"} == render["env"]
    for base in (proposal.base, "HEAD"):  # the issue that is changed, or else the newest
        shutil.rmtree(proposal.folder / "outbox", ignore_errors=True)
        rendered = proposal.step(render["run"], BASE=base)
        assert 0 == rendered.returncode, rendered.stderr
        kinds = {path.suffix for path in (proposal.folder / "outbox").iterdir()}
        assert {".html", ".txt", ".eml"} == kinds


def test_job_for_gitlab_checks_and_renders_what_is_proposed(dist: Path, proposal: Proposal) -> None:
    job = yaml.safe_load((proposal.folder / ".gitlab-ci.yml").read_text())["issues"]
    [wheel] = dist.glob("*.whl")
    script = "\n".join(job["script"])

    unset = proposal.step(script, NEWSLETTER=job["variables"]["NEWSLETTER"])
    done = proposal.step(
        script, NEWSLETTER=str(wheel), CI_MERGE_REQUEST_DIFF_BASE_SHA=proposal.base
    )

    assert (1, True) == (unset.returncode, "Set NEWSLETTER in .gitlab-ci.yml" in unset.stdout)
    assert (1, True) == (done.returncode, "error S015" in done.stdout), done.stderr
    assert job["artifacts"]["paths"] == ["outbox/"]
    assert {".html", ".txt", ".eml"} == {
        path.suffix for path in (proposal.folder / "outbox").iterdir()
    }


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


def test_wheel_holds_types_migrations_starter_and_pages(installed: Path) -> None:
    for name in (
        "newsletter/py.typed",
        "newsletter/store/sql/migrations/env.py",
        "newsletter/_starter/newsletter.toml",
        "newsletter/_starter/.env.example",
        "newsletter/_starter/templates/inline.css",
        "newsletter/starter/files/github.yml",
        "newsletter/_starter/rules/story-numbering.md",
        "newsletter/_docs/index.html",
        "newsletter/_docs/search.json",
        *STUDIO,
    ):
        assert (installed / name).is_file(), name
    assert not (installed / "tests").exists()


def test_source_archive_holds_the_studio_and_what_it_is_built_of(dist: Path) -> None:
    [archive] = dist.glob("*.tar.gz")
    with tarfile.open(archive) as packed:
        names = {name.partition("/")[2] for name in packed.getnames()}

    assert {*STUDIO, "newsletter/web/studio/static/LICENSES.txt"} <= names
    assert {"editors/studio/build.mjs", "editors/studio/package-lock.json"} <= names
    assert not [name for name in names if "node_modules" in name]


def test_wheel_knows_its_commit(installed: Path, tmp_path: Path) -> None:
    known = commit_of(ROOT)
    shown = run(installed, tmp_path, "--version").stdout.split(maxsplit=2)

    assert ([f"({known})\n"] if known else []) == shown[2:]


def test_wheel_is_the_same_from_a_checkout_and_from_the_source_archive(
    dist: Path, tmp_path: Path
) -> None:
    [from_archive] = dist.glob("*.whl")
    straight = build(tmp_path, "--wheel")

    assert from_archive.name == straight.name
    assert from_archive.read_bytes() == straight.read_bytes()


def test_index_would_take_wheel_and_source_archive(dist: Path) -> None:
    files = sorted(dist.glob("*.whl")) + sorted(dist.glob("*.tar.gz"))
    command = [sys.executable, "-m", "twine", "check", "--strict", *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True)

    assert (0, 2) == (done.returncode, done.stdout.count("PASSED")), done.stdout


def test_wheel_has_the_manual_page_where_an_install_puts_it(dist: Path) -> None:
    [wheel] = dist.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        [page] = [name for name in archive.namelist() if name.endswith("man/man1/newsletter.1")]

        assert page.split("/")[1:] == ["data", "share", "man", "man1", "newsletter.1"]
        assert archive.read(page) == (ROOT / "docs/newsletter.1").read_bytes()
