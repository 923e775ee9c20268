"""The pictures of a publication, read from its folder and made ready, each file once.

What an issue names is text that somebody else may have written: a file is opened from the
publication's folder downwards, name by name, through no link, so that nothing outside of it is ever
looked at, and nobody learns whether it is there. What readers get of it is `pictures`' business.
"""

import os
import stat
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from difflib import get_close_matches
from pathlib import Path

from newsletter.check import images_of
from newsletter.issue import Issue
from newsletter.pictures import (
    FOLDER,
    MAX_FILE,
    MAX_WIDTH,
    Outcome,
    PictureFault,
    is_source,
    parse_source,
)

KEPT = 64
"""Pictures made ready that are kept: more than an issue has, and a bound for who never ends."""

_BELOW = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC
_DIRECTORY = _BELOW | os.O_DIRECTORY
_FILE = _BELOW | os.O_NONBLOCK  # a pipe would otherwise keep us waiting for a writer
_NO_FILE = PictureFault(what="is no file", next_step="put the picture itself there, no link to it")

_Stamp = tuple[int, int, int, int]
"""Of a file: its device, its number there, its size and when it was written to."""


class PictureFolder:
    """The pictures of the publication in `folder`; a file that has not changed is not read again.

    What cannot be a picture is a fault, and nothing here raises.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known: dict[tuple[str, int], tuple[_Stamp, Outcome]] = {}

    def of(self, issue: Issue) -> Mapping[str, Outcome]:
        """What becomes of each picture of the issue that is a file, by its source, in order."""
        if "![" not in issue.source.text:
            return {}
        sources = dict.fromkeys(image.src for image, _ in images_of(issue))
        return {source: self.take(source) for source in sources if is_source(source)}

    def take(self, source: str, *, most_width: int = MAX_WIDTH) -> Outcome:
        """The picture that a file makes; `most_width` is in pixels."""
        parts = parse_source(source)
        if parts is None:
            return PictureFault(
                what=f"is no file in {FOLDER}/", next_step=f"write {FOLDER}/name.jpg"
            )
        try:
            with _opened(self._folder, parts) as file:
                return self._made(source, file, most_width)
        except FileNotFoundError:
            return _missing(self._folder, parts)
        except PermissionError:
            return PictureFault(what="cannot be read", next_step="check its permissions")
        except OSError:  # a link may lead anywhere; where to must not be told from the words
            return _NO_FILE

    def _made(self, source: str, file: int, most_width: int) -> Outcome:
        found = os.fstat(file)
        stamp = (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns)
        known = self._known.get((source, most_width))
        if known and known[0] == stamp:
            return known[1]
        outcome = _prepared(source, file, found, most_width)
        while len(self._known) >= KEPT:
            del self._known[next(iter(self._known))]
        self._known[source, most_width] = stamp, outcome
        return outcome


def _prepared(source: str, file: int, found: os.stat_result, most_width: int) -> Outcome:
    if not stat.S_ISREG(found.st_mode):
        return _NO_FILE
    from newsletter.pictures import prepare_picture  # Pillow, which most issues do without

    with open(file, "rb", closefd=False) as stream:
        octets = stream.read(MAX_FILE + 1)  # it may have grown since
    return prepare_picture(octets, source=source, most_width=most_width)


@contextmanager
def _opened(folder: Path, parts: Sequence[str], last: int = _FILE) -> Iterator[int]:
    """The descriptor of the last part: each is looked up in the folder that was opened before."""
    descriptors = [os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)]
    try:
        for at, part in enumerate(parts, 1):
            flags = last if at == len(parts) else _DIRECTORY
            descriptors.append(os.open(part, flags, dir_fd=descriptors[-1]))
        yield descriptors[-1]
    finally:
        for descriptor in descriptors:
            os.close(descriptor)


def _missing(folder: Path, parts: Sequence[str]) -> PictureFault:
    """With the name that was perhaps meant, in the same folder of ours."""
    *above, name = parts
    names: list[str] = []
    with suppress(OSError), _opened(folder, above, _DIRECTORY) as place:
        names = os.listdir(place)  # noqa: PTH208 - a descriptor, which no link can change
    near = get_close_matches(name, names, n=1)
    place_of = "/".join(above)
    step = f"did you mean {place_of}/{near[0]}?" if near else f"put the file in {place_of}/"
    return PictureFault(what="is not there", next_step=step)
