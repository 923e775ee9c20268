"""A picture that was made ready, and the fault of one that cannot be; both are plain values.

How a file becomes one is left to `prepare`, where it is shown from to whoever renders.
"""

from dataclasses import dataclass, field
from hashlib import sha256
from typing import Self

MAX_WIDTH = 1_120
"""Pixels: twice the 560 that an e-mail's column has on the sharpest screens."""
MAX_FILE = 20_000_000
"""Octets of a file that is looked at at all."""

SUFFIXES = {"image/jpeg": ".jpg", "image/png": ".png", "image/gif": ".gif"}
"""The formats that every mail program shows, and how a file of each is named."""

_NAME_DIGITS = 32


@dataclass(frozen=True, kw_only=True, slots=True)
class Picture:
    """What readers get in the place of a file. `source` is the file as the issue names it.

    `name` is made of the octets, so that the same picture has the same name for ever; `origin` is
    the SHA-256 of the file as it was found, in hex. `width` and `height` are pixels.
    """

    source: str
    name: str
    media_type: str
    octets: bytes = field(repr=False)
    width: int
    height: int
    origin: str

    @classmethod
    def of(
        cls, octets: bytes, media_type: str, size: tuple[int, int], *, source: str, file: bytes
    ) -> Self:
        """A picture of these octets, which were made of a `file`."""
        digest = sha256(octets).hexdigest()
        return cls(
            source=source,
            name=f"{digest[:_NAME_DIGITS]}{SUFFIXES[media_type]}",
            media_type=media_type,
            octets=octets,
            width=size[0],
            height=size[1],
            origin=sha256(file).hexdigest(),
        )

    @property
    def stem(self) -> str:
        """The name without its suffix: 32 hexadecimal digits."""
        return self.name.partition(".")[0]

    def height_at(self, width: int) -> int:
        """Pixels of its height where it is shown at a width."""
        return max(round(self.height * width / self.width), 1)


@dataclass(frozen=True, kw_only=True, slots=True)
class PictureFault:
    """Why a file can be no picture of an issue, and what to do about it, in plain words."""

    what: str
    next_step: str


Outcome = Picture | PictureFault
