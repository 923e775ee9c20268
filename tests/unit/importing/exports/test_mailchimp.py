"""Mailchimp: tables of people by what became of them, and campaigns as whole mails."""

import shutil
from pathlib import Path

import pytest

from newsletter.errors import ExportError
from newsletter.importing.exports import Left, Standing, System
from tests.export_samples import SAMPLES, export_at, sample, written_of

EXPORT = sample(System.MAILCHIMP)
ISSUES = written_of(EXPORT)
LISTS = SAMPLES / "mailchimp/lists/harbour-letter"


def test_campaigns_that_were_sent_are_issues_and_others_are_drafts() -> None:
    assert ["archive/2023-03-03", "archive/2023-03-10", "drafts/a-draft-about-nets"] == list(ISSUES)
    assert ["Welcome aboard"] == EXPORT.left[Left.MACHINE]


def test_mail_is_its_words_without_the_machine_around_them() -> None:
    letter = ISSUES["archive/2023-03-03"].text

    assert "subject: Fish, fog & a new bell\n" in letter
    assert "Dear, the bell was hung on Tuesday. It weighs 300\u00a0kilos – and it rings." in letter
    assert "\n## The fish\n" in letter
    assert "\n- Monday: thick\n- Tuesday: thicker\n" in letter
    for gone in ("*|", "unsubscribe", "view this email", "copyright", "track/open"):
        assert gone not in letter.lower()


def test_campaign_without_a_subject_has_its_title() -> None:
    assert "subject: Harbour Letter 4\n" in ISSUES["archive/2023-03-10"].text


def test_people_who_never_subscribed_are_left_out() -> None:
    assert 3 == len(EXPORT.people)
    assert ["lists/harbour-letter/nonsubscribed_members_export_0c1d2e3f4a.csv"] == EXPORT.left[
        Left.NOT_SUBSCRIBED
    ]


def test_tables_of_one_audience_belong_together_and_two_are_told_apart(tmp_path: Path) -> None:
    shutil.copytree(LISTS, tmp_path / "a")
    other = "subscribed_members_export_99887766aa.csv"
    shutil.copy(LISTS / "subscribed_members_export_0c1d2e3f4a.csv", tmp_path / other)

    assert ["0c1d2e3f4a"] == list(EXPORT.audiences)
    assert ["0c1d2e3f4a", "99887766aa"] == list(export_at(tmp_path).audiences)
    assert 1 == len(export_at(tmp_path).of("99887766aa").people)


@pytest.mark.parametrize(
    ("name", "standing"),
    [
        ("subscribed_members_export_1.csv", Standing.AS_TOLD),
        ("unsubscribed_members_export_1.csv", Standing.GONE),
        ("cleaned_members_export_1.csv", Standing.BOUNCED),
        ("subscribed_email_audience_export_1.csv", Standing.AS_TOLD),
        ("unsubscribed_email_audience_export_1.csv", Standing.GONE),
        ("cleaned_email_audience_export_1.csv", Standing.BOUNCED),
        ("subscribed_segment_export_1.csv", Standing.AS_TOLD),
        ("unsubscribed.csv", Standing.GONE),
    ],
)
def test_table_without_a_time_is_what_its_name_says(
    tmp_path: Path, name: str, standing: Standing
) -> None:
    (tmp_path / name).write_text(
        "Email Address,OPTIN_TIME,CONFIRM_TIME,MEMBER_RATING\na@b.example,,,\n"
    )

    [people] = export_at(tmp_path).people
    assert standing is people.standing


@pytest.mark.parametrize("audience", ["members", "email_audience", "contacts", "segment"])
def test_contacts_who_never_subscribed_are_left_out_whatever_the_table_is_called(
    tmp_path: Path, audience: str
) -> None:
    head = "Email Address,OPTIN_TIME,CONFIRM_TIME,MEMBER_RATING\n"
    for kind in ("subscribed", "nonsubscribed"):
        (tmp_path / f"{kind}_{audience}_export_1.csv").write_text(f"{head}{kind}@b.example,,,\n")

    export = export_at(tmp_path)

    assert [f"subscribed_{audience}_export_1.csv"] == [each.name for each in export.people]
    assert [f"nonsubscribed_{audience}_export_1.csv"] == export.left[Left.NOT_SUBSCRIBED]


def test_table_that_does_not_say_whose_it_is_is_refused(tmp_path: Path) -> None:
    """Contacts who never subscribed have the same columns as readers."""
    (tmp_path / "people.csv").write_text(
        "Email Address,OPTIN_TIME,CONFIRM_TIME,MEMBER_RATING\na@b.example,,,\n"
    )

    with pytest.raises(ExportError, match=r"people\.csv: nothing says .* have subscribed; call it"):
        export_at(tmp_path)


def test_columns_may_have_names_of_another_language(tmp_path: Path) -> None:
    (tmp_path / "subscribed_members_export_1.csv").write_text(
        "E-Mail-Adresse,Vorname,OPTIN_TIME,CONFIRM_TIME,MEMBER_RATING\na@b.example,Jo,,,\n"
    )

    [people] = export_at(tmp_path).people
    assert Standing.AS_TOLD is people.standing


def test_table_that_a_spreadsheet_saved_as_unicode_is_read(tmp_path: Path) -> None:
    (tmp_path / "subscribed_members_export_1.csv").write_text(
        "Email Address\tOPTIN_TIME\tCONFIRM_TIME\tMEMBER_RATING\na@b.example\t\t\t\n",
        encoding="utf-16",
    )

    assert 1 == len(export_at(tmp_path).people)
