"""The progress of a file that is read, on a terminal: a bar by octets, by rich."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from newsletter.publishing.people.importing import unheard


@contextmanager
def reading_bar() -> Iterator[Callable[[int, int], None]]:
    """Gives what draws the progress, on a terminal alone; the bar is gone at the end."""
    if not sys.stderr.isatty():
        yield unheard
        return
    from rich.console import Console  # slow to import, and only a terminal needs it
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    columns = TextColumn("  reading"), BarColumn(), DownloadColumn(), TimeRemainingColumn()
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("reading", total=None)

        def report(done: int, size: int) -> None:
            bar.update(task, completed=done, total=size or None)

        yield report
