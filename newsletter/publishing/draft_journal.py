"""What was typed and is not in the file yet, kept beside it from key press to saving.

Each page that writes has a journal of its own, so that nobody's is overwritten; what two people or
programs wrote at once is kept as versions. Whether the file takes it is left to `drafts`.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any, TypeGuard

from newsletter.errors import IssueFileError
from newsletter.files import write_new, write_whole, writing
from newsletter.process import is_alive
from newsletter.publishing.draft_folder import (
    alone,
    draft_folder,
    make_draft_folder,
    new_name,
)
from newsletter.publishing.drafts import read_draft

_TAB = re.compile(r"[a-z0-9]{8,40}")
_FORMAT = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Kept:
    """A text, what it began from, and who keeps it: the page `tab` of the process `by`.

    `number` grows with every text of a page. `base_text` may be "" where it was told before.
    """

    tab: str
    text: str
    base: str
    base_text: str
    at: datetime
    by: str
    number: int = 0


def is_tab(name: str) -> bool:
    """Whether a page may be called so."""
    return _TAB.fullmatch(name) is not None


def keep(issue: Path, kept: Kept) -> None:
    """On the disk when this returns; whoever is killed meanwhile leaves what was kept before.

    An older text that comes late is not kept, nor what the file has by now. Raises OutputError.
    """
    with alone(issue):
        before = _of(issue, kept.tab)
        if before and before.number > kept.number:
            return
        if _has(issue, kept.text):
            _remove(issue, kept.tab)
            return
        base_text = kept.base_text or (before.base_text if _is_same_base(before, kept) else "")
        _write(issue, replace(kept, base_text=base_text))


def forget(issue: Path, tab: str, number: int | None = None) -> None:
    """The file has it now: all of it, or all that the page had up to this number of its texts.

    Raises OutputError.
    """
    with alone(issue):
        before = _of(issue, tab)
        if before and (number is None or before.number <= number):
            _remove(issue, tab)


def find_kept(issue: Path, has: str, is_writing: Callable[[Kept], bool]) -> Sequence[Kept]:
    """What is kept and the file, which has the text `has`, has not: the newest first.

    A page that is writing at this moment needs no help; another process's neither, while it lives.
    """
    found = [each for each in _all(issue) if each.text != has and not is_writing(each)]
    return sorted(found, key=lambda each: each.at, reverse=True)


def has_kept(issue: Path) -> bool:
    """Whether anything of an issue is kept, such as when its file is gone."""
    return any(_all(issue))


def is_elsewhere(kept: Kept, me: str) -> bool:
    """Whether another process keeps it that runs at this moment, on this machine."""
    return kept.by != me and is_alive(kept.by)


def keep_versions(issue: Path, versions: Mapping[str, str]) -> Sequence[Path]:
    """Texts that are kept for good, by names such as `2021-11-26.md.1.yours`. Raises OutputError.

    They share a number; nothing that was kept before is overwritten.
    """
    folder = make_draft_folder(issue)
    for number in count(1):
        paths = [folder / f"{issue.name}.{number}.{each}" for each in versions]
        if not any(path.exists() for path in paths):
            break
    for path, text in zip(paths, versions.values(), strict=True):
        write_new(path, text.encode("utf-8", "replace"), kind="version")
    return paths


def _has(issue: Path, text: str) -> bool:
    """Whether the file has this text. One that cannot be read, such as a link, has none."""
    try:
        return issue.exists() and read_draft(issue).text == text
    except IssueFileError:
        return False


def _name(issue: Path, tab: str) -> str:
    assert is_tab(tab)
    return f"{issue.name}.{tab}.draft"


def _write(issue: Path, kept: Kept) -> None:
    record = asdict(kept) | {"format": _FORMAT, "at": kept.at.isoformat()}
    place = draft_folder(issue) / _name(issue, kept.tab)
    with writing(place):  # ASCII has half a surrogate pair too, as JSON writes it (RFC 8259, 7)
        write_whole(new_name(issue), place, json.dumps(record).encode("ascii"))


def _remove(issue: Path, tab: str) -> None:
    place = draft_folder(issue) / _name(issue, tab)
    with writing(place):
        place.unlink(missing_ok=True)


def _is_same_base(before: Kept | None, kept: Kept) -> TypeGuard[Kept]:
    return before is not None and before.base == kept.base


def _of(issue: Path, tab: str) -> Kept | None:
    """None for none, and for a file that is none of ours."""
    place = draft_folder(issue) / _name(issue, tab)
    try:
        return None if place.is_symlink() else _kept(tab, json.loads(place.read_bytes()))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _all(issue: Path) -> Iterator[Kept]:
    try:
        places = list(draft_folder(issue).iterdir())
    except OSError:
        return
    for place in places:
        tab = place.name.removeprefix(f"{issue.name}.").removesuffix(".draft")
        if is_tab(tab) and place.name == _name(issue, tab):
            kept = _of(issue, tab)
            if kept:
                yield kept


def _kept(tab: str, record: Mapping[str, Any]) -> Kept:
    """Raises ValueError, KeyError or TypeError for a file that is none of ours."""
    if record["format"] != _FORMAT:
        raise ValueError(record["format"])
    at = datetime.fromisoformat(record["at"])
    if at.tzinfo is None:
        raise ValueError(at)
    words = {key: str(record[key]) for key in ("text", "base", "base_text", "by")}
    return Kept(tab=tab, at=at, number=int(record["number"]), **words)
