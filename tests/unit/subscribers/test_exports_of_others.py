"""The exports of other systems, one sample in each form; nobody in them lives."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from newsletter.errors import SubscriberFileError
from newsletter.subscribers import Consent, Row, Standing, open_subscribers

EXPORTS = Path(__file__).parent / "exports"
CONFIRMED, GONE, WAITING = Standing.CONFIRMED, Standing.UNSUBSCRIBED, Standing.UNCONFIRMED


def rows_of(name: str) -> list[Row]:
    with open_subscribers(EXPORTS / f"{name}.csv") as file:
        rows = list(file.rows())
    assert all(isinstance(row, Row) for row in rows), rows
    return [row for row in rows if isinstance(row, Row)]


@pytest.mark.parametrize(
    ("name", "standings"),
    [
        ("mailchimp_subscribed", [CONFIRMED, CONFIRMED]),
        ("mailchimp_unsubscribed", [GONE]),
        ("mailchimp_cleaned", [Standing.BOUNCE]),
        ("substack", [CONFIRMED, CONFIRMED, GONE]),
        ("buttondown", [CONFIRMED, GONE, WAITING, Standing.BOUNCE, Standing.COMPLAINT]),
        ("ghost", [CONFIRMED, GONE, GONE]),
        ("listmonk", [CONFIRMED, GONE, Standing.BY_HAND]),
        ("kit", [CONFIRMED, GONE, Standing.BOUNCE, Standing.COMPLAINT]),
        ("beehiiv", [CONFIRMED, GONE, WAITING, Standing.BOUNCE]),
    ],
)
def test_export_says_who_reads_and_who_is_gone(name: str, standings: list[Standing]) -> None:
    assert standings == [row.standing for row in rows_of(name)]


@pytest.mark.parametrize(
    ("name", "tags"),
    [
        ("mailchimp_subscribed", ("early_bird", "press")),
        ("buttondown", ("early", "press")),
        ("ghost", ("press_desk", "vip")),
        ("kit", ("course", "podcast")),
        ("beehiiv", ("press", "uk")),
    ],
)
def test_export_gives_tags_however_they_are_parted(name: str, tags: tuple[str, ...]) -> None:
    assert tags == rows_of(name)[0].tags


@pytest.mark.parametrize(
    ("name", "attributes"),
    [
        ("listmonk", {"city": "Oslo", "age": "41", "lists": "[1, 2]", "uuid": "0b1c"}),
        (
            "buttondown",
            {
                "city": "Porto",
                "shop_size": "3",
                "notes": "met at the fair by the tram",
                "referrer_url": "https://example.com/",
                "source": "embedded_form",
                "type": "regular",
            },
        ),
        (
            "substack",
            {"active_subscription": "false", "plan": "other"},
        ),
    ],
)
def test_export_gives_whatever_else_it_knows_as_attributes(
    name: str, attributes: dict[str, str]
) -> None:
    assert attributes == rows_of(name)[0].attributes


def test_export_gives_consent_by_the_times_it_has() -> None:
    first, second = rows_of("mailchimp_subscribed")

    assert first.consent == Consent(
        source="CONFIRM_TIME in mailchimp_subscribed.csv",
        at=datetime(2023, 2, 10, 9, 14, tzinfo=UTC),
    )
    assert second.consent
    assert second.consent.at == datetime(2023, 3, 1, 18, 0, 5, tzinfo=UTC)


def test_export_gives_consent_by_where_and_when_somebody_signed_up() -> None:
    created = datetime(2024, 8, 1, 6, 0, tzinfo=UTC)

    assert Consent(source="google", at=created) == rows_of("beehiiv")[0].consent


def test_export_gives_no_consent_by_a_date_of_creation_alone() -> None:
    first = rows_of("substack")[0]

    assert first.consent is None
    assert datetime(2024, 1, 15, 10, 0, tzinfo=UTC) == first.created_at


def test_export_says_since_when_somebody_is_gone() -> None:
    assert (
        datetime(2023, 6, 1, 7, 31, 12, tzinfo=UTC) == rows_of("mailchimp_unsubscribed")[0].gone_at
    )
    assert datetime(2022, 9, 9, 9, 9, 9, tzinfo=UTC) == rows_of("mailchimp_cleaned")[0].gone_at


@pytest.mark.parametrize(
    "header",
    [
        "Vorname;Nachname;E-Mail-Adresse",
        "Prénom;Nom;Adresse de messagerie",
        "Nombre;Apellidos;Dirección de correo electrónico",
        "First Name,Last Name,E-mail 1 - Value",
        "Voornaam;Achternaam;E-mailadres",
    ],
)
def test_address_book_in_its_own_language_is_a_list_of_people(tmp_path: Path, header: str) -> None:
    separator = ";" if ";" in header else ","
    path = tmp_path / "people.csv"
    path.write_text(f"{header}\n{separator.join(('Jo', 'Quay', 'jo@reader.example.com'))}\n")

    with open_subscribers(path) as file:
        [row] = file.rows()

    assert isinstance(row, Row)
    assert ("Jo", "jo@reader.example.com") == (row.first_name, str(row.address))


@pytest.mark.parametrize(
    ("column", "cell", "standing"),
    [
        ("Abgemeldet", "ja", GONE),
        ("Abgemeldet", "nein", CONFIRMED),
        ("Abgemeldet am", "2024-05-01", GONE),
        ("Désinscrit le", "", CONFIRMED),
        ("Fecha de baja", "2024-05-01", GONE),
        ("Status", "abgemeldet", GONE),
        ("Status", "bestätigt", CONFIRMED),
        ("Status", "désabonnée", GONE),
        ("Status", "ausstehend", WAITING),
    ],
)
def test_who_has_gone_is_known_in_their_language(
    tmp_path: Path, column: str, cell: str, standing: Standing
) -> None:
    path = tmp_path / "people.csv"
    path.write_text(f"email,{column}\njo@reader.example.com,{cell}\n")

    with open_subscribers(path) as file:
        [row] = file.rows()

    assert isinstance(row, Row)
    assert standing is row.standing


@pytest.mark.parametrize(
    ("octets", "what"),
    [
        (b"PK\x03\x04\xff\xff", "this is a spreadsheet or an archive"),
        (b"\xd0\xcf\x11\xe0", "this is an old spreadsheet"),
        (b"BEGIN:VCARD\r\n", "this is the cards of an address book"),
    ],
)
def test_file_of_another_kind_is_to_be_saved_as_csv(
    tmp_path: Path, octets: bytes, what: str
) -> None:
    path = tmp_path / "people.xlsx"
    path.write_bytes(octets)

    with pytest.raises(SubscriberFileError, match=f"{what}.* as CSV"), open_subscribers(path):
        pass
