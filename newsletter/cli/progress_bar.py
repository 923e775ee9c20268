"""The progress of a send on a terminal: a bar with counts, rate and time left, by rich."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
from rich.progress import Progress as Bar

from newsletter.books import DeliveryState, in_words
from newsletter.cli.progress import Progress, Report
from newsletter.reports import counts_text


@contextmanager
def progress_bar(total: int) -> Iterator[Report]:
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
        task = bar.add_task("sending", total=total, rate="", left="", others="")

        def report(progress: Progress) -> None:
            left = progress.left()
            bar.update(
                task,
                completed=progress.done,
                rate=f"{progress.rate():,.0f}/s",
                left="" if left is None else f"{in_words(timedelta(seconds=left))} left",
                others=_others(progress),
            )

        yield report


def _others(progress: Progress) -> str:
    """What was not accepted, as it comes."""
    accepted = DeliveryState.ACCEPTED
    return counts_text({each: n for each, n in progress.counts.items() if each is not accepted})
