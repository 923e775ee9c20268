"""Diagnostics for people: the place, what is wrong, the line itself with a caret, and a hint."""

from collections import Counter
from collections.abc import Sequence

from newsletter.check.diagnostic import Diagnostic, Severity

WIDTH = 100
"""Columns that an excerpt may take; a paragraph is often one line of several hundred."""

_CONTEXT = 30
"""Columns of a long line to show before the caret."""


def format_text(diagnostics: Sequence[Diagnostic]) -> str:
    return "".join(_one(diagnostic) for diagnostic in diagnostics)


def _one(item: Diagnostic) -> str:
    span = item.span
    place = f"{item.path}:{span.line}:{span.column}"
    lines = [f"{place}: {item.code} {item.message} [{item.slug}]"]
    if item.source_line.strip():
        gutter = " " * len(str(span.line))
        excerpt, caret = _excerpt(item)
        lines += [f"  {span.line} | {excerpt}", f"  {gutter} | {caret}"]
    if item.hint:
        lines.append(f"  {' ' * len(str(span.line))} = hint: {item.hint}")
    return "\n".join(lines) + "\n"


def _excerpt(item: Diagnostic) -> tuple[str, str]:
    """The part of the line round the span, and carets under it."""
    line = item.source_line
    start = item.span.column - 1
    end = item.span.end_column - 1 if item.span.end_line == item.span.line else len(line)
    left = 0 if len(line) <= WIDTH else max(0, min(start - _CONTEXT, len(line) - WIDTH + 1))
    right = min(len(line), left + WIDTH)
    shown = _printable(line[left:right])
    before, after = ("…" if left else ""), ("…" if right < len(line) else "")
    carets = max(1, min(end, right) - start)
    return f"{before}{shown}{after}", " " * (start - left + len(before)) + "^" * carets


def _printable(text: str) -> str:
    """One column a character: no tabs, no control characters a terminal might obey."""
    return "".join(
        char if char.isprintable() or char == "\u00a0" else (" " if char.isspace() else "�")
        for char in text.replace("\u00a0", " ")
    )


def count_line(diagnostics: Sequence[Diagnostic], *, files: int) -> str:
    """`2 errors, 1 warning in 3 files`; "" where there is nothing to count."""
    counts = Counter(diagnostic.severity for diagnostic in diagnostics)
    words = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
    parts = [
        _plural(counts[severity], word) for severity, word in words.items() if counts[severity]
    ]
    return f"{', '.join(parts)} in {_plural(files, 'file')}" if parts else ""


def _plural(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"
