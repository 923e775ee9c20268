"""The days that are said on the command line."""

from datetime import date

from newsletter.errors import NewsletterError


def day_said(text: str | None, *, option: str) -> date | None:
    """The day of an option, None where it was not given. Raises NewsletterError for no date."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise NewsletterError(
            f"“{text}” is not a date", where=option, next_step="write it as 2021-11-26"
        ) from error
