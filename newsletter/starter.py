"""The starter publication: what the repository ships at its top level, and the wheel inside.

It has every template, and what `newsletter init` lays out in an empty folder: all but those.
"""

import re
import secrets
from collections.abc import Iterator
from pathlib import Path

_LONGEST = 50

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


def new_key(base: str) -> str:
    """A key for a new publication, by that of its folder's name, and what tells it from any other.

    Two publications may be laid out in folders of one name, and then use one database.
    """
    return f"{base[:_LONGEST].strip('-')}-{secrets.token_hex(2)}"


def with_key(settings: str, key: str) -> str:
    """The text of the starter's newsletter.toml, with a key where it has none yet."""
    return re.sub(r'(?m)^# key = "[^"]*" *', f'key = "{key}"'.ljust(51) + " ", settings, count=1)


def starter_files() -> Iterator[Path]:
    """Every file of the starter, relative to its folder."""
    yield from map(Path, FILES)
