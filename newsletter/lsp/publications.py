"""The house format for a file in an editor, that of the nearest newsletter.toml above it, and the
pictures that are beside that.
"""

from collections.abc import Callable
from datetime import date
from pathlib import Path

from newsletter.check import HouseFormat, PastStory
from newsletter.files import FileState, file_state
from newsletter.publishing.pictures import PictureFolder
from newsletter.settings import FILE_NAME, find_folder, load_house

Past = Callable[[HouseFormat, Path, date | None], tuple[PastStory, ...]]
"""What ran before an issue: its house format, its file, its day."""


class Publications:
    """Reads each newsletter.toml when it is new or has changed, and no more often."""

    def __init__(self) -> None:
        self._known: dict[Path, tuple[FileState, HouseFormat]] = {}
        self._pictures: dict[Path, PictureFolder] = {}

    def house(self, file: Path | None) -> HouseFormat:
        """The house format for a file, ours where there is no other.

        Raises SettingsError for faults in newsletter.toml.
        """
        folder = find_folder(file.parent) if file else None
        if folder is None:
            return HouseFormat()
        state = file_state(folder / FILE_NAME)
        known = self._known.get(folder)
        if known is None or known[0] != state:
            known = (state, load_house(folder))
            self._known[folder] = known
        return known[1]

    def pictures(self, file: Path | None) -> PictureFolder | None:
        """The pictures for a file, None where it is in no publication."""
        folder = find_folder(file.parent) if file else None
        return self._pictures.setdefault(folder, PictureFolder(folder)) if folder else None
