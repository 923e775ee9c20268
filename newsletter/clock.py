"""The only reader of time. Everything else is handed a moment, or a clock to ask."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def now() -> datetime:
    """The present moment, aware, in UTC, to the second and below."""
    return datetime.now(UTC)
