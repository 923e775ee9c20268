"""Finds newsletter.toml and reads it and the environment; all faults are told at once."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from newsletter.errors import SettingsError
from newsletter.settings import sections
from newsletter.settings.environment import Environment, read_environment
from newsletter.settings.model import Settings
from newsletter.settings.table import Table

FILE_NAME = "newsletter.toml"
SECTIONS = ("publication", "sender", "house", "theme", "schedule", "limits")
_MAX_BYTES = 256 * 1024


def find_folder(start: Path) -> Path | None:
    """The nearest folder with a newsletter.toml, from `start` upwards."""
    start = start.absolute()
    return next((folder for folder in (start, *start.parents) if _has_file(folder)), None)


def _has_file(folder: Path) -> bool:
    return (folder / FILE_NAME).is_file()


def load_settings(
    folder: Path, environ: Mapping[str, str], *, with_environment: bool = True
) -> Settings:
    """Read and check everything. Raises SettingsError with every fault there is.

    Commands that neither send nor store do without the environment, and without its faults.
    """
    path = folder / FILE_NAME
    faults: list[str] = []
    data = _read(path)
    tables = {name: Table(name, data.get(name, {}), faults) for name in SECTIONS}
    Table("newsletter.toml", data, faults).no_other(also=SECTIONS)

    publication = sections.publication(tables["publication"])
    base_url = publication.base_url if publication else "https://example.com"
    sender = sections.sender(tables["sender"], base_url)
    house = sections.house(tables["house"])
    theme_values = data.get("theme", {})
    theme_values = theme_values if isinstance(theme_values, dict) else {}
    theme = sections.theme(tables["theme"], faults, theme_values)
    schedule = sections.schedule(tables["schedule"])
    limits = sections.limits(tables["limits"])
    environment = Environment()
    if with_environment:
        environment, more = read_environment(folder, environ)
        faults += more
    if faults or publication is None or sender is None or theme is None:
        raise SettingsError(faults, where=str(path), next_step="mend them and try again")
    return Settings(
        folder=folder,
        publication=publication,
        sender=sender,
        house=house,
        theme=theme,
        schedule=schedule,
        limits=limits,
        environment=environment,
    )


def _read(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            text = file.read(_MAX_BYTES).decode("utf-8")
        return tomllib.loads(text)
    except FileNotFoundError as error:
        fault = f"there is no {FILE_NAME} here or above; `newsletter init` lays one out"
        raise SettingsError([fault], where=str(path.parent)) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError([f"this is not TOML: {error}"], where=str(path)) from error
    except OSError as error:
        raise SettingsError([f"cannot be read: {error.strerror}"], where=str(path)) from error
