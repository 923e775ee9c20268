"""The documentation as a site, built into build/docs/site; `newsletter docs` shows it.

    python -m scripts.docs                   build it, and say what is wrong with it
    python -m scripts.docs --into FOLDER     the same, and nothing is written but there

Its pages are those of docs/, with CONTRIBUTING.md and CHANGELOG.md of the root. Zensical makes
HTML of them; nothing else is needed, so that a wheel is built without the package's dependencies.
What it builds depends on its sources alone, and asks nothing of the network. A link that leads
nowhere, and whatever a browser would fetch from
elsewhere are faults, told together, and end it with status 1.
"""

import argparse
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from os.path import relpath
from pathlib import Path

from scripts.docs_links import faults_of_site

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
SETTINGS = DOCS / "zensical.toml"
OF_ROOT = {
    "README.md": "README.md",
    "CONTRIBUTING.md": "contributing.md",
    "CHANGELOG.md": "changes.md",
}
"""Pages of the root, and what the site has in their place."""

KINDS = {".css", ".json", ".md", ".png", ".svg", ".yml"}
"""What of docs/ the site has: pages, pictures, and what they lead to."""

_FENCED = re.compile(r"(^ *```.*?^ *```$)", re.DOTALL | re.MULTILINE)
_LINK = re.compile(r"!?\[((?:[^\[\]]|\[[^\]]*\])*)\]\(([^)\s#:]+)(#[^)\s]*)?\)")


def build(folder: Path) -> list[str]:
    """Build into `folder`/site and return what is wrong with it, a line each."""
    for made in ("pages", "site"):
        shutil.rmtree(folder / made, ignore_errors=True)
    names = list(stage(folder / "pages"))
    settings = _with_others(SETTINGS.read_text(encoding="utf-8"), names)
    (folder / SETTINGS.name).write_text(settings, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "zensical", "build", "--strict", "--clean"],
        cwd=folder,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        return [*done.stdout.splitlines(), *done.stderr.splitlines()]
    return [*faults_of_site(folder / "site")]


def stage(pages: Path) -> Iterator[str]:
    """Write every page and picture to a folder; yields the names of the pages."""
    for source in sorted(DOCS.rglob("*")):
        name = source.relative_to(DOCS)
        if source.suffix in KINDS:
            (pages / name).parent.mkdir(parents=True, exist_ok=True)
            if source.suffix == ".md":
                _write_page(source, pages / name)
                yield name.as_posix()
            else:
                shutil.copyfile(source, pages / name)
    for root_name, name in OF_ROOT.items():
        if not (DOCS / name).exists():
            _write_page(ROOT / root_name, pages / name)
            yield name


def _write_page(source: Path, target: Path) -> None:
    parts = _FENCED.split(source.read_text(encoding="utf-8"))
    parts[::2] = (_LINK.sub(lambda link: _led(link, source), part) for part in parts[::2])
    target.write_text("".join(parts), encoding="utf-8")


def _led(link: re.Match[str], source: Path) -> str:
    """A link as the site has it; of one to what the site does not have, the words alone."""
    target = (source.parent / link[2]).resolve()
    if not target.exists():  # a sample, or a fault to be told
        return link[0]
    name = _name_of(target)
    if name is None:
        return link[1]
    own = Path(_name_of(source) or "")
    return link[0].replace(f"({link[2]}", f"({relpath(name, own.parent)}")


def _name_of(source: Path) -> str | None:
    """What the site calls a file of the repository, None where it does not have it."""
    if source.is_relative_to(DOCS):
        return source.relative_to(DOCS).as_posix()
    return OF_ROOT.get(source.relative_to(ROOT).as_posix())


def _with_others(settings: str, names: list[str]) -> str:
    """The settings, with every page that their navigation does not name: a folder's in place of
    `"rules/*"`, all others in place of `"*"`. So no page stands nowhere.
    """
    others = [name for name in names if f'"{name}"' not in settings]
    rules = [name for name in others if name.startswith("rules/")]
    rest = [name for name in others if name not in rules]
    settings = settings.replace('"rules/*"', ", ".join(f'"{name}"' for name in rules))
    listed = ", ".join(f'"{name}"' for name in rest)
    more = f'  {{ "More" = [{listed}] }},\n' if rest else ""
    return settings.replace('  { "More" = ["*"] },\n', more)


def main() -> int:
    parser = argparse.ArgumentParser(description="Build the documentation as a site.")
    parser.add_argument("--into", type=Path, default=ROOT / "build" / "docs")
    folder = parser.parse_args().into.resolve()
    faults = build(folder)
    sys.stderr.writelines(f"{fault}\n" for fault in faults)
    sys.stdout.write(f"{folder / 'site' / 'index.html'}\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
