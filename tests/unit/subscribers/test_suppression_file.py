from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from newsletter.errors import SubscriberFileError
from newsletter.subscribers import (
    RowFault,
    Suppression,
    SuppressionKind,
    hashed,
    open_suppressions,
    suppressions_csv,
)

NOW = datetime(2021, 11, 26, 7, 0, tzinfo=UTC)
HASH = sha256(b"ada@example.com").hexdigest()


def read(tmp_path: Path, text: str) -> list[Suppression | RowFault]:
    path = tmp_path / "stop.csv"
    path.write_text(text, encoding="utf-8")
    with open_suppressions(path, NOW) as file:
        return list(file.rows())


@pytest.mark.parametrize(
    ("text", "key", "kind"),
    [
        ("email\nADA@example.com\n", "ada@example.com", SuppressionKind.BY_HAND),
        ("ada@example.com\n", "ada@example.com", SuppressionKind.BY_HAND),
        (f"{HASH.upper()}\n", hashed("ada@example.com"), SuppressionKind.BY_HAND),
        (f"sha256\n{HASH}\n", hashed("ada@example.com"), SuppressionKind.BY_HAND),
        (f"email,kind\nsha256:{HASH},erased\n", hashed("ada@example.com"), SuppressionKind.ERASED),
        (
            "email;status\nada@example.com;complained\n",
            "ada@example.com",
            SuppressionKind.COMPLAINT,
        ),
    ],
)
def test_suppression_file_takes_addresses_and_hashes(
    tmp_path: Path, text: str, key: str, kind: SuppressionKind
) -> None:
    (found,) = read(tmp_path, text)

    assert isinstance(found, Suppression)
    assert (key, kind, NOW) == (found.address_key, found.kind, found.created_at)


def test_suppression_file_names_what_is_neither_by_its_line(tmp_path: Path) -> None:
    found = read(tmp_path, "email,kind\nnobody,\nada@example.com,mauve\nx@example.com,\n")

    assert [(2, True), (3, True)] == [
        (each.line, bool(each.what)) for each in found if isinstance(each, RowFault)
    ]
    assert isinstance(found[2], Suppression)


def test_suppression_file_needs_a_column_for_whom(tmp_path: Path) -> None:
    with pytest.raises(SubscriberFileError, match="no column “email”"):
        read(tmp_path, "name,kind\nada,bounce\n")


def test_suppression_file_reads_back_what_was_exported(tmp_path: Path) -> None:
    given = [
        Suppression(
            address_key=key, kind=kind, reason=f"={kind.value}, with a comma", created_at=NOW
        )
        for kind in SuppressionKind
        for key in (f"{kind.name.lower()}@example.com", hashed(kind.name))
    ]

    text = b"".join(suppressions_csv(given)).decode()

    assert given == read(tmp_path, text)
