"""moved.md: what came over from another system, issue by issue, and what did not, for later.

It names no reader. Whoever has read it may throw it away.
"""

from collections.abc import Iterator, Sequence

from newsletter.importing.exports import Export, Written

REPORT_NAME = "moved.md"


def moved_text(export: Export, written: Sequence[Written], empty: Sequence[str]) -> str:
    """The report as Markdown."""
    parts = [
        f"# Moved from {export.system.called}",
        "What could not come along as it was. Keep this file for as long as you need it.",
        *_left(export, empty),
        *_issues(written),
    ]
    return "\n\n".join(parts) + "\n"


def _left(export: Export, empty: Sequence[str]) -> Iterator[str]:
    """What is no issue here at all."""
    for what, labels in export.left.items():
        yield f"## Left out: {what}"
        yield "\n".join(f"- {_plain(label)}" for label in labels)
    if empty:
        yield "## Left out: issues of which no word can be read"
        yield "\n".join(f"- {_plain(label)}" for label in empty)


def _issues(written: Sequence[Written]) -> Iterator[str]:
    whole = sum(not issue.losses for issue in written)
    if whole:
        came = "1 issue" if whole == 1 else f"{whole:,} issues"
        yield f"{came} came over whole."
    for issue in written:
        if issue.losses:
            yield f"## issues/{issue.shelf}/{issue.name}.md"
            yield f"It was “{_plain(issue.label)}”."
            yield "\n".join(f"- {_plain(sentence)}" for sentence in issue.losses)


def _plain(text: str) -> str:
    """On one line, with nothing that a page would take for a tag."""
    return " ".join(text.split()).replace("<", "\\<")
