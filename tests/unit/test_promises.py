"""What the project says about itself, held to what it is."""

import ast
import re
import sys
import tomllib
from collections import defaultdict
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

import pytest
from packaging.specifiers import SpecifierSet

from newsletter.cli.commands import COMMANDS
from newsletter.settings.environment import NAMES

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "newsletter"
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])

PLACES = {
    "aiosmtpd": {"inbox.py"},
    "aiosmtplib": {"transports/smtp.py"},
    "alembic": {"store/"},
    "cryptography": {"message/dkim_key.py"},
    "cssutils": {"render/inline_css.py"},
    "dns": {"lookup/resolver.py"},
    "dotenv": {"settings/dotenv_file.py"},
    "email_validator": {"addresses.py"},
    "h11": {"web/"},
    "holidays": {"schedule/holiday.py"},
    "jinja2": {
        "render/environment.py",
        "render/bounds.py",
        "issue/merge_fields.py",
        "web/studio/drawing.py",
    },
    "lsprotocol": {"lsp/"},
    "lxml": {"client_support/detection.py", "importing/html.py", "render/"},
    "mammoth": {"importing/docx.py"},
    "markdown_it": {
        "importing/exports/markdown_page.py",
        "issue/markdown.py",
        "issue/dialect.py",
        "issue/full_width.py",
    },
    "mjml": {"render/mjml.py"},
    "imapclient": {"bounces/read/imap.py"},
    "opentelemetry": {"traces/"},
    "PIL": {"pictures/prepare.py"},
    "premailer": {"render/inline_css.py"},
    "procrastinate": {"workers/"},
    "prometheus_client": {"metrics/"},
    "psycopg": {"store/"},
    "pygls": {"lsp/"},
    "rapidfuzz": {"check/rules/headline_ran_before.py"},
    "rich": {"cli/"},
    "sqlalchemy": {"store/"},
    "starlette": {"web/"},
    "tinycss2": {"client_support/css_marks.py"},
    "typer": {"cli/"},
    "uvicorn": {"web/"},
    "webencodings": {"importing/encoding.py"},
}
"""Third-party package to the one place (or the two, with a reason) that knows it."""


EXAMPLES = {"newsletter/check/rules/exclamation_marks.py", "tests/rules/exclamation-marks/"}
"""What CONTRIBUTING.md has people write."""

SUFFIXES = {"gz", "json", "py", "toml"}
"""Behind a full stop, and no name in a module."""

OF_ALL_ROOMS = {"docstrings", "documents", "floors", "order", "promises"}
"""Tests of every room at once, which stand beside the rooms."""


def modules() -> list[tuple[str, ast.Module]]:
    return [
        (str(path.relative_to(PACKAGE)), ast.parse(path.read_text(encoding="utf-8")))
        for path in sorted(PACKAGE.rglob("*.py"))
    ]


def test_every_third_party_package_has_its_place() -> None:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for name, tree in modules():
        for node in ast.walk(tree):
            for package in _imported(node):
                if package != "newsletter" and package not in sys.stdlib_module_names:
                    found[package].add(name)

    assert set(PLACES) >= set(found)
    for package, names in found.items():
        for name in names:
            assert any(name.startswith(place) for place in PLACES[package]), (package, name)


def _imported(node: ast.AST) -> list[str]:
    match node:
        case ast.Import(names=names):
            return [alias.name.split(".")[0] for alias in names]
        case ast.ImportFrom(module=str(module), level=0):
            return [module.split(".")[0]]
        case _:
            return []


def test_rooms_are_entered_by_their_doors() -> None:
    """`from newsletter.store.journal import ...` is for the store alone.

    Each module of publishing/ is a door: one for each kind of act. A room within a room, as the
    public site's pages are within the renderer's, has a door of its own.
    """
    rooms = {path.name for path in PACKAGE.iterdir() if (path / "__init__.py").is_file()}
    rooms -= {"publishing"}
    for name, tree in modules():
        own = name.split("/")[0]
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module:
                parts = node.module.split(".")
                is_inside = len(parts) > 2 and parts[0] == "newsletter" and parts[1] in rooms
                is_inside = is_inside and not (len(parts) == 3 and _is_room(parts))
                assert not is_inside or parts[1] == own, f"{name}: {node.module}"


def _is_room(parts: list[str]) -> bool:
    return PACKAGE.joinpath(*parts[1:], "__init__.py").is_file()


def test_modules_and_functions_are_of_a_size_to_read() -> None:
    for name, tree in modules():
        assert (PACKAGE / name).read_text(encoding="utf-8").count("\n") <= 400, name
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                assert (node.end_lineno or 0) - node.lineno < 60, f"{name}: {node.name}"


def test_every_module_says_what_it_knows() -> None:
    for name, tree in modules():
        assert ast.get_docstring(tree), name


def test_every_dependency_has_its_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    reasons = (ROOT / "docs/dependencies.md").read_text(encoding="utf-8")
    wanted = [*project["dependencies"]]
    for extra in ("dkim", "docx", "inbox", "lsp", "postgresql"):
        wanted += project["optional-dependencies"][extra]

    for requirement in wanted:
        name = re.split(r"[\[>=<]", requirement)[0]
        assert f"| {name} |" in reasons, name


def test_constraints_pin_every_dependency_and_name_no_address() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pinned = {line.split("==")[0].lower() for line in lines}

    assert all(re.fullmatch(r"[A-Za-z0-9._-]+==[0-9][0-9A-Za-z.+]*", line) for line in lines)
    for requirement in project["dependencies"]:
        assert re.split(r"[\[>=<]", requirement)[0].lower() in pinned, requirement


def test_what_is_pinned_installs_on_the_oldest_system_that_the_pages_name() -> None:
    """Debian 12 has Python 3.11.2."""
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    for name in (line.split("==")[0] for line in lines):
        with suppress(PackageNotFoundError):
            wanted = metadata(name)["Requires-Python"] or ""
            assert SpecifierSet(wanted).contains("3.11.2"), f"{name} wants {wanted}"


def test_documents_name_every_command_and_variable() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in DOCUMENTS)

    for command in COMMANDS:
        assert f"newsletter {command}" in text, command
    for variable in NAMES:
        assert variable in text, variable


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_documents_link_to_what_is_there(path: Path) -> None:
    text = re.sub(r"```.*?```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    text = re.sub(r"`[^`]*`", "", text)
    for target in re.findall(r"\]\(([^)\s#]+)[^)]*\)", text):
        if "://" not in target:
            assert (path.parent / target).exists(), target


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_documents_name_modules_that_are_there(path: Path) -> None:
    """`newsletter/room/module.py`, `room/module.py`, `tests/folder`, or one in the folder named."""
    for name in _quoted(path):
        if name not in EXAMPLES and re.fullmatch(r"\w[\w/*.-]*\.py|tests/[\w/.-]+", name):
            found = [*ROOT.glob(name), *PACKAGE.glob(name)]
            if "/" not in name:
                found += [*PACKAGE.rglob(name), *(ROOT / "tests").rglob(name)]
            assert found, name


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_documents_name_functions_that_are_there(path: Path) -> None:
    """`room/module.function`, `room/module.Class.method`, or `module.function` of the package."""
    rooms = "|".join(sorted(_rooms()))
    for name in _quoted(path):
        of_room = re.fullmatch(rf"((?:{rooms})(?:/\w+)*)\.([A-Za-z_][\w.]*)", name)
        if of_room and of_room[2].split(".")[-1] not in SUFFIXES:
            module = PACKAGE / f"{of_room[1]}.py"
            if "/" in of_room[1] or module.is_file():  # `issue.started` is an event
                assert of_room[2] in _names_in(module), name


def _quoted(path: Path) -> list[str]:
    text = re.sub(r"```.*?```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    return re.findall(r"`([^`\n]+)`", text)


def _names_in(module: Path) -> set[str]:
    """What a module defines, and `Class.method`."""
    found: set[str] = set()
    for node in ast.parse(module.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(node.name)
        if isinstance(node, ast.ClassDef):
            methods = (each for each in node.body if hasattr(each, "name"))
            found.update(f"{node.name}.{each.name}" for each in methods)
    return found


def _rooms() -> set[str]:
    inside = {path for path in PACKAGE.iterdir() if path.is_dir() or path.suffix == ".py"}
    return {path.stem for path in inside if not path.name.startswith("_")}


def test_map_has_every_room_and_no_other() -> None:
    assert set(_first_words("The rooms, from the top")) == _rooms()


def test_map_has_every_act_and_no_other() -> None:
    modules = {path.stem for path in (PACKAGE / "publishing").iterdir() if path.suffix == ".py"}
    rooms = {path.parent.name for path in (PACKAGE / "publishing").glob("*/__init__.py")}

    assert set(_first_words("The acts")) == modules - {"__init__"} | rooms


def _first_words(heading: str) -> list[str]:
    """The rooms or modules in the rows of the map's section; each has one row."""
    text = (ROOT / "docs/map.md").read_text(encoding="utf-8")
    section = text.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    found = re.findall(r"^\|(?:[^|`]*\|)? `(\w+)/?` \|", section, flags=re.MULTILINE)
    assert len(found) == len(set(found))
    return found


@pytest.mark.parametrize("tree", ["unit", "integration"])
def test_tests_stand_where_their_room_does(tree: str) -> None:
    folders = {path for path in (ROOT / "tests" / tree).iterdir() if any(path.glob("*.py"))}

    assert {path.name for path in folders} <= _rooms()
    for path in (ROOT / "tests" / tree).glob("test_*.py"):
        assert path.stem.removeprefix("test_") in _rooms() | OF_ALL_ROOMS, path
    for path in (file for folder in folders for file in folder.glob("test_*.py")):
        text = path.read_text(encoding="utf-8")
        assert re.search(rf"\bnewsletter[./]{path.parent.name}\b", text), path


def test_starter_settings_document_every_section() -> None:
    text = (ROOT / "newsletter.toml").read_text(encoding="utf-8")

    for section in ("publication", "sender", "house", "theme", "schedule", "limits"):
        assert f"[{section}]" in text


def test_documents_install_what_is_at_hand() -> None:
    """No index has this program, so nobody is told to get it from one by its name."""
    by_name = re.compile(r"\b(?:pip|pipx|uv tool) install\b[^`]*\bnewsletter-as-code\b")
    for path in DOCUMENTS:
        for line in path.read_text(encoding="utf-8").splitlines():
            assert not by_name.search(line) or "--no-index" in line, f"{path.name}: {line}"


def test_install_page_has_every_extra() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    page = (ROOT / "docs/install.md").read_text(encoding="utf-8")
    script = (ROOT / "scripts/install.sh").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \|", page, flags=re.MULTILINE)
    brought = re.search(r"^extras=([\w,]+)\$", script, flags=re.MULTILINE)

    assert brought
    assert set(project["optional-dependencies"]) - {"dev"} == set(rows)
    assert rows[:5] == brought[1].split(",")
    assert page.count(f"[{brought[1]}]'") == 5
