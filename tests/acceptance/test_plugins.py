"""The example package with a rule, a transport and a theme, installed into a venv of its own."""

import json
import shutil
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.acceptance.publication import clean_environment
from tests.pace import patience

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples/harbour-newsletter"
ISSUE, NEXT = "issues/2021-11-26.md", "issues/2021-12-03.md"


@dataclass(frozen=True)
class Harbour:
    """A Python with the example in it, and a publication."""

    python: Path
    example: Path
    folder: Path

    def run(
        self, *arguments: str, transport: str = "directory:sent/"
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self.python, "-m", "newsletter", *arguments],
            cwd=self.folder,
            env={**clean_environment(), "NEWSLETTER_TRANSPORT": transport},
            capture_output=True,
            text=True,
            timeout=patience(60),
        )


@pytest.fixture(scope="module")
def harbour(tmp_path_factory: pytest.TempPathFactory) -> Harbour:
    """The venv sees what is installed beside the tests, and asks nobody for the rest."""
    root = tmp_path_factory.mktemp("harbour")
    example = root / "example"
    shutil.copytree(EXAMPLE, example, ignore=shutil.ignore_patterns("__pycache__", ".*_cache"))
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", root / "venv"], check=True)
    python = root / "venv/bin/python"
    [own] = (root / "venv/lib").glob("python*/site-packages")
    beside = f"import site; site.addsitedir({sysconfig.get_path('purelib')!r})\n"
    (own / "beside.pth").write_text(beside)
    pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "-q", "--no-index"]
    subprocess.run([*pip, "--no-deps", "--no-build-isolation", str(example)], check=True)
    publication = Harbour(python, example, root / "publication")
    publication.folder.mkdir()
    text = (ROOT / "newsletter.toml").read_text(encoding="utf-8")
    text = text.replace("[theme]\n", '[theme]\npackage = "harbour"\n')
    (publication.folder / "newsletter.toml").write_text(text, encoding="utf-8")
    (publication.folder / "issues").mkdir()
    issue = (ROOT / ISSUE).read_text(encoding="utf-8")
    ship = "The MV Ever Given is no tram.\n\n## 2. "
    (publication.folder / ISSUE).write_text(issue.replace("## 2. ", ship, 1), encoding="utf-8")
    return publication


def test_its_own_tests_pass(harbour: Harbour) -> None:
    done = subprocess.run(
        [harbour.python, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests"],
        cwd=harbour.example,
        capture_output=True,
        text=True,
    )

    assert 0 == done.returncode, done.stdout + done.stderr


def test_the_rule_is_listed_explained_and_held_to(harbour: Harbour) -> None:
    listed, page = harbour.run("rules"), harbour.run("rules", "ship-names")
    checked = harbour.run("check", ISSUE)

    assert "HARBOUR001" in listed.stdout
    assert "MV Ever Given" in page.stdout
    assert 1 == checked.returncode
    assert "HARBOUR001 “MV Ever Given” is a ship" in checked.stdout


def test_the_transport_is_listed_and_sent_by(harbour: Harbour) -> None:
    people = harbour.folder / "people.csv"
    people.write_text("email,consent\nada@example.com,a test\ngrace@example.com,a test\n")

    listed = harbour.run("transports")
    sent = harbour.run(
        "send", ISSUE, "--subscribers", "people.csv", "--yes", transport="logbook:book.jsonl"
    )

    assert "logbook" in listed.stdout
    assert 0 == sent.returncode, sent.stdout + sent.stderr
    lines = (harbour.folder / "book.jsonl").read_text().splitlines()
    assert ["ada@example.com", "grace@example.com"] == sorted(
        json.loads(line)["to"] for line in lines
    )


def html_of(harbour: Harbour) -> str:
    done = harbour.run("render", ISSUE, "--out", "rendered")
    assert 0 == done.returncode, done.stderr
    return (harbour.folder / "rendered/2021-11-26.html").read_text(encoding="utf-8")


def whose(harbour: Harbour, name: str) -> str:
    lines = harbour.run("templates", "list").stdout.splitlines()
    [line] = [line for line in lines if line.split()[0] == name]
    return line.removeprefix(name).strip()


MASTHEAD = "partials/masthead.mjml.j2"


def test_the_theme_is_drawn_by_and_told_apart(harbour: Harbour) -> None:
    html = html_of(harbour)

    assert "Palatino" in html
    assert "#0b3c5d" in html
    assert "∼ Retail technology" in html.replace("&#8764;", "∼")
    assert ("the theme’s", "ours") == (
        whose(harbour, MASTHEAD),
        whose(harbour, "partials/story.mjml.j2"),
    )


def test_the_publications_own_goes_before_the_theme(harbour: Harbour) -> None:
    toml = harbour.folder / "newsletter.toml"
    before = toml.read_text()
    toml.write_text(before.replace("[theme.light]\n", '[theme.light]\naccent = "#7a1f5c"\n'))
    try:
        assert 0 == harbour.run("templates", "eject", "partials/masthead").returncode
        own = harbour.folder / "templates" / MASTHEAD
        assert "Made from harbour-newsletter 1.0" in own.read_text()
        own.write_text(own.read_text().replace("&#8764;", "+++"))
        html, state = html_of(harbour), whose(harbour, MASTHEAD)
        differs = harbour.run("templates", "diff")
    finally:
        toml.write_text(before)
        shutil.rmtree(harbour.folder / "templates", ignore_errors=True)

    assert "#7a1f5c" in html
    assert "+++ Retail technology" in html
    assert "yours" == state
    assert (0, True) == (differs.returncode, f"--- theme/{MASTHEAD}" in differs.stdout)


def test_a_change_of_the_theme_voids_an_approval(harbour: Harbour) -> None:
    """Its files are told among what went into the digest."""
    shutil.copyfile(harbour.folder / ISSUE, harbour.folder / NEXT)
    assert 0 == harbour.run("approve", NEXT, "--by", "Grace").returncode
    packages = harbour.python.parents[1].glob("lib/*/site-packages/harbour_newsletter")
    theme = next(packages) / "theme/templates" / MASTHEAD
    before = theme.read_text()
    theme.write_text(before.replace("&#8764;", "~"))
    try:
        status = harbour.run("status", NEXT)
    finally:
        theme.write_text(before)

    assert f"templates/{MASTHEAD}" in status.stdout


def test_a_theme_that_nobody_brings_is_a_fault_with_the_nearest_one(harbour: Harbour) -> None:
    toml = harbour.folder / "newsletter.toml"
    before = toml.read_text()
    toml.write_text(before.replace('package = "harbour"', 'package = "harbor"'))
    try:
        done = harbour.run("render", ISSUE)
    finally:
        toml.write_text(before)

    assert 2 == done.returncode
    assert "no package that is installed has a theme “harbor”; did you mean harbour?" in done.stderr
