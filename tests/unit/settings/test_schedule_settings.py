"""[schedule], [approval] and [notifications]: what they mean, and every fault by its key."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from newsletter.errors import SettingsError
from newsletter.schedule import ApprovalRule, HolidayRule, Move
from newsletter.settings import Settings, load_settings
from newsletter.starter import starter_folder

SECRET = {"NEWSLETTER_WEBHOOK_SECRET": "s" * 32}


def write(folder: Path, section: str, line: str) -> Path:
    text = (starter_folder() / "newsletter.toml").read_text(encoding="utf-8")
    kept = [each for each in text.splitlines() if not each.startswith(f"{line.split()[0]} ")]
    text = "\n".join(kept).replace(f"[{section}]", f"[{section}]\n{line}", 1)
    (folder / "newsletter.toml").write_text(text, encoding="utf-8")
    return folder


def read(folder: Path, section: str, line: str) -> Settings:
    return load_settings(write(folder, section, line), SECRET)


def test_defaults_ask_for_one_approval_and_tell_nobody() -> None:
    settings = load_settings(starter_folder(), {}, with_environment=False)

    assert ApprovalRule(required=1) == settings.approval
    assert HolidayRule() == settings.schedule.holidays
    assert (timedelta(hours=1), timedelta(hours=18)) == (
        settings.schedule.grace,
        settings.schedule.remind_before,
    )
    assert ((), (), None) == (
        settings.notifications.alert,
        settings.notifications.report,
        settings.notifications.webhook,
    )


def test_schedule_has_holidays_grace_and_reminder(tmp_path: Path) -> None:
    line = 'holidays = "GB-ENG"\nskip = ["2026-12-24", 2026-12-31]\nmove = "before"'
    more = "\ngrace_minutes = 90\nremind_hours = 0"
    schedule = read(tmp_path, "schedule", line + more).schedule

    assert ("GB", "ENG", Move.BEFORE) == (
        schedule.holidays.country,
        schedule.holidays.subdivision,
        schedule.holidays.move,
    )
    assert {date(2026, 12, 24), date(2026, 12, 31)} == schedule.holidays.days
    assert (timedelta(minutes=90), timedelta()) == (schedule.grace, schedule.remind_before)


def test_notifications_name_each_person_once(tmp_path: Path) -> None:
    line = (
        'alert = ["Desk@example.com", "desk@Example.com"]\nwebhook = "https://hooks.example.com/x"'
    )
    told = read(tmp_path, "notifications", line).notifications

    assert ["desk@example.com"] == [str(spec).lower() for spec in told.alert]
    assert "https://hooks.example.com/x" == told.webhook


def test_test_recipients_are_addresses_each_once(tmp_path: Path) -> None:
    line = 'recipients = ["desk@example.com", "DESK@example.com", "ada@example.com"]'
    found = read(tmp_path, "test", line).tests.recipients

    assert ["desk@example.com", "ada@example.com"] == [str(spec).lower() for spec in found]


def test_each_test_recipient_that_is_no_address_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        read(tmp_path, "test", 'recipients = ["desk", "ada@example.com", "@example.com"]')

    first, second = caught.value.faults
    assert first.startswith("[test] recipients: 'desk': ")
    assert second.startswith("[test] recipients: '@example.com': ")


@pytest.mark.parametrize(
    ("expected", "section", "line"),
    [
        ("did you mean ENG?", "schedule", 'holidays = "GB-EGN"'),
        ("no holidays are known for XX", "schedule", 'holidays = "XX"'),
        ("must be a country or a part of one", "schedule", 'holidays = "England"'),
        ("must be a list of days", "schedule", 'skip = ["2026-02-30"]'),
        ("must be a list of days", "schedule", "skip = [2026-12-24T07:00:00]"),
        ("must be one of skip, before, after", "schedule", 'move = "over"'),
        ("must be a whole number from 1", "schedule", "grace_minutes = 0"),
        ("must be a whole number from 0", "schedule", "remind_hours = 500"),
        ("must be a whole number from 0", "approval", "required = -1"),
        ("must be true or false", "approval", 'send_too = "yes"'),
        ("must be true or false", "approval", "author_may_approve = 1"),
        ("did you mean required?", "approval", "requires = 2"),
        ("must be a list of addresses", "notifications", 'alert = "desk@example.com"'),
        ("'desk': not a mail address", "notifications", 'report = ["desk"]'),
        ("must be true or false", "approval", "corrections_too = 1"),
        ("must be a list of addresses", "test", "recipients = [7]"),
        ("did you mean recipients?", "test", 'recipient = "desk@example.com"'),
        ("must be an https address", "notifications", 'webhook = "http://hooks.example.com"'),
        ("must be an https address", "notifications", 'webhook = "https://a:b@hooks.example.com"'),
    ],
)
def test_settings_name_the_key_and_what_is_allowed(
    expected: str, section: str, line: str, tmp_path: Path
) -> None:
    with pytest.raises(SettingsError) as caught:
        read(tmp_path, section, line)

    [fault] = caught.value.faults
    assert expected in fault
    assert fault.startswith(f"[{section}] ")


@pytest.mark.parametrize("environ", [{}, {"NEWSLETTER_WEBHOOK_SECRET": "short"}])
def test_webhook_that_nobody_can_sign_for_is_a_fault(
    environ: dict[str, str], tmp_path: Path
) -> None:
    line = 'webhook = "https://hooks.example.com/path"'
    with pytest.raises(SettingsError) as caught:
        load_settings(write(tmp_path, "notifications", line), environ)

    [fault] = caught.value.faults
    assert "webhook" in fault
    assert "short" not in fault
