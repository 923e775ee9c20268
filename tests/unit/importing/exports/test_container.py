"""What a stranger's archive may not do: lead out, swell, loop, or take the others with it."""

import stat
import struct
import unicodedata
import zipfile
from contextlib import suppress
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.errors import ExportError
from newsletter.importing.exports import System, open_container
from tests.export_samples import zipped


def archive(path: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, octets in files.items():
            opened.writestr(name, octets)
    return path


def names_in(path: Path) -> list[str]:
    with open_container(path) as container:
        return list(container.members)


def test_folder_and_archive_and_file_have_the_same_names(tmp_path: Path) -> None:
    folder = tmp_path / "export"
    (folder / "posts").mkdir(parents=True)
    (folder / "posts.csv").write_text("a")
    (folder / "posts" / "1.html").write_text("b")
    packed = archive(tmp_path / "e.zip", {"posts.csv": b"a", "posts/1.html": b"b"})

    assert ["posts.csv", "posts/1.html"] == names_in(folder)
    assert ["posts.csv", "posts/1.html"] == names_in(packed)
    assert ["posts.csv"] == names_in(folder / "posts.csv")


def test_archives_in_a_folder_are_read_as_folders(tmp_path: Path) -> None:
    archive(tmp_path / "people.zip", {"people.csv": b"a"})
    (tmp_path / "site.json").write_text("{}")

    assert ["people.zip/people.csv", "site.json"] == names_in(tmp_path)


def test_what_a_mac_adds_is_not_there(tmp_path: Path) -> None:
    files = {"a.csv": b"a", "__MACOSX/._a.csv": b"x", "._a.csv": b"x", ".DS_Store": b"x"}

    assert ["a.csv"] == names_in(archive(tmp_path / "e.zip", files))


@pytest.mark.parametrize(
    "name", ["../out.csv", "/etc/out.csv", "a/../../out.csv", "..\\out.csv", "C:/out.csv"]
)
def test_name_that_leads_out_is_not_taken(tmp_path: Path, name: str) -> None:
    path = archive(tmp_path / "e.zip", {name: b"x", "a.csv": b"a"})

    with open_container(path) as container:
        assert ["a.csv"] == list(container.members)
        assert 1 == container.skipped


def test_link_in_an_archive_is_not_followed(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("secret.csv")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "e.zip", "w") as opened:
        opened.writestr(link, "/etc/passwd")
        opened.writestr("a.csv", "a")

    with open_container(tmp_path / "e.zip") as container:
        assert ["a.csv"] == list(container.members)
        assert 1 == container.skipped


def test_link_in_a_folder_is_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.csv").write_text("x")
    folder = tmp_path / "export"
    folder.mkdir()
    (folder / "a.csv").write_text("a")
    (folder / "inside").symlink_to(outside)
    (folder / "b.csv").symlink_to(outside / "secret.csv")

    with open_container(folder) as container:
        assert ["a.csv"] == list(container.members)
        assert 2 == container.skipped


def test_file_that_swells_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = archive(tmp_path / "e.zip", {"a.csv": bytes(20_000_000)})

    with pytest.raises(ExportError, match=r"a\.csv” becomes far too large"), open_container(path):
        pass


def test_file_that_is_longer_than_it_says_is_cut_off(tmp_path: Path) -> None:
    """The size in the directory is what an attacker writes there."""
    path = archive(tmp_path / "e.zip", {"a.csv": b"x" * 100_000})
    octets = path.read_bytes()
    told = struct.pack("<L", 100_000)
    path.write_bytes(octets.replace(told, struct.pack("<L", 10)))

    with open_container(path) as container, pytest.raises(ExportError, match="damaged"):
        container.text(container.members["a.csv"])


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("is_told", [True, False])
def test_name_is_its_letters_whichever_system_packed_it(
    tmp_path: Path, form: Literal["NFC", "NFD"], is_told: bool
) -> None:
    """Macs write UTF-8 without saying so, which reads as `gr├╝├ƒe`, and take letters apart."""
    name = unicodedata.normalize(form, "grüße-aus-köln.html")
    path = archive(tmp_path / "e.zip", {name: b"x"})
    if not is_told:
        octets = bytearray(path.read_bytes())
        for header, flags in ((b"PK\x03\x04", 7), (b"PK\x01\x02", 9)):
            octets[octets.index(header) + flags] &= ~0x08
        path.write_bytes(octets)

    assert ["grüße-aus-köln.html"] == names_in(path)


def test_name_of_an_old_windows_stays_what_it_is(tmp_path: Path) -> None:
    path = archive(tmp_path / "e.zip", {"gr??e.html": b"x"})
    path.write_bytes(path.read_bytes().replace(b"gr??e", "grüße".encode("cp437")))

    assert ["grüße.html"] == names_in(path)


def test_archive_of_a_kind_that_is_not_known_here_says_so(tmp_path: Path) -> None:
    """Windows packs great files by “Deflate64”, method 9."""
    path = archive(tmp_path / "e.zip", {"a.csv": b"a"})
    octets = bytearray(path.read_bytes())
    octets[octets.index(b"PK\x01\x02") + 10] = 9
    path.write_bytes(octets)

    with (
        pytest.raises(ExportError, match="a way that is not known here; unpack it"),
        open_container(path),
    ):
        pass


def test_too_many_files_are_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "e.zip", "w") as opened:
        for number in range(20_001):
            opened.writestr(f"{number}", "")

    with (
        pytest.raises(ExportError, match="more than 20,000 files"),
        open_container(tmp_path / "e.zip"),
    ):
        pass


def test_archive_with_a_password_says_so(tmp_path: Path) -> None:
    path = archive(tmp_path / "e.zip", {"a.csv": b"a"})
    octets = bytearray(path.read_bytes())
    octets[octets.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(octets)

    with pytest.raises(ExportError, match="password"), open_container(path):
        pass


@pytest.mark.parametrize(
    ("name", "octets", "said"),
    [
        ("e.zip", b"no archive", "this is no zip"),
        ("e.zip", b"PK\x05\x06" + bytes(18), "there is nothing in it"),
        ("missing.zip", None, "there is no such file"),
    ],
)
def test_what_is_no_export_is_refused_in_a_line(
    tmp_path: Path, name: str, octets: bytes | None, said: str
) -> None:
    path = tmp_path / name
    if octets is not None:
        path.write_bytes(octets)

    with pytest.raises(ExportError, match=said), open_container(path):
        pass


def test_json_that_is_none_or_too_deep_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("{")
    (tmp_path / "b.json").write_text("[" * 100_000)

    with open_container(tmp_path) as container:
        for member in container.members.values():
            with pytest.raises(ExportError, match="this is not JSON"):
                container.json(member)


@given(st.data())
def test_damage_to_an_archive_is_an_error_of_ours(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("damaged")
    octets = bytearray(zipped(System.LISTMONK, folder / "e.zip").read_bytes())
    for _ in range(data.draw(st.integers(1, 8))):
        octets[data.draw(st.integers(0, len(octets) - 1))] = data.draw(st.integers(0, 255))
    (folder / "e.zip").write_bytes(octets)
    with suppress(ExportError), open_container(folder / "e.zip") as container:
        for member in container.members.values():
            container.text(member)
