"""The progress of a send on a terminal: a bar with counts, rate and time left, by rich."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
from rich.progress import Progress as Bar

from newsletter.books import DeliveryState, in_words
from newsletter.cli.wording import rate_words
from newsletter.publishing.progress import Progress
from newsletter.reports import counts_text


@contextmanager
def progress_bar() -> Iterator[Callable[[Progress], None]]:
    """Gives what draws the progress; the bar is gone at the end, the books say it then."""
    columns = (
        TextColumn("  sending"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TextColumn("{task.fields[left]}"),
        TextColumn("{task.fields[others]}"),
    )
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("sending", rate="", left="", others="")

        def report(progress: Progress) -> None:
            left = progress.left()
            others: dict[DeliveryState, int] = {
                state: count
                for state, count in progress.counts.items()
                if state is not DeliveryState.ACCEPTED
            }
            bar.update(
                task,
                total=progress.total,
                completed=progress.done,
                rate=_pace(progress),
                left="" if left is None else f"{in_words(timedelta(seconds=left))} left",
                others=counts_text(others),
            )

        yield report


def _pace(progress: Progress) -> str:
    held_to = progress.held_to()
    limit = f", held to {rate_words(held_to)}" if held_to else ""
    return f"{progress.rate():,.0f}/s{limit}"
