import csv
import io
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.addresses import AddrSpec
from newsletter.errors import SubscriberFileError
from newsletter.subscribers import Duplicate, RowFault, parse_subscribers, read_subscriber_file


def test_subscriber_file_reads_rows_with_their_lines(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(
        b"\xef\xbb\xbfE-Mail,First Name\r\nAda@EXAMPLE.com, Ada \r\n\r\nbob@b.org,\r\n"
    )

    file = read_subscriber_file(path)

    assert [(row.line, str(row.address), row.first_name) for row in file.rows] == [
        (2, "Ada@example.com", "Ada"),
        (4, "bob@b.org", ""),
    ]
    assert file.faults == ()


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("email,first_name", "Ada"),
        ("FIRST NAME,E-MAIL", "ada@example.com"),
        ("Address,Name", "Ada"),
        ("email", ""),
    ],
)
def test_subscriber_file_finds_its_columns_whatever_the_case(header: str, name: str) -> None:
    record = {"email,first_name": "ada@example.com,Ada", "Address,Name": "ada@example.com,Ada"}
    line = record.get(header, "ada@example.com")
    if header.startswith("FIRST"):
        line, name = "Ada,ada@example.com", "Ada"

    (row,) = parse_subscribers(f"{header}\n{line}\n").rows

    assert ("ada@example.com", name) == (str(row.address), row.first_name)


def test_subscriber_file_prefers_email_to_a_postal_address() -> None:
    (row,) = parse_subscribers("address,email\n1 High St,ada@example.com\n").rows

    assert str(row.address) == "ada@example.com"


@pytest.mark.parametrize(
    ("record", "what"),
    [
        ("", "no address"),
        ("ada,Ada", "“ada”"),
        ("ada@example.com,Lovelace,Ada", "3 columns where the first line has 2"),
        ("ada@example.com,A\x00da", "U+0000"),
        ("ada@example.com,A\u2028da", "U+2028"),
        ('ada@example.com,"A\r\nBcc: eve@example.com"', "U+000D"),
        ('"ada@example.com\nbob@example.com",Ada', "U+000A"),
        ("ada@example.com," + "A" * 201, "longer than 200"),
        ('"ada@example.com"x,Ada', "RFC 4180"),
    ],
)
def test_subscriber_file_names_a_bad_row_by_its_line(record: str, what: str) -> None:
    record = record or ",Ada"
    file = parse_subscribers(f"email,first_name\nbob@b.org,\n{record}\neve@e.org,\n")

    assert [fault.line for fault in file.faults] == [3]
    assert what in file.faults[0].what
    assert [str(row.address) for row in file.rows] == ["bob@b.org", "eve@e.org"]


def test_subscriber_file_counts_the_lines_of_quoted_fields() -> None:
    file = parse_subscribers('email,notes\na@a.org,"one\ntwo\nthree"\nb@b.org,\n')

    assert [row.line for row in file.rows] == [5]
    assert "none of the lines 2 to 4 is read" in file.faults[0].what


def test_subscriber_file_says_what_an_open_quotation_mark_swallowed() -> None:
    """Without a fault, everyone after it would be missing in silence."""
    file = parse_subscribers('email,first_name\n"a@a.org,A\nb@b.org,B\nc@c.org,C\n')

    assert file.rows == ()
    assert file.faults == (
        RowFault(
            line=2,
            what="a quotation mark is opened and never closed; none of the lines 2 to 4 is read",
        ),
    )


def test_subscriber_file_keeps_the_first_of_duplicates() -> None:
    file = parse_subscribers("email,first_name\nAda@a.org,Ada\nADA@A.ORG,Other\n")

    assert [row.first_name for row in file.rows] == ["Ada"]
    assert (Duplicate(line=3, first_line=2, address=AddrSpec("ADA", "a.org")),) == file.duplicates


@pytest.mark.parametrize(
    ("content", "where", "what"),
    [
        (b"", "", "the file is empty"),
        (b"\n\n", "", "the file is empty"),
        (b"name,phone\nAda,1\n", ":1", "“name”, “phone”"),
        (b"email;name\na@a.org;A\n", ":1", "separate the columns by commas"),
        (b"email,email\na@a.org,b@b.org\n", ":1", "two columns"),
        (b"email\na@a.org\nb\xe9@b.org\n", ":3", "byte 0xe9 is not UTF-8"),
        (b"email\ra@a.org\rb\xe9@b.org\r", ":3", "byte 0xe9 is not UTF-8"),
        ("email\na@a.org\n".encode("utf-16"), ":1", "not UTF-8"),
        (b"email\n" + b"x" * 200_000, ":2", "100,000 characters or more"),
    ],
)
def test_subscriber_file_says_what_and_where_when_it_is_none(
    tmp_path: Path, content: bytes, where: str, what: str
) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(content)

    with pytest.raises(SubscriberFileError) as caught:
        read_subscriber_file(path)

    assert f"{path}{where}: " in str(caught.value)
    assert what in str(caught.value)


def test_subscriber_file_says_so_when_there_is_none(tmp_path: Path) -> None:
    with pytest.raises(SubscriberFileError, match="no such file"):
        read_subscriber_file(tmp_path / "no.csv")
    with pytest.raises(SubscriberFileError, match="a folder"):
        read_subscriber_file(tmp_path)


@given(st.text())
def test_subscriber_file_loses_no_line_whatever_the_text(body: str) -> None:
    file = parse_subscribers("email,first_name\n" + body)

    for row in file.rows:
        assert row.line > 1
        assert row.first_name.isprintable() or not any(map(_is_control, row.first_name))
    lines = [row.line for row in file.rows] + [fault.line for fault in file.faults]
    assert len(lines) == len(set(lines))


def _is_control(character: str) -> bool:
    return character < " " or "\x7f" <= character <= "\x9f"


NAMES = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=50)


@given(st.lists(NAMES, max_size=20))
def test_subscriber_file_reads_back_what_csv_wrote(names: list[str]) -> None:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(["email", "first_name"])
    for number, name in enumerate(names):
        writer.writerow([f"p{number}@example.com", name])

    file = parse_subscribers(out.getvalue())

    assert [name.strip() for name in names] == [row.first_name for row in file.rows]
    assert file.faults == ()


def test_subscribers_room_loads_nothing_heavy() -> None:
    program = (
        "import sys, newsletter.subscribers;"
        "print(sorted({'sqlalchemy', 'email_validator', 'alembic'} & set(sys.modules)))"
    )

    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert done.stdout == "[]\n"
