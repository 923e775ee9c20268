"""A GIF as it is, without what is not its picture."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.pictures.gif import bare_gif
from tests.pictures import moving_gif, opened

XMP = b"\x21\xff\x0bXMP DataXMP\x05<x/>!\x00"
LOOPS = b"\x21\xff\x0bNETSCAPE2.0\x03\x01\x00\x00\x00"
WORDS = b"\x21\xfe\x06secret\x00"
PLAIN_TEXT = b"\x21\x01\x0c" + bytes(12) + b"\x02hi\x00"


def test_bare_gif_leaves_out_words_and_keeps_loops_and_frames() -> None:
    file = moving_gif()
    head, tail = file[:-1], file[-1:]

    bare = bare_gif(head + WORDS + XMP + PLAIN_TEXT + LOOPS + tail + b"and more")

    assert bare_gif(head + LOOPS + tail) == bare
    assert b"secret" not in bare
    assert b"XMP" not in bare
    assert 3 == getattr(opened(bare), "n_frames", 1)


def test_bare_gif_changes_nothing_in_one_that_is_bare() -> None:
    bare = bare_gif(moving_gif())

    assert bare == bare_gif(bare)


@pytest.mark.parametrize("file", [b"", b"GIF89a", b"GIF90a" + bytes(40), moving_gif()[:-1]])
def test_bare_gif_refuses_what_is_no_whole_gif(file: bytes) -> None:
    with pytest.raises(ValueError, match="GIF"):
        bare_gif(file)


@given(st.binary(max_size=200))
def test_bare_gif_ends_whatever_it_reads(octets: bytes) -> None:
    """A block that announces more than there is, or nothing at all."""
    for file in (octets, moving_gif()[:13] + octets, moving_gif()[:-1] + octets):
        try:
            bare = bare_gif(file)
        except ValueError:
            continue
        assert bare == bare_gif(bare)
        assert len(bare) <= len(file)
