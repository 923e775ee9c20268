import csv
import io
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.errors import SubscriberFileError
from newsletter.subscribers import (
    Choice,
    Provenance,
    Row,
    RowFault,
    Standing,
    open_subscribers,
    parse_subscribers,
)


def read(text: str, choice: Choice = Choice()) -> tuple[list[Row], list[RowFault]]:  # noqa: B008
    return parted(parse_subscribers(text, choice=choice).rows())


def read_file(path: Path, encoding: str = "") -> tuple[list[Row], list[RowFault]]:
    with open_subscribers(path, encoding=encoding) as file:
        return parted(file.rows())


def parted(records: object) -> tuple[list[Row], list[RowFault]]:
    found = list(records)  # type: ignore[call-overload]
    rows = [each for each in found if isinstance(each, Row)]
    return rows, [each for each in found if isinstance(each, RowFault)]


def test_subscriber_file_reads_rows_with_their_lines(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(
        b"\xef\xbb\xbfE-Mail,First Name\r\nAda@EXAMPLE.com, Ada \r\n\r\nbob@b.org,\r\n"
    )

    rows, faults = read_file(path)

    assert [(row.line, str(row.address), row.first_name) for row in rows] == [
        (2, "Ada@example.com", "Ada"),
        (4, "bob@b.org", ""),
    ]
    assert faults == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("email,first_name\nada@example.com,Ada", "Ada"),
        ("FIRST NAME,E-MAIL\nAda,ada@example.com", "Ada"),
        ("Address,Name\nada@example.com,Ada", "Ada"),
        ("email\nada@example.com", ""),
        ("email_address;firstname\nada@example.com;Ada", "Ada"),
        ("sep=;\nemail;first_name\nada@example.com;Ada", "Ada"),
        ("SEP=\t\r\nemail\tFNAME\r\nada@example.com\tAda", "Ada"),
        ("\n\nemail,first_name\n\nada@example.com,Ada", "Ada"),
        ('"first\nname",email\nAda,ada@example.com', "Ada"),
        ("email,first_name,,\nada@example.com,Ada,,,,", "Ada"),
    ],
)
def test_subscriber_file_finds_its_columns_in_every_form(text: str, name: str) -> None:
    ((row,), faults) = read(text + "\n")

    assert ("ada@example.com", name) == (str(row.address), row.first_name)
    assert faults == []


def test_subscriber_file_prefers_email_to_a_postal_address() -> None:
    ((row,), _) = read("address,email\n1 High St,ada@example.com\n")

    assert ("ada@example.com", {"address": "1 High St"}) == (str(row.address), row.attributes)


@pytest.mark.parametrize(
    ("record", "what"),
    [
        (",Ada", "no address"),
        ("ada,Ada", "“ada”"),
        ("ada@example.com,Lovelace,Ada", "3 columns where the first line has 2"),
        ("ada@example.com,A\x00da", "U+0000"),
        ("ada@example.com,A\u2028da", "U+2028"),
        ('ada@example.com,"A\r\nBcc: eve@example.com"', "U+000D"),
        ('"ada@example.com\nbob@example.com",Ada', "U+000A"),
        ("ada@example.com," + "A" * 201, "longer than 200"),
        ('"ada@example.com"x,Ada', "RFC 4180"),
        ("\u0430da@ex\uff41mple.com,Ada", "only looks like"),
        ("x" * 90_000 + "@example.com,Ada", "xxx"),
        ('"""ada\r\n""@example.com",Ada', "U+000D"),
    ],
)
def test_subscriber_file_names_a_bad_row_by_its_line(record: str, what: str) -> None:
    rows, faults = read(f"email,first_name\nbob@b.org,\n{record}\neve@e.org,\n")

    assert [fault.line for fault in faults] == [3]
    assert what in faults[0].what
    assert len(faults[0].what) < 300
    assert [str(row.address) for row in rows] == ["bob@b.org", "eve@e.org"]


@pytest.mark.parametrize(
    ("cell", "what"),
    [
        ("A\x00", "column 2 holds a control character (U+0000)"),
        ("\x1b[31m", "column 2 holds a control character (U+001B)"),
    ],
)
def test_subscriber_file_keeps_no_control_characters_in_attributes(cell: str, what: str) -> None:
    rows, faults = read(f"email,city\nada@example.com,{cell}\n")

    assert rows == []
    assert what == faults[0].what


def test_subscriber_file_takes_line_breaks_in_what_is_no_name() -> None:
    rows, faults = read('email,notes\na@a.org,"one\r\ntwo\nthree"\nb@b.org,\n')

    assert [(2, {"notes": "one two three"}), (5, {})] == [
        (row.line, row.attributes) for row in rows
    ]
    assert faults == []


def test_subscriber_file_says_what_an_open_quotation_mark_swallowed() -> None:
    """Without a fault, everyone after it would be missing in silence."""
    rows, faults = read('email,first_name\n"a@a.org,A\nb@b.org,B\nc@c.org,C\n')

    assert rows == []
    assert faults == [
        RowFault(
            line=2,
            what="a quotation mark is opened and never closed; none of the lines 2 to 4 is read",
        ),
    ]


def test_subscriber_file_cuts_what_is_too_long_to_keep_and_counts_it() -> None:
    file = parse_subscribers("email,notes\na@a.org," + "x" * 90_000 + "\n")

    (row,) = file.rows()

    assert isinstance(row, Row)
    assert "x" * 199 + "…" == row.attributes["notes"]
    assert {"notes": 1} == file.cut


def test_subscriber_file_refuses_a_row_whose_status_nobody_knows() -> None:
    rows, faults = read("email,status\na@a.org,mauve\nb@b.org,Subscribed\nc@c.org,\n")

    assert ["b@b.org", "c@c.org"] == [str(row.address) for row in rows]
    assert "the status “mauve” is not known" == faults[0].what


@pytest.mark.parametrize(
    ("text", "standing"),
    [
        ("email,opt_in\na@a.org,yes", Standing.CONFIRMED),
        ("email,opt_in\na@a.org,no", Standing.UNCONFIRMED),
        ("email,unsubscribed_at\na@a.org,0000-00-00 00:00:00", Standing.CONFIRMED),
        ("email,unsubscribed_at\na@a.org,31/12/2020", Standing.UNSUBSCRIBED),
        ("email,status,unsubscribed\na@a.org,active,1", Standing.UNSUBSCRIBED),
        ("email,status,complained\na@a.org,unsubscribed,true", Standing.COMPLAINT),
        ("email,bounced\na@a.org,0", Standing.CONFIRMED),
        ("email,state\na@a.org,Ohio", Standing.CONFIRMED),
        ("email,state\na@a.org,cancelled", Standing.UNSUBSCRIBED),
        ("email,subscription status\na@a.org,Opted-Out", Standing.UNSUBSCRIBED),
    ],
)
def test_subscriber_file_believes_whatever_speaks_against_somebody(
    text: str, standing: Standing
) -> None:
    ((row,), _) = read(text + "\n")

    assert standing is row.standing


def test_subscriber_file_reads_only_the_columns_that_are_wanted() -> None:
    text = "email,first_name,uuid,city\na@a.org,A,1,Leeds\n"
    file = parse_subscribers(text, choice=Choice(without=frozenset({"UUID"})))

    ((without,), _) = parted(file.rows())
    ((only,), _) = read(text, Choice(only=frozenset({"city"})))

    assert {"city": "Leeds"} == without.attributes == only.attributes
    assert ("A", "") == (without.first_name, only.first_name)
    assert ["uuid"] == list(file.columns.left_out)


def test_subscriber_file_says_which_column_is_none() -> None:
    with pytest.raises(SubscriberFileError, match=r"no column “town”.*“email”, “city”"):
        read("email,city\n", Choice(only=frozenset({"town"})))


def test_subscriber_file_gives_two_columns_of_one_name_two_names() -> None:
    ((row,), _) = read("email,UNSUB_REASON,unsub reason\na@a.org,one,two\n")

    assert {"unsub_reason": "one", "unsub_reason_2": "two"} == row.attributes


@pytest.mark.parametrize(
    ("content", "where", "what"),
    [
        (b"", "", "the file is empty"),
        (b"\n\n", "", "the file is empty"),
        (b"sep=;\r\n", "", "the file is empty"),
        (b"name,phone\nAda,1\n", ":1", "“name”, “phone”"),
        (b"email,email\na@a.org,b@b.org\n", ":1", "two columns"),
        (b"email\na@a.org\nb\xe9@b.org\n", ":3", "byte 0xe9 is not UTF-8"),
        (b"email\na@a.org\nb\xe9@b.org\n", ":3", "which encoding it has"),
        (b"email\ra@a.org\rb\xe9@b.org\r", ":3", "byte 0xe9 is not UTF-8"),
        (b"email\n" + b"x" * 200_000, ":2", "100,000 characters or more"),
    ],
)
def test_subscriber_file_says_what_and_where_when_it_is_none(
    tmp_path: Path, content: bytes, where: str, what: str
) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(content)

    with pytest.raises(SubscriberFileError) as caught:
        read_file(path)

    assert f"{path}{where}: " in str(caught.value)
    assert what in str(caught.value)


def test_subscriber_file_says_so_when_there_is_none(tmp_path: Path) -> None:
    with pytest.raises(SubscriberFileError, match="no such file"):
        read_file(tmp_path / "no.csv")
    with pytest.raises(SubscriberFileError, match="a folder"):
        read_file(tmp_path)


@pytest.mark.parametrize("encoding", ["utf-9", "rot13", "hex", "\x00"])
def test_subscriber_file_says_that_an_encoding_is_none(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "list.csv").write_text("email\n")

    with pytest.raises(SubscriberFileError, match="no encoding is called"):
        read_file(tmp_path / "list.csv", encoding)


@pytest.mark.parametrize(
    ("encoding", "named", "mark"),
    [
        ("utf-8", "", ""),
        ("utf-8", "", "\ufeff"),
        ("utf-8", "utf-8", "\ufeff"),
        ("utf-16-le", "", "\ufeff"),
        ("utf-16-be", "", "\ufeff"),
        ("utf-16-le", "utf-16-le", ""),
        ("utf-16-le", "utf-16", "\ufeff"),
        ("cp1252", "cp1252", ""),
        ("latin-1", "latin-1", ""),
    ],
)
def test_subscriber_file_reads_the_encodings_it_claims(
    tmp_path: Path, encoding: str, named: str, mark: str
) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes((mark + "email,name\r\nzoé@example.com,Zoé\r\n").encode(encoding))

    ((row,), faults) = read_file(path, named)

    assert ("zoé@example.com", "Zoé") == (str(row.address), row.first_name)
    assert faults == []


@given(st.text())
def test_subscriber_file_loses_no_line_whatever_the_text(body: str) -> None:
    rows, faults = read("email,first_name\n" + body)

    for row in rows:
        assert row.line > 1
        assert row.first_name.isprintable() or not any(map(_is_control, row.first_name))
    lines = [row.line for row in rows] + [fault.line for fault in faults]
    assert len(lines) == len(set(lines))


def _is_control(character: str) -> bool:
    return character < " " or "\x7f" <= character <= "\x9f"


@given(
    st.sampled_from(["email,status,tags", "email;metadata;created_at", "sep=\t\nemail\tx\ty"]),
    st.text(),
)
def test_subscriber_file_raises_nothing_of_its_own_whatever_the_text(head: str, body: str) -> None:
    try:
        rows, _ = read(f"{head}\n{body}")
    except SubscriberFileError:
        return

    assert all(len(value) <= 200 for row in rows for value in row.attributes.values())


CELLS = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=50)


@given(
    cells=st.lists(st.tuples(CELLS, CELLS), max_size=12),
    separator=st.sampled_from([",", ";", "\t"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    line_end=st.sampled_from(["\r\n", "\n"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    is_told=st.booleans(),
)
def test_subscriber_file_reads_one_table_the_same_in_every_dialect(
    tmp_path_factory: pytest.TempPathFactory,
    cells: list[tuple[str, str]],
    separator: str,
    encoding: str,
    line_end: str,
    quoting: int,
    is_told: bool,
) -> None:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=separator, lineterminator=line_end, quoting=quoting)  # type: ignore[arg-type]
    writer.writerow(["email", "first_name", "city"])
    for number, (name, city) in enumerate(cells):
        writer.writerow([f"p{number}@example.com", f"n{name}", f"c{city}"])
    told = f"sep={separator}{line_end}" if is_told else ""
    path = tmp_path_factory.getbasetemp() / "dialect.csv"
    path.write_bytes((told + out.getvalue()).encode(encoding))

    rows, faults = read_file(path)

    assert [(f"n{name}".strip(), f"c{city}".strip()) for name, city in cells] == [
        (row.first_name, row.attributes["city"]) for row in rows
    ]
    assert faults == []


def test_subscribers_room_loads_nothing_heavy() -> None:
    program = (
        "import sys, newsletter.subscribers;"
        "print(sorted({'sqlalchemy', 'email_validator', 'alembic'} & set(sys.modules)))"
    )

    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert done.stdout == "[]\n"


def test_provenance_is_the_consent_of_who_gives_none_and_nobody_is_more_than_it_says(
    tmp_path: Path,
) -> None:
    path = tmp_path / "left.csv"
    path.write_text(
        "email,created_at,consent_source,status\n"
        "ada@example.com,2024-01-15,,\nbob@example.com,,at the fair,cleaned\n"
    )
    told = Provenance(source="reader at Substack", at_best=Standing.UNSUBSCRIBED)
    with open_subscribers(path, provenance=told) as file:
        ada, bob = parted(file.rows())[0]

    assert Standing.UNSUBSCRIBED is ada.standing
    assert ada.consent is not None
    assert ("reader at Substack", ada.created_at) == (ada.consent.source, ada.consent.at)
    assert Standing.BOUNCE is bob.standing
    assert bob.consent is not None
    assert "at the fair" == bob.consent.source


def test_provenance_is_enough_for_a_file_of_addresses_alone(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("email\nada@example.com\n")
    with open_subscribers(tmp_path / "a.csv", provenance=Provenance(source="a friend")) as file:
        [ada] = parted(file.rows())[0]

    assert ada.consent is not None
    assert "a friend" == ada.consent.source
