"""A new database with all its tables and nothing in them: made once, and copied for each test.

Making one goes through all migrations, which takes as long as twenty tests of it.
"""

import tempfile
from functools import cache
from pathlib import Path

from newsletter.store import Database, open_database


def open_new(path: Path) -> Database:
    """Open a new one, of SQLite, in this file, which is not there yet."""
    assert not path.exists()
    path.write_bytes(_new())
    path.chmod(0o600)  # as it is made
    return open_database(f"sqlite:///{path}")


@cache
def _new() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "newsletter.db")
        open_database(f"sqlite:///{path}").close()
        return path.read_bytes()
