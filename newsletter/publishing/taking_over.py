"""A publication taken over from another system: its export read, its issues put on their shelves.

All of it happens in a folder aside, database included; so what is shown to somebody before they
agree is what is there, and who says no has nothing to clean up.
"""

import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex

from newsletter.errors import ExportError, OutputError
from newsletter.files import write_file, writing
from newsletter.importing.exports import (
    Container,
    Export,
    PastIssue,
    Shelf,
    System,
    Written,
    open_container,
    read_export,
    system_of,
    write_all,
)
from newsletter.publishing.issue_names import FOLDER
from newsletter.publishing.moved import REPORT_NAME, moved_text
from newsletter.publishing.people.importing import Report, unheard
from newsletter.publishing.people.taking_over import Readers, bring_readers
from newsletter.publishing.publication import Books

_DATABASE = "newsletter.db"

OpenBooks = Callable[[Path], AbstractContextManager[Books]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """The export, and what somebody knows of it: whose it is, which of its lists, its old site."""

    path: Path
    system: System | None = None
    audience: str = ""
    site: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Opened:
    """An export that is read, and is not taken over yet."""

    export: Export
    container: Container


@dataclass(frozen=True, kw_only=True, slots=True)
class TakenOver:
    """What has come over, and what has not. `empty` are issues of which no word was left."""

    export: Export
    written: Sequence[Written]
    empty: Sequence[str]
    readers: Readers | None

    def on(self, shelf: Shelf) -> Sequence[Written]:
        return [issue for issue in self.written if issue.shelf is shelf]

    @property
    def lost(self) -> Counter[str]:
        """How many of each kind, over all issues."""
        return sum((issue.lost for issue in self.written), Counter[str]())

    @property
    def changed(self) -> Counter[str]:
        """How many of each kind are written otherwise than they stood there."""
        return sum((issue.changed for issue in self.written), Counter[str]())

    @property
    def hosts(self) -> Counter[str]:
        """From where pictures come, still."""
        return sum((issue.hosts for issue in self.written), Counter[str]())


@contextmanager
def opening(asked: Asked) -> Iterator[Opened]:
    """The export, with one list of readers. Raises ExportError."""
    with open_container(asked.path) as container:
        system = asked.system or system_of(container)
        export = read_export(container, system, site=asked.site)
        yield Opened(export=_with_one_list(export, asked), container=container)


def _with_one_list(export: Export, asked: Asked) -> Export:
    there = export.audiences
    if asked.audience and asked.audience not in there:
        raise ExportError(
            f"there is no list “{asked.audience}” in it",
            where=str(asked.path),
            next_step=f"it has {_listed(there)}" if there else "it has one list, without a name",
        )
    if len(there) > 1 and not asked.audience:
        raise ExportError(
            f"it has {len(there)} lists of readers, and a publication has one",
            where=str(asked.path),
            next_step=f"say which: {_listed(there)}",
        )
    return export.of(asked.audience) if asked.audience else export


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"“{name}”" for name in names[:8])


@contextmanager
def aside(folder: Path) -> Iterator[Path]:
    """A folder within, for its owner alone, that is gone at the end; and so is `folder` itself if
    it was made for it and nothing came of it. Raises OutputError.
    """
    was_there = folder.is_dir()
    place = folder / f".taking-over-{token_hex(4)}"
    with writing(place):
        place.mkdir(parents=True, mode=0o700)
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)
        if not was_there and not any(folder.iterdir()):
            folder.rmdir()


def bring(
    opened: Opened, place: Path, *, open_books: OpenBooks, report: Report = unheard
) -> TakenOver:
    """Issues and readers into the publication that is laid out at `place`.

    Raises ExportError, SubscriberFileError, OutputError.
    """
    export = opened.export
    found = list(write_all(export.issues, export.system))
    written = [issue for issue in found if isinstance(issue, Written)]
    for issue in written:
        path = place / FOLDER / issue.shelf / f"{issue.name}.md"
        write_file(path, issue.text.encode("utf-8", "replace"))
    readers = None
    if export.people:
        with open_books(place) as books:
            readers = bring_readers(
                export.people,
                opened.container,
                export.system,
                workspace=place / "copies",
                books=books,
                report=report,
            )
    empty = [issue.label for issue in found if isinstance(issue, PastIssue)]
    taken = TakenOver(export=export, written=written, empty=empty, readers=readers)
    write_file(place / REPORT_NAME, moved_text(export, written, empty).encode())
    return taken


@contextmanager
def settled(place: Path, folder: Path) -> Iterator[None]:
    """What was taken over, from the folder aside into its own: all of it, or nothing, also where
    what is done inside then fails.

    Raises OutputError where something is there already.
    """
    moves = [(path, folder / path.relative_to(place)) for path in sorted(_results(place))]
    for _, target in moves:
        if target.exists() or target.is_symlink():
            raise OutputError(
                "this already exists, and nothing is overwritten",
                where=str(target),
                next_step="name an empty folder",
            )
    done: list[tuple[Path, Path]] = []
    try:
        for path, target in moves:
            with writing(target):
                target.parent.mkdir(parents=True, exist_ok=True)
                path.rename(target)
            done.append((path, target))
        yield
    except BaseException:  # Ctrl-C between two of them too
        for path, target in done:
            target.rename(path)
        _remove_empty(folder)
        raise


def _remove_empty(folder: Path) -> None:
    for shelf in (*Shelf, "."):
        with suppress(OSError):
            (folder / FOLDER / shelf).resolve().rmdir()


def _results(place: Path) -> Iterator[Path]:
    """Issues on their shelves, the report, and the database with what this machine saw of it."""
    for shelf in Shelf:
        yield from (place / FOLDER / shelf).glob("*.md")
    yield from place.glob(f"{_DATABASE}*")
    yield from place.glob("newsletter.witness")
    yield from place.glob(REPORT_NAME)
