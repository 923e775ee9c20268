"""[limits] warm_up and window, and the warm-up of a group of domains."""

from datetime import date
from pathlib import Path

import pytest

from newsletter.books import WarmUp
from newsletter.errors import SettingsError
from newsletter.schedule import parse_window
from newsletter.settings import load_settings
from newsletter.settings.limits import Limits
from newsletter.starter import starter_folder

PLAN = WarmUp(since=date(2026, 12, 1), first_day=500, times=1.5)


def load(folder: Path, own: str, of_domains: str = "") -> Limits:
    text = (starter_folder() / "newsletter.toml").read_text(encoding="utf-8")
    text = text.replace("[limits]\n", f"[limits]\n{own}\n")
    text = text.replace("[limits.domains]\n", f"[limits.domains]\n{of_domains}\n")
    (folder / "newsletter.toml").write_text(text, encoding="utf-8")
    return load_settings(folder, {}, with_environment=False).limits


def test_nothing_is_warmed_up_when_nothing_is_set(tmp_path: Path) -> None:
    assert (None, None) == ((found := load(tmp_path, "")).warm_up, found.window)


@pytest.mark.parametrize(
    "said",
    [
        "warm_up = { since = 2026-12-01, first_day = 500, times = 1.5 }",
        'warm_up = { since = "2026-12-01", first_day = 500 }',
    ],
)
def test_a_warm_up_is_read(tmp_path: Path, said: str) -> None:
    assert PLAN == load(tmp_path, said).warm_up


def test_a_window_is_read(tmp_path: Path) -> None:
    window = load(tmp_path, 'window = "monday-friday 08:00-18:00"').window

    assert parse_window("monday-friday 08:00-18:00") == window


def test_a_group_of_domains_has_a_warm_up_of_its_own(tmp_path: Path) -> None:
    rules = "{ rate = '20/s', warm_up = { since = 2026-12-01, first_day = 500 } }"

    [group] = load(tmp_path, "", f'"gmail.com" = {rules}').domains

    assert (PLAN, 20.0) == (group.warm_up, group.rate)


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ("warm_up = 500", "[limits] warm_up = 500: must be a table, { since ="),
        ("warm_up = { first_day = 5 }", "[limits.warm_up] since is missing: must be the day of"),
        ("warm_up = { since = 2026-12-01 }", "[limits.warm_up] first_day is missing: must be so"),
        (
            "warm_up = { since = 2026-12-01, first_day = 0 }",
            "[limits.warm_up] first_day = 0: must be a whole number from 1 to 10,000,000",
        ),
        (
            "warm_up = { since = 2026-12-01, first_day = 5, times = 1 }",
            "[limits.warm_up] times = 1: must be a number above 1, up to 10, such as 1.5",
        ),
        (
            "warm_up = { since = 2026-12-01, first_day = 5, factor = 2 }",
            "[limits.warm_up] factor means nothing",
        ),
        ('window = "8 to 6"', '[limits] window = "8 to 6": must be hours, "08:00-18:00"'),
    ],
)
def test_each_fault_is_told_with_what_is_allowed(tmp_path: Path, said: str, fault: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load(tmp_path, said)

    assert 1 == len(caught.value.faults)
    assert fault in caught.value.faults[0]
