"""Where this program was installed from, if others can get it from there as well (PEP 610)."""

import json
import re
from importlib.metadata import PackageNotFoundError, distribution

from newsletter.installation.way import PROJECT

_REPOSITORY = re.compile(r"https://[\w.-]+(?::\d+)?/[\w./~+-]+")
"""Without a name or a password in it."""
_COMMIT = re.compile(r"[0-9a-f]{7,64}")


def package_origin() -> str:
    """`git+https://git.example.com/newsletter@<commit>`, or "" if only this machine has it."""
    try:
        return origin_in(distribution(PROJECT).read_text("direct_url.json") or "{}")
    except PackageNotFoundError:
        return ""


def origin_in(direct_url: str) -> str:
    """The origin that the text of a direct_url.json has, "" for any that cannot be told on."""
    try:
        found = json.loads(direct_url)
        url, commit = found["url"], found["vcs_info"]["commit_id"]
        is_git = found["vcs_info"]["vcs"] == "git"
    except (ValueError, KeyError, TypeError):
        return ""
    if not (is_git and _REPOSITORY.fullmatch(str(url)) and _COMMIT.fullmatch(str(commit))):
        return ""
    return f"git+{url}@{commit}"
