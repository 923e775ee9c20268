"""The house format for a file in an editor: that of the nearest newsletter.toml above it."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

from newsletter.check import HouseFormat, PastStory
from newsletter.settings import FILE_NAME, find_folder, load_house

Past = Callable[[HouseFormat, Path, date | None], tuple[PastStory, ...]]
"""What ran before an issue: its house format, its file, its day."""

_Stamp = tuple[int, int]


class Publications:
    """Reads each newsletter.toml when it is new or has changed, and no more often."""

    def __init__(self) -> None:
        self._known: dict[Path, tuple[_Stamp, HouseFormat]] = {}

    def house(self, file: Path | None) -> HouseFormat:
        """The house format for a file, ours where there is no other.

        Raises SettingsError for faults in newsletter.toml.
        """
        folder = find_folder(file.parent) if file else None
        if folder is None:
            return HouseFormat()
        stamp = _stamp(folder / FILE_NAME)
        known = self._known.get(folder)
        if known is None or known[0] != stamp:
            known = (stamp, load_house(folder))
            self._known[folder] = known
        return known[1]


def _stamp(path: Path) -> _Stamp:
    try:
        found = path.stat()
    except OSError:  # it went just now; reading it will say so
        return (0, 0)
    return (found.st_mtime_ns, found.st_size)
