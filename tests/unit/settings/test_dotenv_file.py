"""The file .env: no line of it is lost in silence, and no fault shows what may be secret."""

from pathlib import Path

import pytest

from newsletter.settings.dotenv_file import read_dotenv
from newsletter.settings.environment import DEFAULT_DATABASE, read_environment

DATABASE = "NEWSLETTER_DATABASE"
PASSWORD = "NEWSLETTER_TRANSPORT_PASSWORD"


def write(folder: Path, text: str | bytes) -> Path:
    path = folder / ".env"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    path.chmod(0o600)
    return path


@pytest.mark.parametrize(
    ("line", "text"),
    [
        (3, f'FIRST=1\n\n{DATABASE}="postgresql://ada:s3cret@db/news\nLAST=2\n'),
        (1, f"{PASSWORD}='s3cret\n{DATABASE}=sqlite:///x.db\n"),
        (1, f"{PASSWORD}='s3cret\n# it isn't closed\n{DATABASE}=sqlite:///x.db\n"),
        (1, f"{PASSWORD}='s3cret\n{DATABASE}=sqlite:///x.db'\n"),
        (1, f"OTHERS='s3cret\nexport {DATABASE}=sqlite:///x.db'\n"),
        (1, f"{PASSWORD}='s3'cret\n"),
        (2, f"{DATABASE}=\nsqlite:///s3cret.db\n"),
        (2, f"{DATABASE}=\npostgresql://ada:s3cret@db/news?sslmode=require\n"),
        (2, f"{DATABASE}=sqlite:///\\\ns3cret.db\n"),
        (1, f"{DATABASE}: s3cret\n"),
        (1, f"{DATABASE}\n"),
        (1, f"set {DATABASE}=s3cret\n"),
        (1, f"$env:{DATABASE}=s3cret\n"),
        (1, f"\u200b{DATABASE}=s3cret\n"),
        (1, f"{DATABASE}=s3\x00cret\n"),
        (1, f"{DATABASE}=s3\x1bcret\n"),
        (1, f"{DATABASE}=s3cret\n".encode("utf-16-le")),
        (2, f"{DATABASE}=s3cret\n{DATABASE}=s3cret2\n"),
        (2, f"{DATABASE}=s3cret\r\n{DATABASE}=\r\n"),
    ],
)
def test_a_line_that_cannot_be_read_is_a_fault_with_its_number(
    line: int, text: str | bytes, tmp_path: Path
) -> None:
    path = write(tmp_path, text)
    found = read_dotenv(path)

    assert found.faults[0].startswith(f"line {line}: ")
    assert "cret" not in " ".join(found.faults)
    assert "s3cret" not in found.values.get(DATABASE, "") or line == 2


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("a b", f"{DATABASE}='a b'\n"),
        ("a b", f'  export   {DATABASE} = "a b"  # why\n'),
        ("a#b", f"{DATABASE}=a#b\n"),
        ("a'b", f"{DATABASE}=a'b\n"),
        ("a$b${HOME}", f"{DATABASE}=a$b${{HOME}}\n"),
        ("a", f"# {DATABASE}=other\r\n{DATABASE}=a\r\n"),
        ("a", f"\ufeff{DATABASE}=a"),
        ("a", f"{DATABASE}=\n{DATABASE}=a\n"),
        ("a", f"{DATABASE}=a\n{DATABASE}=a\n"),
        ("a", f"PEM='-----BEGIN X-----\nb=\n-----END X-----'\n{DATABASE}=a\n"),
    ],
)
def test_a_line_that_can_be_read_is_as_it_always_was(value: str, text: str, tmp_path: Path) -> None:
    found = read_dotenv(write(tmp_path, text))

    assert () == found.faults
    assert value == found.values[DATABASE]


@pytest.mark.parametrize(
    "text", ["newsletter_database=x\n", "NEWSLETTER_DATABSE=x\n", "Newsletter_Database=x\n"]
)
def test_a_name_of_ours_that_is_misspelt_is_a_fault(text: str, tmp_path: Path) -> None:
    write(tmp_path, text)
    environment, [(where, fault)] = read_environment(tmp_path, {})

    assert (str(tmp_path / ".env"), True) == (where, "means nothing" in fault)
    assert environment.database.reveal().endswith(DEFAULT_DATABASE.removeprefix("sqlite:///"))


def test_a_variable_that_is_misspelt_is_a_fault_but_not_one_of_another_program(
    tmp_path: Path,
) -> None:
    slips = {"NEWSLETTER_DATABASE_URL": "x", "newsletter_secret_key": "y"}
    others = {"NEWSLETTER_PORT": "1", "NEWSLETTER_SERVICE_HOST": "a", "NEWSLETTER_PORT_80_TCP": "b"}

    _, found = read_environment(tmp_path, slips | others)

    assert {"environment"} == {fault.where for fault in found}
    assert ["NEWSLETTER_DATABASE?", "NEWSLETTER_SECRET_KEY?"] == [
        fault.what.rpartition(" ")[2] for fault in found
    ]


def test_a_database_whose_path_would_be_expanded_elsewhere_is_a_fault(tmp_path: Path) -> None:
    write(tmp_path, f"{DATABASE}=sqlite:///${{STAGE}}.db\n")

    _, [(_, fault)] = read_environment(tmp_path, {})

    assert "nothing is expanded" in fault


def test_a_file_with_a_password_in_its_database_is_nobody_elses(tmp_path: Path) -> None:
    write(tmp_path, f"{DATABASE}=postgresql://ada:s3cret@db/news\n").chmod(0o644)

    _, [(_, fault)] = read_environment(tmp_path, {})

    assert "chmod 600" in fault
    assert "s3cret" not in fault
