"""Secrets that stand in files of their own: `NEWSLETTER_SECRET_KEY_FILE=/run/secrets/key`.

That is how containers and service managers hand them over. Which names there are, and that a file
is text of one line, PEM aside, is known here; what a secret means is left to `environment`. Its
mode is not looked at: whoever mounts a secret decides who sees the mount, and Docker and Kubernetes
make them readable for all inside. Nothing that stands in a file is ever in a fault.
"""

import os
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path

from newsletter.settings.faults import Fault, Origin

SUFFIX = "_FILE"
MAX_BYTES = 65_536
"""Far more than any key has: what is longer is another file."""


def variables(secrets: Iterable[str]) -> Iterator[str]:
    """The names of the variables that name the files of these secrets."""
    return (name + SUFFIX for name in secrets)


def unless_said(
    given: Mapping[str, str], file: Mapping[str, str], secrets: Iterable[str]
) -> dict[str, str]:
    """What `.env` says, without those secrets of which the environment says either form."""
    said: set[str] = set()
    for name in secrets:
        if name in given or name + SUFFIX in given:
            said |= {name, name + SUFFIX}
    return {name: value for name, value in file.items() if name not in said}


def read_secret_files(
    values: Mapping[str, str],
    secrets: Iterable[str],
    of_lines: Collection[str],
    origin: Origin,
) -> tuple[Mapping[str, str], tuple[Fault, ...]]:
    """The secrets that files hold, by their own names; and a fault for each that cannot be had.

    A relative path is relative to newsletter.toml. `of_lines` are those that may have several.
    """
    found: dict[str, str] = {}
    faults: list[Fault] = []
    for name in secrets:
        variable = name + SUFFIX
        if not values.get(variable):
            continue
        if values.get(name):
            what = f"{name} and {variable} are both set: a secret comes from one of them"
            faults.append(origin.fault(variable, what))
            continue
        path = origin.folder / values[variable]
        text, what = _read(path)
        if what := what or _shape(text, many=name in of_lines):
            faults.append(origin.fault(variable, f"{variable} names {path}, which {what}"))
        else:
            found[name] = text
    return found, tuple(faults)


def _read(path: Path) -> tuple[str, str]:
    """The text without the line end that editors and `echo` leave; and what is wrong, or ""."""
    try:
        if not path.is_file():  # a pipe would be waited for
            return "", "is no file" if path.exists() else "is not there"
        with path.open("rb") as stream:
            raw = stream.read(MAX_BYTES + 1)
    except OSError as error:
        return "", f"cannot be read: {os.strerror(error.errno or 0)}"
    if len(raw) > MAX_BYTES:
        return "", f"is larger than {MAX_BYTES:,} bytes: that is no secret"
    try:
        return raw.decode("utf-8-sig").rstrip("\r\n"), ""
    except UnicodeDecodeError:
        return "", "is no text in UTF-8"


def _shape(text: str, *, many: bool) -> str:
    if not text.strip():
        return "is empty"
    if not many and len(text.splitlines()) > 1:
        return "has more than one line: a secret is one"
    return "has a NUL in it" if "\0" in text else ""
