"""Where newsletter.toml is, and what stands in it, before anyone asks what it means."""

import tomllib
from pathlib import Path
from typing import Any

from newsletter.errors import Act, Remedy, SettingsError
from newsletter.settings.toml_slips import not_toml

FILE_NAME = "newsletter.toml"
_MAX_BYTES = 256 * 1024


def find_folder(start: Path) -> Path | None:
    """The nearest folder with a newsletter.toml, from `start` upwards."""
    start = start.absolute()
    return next((folder for folder in (start, *start.parents) if _has_file(folder)), None)


def _has_file(folder: Path) -> bool:
    return (folder / FILE_NAME).is_file()


def no_publication(folder: Path) -> SettingsError:
    """The error for a folder that is no publication's, and in none."""
    return SettingsError(
        [f"there is no {FILE_NAME} here or above"],
        where=str(folder),
        next_step="go into the folder of your publication, or lay one out",
        remedy=Remedy(Act.LAY_OUT),
    )


def read_toml(path: Path) -> dict[str, Any]:
    """The tables of a file. Raises SettingsError where there is none, or no TOML."""
    try:
        with path.open("rb") as file:
            text = file.read(_MAX_BYTES).decode("utf-8-sig")
        return tomllib.loads(text)
    except FileNotFoundError as error:
        raise no_publication(path.parent) from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsError([not_toml(text, error)], where=str(path)) from error
    except UnicodeDecodeError as error:
        raise SettingsError([f"this is not UTF-8: {error}"], where=str(path)) from error
    except OSError as error:
        raise SettingsError([f"cannot be read: {error.strerror}"], where=str(path)) from error
