"""Names of files: a date each, once; a draft by its title."""

from datetime import date

import pytest

from newsletter.importing.exports import PastIssue, Shelf
from newsletter.importing.exports.export import Form
from newsletter.importing.exports.naming import Names, number_in, slug


def issue(day: date | None = None, shelf: Shelf = Shelf.ARCHIVE) -> PastIssue:
    return PastIssue(label="", body="", form=Form.TEXT, shelf=shelf, day=day)


def test_each_name_is_given_once_a_shelf() -> None:
    names, day = Names(), date(2024, 3, 8)

    assert ["2024-03-08", "2024-03-08-2", "2024-03-08-3"] == [
        names.of(issue(day), "") for _ in range(3)
    ]
    assert "2024-03-08" == names.of(issue(day, Shelf.NOT_PUBLIC), "")


def test_draft_is_called_by_its_title_whatever_is_in_it() -> None:
    names, draft = Names(), issue(date(2024, 3, 8), Shelf.DRAFTS)

    assert ["nets", "nets-2"] == [names.of(draft, "../Nets/") for _ in range(2)]
    assert ["undated", "undated-2"] == [names.of(draft, "漁港…/.."[2:]) for _ in range(2)]


@pytest.mark.parametrize(
    ("title", "name"),
    [("Größe & Maß", "groesse-mass"), ("Café", "cafe"), ("港の手紙", "港の手紙"), ("…", "")],
)
def test_slug_is_in_plain_letters_where_there_are_any(title: str, name: str) -> None:
    assert name == slug(title)


@pytest.mark.parametrize(
    ("title", "number"),
    [
        ("Letter #46", 46),
        ("Issue No. 7", 7),
        ("Ausgabe 12", 12),
        ("Numéro 3", 3),
        ("#hashtag", None),
    ],
)
def test_number_is_read_where_it_is_called_one(title: str, number: int | None) -> None:
    assert number == number_in(title)
