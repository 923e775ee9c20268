"""A GIF without what is not its picture: comments, XMP, profiles, and whatever follows its end.

Frames are copied as they are, so that an animation stays what its maker made of it. Whether they
can be shown is left to `prepare`. GIF89a, sections 15 to 26 and appendix A.
"""

from collections.abc import Iterator

_HEADER = 13
_EXTENSION, _IMAGE, _TRAILER = 0x21, 0x2C, 0x3B
_GRAPHIC_CONTROL, _APPLICATION = 0xF9, 0xFF
_LOOPS = (b"NETSCAPE2.0", b"ANIMEXTS1.0")
"""The two applications whose data say how often an animation is played."""


def bare_gif(file: bytes) -> bytes:
    """The same GIF with its frames, their times and how often it is played, and no more.

    Raises ValueError for what is no GIF from beginning to end.
    """
    if file[:6] not in (b"GIF87a", b"GIF89a") or len(file) < _HEADER:
        raise ValueError("no GIF")
    start = _HEADER + _table(file[10])
    return b"".join([file[:start], *_blocks(file, start), bytes([_TRAILER])])


def _blocks(file: bytes, at: int) -> Iterator[bytes]:
    while at < len(file) and file[at] != _TRAILER:
        end = _end(file, at)
        if file[at] == _IMAGE or _is_wanted(file[at + 1 : end]):
            yield file[at:end]
        at = end
    if at >= len(file):
        raise ValueError("a GIF without an end")


def _is_wanted(extension: bytes) -> bool:
    label = extension[0]
    return label == _GRAPHIC_CONTROL or (label == _APPLICATION and extension[2:13] in _LOOPS)


def _end(file: bytes, at: int) -> int:
    """Where the block that begins there ends."""
    if file[at] == _EXTENSION:
        return _after_sub_blocks(file, at + 2)
    if file[at] != _IMAGE or at + 10 > len(file):
        raise ValueError("no block of a GIF")
    return _after_sub_blocks(file, at + 10 + _table(file[at + 9]) + 1)


def _after_sub_blocks(file: bytes, at: int) -> int:
    while at < len(file):
        size = file[at]
        at += 1 + size
        if not size:
            return at
    raise ValueError("a GIF that breaks off")


def _table(flags: int) -> int:
    """Octets of the table of colours that these flags announce."""
    return 3 << ((flags & 0b111) + 1) if flags & 0b1000_0000 else 0
