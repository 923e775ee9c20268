"""What Procrastinate and its connections say, as one line each of our own log.

They would write a traceback for each task that meets a database that is away. Who keeps a worker
needs one line: what it was. What is no fault of theirs is a bug of ours, and is shown as one.
"""

import asyncio
import logging
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from newsletter.books import Standing
from newsletter.errors import NewsletterError
from newsletter.publishing.tick import Happening
from newsletter.workers.working import Working

_OTHERS = ("procrastinate", "psycopg", "psycopg_pool")
_TAKEN_OVER = "Job was not found"
"""Of Procrastinate's tables, where somebody ends a job that others have taken out of its hands."""


@contextmanager
def heard(asked: Working) -> Iterator[None]:
    """In here nothing of theirs goes to standard error. To be entered where the event loop runs.

    What this loop's tasks leave unheard is told for as long as it lives: of one that broke off it
    hears when the task is forgotten, and that may be after all else.
    """
    loop, handler = asyncio.get_running_loop(), _Hearing(asked)
    loggers = [logging.getLogger(name) for name in ("procrastinate", "psycopg")]
    kept = [(each, each.propagate) for each in loggers]
    for each in loggers:
        each.addHandler(handler)
        each.propagate = False
    loop.set_exception_handler(handler.unheard)
    try:
        yield
    finally:
        for each, propagates in kept:
            each.removeHandler(handler)
            each.propagate = propagates


class _Hearing(logging.Handler):
    def __init__(self, asked: Working) -> None:
        super().__init__(logging.WARNING)
        self._asked = asked

    def emit(self, record: logging.LogRecord) -> None:
        """The pool's warnings are left out: what it cannot mend, whoever asked it says anew."""
        if record.name.startswith("psycopg") and record.levelno < logging.ERROR:
            return
        error = record.exc_info[1] if record.exc_info else None
        if isinstance(error, Exception) and is_theirs(error):
            self._say(words(error))
        else:
            self._say(" ".join(record.getMessage().split()))

    def unheard(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """A task that nobody waits for broke off: Procrastinate lets its jobs end like that."""
        error = context.get("exception")
        if isinstance(error, Exception) and is_theirs(error):
            self._say(words(error))
        else:
            loop.default_exception_handler(context)

    def _say(self, text: str) -> None:
        event, standing = "engine", Standing.NEEDS_PERSON
        self._asked.hear(Happening(event=event, issue="", text=text, standing=standing))


def is_theirs(error: Exception) -> bool:
    """Whether it is the database's or the network's, and no bug of ours."""
    module = type(error).__module__.partition(".")[0]
    return module in _OTHERS or isinstance(error, OSError)


def words(error: Exception) -> str:
    """What is ours, or the database's, on one line; a bug of ours with its traceback."""
    if isinstance(error, NewsletterError):
        return str(error)
    if not is_theirs(error):
        return " ".join("".join(traceback.format_exception(error)).split())
    cause = error.__cause__ if isinstance(error.__cause__, Exception) else error
    if isinstance(cause, TimeoutError):
        return "the database does not answer in time"
    if _TAKEN_OVER in str(cause):
        return "this process was silent for so long that others were given what it had in hand"
    return " ".join(f"{type(cause).__name__}: {cause}".split())
