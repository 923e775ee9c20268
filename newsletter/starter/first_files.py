"""The files of a new publication that are the same for all, and what must differ in each: its key
and its secret. The settings and the first issue are left to `publishing`.
"""

import re
import secrets
from collections.abc import Iterator
from pathlib import Path

from newsletter.starter.places import starter_folder

ENV = Path(".env")
GITIGNORE = Path(".gitignore")
WORKFLOWS = (Path(".github/workflows/newsletter.yml"), Path(".gitlab-ci.yml"))
"""They are read at the root of a repository and nowhere else."""

SUBSCRIBERS = Path("subscribers.example.csv")

_FILES = Path(__file__).parent / "files"
_LONGEST = 50
_SECRET_BYTES = 32
_ENV_HEAD = """\
# The transport and the secrets of this publication, for its owner alone (mode 600). Never put it
# into version control; .env.example belongs there. The environment takes precedence.
"""


def first_files(package: str) -> Iterator[tuple[Path, str]]:
    """Each file and its text; `package` is what `pip install` gets this program from, or "".

    Raises OSError.
    """
    example = (starter_folder() / ".env.example").read_text(encoding="utf-8")
    yield Path(".env.example"), example
    yield ENV, _env(example)
    yield GITIGNORE, (_FILES / "gitignore").read_text(encoding="utf-8")
    yield SUBSCRIBERS, (starter_folder() / SUBSCRIBERS).read_text(encoding="utf-8")
    for path, name in zip(WORKFLOWS, ("github.yml", "gitlab.yml"), strict=True):
        text = (_FILES / name).read_text(encoding="utf-8")
        yield path, text.replace('NEWSLETTER: ""', f'NEWSLETTER: "{package}"')


def new_key(base: str) -> str:
    """A key for a new publication, by its name's, and what tells it from any other.

    Two publications may have one name, and then use one database.
    """
    return f"{base[:_LONGEST].strip('-')}-{secrets.token_hex(2)}"


def _env(example: str) -> str:
    """The example with a secret key in it, so that a send can be tried at once."""
    _, _, rest = example.partition("\n")
    key = f"NEWSLETTER_SECRET_KEY={secrets.token_hex(_SECRET_BYTES)}"
    return _ENV_HEAD + re.sub(r"(?m)^NEWSLETTER_SECRET_KEY=$", key, rest, count=1)
