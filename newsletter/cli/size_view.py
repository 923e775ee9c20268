"""Where the bytes of an e-mail's HTML go, and what its pictures have, as a small table: a bar on a
terminal, figures always.
"""

import sys
from collections.abc import Iterator

from newsletter.check import NEAR_BUDGET
from newsletter.cli.console import bad, faint, good, warning
from newsletter.issue import Issue, shorten
from newsletter.render import Shares

_BAR = 12
_NAME = 38


def size_lines(shares: Shares, issue: Issue, budget: int) -> Iterator[str]:
    """A line for each story, the sponsor and the frame, one for all of them, and one for pictures.

    These are no part of the HTML, and of no budget.
    """
    rows = [
        (f"{story.number or at}. {story.headline.text}", size)
        for at, (story, size) in enumerate(zip(issue.stories, shares.stories, strict=True), 1)
    ]
    if shares.sponsor is not None:
        rows.append(("Sponsor", shares.sponsor))
    rows.append(("Frame", shares.frame))
    most = max(size for _, size in rows)
    for name, size in rows:
        bar = _bar(size, most)
        yield _line(name, size, shares.whole, faint(bar) if bar else "")
    share = shares.whole / budget
    paint = bad if share >= 1 else warning if share >= NEAR_BUDGET else good
    yield _line(
        "All, encoded for the mail", shares.whole, shares.whole, paint(f"{share:.0%} of {budget:,}")
    )
    if shares.pictures:
        count = len(shares.pictures)
        name = f"{count} pictures" if count > 1 else "1 picture"
        yield f"{name:<{_NAME}} {sum(shares.pictures):>7,}       {faint('beside the HTML')}"


def _line(name: str, size: int, whole: int, end: str) -> str:
    shown = shorten(name, _NAME)
    return f"{shown:<{_NAME}} {size:>7,} {size / whole:>4.0%}  {end}".rstrip()


def _bar(size: int, most: int) -> str:
    """Eighths of a character; nothing where nobody looks."""
    if not sys.stdout.isatty() or most <= 0:
        return ""
    eighths = max(round(size / most * _BAR * 8), 1)
    rest = " ▏▎▍▌▋▊▉"[eighths % 8].strip()
    return "█" * (eighths // 8) + rest
