"""Where a command finds its publication: the nearest newsletter.toml from here upwards."""

import os
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from newsletter.check import HouseFormat
from newsletter.cli.console import note, note_fitted, warning
from newsletter.clock import now
from newsletter.errors import IssueFileError
from newsletter.publishing.issue_names import FOLDER, issue_names
from newsletter.publishing.issues import issue_file
from newsletter.publishing.scales import Scales
from newsletter.settings import FILE_NAME, find_folder, load_house, load_html_budget, no_publication

if TYPE_CHECKING:
    from newsletter.settings import Settings


def settings_here(
    *, with_environment: bool, quietly: bool = False, needs: Sequence[str] = ()
) -> "Settings":
    """The settings of this folder or the nearest above. Raises SettingsError, also for none.

    `needs` are variables that the command cannot do without.
    What is worth a look in them is said to whoever called the command, but for `quietly`.
    """
    from newsletter.settings import load_settings  # with it comes all that sends and renders

    folder = find_folder(Path.cwd()) or Path.cwd()
    settings = load_settings(folder, os.environ, with_environment=with_environment, needs=needs)
    for caution in () if quietly else settings.cautions:
        note(f"{warning('warning:')} {folder / FILE_NAME}: {caution}")
    return settings


def house_here() -> tuple[Path, HouseFormat]:
    """The publication's folder and house format; without any settings, this folder and ours."""
    folder = find_folder(Path.cwd())
    return (folder, load_house(folder)) if folder else (Path.cwd(), HouseFormat())


def is_outside() -> bool:
    """Whether this is no folder of a publication, nor one where issues are written without any."""
    return find_folder(Path.cwd()) is None and not Path(FOLDER).exists()


def warn_outside() -> None:
    """Says that an issue was written into a folder that is no publication's."""
    note_fitted(
        f"there is no {FILE_NAME} here or above, so this belongs to no publication, and no "
        "settings hold for it: go into the folder of yours, or lay one out here with "
        "`newsletter init`",
        word="warning:",
        paint=warning,
    )


def folder_of_issues() -> Path:
    """Where the issues of this publication are. Raises SettingsError where there are neither."""
    folder = find_folder(Path.cwd())
    issues = (folder or Path.cwd()) / FOLDER
    if folder is None and not issues.exists():
        raise no_publication(Path.cwd())
    return from_here(issues)


def scales_here() -> Scales | None:
    """What weighs the publication's issues; None where there is none, or none that is sent."""
    folder = find_folder(Path.cwd())
    budget = load_html_budget(folder) if folder else None
    if folder is None or budget is None:
        return None
    return Scales(folder=folder, budget=budget, now=now())


def issue_here(asked: Path) -> Path:
    """The file of an issue of this publication, by its path or its name, as one would write it.

    Raises IssueFileError for one that is not there, with the name that may be meant. What no name
    of an issue resembles is given back as it is, for whoever reads it to say so.
    """
    path, folder = file_here(asked), find_folder(Path.cwd())
    if folder is not None and not path.exists():
        _refuse_missing(asked, issue_names(folder))
    return path


def file_here(asked: Path) -> Path:
    """The same for whoever has something else to say of an issue that is not there."""
    return from_here(issue_file(asked, find_folder(Path.cwd())))


def _refuse_missing(asked: Path, names: Sequence[str]) -> None:
    near = get_close_matches(asked.stem, names, n=1)
    if names:
        step = f"give the path of an issue, or its name: the newest here is {names[0]}"
        raise IssueFileError(
            "no such file",
            where=str(asked),
            next_step=f"did you mean {near[0]}?" if near else step,
        )


def from_repository(path: Path) -> Path:
    """A path as its repository has it, wherever the command was run; outside of any, `from_here`.

    A `.git` is a folder, or in a worktree a file.
    """
    whole = Path(os.path.abspath(path))  # noqa: PTH100 - through no link, as the repository has it
    root = next((folder for folder in whole.parents if (folder / ".git").exists()), None)
    return whole.relative_to(root) if root else from_here(path)


def from_here(path: Path) -> Path:
    """A path inside this folder as a person would write it; any other as it is."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path
