"""The names of a publication's issues, as its folder has them: no issue is read for them.

Whoever completes a name on the command line asks at a press of a key, so nothing is loaded here.
"""

from pathlib import Path

SUFFIXES = frozenset({".md", ".txt"})
"""What the name of an issue's file ends in, where nobody names the file itself."""

FOLDER = "issues"
"""Where a publication keeps them."""

PAST = ("archive", "not-public")
"""Folders within, of issues that were sent before there was this publication.

They are as they were, so nobody holds them to the house format unless they are named.
"""


def issue_names(folder: Path) -> list[str]:
    """The newest first, where they are named by their days; none where there is no such folder."""
    try:
        files = list((folder / FOLDER).iterdir())
    except OSError:
        return []
    return sorted({file.stem for file in files if file.suffix in SUFFIXES}, reverse=True)
