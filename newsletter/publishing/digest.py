"""What is approved and what a run holds on to: the digest of all that is the same for every reader.

It is of the rendered issue and of the sender's headers. What went into it is told apart here too,
by name, so that a person hears which file has changed and not only that something has.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, fields, is_dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from newsletter import __version__
from newsletter.issue import Issue
from newsletter.publishing.issues import publication_path
from newsletter.render import Rendered
from newsletter.settings import Settings
from newsletter.starter import default_templates

_DOMAIN = b"newsletter issue as sent 1\n"
"""Says what is hashed, so that no digest of another thing can be taken for one of these."""

_PAGES = "web_page."
"""Templates that make the archive's pages, and no byte of a message."""


def issue_digest(rendered: Rendered, settings: Settings) -> str:
    """SHA-256, in hex, over the rendered issue and every field of the sender.

    Each value goes in with its length, so that none can pass for a part of its neighbour.
    """
    digest = sha256(_DOMAIN)
    for value in (rendered.digest, *_sender_values(settings)):
        data = value.encode()
        digest.update(b"%d:%b\n" % (len(data), data))
    return digest.hexdigest()


def _sender_values(settings: Settings) -> Iterator[str]:
    sender = settings.sender
    for field in fields(sender):
        value = getattr(sender, field.name)
        yield field.name
        yield "" if value is None else f"={value}"


def issue_inputs(issue: Issue, settings: Settings, issue_date: date) -> Mapping[str, str]:
    """Each thing that goes into the digest, by a name that people know, with its own SHA-256."""
    inputs = {publication_path(Path(issue.path), settings.folder): _of_text(issue.source.text)}
    for name, path in _template_files((settings.templates, default_templates())):
        inputs[f"templates/{name}"] = sha256(path.read_bytes()).hexdigest()
    records = {
        "newsletter.toml [publication] and [words]": settings.publication,
        "newsletter.toml [theme]": settings.theme,
        "newsletter.toml [sender]": settings.sender,
        "newsletter.toml [house.words]": settings.house.cues,
        "the date of the issue": issue_date.isoformat(),
        "the version of this program": __version__,
    }
    return inputs | {name: _of_value(value) for name, value in records.items()}


def _template_files(folders: tuple[Path, ...]) -> list[tuple[str, Path]]:
    """Every template's name with the file that it is taken from: the first folder wins."""
    found: dict[str, Path] = {}
    for folder in reversed(folders):
        for path in folder.rglob("*"):
            if path.is_file():
                found[path.relative_to(folder).as_posix()] = path
    return sorted((name, path) for name, path in found.items() if not name.startswith(_PAGES))


def _of_text(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _of_value(value: Any) -> str:
    plain = asdict(value) if is_dataclass(value) and not isinstance(value, type) else value
    return _of_text(json.dumps(plain, sort_keys=True, default=str))
