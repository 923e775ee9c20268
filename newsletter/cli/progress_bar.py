"""The progress of a send on a terminal: a bar with counts, rate and time left, by rich."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from newsletter.store import DeliveryState


@contextmanager
def progress_bar(total: int) -> Iterator[Callable[[DeliveryState], None]]:
    """Gives a function to call with the new state of each delivery."""
    columns = (
        TextColumn("  sending"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("sending", total=total, rate="")

        def advance(_state: DeliveryState) -> None:
            speed = progress.tasks[task].speed
            progress.update(task, advance=1, rate=f"{speed:,.0f}/s" if speed else "")

        yield advance
