"""What an import tells besides the text: the day that the file gives."""

from datetime import date

import pytest

from newsletter.importing import import_text
from newsletter.issue import ENGLISH

TEXT = "# Two stories\n\nIt’s Friday.\n\n## 1. Shelves\n\nThey think.\n"


@pytest.mark.parametrize(
    ("head", "path", "expected"),
    [
        ("---\ndate: 2021-11-26\n---\n\n", "2021-12-03.txt", date(2021, 11, 26)),
        ("", "2021-12-03.txt", date(2021, 12, 3)),
        ("", "-", None),
        ("---\ndate: soon\n---\n\n", "2021-12-03.txt", None),
    ],
)
def test_import_tells_the_day_of_the_front_matter_else_of_the_name(
    head: str, path: str, expected: date | None
) -> None:
    imported = import_text(f"{head}{TEXT}".encode(), path=path, cues=ENGLISH)

    assert expected == imported.day
