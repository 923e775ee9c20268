"""What is approved and what a run holds on to: the digest of all that is the same for every reader.

It is of the rendered issue and of the sender's headers. What went into it is told apart here too,
by name, so that a person hears which file has changed and not only that something has.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, fields, is_dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from newsletter import __version__
from newsletter.issue import Issue
from newsletter.pictures import Picture
from newsletter.publishing.issues import publication_path
from newsletter.render import Rendered
from newsletter.settings import Settings

_DOMAIN = b"newsletter issue as sent 1\n"
"""Says what is hashed, so that no digest of another thing can be taken for one of these."""

_PAGES = ("web_page.", "site/")
"""How the templates' names begin that make pages, and no byte of a message."""


def issue_digest(rendered: Rendered, settings: Settings, segment: str = "") -> str:
    """SHA-256, in hex, over the rendered issue and whatever of the sender is in its messages.

    With whom it goes to, where that is a segment. Each value goes in with its length, so that none
    can pass for a part of its neighbour.
    """
    digest = sha256(_DOMAIN)
    to = ("segment", segment) if segment else ()
    for value in (rendered.digest, *_sender_values(settings), *to):
        data = value.encode()
        digest.update(b"%d:%b\n" % (len(data), data))
    return digest.hexdigest()


_OF_THE_ENVELOPE = frozenset({"verp"})
"""Of the sender's, what is in no byte of a message: approvals from before it was there hold."""


def _sender_values(settings: Settings) -> Iterator[str]:
    sender = settings.sender
    for field in fields(sender):
        if field.name in _OF_THE_ENVELOPE:
            continue
        value = getattr(sender, field.name)
        yield field.name
        yield "" if value is None else f"={value}"


def issue_inputs(
    issue: Issue,
    settings: Settings,
    issue_date: date,
    pictures: Iterable[Picture] = (),
    segment: str = "",
) -> Mapping[str, str]:
    """Each thing that goes into the digest, by a name that people know, with its own SHA-256."""
    inputs = {publication_path(Path(issue.path), settings.folder): _of_text(issue.source.text)}
    for name, path in _template_files(settings.template_folders):
        inputs[f"templates/{name}"] = sha256(path.read_bytes()).hexdigest()
    records = {
        "newsletter.toml [publication] and [words]": settings.publication,
        "newsletter.toml [theme]": settings.theme,
        "newsletter.toml [sender]": settings.sender,
        "newsletter.toml [house.words]": settings.house.cues,
        "the date of the issue": issue_date.isoformat(),
        "the version of this program": __version__,
        **({"the segment it goes to": segment} if segment else {}),
    }
    made = {name: _of_value(value) for name, value in records.items()}
    return inputs | made | _of_pictures(tuple(pictures), settings)


def _of_pictures(pictures: Sequence[Picture], settings: Settings) -> dict[str, str]:
    """The files as they were found, and what made them ready; nothing where there are none."""
    if not pictures:
        return {}
    from newsletter.pictures import library  # loads Pillow, which has been of use by now

    files = {unquote(picture.source): picture.origin for picture in pictures}
    return files | {
        "newsletter.toml [images]": _of_value(settings.images),
        "the version of Pillow": _of_value(library()),
    }


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
