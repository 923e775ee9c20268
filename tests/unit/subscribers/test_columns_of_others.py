"""Who has gone, and who has not agreed, in whatever words and columns another system says so."""

import codecs
from pathlib import Path

import pytest

from newsletter.subscribers import (
    Choice,
    Row,
    RowFault,
    Standing,
    open_subscribers,
    parse_subscribers,
)

READS, GONE, WAITS = Standing.CONFIRMED, Standing.UNSUBSCRIBED, Standing.UNCONFIRMED
BOUNCED, SPAM, STOPPED = Standing.BOUNCE, Standing.COMPLAINT, Standing.BY_HAND


def standings(text: str, path: str = "people.csv") -> list[Standing | None]:
    """Of each row; None for one that is none."""
    rows = parse_subscribers(text, path=path).rows()
    return [None if isinstance(row, RowFault) else row.standing for row in rows]


def of_column(name: str, *cells: str) -> list[Standing | None]:
    rows = [f"r{n}@example.com;{cell}" for n, cell in enumerate(cells)]
    return standings("\n".join([f"email;{name}", *rows]))


@pytest.mark.parametrize(
    "name",
    [
        "Date Unsubscribed",
        "Unsubscribe Timestamp",
        "unsubscribed_at (UTC)",
        "unsubscribedAt",
        "Stop Time",
        "deactivated",
        "Email Opt Out Date",
        "Opted out of email: Newsletter",
        "Unsubscribed from all email",
        "Unsubscribe Reason",
        "emailBlacklisted",
        "EMAIL_BLOCKLISTED",
        "dnc_email",
        "Do Not Contact",
        "is_unsubscribed",
        "Abgemeldet am",
        "Abmeldedatum",
        "Désabonné le",
        "Date de désinscription",
        "Fecha de baja",
        "Disiscritto il",
        "Afgemeld op",
    ],
)
def test_column_whose_name_speaks_of_leaving_says_who_has_left(name: str) -> None:
    assert [READS, READS, GONE, GONE] == of_column(name, "", "0", "05.06.2023 10:11", "1")


@pytest.mark.parametrize("name", ["Date Bounced", "Email hard bounce reason", "Unzustellbar am"])
def test_column_whose_name_speaks_of_bouncing_says_whose_mailbox_is_gone(name: str) -> None:
    assert [READS, BOUNCED] == of_column(name, "", "2023-05-06")


@pytest.mark.parametrize(
    "name",
    [
        "Unsubscribe Link",
        "unsubscribe_url",
        "unsub token",
        "Bounce rate",
        "Soft bounces",
        "spam score",
    ],
)
def test_column_that_every_reader_has_says_nothing_against_them(name: str) -> None:
    assert [READS, READS] == of_column(name, "https://example.com/u/1", "0.3")


def test_cell_that_every_reader_has_says_nothing_against_them() -> None:
    assert [READS, READS] == of_column("Unsubscribe", "https://example.com/u/1", "mailto:u@b.com")
    assert [READS, BOUNCED] == of_column("bounce type", "Soft", "Hard")
    assert [READS] == of_column("cleaned email", "a@example.com")
    assert [READS] == of_column("unsubscribe_hash", "9f86d081884c7d65")


@pytest.mark.parametrize(
    "name", ["Accepts SMS Marketing", "SMS Subscription Status", "Phone opted out", "push enabled"]
)
def test_column_of_another_channel_says_nothing_of_mail(name: str) -> None:
    assert [READS, READS, READS] == of_column(name, "no", "yes", "unsubscribed")


@pytest.mark.parametrize("name", ["IsOptInPending", "unconfirmed", "email_unverified"])
def test_column_that_says_somebody_waits_is_believed(name: str) -> None:
    assert [READS, WAITS] == of_column(name, "false", "true")


@pytest.mark.parametrize("name", ["isunsub", "IsExcludedFromCampaigns"])
def test_column_in_one_word_is_read(name: str) -> None:
    assert [READS, GONE] == of_column(name, "false", "true")


@pytest.mark.parametrize(
    "name", ["Email Marketing Status", "Global Status", "Email permission status", "Abo-Status"]
)
def test_column_of_a_status_is_one_by_whatever_name(name: str) -> None:
    said = of_column(name, "Subscribed", "Unsubscribed", "Non-Subscribed", "Cleaned", "perhaps")

    assert [READS, GONE, WAITS, BOUNCED, None] == said


@pytest.mark.parametrize(
    ("word", "standing"),
    [
        ("Un-subscribed", GONE),
        ("UNSUBSCRIBED (admin)", GONE),
        ("unsubscribed by the reader", GONE),
        ("\u200bunsubscribed\u00a0", GONE),
        ("'unsubscribed", GONE),
        ("Bounced: 550 5.1.1", BOUNCED),
        ("unreachable", BOUNCED),
        ("Awaiting confirmation", WAITS),
        ("Never subscribed", WAITS),
        ("aktiv", READS),
        ("Abgemeldet", GONE),
        ("nicht bestätigt", WAITS),
        ("gesperrt", STOPPED),
        ("Abonné(e)", READS),
        ("DÉSABONNÉ(E)", GONE),
        ("en attente", WAITS),
        ("dado de baja", GONE),
        ("Disiscritto", GONE),
        ("uitgeschreven", GONE),
        ("nieaktywny", GONE),
        ("plainte", SPAM),
        ("active but unsubscribed", None),
        ("soft bounced", None),
    ],
)
def test_status_is_read_in_the_words_of_many_systems(word: str, standing: Standing | None) -> None:
    assert [standing] == of_column("status", word)


@pytest.mark.parametrize(
    ("yes", "no"),
    [("WAHR", "FALSCH"), ("VRAI", "FAUX"), ("Ja", "Nein"), ("oui", "non"), ("sí", "no")],
)
def test_yes_and_no_are_read_as_spreadsheets_of_many_languages_write_them(
    yes: str, no: str
) -> None:
    """Ghost's and Substack's exports, opened in a German or a French Excel and saved again."""
    assert [READS, GONE] == of_column("subscribed_to_emails", yes, no)
    assert [READS, GONE] == of_column("email_disabled", no, yes)
    assert [READS, WAITS] == of_column("double_opt-in", yes, no)


def test_answer_that_nobody_knows_to_whether_somebody_wants_mail_is_no_yes() -> None:
    assert [None, WAITS, READS] == of_column("subscribed", "nope", "never", "2023-05-06 10:11")


def test_who_has_no_day_of_confirmation_waits_unless_a_column_says_who_reads() -> None:
    said = of_column("confirmed_at", "2023-05-06 10:11", "", "null")

    assert [READS, WAITS, WAITS] == said
    assert [READS] == standings("email,confirmed_at,status\na@example.com,,active\n")
    assert [READS] == standings("Email Address,CONFIRM_TIME\na@example.com,\n")


@pytest.mark.parametrize(
    "name", ["Newsletter", "GDPR consent", "Einwilligung", "Accepts Email Marketing", "consented"]
)
def test_no_to_the_newsletter_is_no_yes(name: str) -> None:
    assert [READS, WAITS, READS] == of_column(name, "yes", "no", "weekly, monthly")


@pytest.mark.parametrize(
    "name", ["inactive", "is_deleted", "Blocked", "email_invalid", "Removed on"]
)
def test_column_that_says_somebody_is_off_is_believed(name: str) -> None:
    assert [READS, GONE] == of_column(name, "false", "true")


def test_consent_that_is_a_no_is_none() -> None:
    assert [READS, WAITS, GONE] == of_column("consent", "card at the fair", "no", "withdrawn")


def test_opt_in_is_believed_where_it_says_that_somebody_waits_or_has_gone() -> None:
    assert [READS, WAITS, GONE] == of_column("opt_in", "single", "pending", "unsubscribed")


def test_our_own_export_with_columns_taken_out_brings_nobody_back() -> None:
    said = of_column("suppressed", "", "bounce", "by hand", "erased", "complaint")

    assert [READS, BOUNCED, STOPPED, GONE, SPAM] == said


@pytest.mark.parametrize(
    ("name", "standing"),
    [
        ("nonsubscribed_email_audience_export_1b2c.csv", WAITS),
        ("unsubscribed_segment_export_1b2c.csv", GONE),
        ("cleaned_members_export_1b2c.csv", BOUNCED),
        ("bounces-2024.csv", BOUNCED),
        ("subscribed_members_export_1b2c.csv", READS),
        ("all but unsubscribed.csv", READS),
        ("list_cleaned.csv", READS),
    ],
)
def test_name_of_a_file_counts_where_no_column_tells(name: str, standing: Standing) -> None:
    assert [standing] == standings("Email Address,LEID\na@example.com,1\n", path=name)


@pytest.mark.parametrize(
    "rest",
    [f"{'x' * 300},,,", "A\x00,,,", ",not json,,", ",,perhaps,2023-05-06"],
)
def test_row_of_somebody_who_has_gone_counts_whatever_else_is_wrong_with_it(rest: str) -> None:
    head = "email,first_name,attributes,status,unsubscribed_at,gone\n"
    name, attributes, status, at = rest.split(",")
    row = f"a@example.com,{name},{attributes},{status or 'unsubscribed'},{at},\n"

    assert [GONE] == standings(head + row)
    assert [None] == standings(head + row.replace("unsubscribed", "active").replace(at or "-", ""))


def test_row_with_more_cells_than_columns_is_nobody() -> None:
    assert [None] == standings("email,status\na@example.com,unsubscribed,x\n")


def test_columns_that_say_who_has_gone_are_read_beside_those_that_are_named() -> None:
    text = "email,City,Shoe,Status,UNSUB_TIME\na@example.com,Leeds,42,cleaned,\n"
    file = parse_subscribers(text, choice=Choice(only=frozenset({"city"})))
    (row,) = file.rows()

    assert isinstance(row, Row)
    assert (BOUNCED, {"city": "Leeds"}) == (row.standing, row.attributes)
    assert ["Status", "UNSUB_TIME"] == list(file.columns.of_standing)
    assert ["Shoe"] == list(file.columns.left_out)


def test_column_that_says_who_has_gone_is_left_out_where_somebody_names_it() -> None:
    text = "email,Status\na@example.com,cleaned\n"
    (row,) = parse_subscribers(text, choice=Choice(without=frozenset({"Status"}))).rows()

    assert isinstance(row, Row)
    assert READS is row.standing


def test_name_of_a_file_does_not_count_where_a_column_tells() -> None:
    assert [READS] == standings("email,status\na@example.com,active\n", path="unsubscribed.csv")


@pytest.mark.parametrize(
    "name",
    [
        "Subscriber",
        "E-Mail-Adresse",
        "Adresse e-mail",
        "Courriel",
        "Correo electrónico",
        "E-mailadres",
    ],
)
def test_address_is_found_in_many_languages(name: str) -> None:
    assert [READS] == standings(f"{name};Vorname\na@example.com;Ada\n")


def test_bar_parts_cells_where_it_parts_the_header() -> None:
    assert [GONE] == standings("email|status\na@example.com|unsubscribed\n")


def test_mark_in_the_middle_of_joined_files_is_no_part_of_an_address() -> None:
    assert [READS, GONE] == standings(
        "email,status\na@example.com,active\n\ufeffb@example.com,\ufeffunsubscribed\n"
    )


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (b"", "utf-16-le"),
        (b"", "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
    ],
)
def test_wide_characters_are_known_without_a_mark(
    tmp_path: Path, mark: bytes, encoding: str
) -> None:
    path = tmp_path / "people.csv"
    path.write_bytes(mark + "email;status\nzoë@example.com;unsubscribed\n".encode(encoding))

    with open_subscribers(path) as file:
        (row,) = file.rows()

    assert isinstance(row, Row)
    assert (GONE, "zoë@example.com") == (row.standing, str(row.address))
