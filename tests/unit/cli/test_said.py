"""The moment of --at: as people write it, and held to be one to come."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from newsletter.cli.said import wall_time_said
from newsletter.errors import NewsletterError
from newsletter.publishing.scheduling import check_ahead

NOW = datetime(2026, 11, 27, 7, 0, tzinfo=UTC)


@pytest.mark.parametrize("text", ["2026-11-27 07:05", "2026-11-27T07:05", " 2026-11-27 07:05 "])
def test_wall_time_is_read(text: str) -> None:
    assert (date(2026, 11, 27), time(7, 5)) == wall_time_said(text)


@pytest.mark.parametrize(
    "text",
    [
        *("", "friday", "2026-11-31 07:00", "2026-11-27 24:00", "2026-11-27 7:00", "2026-11-27"),
        *("2026-11-27 07:00 UTC", "٢٠٢٦-11-27 07:00", "2026-11-27 07:00:00", "0000-01-01 00:00"),
    ],
)
def test_impossible_wall_time_is_refused(text: str) -> None:
    with pytest.raises(NewsletterError, match="is not a date and time"):
        wall_time_said(text)


def test_moment_must_be_to_come_and_near() -> None:
    check_ahead(NOW + timedelta(seconds=1), "then", NOW)
    with pytest.raises(NewsletterError, match="is in the past"):
        check_ahead(NOW, "then", NOW)
    with pytest.raises(NewsletterError, match="is the year right"):
        check_ahead(NOW + timedelta(days=367), "then", NOW)
