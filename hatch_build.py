"""What a build adds to the files of this repository: see MADE.

Each is made once, into the source archive or, straight from a checkout, into the wheel. Where a
source archive brought it along it is taken as it is, so both ways lead to one wheel, byte for byte.
An editable install gets none: a checkout speaks for itself.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

sys.path.insert(0, str(Path(__file__).parent))
from newsletter.installation import COMMIT, PAGES, commit_of  # it is not installed yet

IN_SOURCE = "made"
"""The folder of a source archive that has what was made; a wheel has it in the package itself."""

Make = Callable[[Path, Path], None]
"""Given the top of a checkout and a path that is not there, makes the file or folder at it."""


def make_commit(checkout: Path, path: Path) -> None:
    """The commit, and its moment in seconds since 1970; no file where nobody knows the commit."""
    if name := commit_of(checkout):
        path.write_text(f"{name} {_moment(checkout)}\n", encoding="ascii")


def _moment(checkout: Path) -> str:
    ask = ["git", "-C", str(checkout), "log", "-1", "--format=%ct"]
    try:
        done = subprocess.run(ask, capture_output=True, check=True, text=True)  # noqa: S603 - ours
    except (OSError, subprocess.CalledProcessError):
        return ""
    return done.stdout.strip()


def make_pages(checkout: Path, path: Path) -> None:
    """The documentation as a site (scripts/docs.py).

    A fault in a page is told, and keeps nobody from installing; `make docs` is where it is one.
    """
    with TemporaryDirectory(prefix="newsletter-docs-") as folder:
        make = [sys.executable, "-m", "scripts.docs", "--into", folder]
        subprocess.run(make, cwd=checkout, check=False)  # noqa: S603 - ours
        if Path(folder, "site", "index.html").is_file():
            shutil.move(Path(folder, "site"), path)


MADE: Mapping[str, Make] = {COMMIT: make_commit, PAGES: make_pages}
"""Name in the package, and who makes what stands there."""


GENERATOR = "zensical==0.0.73"
"""Makes the pages. Another version makes other bytes, so it is one."""


class Made(BuildHookInterface[Any]):
    def dependencies(self) -> list[str]:
        """None for a source archive, which has the pages."""
        return [] if Path(self.root, IN_SOURCE, PAGES).exists() else [GENERATOR]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        self.folder = TemporaryDirectory(prefix="newsletter-build-")
        for name, make in MADE.items() if version != "editable" else ():
            path = Path(self.root, IN_SOURCE, name)
            if not path.exists():
                path = Path(self.folder.name, name)
                make(Path(self.root), path)
            if path.exists():
                folder = "newsletter" if self.target_name == "wheel" else IN_SOURCE
                build_data["force_include"][str(path)] = f"{folder}/{name}"
                if name == COMMIT:
                    _keep_time(path)

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        del version, build_data, artifact_path
        self.folder.cleanup()


def _keep_time(commit: Path) -> None:
    """Files in an archive are as old as the commit, wherever and whenever it is built.

    https://reproducible-builds.org/docs/source-date-epoch/
    """
    if moment := commit.read_text(encoding="ascii").split()[1:]:
        os.environ.setdefault("SOURCE_DATE_EPOCH", moment[0])
