"""What OpenTelemetry's SDK says of its own troubles, passed on to whoever keeps the log.

Left alone it would write to standard error, between lines that are meant for machines, and again at
each try. A collector that is away is said once, and again after a while.
"""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

SILENT = 600.0
"""Seconds in which one kind of trouble is not said again."""

_LOGGER = "opentelemetry"


@contextmanager
def trouble_heard(hear: Callable[[str], object]) -> Iterator[None]:
    """Until the block ends `hear` is told what goes wrong, from any thread."""
    logger, handler = logging.getLogger(_LOGGER), _Passing(hear)
    kept = logger.propagate
    logger.addHandler(handler)
    logger.propagate = False
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.propagate = kept


class _Passing(logging.Handler):
    def __init__(self, hear: Callable[[str], object]) -> None:
        super().__init__(logging.WARNING)
        self._hear = hear
        self._said: dict[str, float] = {}

    def emit(self, record: logging.LogRecord) -> None:
        """The same words with other figures in them are one kind."""
        kind, moment = str(record.msg), time.monotonic()
        if moment - self._said.get(kind, -SILENT) >= SILENT:
            self._said[kind] = moment
            self._hear(record.getMessage().partition("\n")[0])
