"""Where newsletter.toml is, and what stands in it, before anyone asks what it means."""

import re
import tomllib
from pathlib import Path
from typing import Any

from newsletter.errors import Act, Remedy, SettingsError

FILE_NAME = "newsletter.toml"
_AT = re.compile(r"\(at line (\d+), column \d+\)")
_TWICE = "Cannot overwrite a value"
_BARE = re.compile(r"[^\W\d][^\"'\[\]{}#]*")
_MAX_BYTES = 256 * 1024


def find_folder(start: Path) -> Path | None:
    """The nearest folder with a newsletter.toml, from `start` upwards."""
    start = start.absolute()
    return next((folder for folder in (start, *start.parents) if _has_file(folder)), None)


def _not_toml(text: str, error: tomllib.TOMLDecodeError) -> str:
    """The fault with its line and, where it is one of the usual slips, how to mend it."""
    found = _AT.search(str(error))
    number = int(found[1]) if found else 0
    line = text.splitlines()[number - 1].strip() if 0 < number <= text.count("\n") + 1 else ""
    place = f"line {number}, “{line[:60]}”" if line else "the file"
    return f"{place} is not TOML: {_step(line, str(error)) or error}"


def _step(line: str, said: str) -> str:
    """What mends a line `key = value`, in the usual cases; "" where nobody can tell."""
    key, equals, value = (part.strip() for part in line.partition("="))
    if not equals:
        return "write `key = value`, or begin the line with # for a note" if line else ""
    if _TWICE in said:
        return f"{key} stands there twice; keep one"
    if value[:1] in "“”„‘’«":
        return f'put straight quotation marks round it: {key} = "…"'
    if value[:1] in "\"'" and value.count(value[0]) == 1:
        return "the quotation mark is not closed"
    if _BARE.fullmatch(value):
        return f'put the words in quotes: {key} = "{value}"'
    return ""


def _has_file(folder: Path) -> bool:
    return (folder / FILE_NAME).is_file()


def read_toml(path: Path) -> dict[str, Any]:
    """The tables of a file. Raises SettingsError where there is none, or no TOML."""
    try:
        with path.open("rb") as file:
            text = file.read(_MAX_BYTES).decode("utf-8-sig")
        return tomllib.loads(text)
    except FileNotFoundError as error:
        raise SettingsError(
            [f"there is no {FILE_NAME} here or above"],
            where=str(path.parent),
            next_step="lay out a publication",
            remedy=Remedy(Act.LAY_OUT),
        ) from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsError([_not_toml(text, error)], where=str(path)) from error
    except UnicodeDecodeError as error:
        raise SettingsError([f"this is not UTF-8: {error}"], where=str(path)) from error
    except OSError as error:
        raise SettingsError([f"cannot be read: {error.strerror}"], where=str(path)) from error
