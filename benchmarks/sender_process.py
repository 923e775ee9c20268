"""`python -m benchmarks.sender_process [--no-journal] ARGUMENTS`: the real command, with a watch.

Time is counted from the first claim to the last word in the journal, so that neither rendering
nor the freezing of the audience is in it; CPU is that of the whole process in that time. The last
line on stderr is a record of it. Without a journal nothing is written between claim and claim,
which is what the journal's cost is measured against: never for sending.
"""

import json
import sys
import time
from collections.abc import Callable
from typing import Any

from newsletter.books import Turn
from newsletter.cli import main
from newsletter.store import Journal


class Watch:
    """When the journal was first asked for something, and last; wall clock and CPU, in seconds."""

    def __init__(self) -> None:
        self.began: tuple[float, float] | None = None
        self.ended = (0.0, 0.0)
        self.calls = 0
        self.journal_seconds = 0.0

    def over(self, function: Callable[..., Any], *, is_word: bool) -> Callable[..., Any]:
        def watched(*arguments: Any, **named: Any) -> Any:
            started = time.perf_counter()
            self.began = self.began or (started, time.process_time())
            result = function(*arguments, **named)
            if is_word:
                self.ended = (time.perf_counter(), time.process_time())
                self.calls += 1
                self.journal_seconds += self.ended[0] - started
            return result

        return watched


def _no_turn(*_: Any, **__: Any) -> Turn:
    return Turn()


def run() -> None:
    arguments = sys.argv[1:]
    is_journalled = "--no-journal" not in arguments
    watch = Watch()
    turn = Journal.turn if is_journalled else _no_turn
    Journal.turn = watch.over(turn, is_word=True)  # type: ignore[method-assign]
    Journal.claim = watch.over(Journal.claim, is_word=False)  # type: ignore[method-assign]
    sys.argv[1:] = [argument for argument in arguments if argument != "--no-journal"]
    try:
        main()
    finally:
        began = watch.began or watch.ended
        record = {
            "seconds": watch.ended[0] - began[0],
            "cpu": watch.ended[1] - began[1],
            "turns": watch.calls,
            "journal_seconds": watch.journal_seconds,
        }
        print(json.dumps(record), file=sys.stderr)


run()
