"""Faults of ours in the studio: each with its traceback in one file, and in a line to a person.

Of a request nothing is kept but what broke: a traceback has places in our code, and no values.
"""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path

_LOGGERS = ("uvicorn.error", "asyncio")
MOST = 1024 * 1024
"""Octets; then it begins anew, and one older file is kept."""


class FaultLog:
    """What server and event loop complain of; `hear` is told where to read it."""

    def __init__(self, path: Path, hear: Callable[[str], object]) -> None:
        self.path = path
        self._hear = hear

    @contextmanager
    def heard(self) -> Iterator[None]:
        """While this is entered, nothing of it comes to the terminal by itself."""
        handler = _Handler(self.path, self._hear)
        loggers = [logging.getLogger(name) for name in _LOGGERS]
        before = [logger.propagate for logger in loggers]
        for logger in loggers:
            logger.addHandler(handler)
            logger.propagate = False
        try:
            yield
        finally:
            for logger, propagates in zip(loggers, before, strict=True):
                logger.removeHandler(handler)
                logger.propagate = propagates
            handler.close()


class _Handler(RotatingFileHandler):
    """A client that speaks no HTTP, or is hung up on at the end, is no fault of ours."""

    def __init__(self, path: Path, hear: Callable[[str], object]) -> None:
        super().__init__(path, maxBytes=MOST, backupCount=1, encoding="utf-8", delay=True)
        self._told = hear
        formatter = logging.Formatter("%(asctime)sZ %(message)s")
        formatter.converter = time.gmtime
        self.setFormatter(formatter)

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        return isinstance(error, Exception)

    def emit(self, record: logging.LogRecord) -> None:
        super().emit(record)
        kind = type(record.exc_info[1]).__name__ if record.exc_info else "a fault"
        self._told(
            f"something broke in the studio ({kind}); the traceback is in {self.baseFilename}"
        )

    def _open(self) -> TextIOWrapper:
        """For its owner alone, from the first octet."""
        with suppress(OSError):
            Path(self.baseFilename).touch(mode=0o600)
        return super()._open()

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        """A disk that is full keeps no traceback, and nobody from writing."""
