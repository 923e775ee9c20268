"""The documentation as a site: the pages that this program brings along for its readers.

A build writes them into the package (hatch_build.py). In a checkout they are what `make docs` left,
and as old as that. What shows them is the front's.
"""

from pathlib import Path

PAGES = "_docs"
"""The folder of the package that a build writes them to."""

_PACKAGE = Path(__file__).parents[1]
_BUILT = Path("build", "docs", "site")


def pages_folder() -> Path | None:
    """The folder with the site's `index.html`; None where nobody has built it."""
    for folder in (_PACKAGE / PAGES, _PACKAGE.parent / _BUILT):
        if (folder / "index.html").is_file():
            return folder
    return None


def page_names(folder: Path) -> list[str]:
    """`operators`, `rules/story-count`: what the pages are called, in order."""
    pages = (path.relative_to(folder).with_suffix("") for path in folder.rglob("*.html"))
    return sorted(page.as_posix() for page in pages if page.name != "404")
