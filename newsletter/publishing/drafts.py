"""The text of an issue's file as somebody writes it, and back into the file, over nobody's head.

An editor's text has LF at every line end and no byte-order mark; the file keeps those that it had,
and its mode. A version is the digest of a file's bytes: whoever saves says which one they began
from, and where the file is another by now nothing is written. No link is followed.
"""

import os
import re
import stat
from dataclasses import dataclass
from datetime import UTC, datetime
from difflib import SequenceMatcher
from hashlib import sha256
from pathlib import Path

from newsletter.errors import IssueFileError, reading
from newsletter.files import rewrite_if, write_new
from newsletter.issue import MAX_BYTES, source_from_bytes
from newsletter.publishing.draft_folder import alone, new_name

_BOM = "\ufeff"
_LINE_END = re.compile(r"\r\n|\n|\r")
_UNFIT = re.compile("[\ud800-\udfff\0]")
"""Half of a surrogate pair, which UTF-8 does not have (RFC 3629, 3), and what no text has."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """The text of a file, which version of it that is, and when it was written.

    `line_ends` are those of its lines, one for each.
    """

    text: str
    version: str
    at: datetime
    has_bom: bool = False
    line_ends: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class ChangedElsewhere:
    """The file was changed by another program since it was read, and nothing was written.

    `draft` is how it is now, None where it is gone.
    """

    path: Path
    draft: Draft | None

    def __str__(self) -> str:
        done = "changed" if self.draft else "deleted or renamed"
        return f"{self.path}: this was {done} by another program"


def read_draft(path: Path) -> Draft:
    """Raises IssueFileError for a file that is no text of an issue, for a link, for none."""
    with reading(path, IssueFileError, wanted="an issue"):
        number = _open(path)
        with open(number, "rb") as file:  # noqa: PTH123 - opened so that no link is followed
            found = os.fstat(number)
            data = file.read(MAX_BYTES + 1)
    source = source_from_bytes(data, path=str(path))
    return Draft(
        text=as_written(source.text),
        version=sha256(data).hexdigest(),
        at=datetime.fromtimestamp(found.st_mtime, UTC),
        has_bom=source.has_bom,
        line_ends=tuple(_LINE_END.findall(source.text)),
    )


def save_draft(
    path: Path, text: str, base: str, under_way: str | None = None
) -> Draft | ChangedElsewhere:
    """Write a text that began as the version `base`; what the file has already is not written.

    `under_way` is what whoever saves had sent to be saved before, and heard nothing of yet. Raises
    IssueFileError for a text that no file can hold, OutputError.
    """
    check_text(text, path)
    with alone(path):
        now = _now(path)
        if now is None or now.text == text:
            return now or ChangedElsewhere(path=path, draft=None)
        is_expected = now.version == base or now.text == under_way
        is_written = is_expected and rewrite_if(
            path,
            as_in_file(text, now).encode(),
            temporary=new_name(path),
            is_still=lambda: _version(path) == now.version,
        )
        return read_draft(path) if is_written else ChangedElsewhere(path=path, draft=_now(path))


def write_again(path: Path, text: str) -> Draft | ChangedElsewhere:
    """Write the text of an issue whose file is gone, unless it is back.

    Raises IssueFileError, OutputError.
    """
    check_text(text, path)
    with alone(path):
        now = _now(path)
        if now is not None:
            return now if now.text == text else ChangedElsewhere(path=path, draft=now)
        write_new(path, text.encode(), mode=0o644, kind="issue")
        return read_draft(path)


def as_in_file(text: str, draft: Draft) -> str:
    """An editor's text as it would stand in the file, for whoever judges the file."""
    lines = text.split("\n")
    joined = "".join(map("".join, zip(lines, [*_ends(lines, draft), ""], strict=True)))
    return f"{_BOM if draft.has_bom else ''}{joined}"


def as_written(text: str) -> str:
    """A file's text as an editor has it."""
    return _LINE_END.sub("\n", text.removeprefix(_BOM))


def check_text(text: str, path: Path) -> None:
    """Raises IssueFileError for a text that would not be read as an issue again."""
    found = _UNFIT.search(text)
    if found:
        before = text[: found.start()].split("\n")
        raise IssueFileError(
            "there is half a character here, which no file can hold",
            where=f"{path}:{len(before)}:{len(before[-1]) + 1}",
            next_step="delete it",
        )
    if len(text.encode()) > MAX_BYTES:
        raise IssueFileError(
            f"the text is larger than {MAX_BYTES // 1024 // 1024} MB, which no issue is",
            where=str(path),
            next_step="shorten it",
        )


def _open(path: Path) -> int:
    """Raises IssueFileError for a link and for what is no file, OSError."""
    if path.is_symlink():
        raise IssueFileError(
            "this is a link, and is not followed",
            where=str(path),
            next_step="put the file itself there",
        )
    number = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    if not stat.S_ISREG(os.fstat(number).st_mode):
        os.close(number)
        raise IssueFileError("this is no file", where=str(path), next_step="name the issue's file")
    return number


def _now(path: Path) -> Draft | None:
    """None where nothing is there any more. Raises IssueFileError for what is no text."""
    return read_draft(path) if os.path.lexists(path) else None


def _version(path: Path) -> str:
    """Empty for none."""
    now = _now(path)
    return now.version if now else ""


def _ends(lines: list[str], before: Draft) -> list[str]:
    """The ends of all lines but the last: a line that was there keeps its own."""
    known = before.line_ends
    usual = max(sorted(set(known)), key=known.count, default="\n")
    ends = [usual] * (len(lines) - 1)
    if len(set(known)) > 1:
        old = before.text.split("\n")
        for match in SequenceMatcher(None, old, lines, autojunk=False).get_matching_blocks():
            for step in range(match.size):
                if match.a + step < len(known) and match.b + step < len(ends):
                    ends[match.b + step] = known[match.a + step]
    return ends
