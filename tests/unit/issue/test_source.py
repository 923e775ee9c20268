"""Texts, their lines and spans, and files that are no text."""

from pathlib import Path

import pytest

from newsletter.errors import IssueFileError
from newsletter.issue import load_issue, load_source, source_from_bytes, source_from_text
from newsletter.issue.source import MAX_BYTES


def said(data: bytes) -> str:
    with pytest.raises(IssueFileError) as caught:
        source_from_bytes(data, path="week.md")
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", ("",)),
        ("a", ("a",)),
        ("a\n", ("a",)),
        ("a\n\n", ("a", "")),
        ("a\r\nb\rc\nd", ("a", "b", "c", "d")),
        ("\n", ("",)),
        ("a\x0bb\x0cc\u2028d\x85e", ("a\x0bb\x0cc\u2028d\x85e",)),
    ],
)
def test_source_has_the_lines_that_an_editor_shows(text: str, lines: tuple[str, ...]) -> None:
    assert lines == source_from_text(text).lines


def test_source_takes_off_one_byte_order_mark_and_notes_it() -> None:
    source = source_from_bytes(b"\xef\xbb\xbfTills", path="week.md")

    assert ("Tills", True) == (source.text, source.has_bom)
    assert "\ufeffa" == source_from_text("\ufeff\ufeffa").text


def test_source_knows_crlf() -> None:
    assert source_from_text("a\r\n").has_crlf
    assert not source_from_text("a\n").has_crlf


def test_source_is_named_after_its_file() -> None:
    assert "2027-11-26" == source_from_text("", path="issues/2027-11-26.md").name
    assert "stdin" == source_from_text("").name


@pytest.mark.parametrize(
    ("column", "length", "found"),
    [(1, 3, (1, 4)), (2, 99, (2, 6)), (99, 1, (6, 6)), (0, 2, (1, 3)), (3, -1, (3, 3))],
)
def test_span_is_cut_to_its_line(column: int, length: int, found: tuple[int, int]) -> None:
    span = source_from_text("Tills").span(1, column, length)

    assert found == (span.column, span.end_column)


def test_end_is_behind_the_last_word() -> None:
    end = source_from_text("a\n\nTills rest. \u00a0\n\n").end

    assert (3, 12, 3, 12) == (end.line, end.column, end.end_line, end.end_column)
    assert (1, 1) == (source_from_text(" \n").end.line, source_from_text(" \n").end.column)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"Caf\xe9\n", "week.md:1:4: byte 0xe9 is not UTF-8; save the file as UTF-8"),
        (
            "Ärger\nfür \u2019".encode() + b"\x93Tills\x94",
            "week.md:2:6: byte 0x93 is not UTF-8; save the file as UTF-8",
        ),
        (b"a\r\nb\xff", "week.md:2:2: byte 0xff is not UTF-8; save the file as UTF-8"),
        (b"Tills \xe2\x80", "week.md:1:7: byte 0xe2 is not UTF-8; save the file as UTF-8"),
        (b"\xef\xbb\xbfa\xe9", "week.md:1:2: byte 0xe9 is not UTF-8; save the file as UTF-8"),
        (b"a\rb\xe9", "week.md:2:2: byte 0xe9 is not UTF-8; save the file as UTF-8"),
    ],
)
def test_source_says_where_bytes_are_not_utf_8(data: bytes, message: str) -> None:
    assert message == said(data)


@pytest.mark.parametrize(
    "data", [b"\x89PNG\r\n\x1a\n\x00\x00", "Tills".encode("utf-16"), b"PK\x03\x04\x00"]
)
def test_source_refuses_a_binary_file(data: bytes) -> None:
    expected = "week.md: this is a binary file, not text; name the issue's text file"

    assert expected == said(data)


def test_source_refuses_a_file_of_ten_megabytes() -> None:
    expected = (
        "week.md: the file is larger than 2 MB, which no issue is; name the issue's text file"
    )

    assert expected == said(b"a" * 10_000_000)
    assert MAX_BYTES == len(source_from_bytes(b"a" * MAX_BYTES, path="week.md").text)


def test_load_source_says_what_is_no_file(tmp_path: Path) -> None:
    locked = tmp_path / "locked.md"
    locked.write_text("x")

    for path, what in (
        (tmp_path / "none.md", "no such file; give the path of an issue"),
        (tmp_path, "this is a folder; give the path of an issue in it"),
        (locked / "below.md", "cannot be read: Not a directory; check its permissions"),
    ):
        with pytest.raises(IssueFileError) as caught:
            load_source(path)
        assert f"{path}: {what}" == str(caught.value)


def test_load_source_reads_no_more_than_it_must(tmp_path: Path) -> None:
    """A file far larger than an issue is refused from its first bytes."""
    path = tmp_path / "huge.md"
    with path.open("wb") as file:
        file.truncate(5_000_000_000)

    with pytest.raises(IssueFileError, match="larger than 2 MB"):
        load_source(path)


def test_load_issue_reads_a_file(tmp_path: Path) -> None:
    path = tmp_path / "2027-11-26.md"
    path.write_bytes("\ufeff# Tills\r\n\r\nRest.\r\n\r\n## 1. One\r\n\r\nÄ.\r\n".encode())

    issue = load_issue(path)

    assert (str(path), "2027-11-26", "2027-11-26") == (issue.path, issue.name, str(issue.date))
    assert "Ä." == issue.stories[0].text


@pytest.mark.parametrize("target", ["secret.txt", "missing.txt", "../issues2/week.md"])
def test_no_link_is_followed_out_of_its_folder(tmp_path: Path, target: str) -> None:
    (tmp_path / "secret.txt").write_text("KEY=0123", "utf-8")
    folder = tmp_path / "issues"
    folder.mkdir()
    link = folder / "week.md"
    link.symlink_to(Path("..") / target)
    with pytest.raises(IssueFileError) as caught:
        load_source(link)

    assert (
        f"{link}: this is a link to a file outside its folder, and is not followed; "
        "put the file itself there"
    ) == str(caught.value)


def test_a_link_inside_its_folder_and_a_folder_that_is_one_are_followed(tmp_path: Path) -> None:
    folder = tmp_path / "issues"
    folder.mkdir()
    (folder / "real.md").write_text("Words", "utf-8")
    (folder / "link.md").symlink_to("real.md")
    (tmp_path / "other").symlink_to(folder)

    assert "Words" == load_source(folder / "link.md").text
    assert "Words" == load_source(tmp_path / "other" / "link.md").text


def test_a_file_whose_name_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    name = b"\xff2021.md".decode("utf-8", "surrogateescape")
    (tmp_path / name).write_text("Words", "utf-8")
    with pytest.raises(IssueFileError, match="the name of this file is not UTF-8; rename it"):
        load_source(tmp_path / name)
