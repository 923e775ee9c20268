"""Files whole or not at all, with the mode asked for, and never through a link."""

import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from newsletter.errors import OutputError, StoreError
from newsletter.files import Content, rewrite_file, write_file, write_new
from tests.full_disk import full_disk_after

Write = Callable[[Path, Content], None]
ALL = pytest.mark.parametrize("write", [write_file, rewrite_file, write_new])


@pytest.fixture(autouse=True)
def usual_umask() -> Iterator[None]:
    before = os.umask(0o027)
    yield
    os.umask(before)


def place(folder: Path, write: Write) -> Path:
    """Where to write: an old file lies there, unless this way of writing refuses what is there."""
    path = folder / "page.html"
    if write is not write_new:
        path.write_bytes(b"old")
    return path


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@ALL
@pytest.mark.parametrize("content", [b"one two", [b"one ", b"two"]])
def test_file_has_all_of_its_content_and_no_neighbour(
    write: Write, content: Content, tmp_path: Path
) -> None:
    path = place(tmp_path, write)

    write(path, content)

    assert {"page.html": b"one two"} == contents(tmp_path)


@ALL
def test_full_disk_leaves_what_was_there_and_says_so(write: Write, tmp_path: Path) -> None:
    path = place(tmp_path, write)
    before = contents(tmp_path)

    with full_disk_after(1000), pytest.raises(OutputError) as caught:
        write(path, [b"x" * 999, b"y" * 100_000])

    assert before == contents(tmp_path)
    assert (
        "cannot be written: File too large",
        str(path),
        "make room there, or check the folder and its permissions",
    ) == (caught.value.what, caught.value.where, caught.value.next_step)


@ALL
@pytest.mark.parametrize("error", [StoreError("the database is gone"), KeyboardInterrupt()])
def test_pieces_that_break_off_leave_what_was_there(
    write: Write, error: BaseException, tmp_path: Path
) -> None:
    def pieces() -> Iterator[bytes]:
        yield b"half"
        raise error

    path = place(tmp_path, write)
    before = contents(tmp_path)

    with pytest.raises(type(error)):
        write(path, pieces())

    assert before == contents(tmp_path)


@ALL
def test_link_at_a_name_that_could_be_foreseen_is_not_followed(
    write: Write, tmp_path: Path
) -> None:
    """The names beside a file that earlier versions took."""
    folder, victim = tmp_path / "folder", tmp_path / "victim"
    folder.mkdir()
    victim.write_bytes(b"untouched")
    path = place(folder, write)
    for name in (f".page.html.{os.getpid()}.tmp", ".page.html.tmp"):
        (folder / name).symlink_to(victim)

    write(path, b"new")

    assert (b"untouched", b"new") == (victim.read_bytes(), path.read_bytes())


def test_write_file_replaces_a_link_and_leaves_alone_where_it_leads(tmp_path: Path) -> None:
    victim, path = tmp_path / "victim", tmp_path / "page.html"
    victim.write_bytes(b"untouched")
    path.symlink_to(victim)

    write_file(path, b"new")

    assert {"victim": b"untouched", "page.html": b"new"} == contents(tmp_path)
    assert not path.is_symlink()


@pytest.mark.parametrize("is_dangling", [False, True])
def test_write_new_refuses_a_link(tmp_path: Path, is_dangling: bool) -> None:
    victim, path = tmp_path / "victim", tmp_path / "key.pem"
    if not is_dangling:
        victim.write_bytes(b"untouched")
    path.symlink_to(victim)

    with pytest.raises(OutputError, match="this already exists"):
        write_new(path, b"new")

    found = victim.read_bytes() if victim.exists() else None
    assert (None if is_dangling else b"untouched") == found


def test_rewrite_file_leaves_a_link_a_link(tmp_path: Path) -> None:
    (tmp_path / "issues").mkdir()
    path, link = tmp_path / "issues" / "issue.md", tmp_path / "this-week.md"
    path.write_bytes(b"old")
    link.symlink_to(path)

    rewrite_file(link, b"new")

    assert (True, b"new") == (link.is_symlink(), path.read_bytes())


@pytest.mark.parametrize(("wanted", "given"), [(0o644, 0o640), (0o600, 0o600), (0o755, 0o750)])
def test_write_file_gives_the_mode_less_what_the_umask_takes(
    wanted: int, given: int, tmp_path: Path
) -> None:
    path = tmp_path / "page.html"
    path.write_bytes(b"old")
    path.chmod(0o666)

    write_file(path, b"new", mode=wanted)

    assert given == mode_of(path)


@pytest.mark.parametrize("mode", [0o664, 0o400, 0o777])
def test_rewrite_file_keeps_the_mode_whatever_the_umask(mode: int, tmp_path: Path) -> None:
    path = tmp_path / "issue.md"
    path.write_bytes(b"old")
    path.chmod(mode)

    rewrite_file(path, b"new")

    assert (mode, b"new") == (mode_of(path), path.read_bytes())


def test_rewrite_file_makes_none(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="cannot be written: No such file"):
        rewrite_file(tmp_path / "issue.md", b"new")

    assert {} == contents(tmp_path)


def test_write_new_is_for_its_owner_alone_and_its_folder_too(tmp_path: Path) -> None:
    path = tmp_path / "dkim" / "key.pem"

    write_new(path, b"secret")

    assert (0o600, 0o700) == (mode_of(path), mode_of(path.parent))


def test_write_new_overwrites_nothing(tmp_path: Path) -> None:
    path = tmp_path / "key.pem"
    path.write_bytes(b"old")

    with pytest.raises(OutputError, match="this already exists, and no key is overwritten"):
        write_new(path, b"new", kind="key")

    assert {"key.pem": b"old"} == contents(tmp_path)


def test_write_file_makes_the_folders_that_are_missing(tmp_path: Path) -> None:
    path = tmp_path / "reports" / "2021" / "page.html"

    write_file(path, b"new")

    assert (b"new", 0o750) == (path.read_bytes(), mode_of(path.parent))


def test_write_file_makes_no_folder_where_it_may_not(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="cannot be written: No such file"):
        write_file(tmp_path / "gone" / "file", b"new", make_folder=False)

    assert {} == contents(tmp_path)


@pytest.mark.parametrize("write", [write_file, write_new])
def test_file_in_place_of_a_folder_is_told(write: Write, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"in the way")

    with pytest.raises(OutputError, match=r"file/page.html: cannot be written: File exists"):
        write(tmp_path / "file" / "page.html", b"new")


def test_folder_in_place_of_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "page.html").mkdir()

    with pytest.raises(OutputError, match="cannot be written: Is a directory"):
        write_file(tmp_path / "page.html", b"new")

    assert ["page.html"] == [path.name for path in tmp_path.iterdir()]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
@pytest.mark.parametrize(("is_given", "owner"), [(True, (4711, 4712)), (False, (0, 0))])
def test_root_gives_the_file_to_the_folders_owner_where_it_is_asked_to(
    is_given: bool, owner: tuple[int, int], tmp_path: Path
) -> None:
    os.chown(tmp_path, 4711, 4712)

    write_file(tmp_path / "witness", b"new", mode=0o600, for_folders_owner=is_given)

    found = (tmp_path / "witness").stat()
    assert owner == (found.st_uid, found.st_gid)
    assert 0o600 == mode_of(tmp_path / "witness")
