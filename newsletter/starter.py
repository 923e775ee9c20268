"""The starter publication: what the repository ships at its top level, and the wheel inside.

It has every template, and what `newsletter init` lays out in an empty folder: all but those.
"""

from collections.abc import Iterator
from pathlib import Path

FILES = (
    "newsletter.toml",
    ".env.example",
    "subscribers.example.csv",
    "issues/2021-11-26.md",
)


def starter_folder() -> Path:
    """In a wheel the files travel inside the package; in a checkout they stand beside it."""
    package = Path(__file__).parent
    packed = package / "_starter"
    return packed if packed.is_dir() else package.parent


def default_templates() -> Path:
    return starter_folder() / "templates"


def rules_folder() -> Path:
    """The pages of the check's rules, `<slug>.md` each."""
    packed = Path(__file__).parent / "_starter" / "rules"
    return packed if packed.is_dir() else Path(__file__).parents[1] / "docs" / "rules"


def starter_files() -> Iterator[Path]:
    """Every file of the starter, relative to its folder."""
    yield from map(Path, FILES)
