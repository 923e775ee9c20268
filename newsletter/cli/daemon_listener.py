"""What a daemon's sends are heard by: a line in its log now and then, a sign of life each time."""

from contextlib import AbstractContextManager

from newsletter.books import Adjustment, Run
from newsletter.cli.daemon_log import DaemonLog, Level
from newsletter.cli.listening import adjustment_line, summary
from newsletter.cli.serving_metrics import Instruments
from newsletter.cli.wording import line_of
from newsletter.daemon import Pulse
from newsletter.errors import RelayFault
from newsletter.publishing.marking import Mark
from newsletter.publishing.progress import Progress
from newsletter.publishing.terms import Listener

_PROGRESS = 60.0
"""Seconds between two lines about a send that is under way."""


class DaemonListener(Listener):
    """Hears of all the sends of one process."""

    def __init__(self, pulse: Pulse, log: DaemonLog, instruments: Instruments) -> None:
        self._pulse = pulse
        self._instruments = instruments
        self._log = log
        self._said: dict[str, float] = {}
        self._run_ids: dict[str, int] = {}

    def sending(self, run: Run) -> AbstractContextManager[None]:
        self._run_ids[run.issue] = run.id
        return self._instruments.sending(run)

    def progressed(self, progress: Progress) -> None:
        self._pulse.alive(f"sending {progress.issue}: {progress.done:,} of {progress.total:,}")
        said = min(self._said.get(progress.issue, 0.0), progress.elapsed)
        if progress.elapsed - said >= _PROGRESS:
            said = progress.elapsed
            run_id = self._run_ids.get(progress.issue)
            self._log.say("progress", summary(progress), issue=progress.issue, run_id=run_id)
        self._said[progress.issue] = said

    def stopped(self, run: Run) -> None:
        text = f"by {run.controlled_by}: stopping"
        self._log.say(run.state.value, text, issue=run.issue, run_id=run.id)

    def marked(self, mark: Mark) -> None:
        self._log.marked(mark)

    def adjusted(self, adjustment: Adjustment) -> None:
        self._log.say("adjusted", adjustment_line(adjustment), level=Level.WARNING)

    def relay_left(self, fault: RelayFault) -> None:
        text = f"left for the next relay: {line_of(fault)}"
        self._log.say("relay-left", text, level=Level.WARNING)
