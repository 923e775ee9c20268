"""Diagnostics for people: the place, what is wrong, the line itself with a caret, and a hint.

Where a terminal reads it, a `Look` gives its width and its colours; elsewhere each remark is one
line, as programs want it.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from textwrap import wrap

from newsletter.check.diagnostic import Diagnostic, Severity

WIDTH = 100
"""Columns that an excerpt may take; a paragraph is often one line of several hundred."""

_CONTEXT = 30
"""Columns of a long line to show before the caret."""

_LEAST = 30
"""Columns below which no terminal is served by wrapping."""

Paint = Callable[[str], str]
_WORDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


def _plain(text: str) -> str:
    return text


@dataclass(frozen=True, kw_only=True, slots=True)
class Look:
    """How findings look: `width` in columns, None to wrap nothing, and how things are coloured."""

    width: int | None = None
    severities: Mapping[Severity, Paint] = field(default_factory=dict)
    place: Paint = _plain
    faint: Paint = _plain

    def severity(self, severity: Severity) -> Paint:
        return self.severities.get(severity, _plain)


PLAIN = Look()


def format_text(diagnostics: Sequence[Diagnostic], look: Look = PLAIN) -> str:
    """`issues/week.md:7:1: error S008 story 3 is missing: 4 follows 2 [story-numbering]`."""
    return "".join(_one(diagnostic, look) for diagnostic in diagnostics)


def _one(item: Diagnostic, look: Look) -> str:
    gutter = " " * len(str(item.span.line))
    lines = list(_head(item, look))
    if item.source_line.strip():
        excerpt, caret = _excerpt(item, _room(look, gutter))
        number = look.faint(f"{item.span.line} |")
        paint = look.severity(item.severity)
        lines += [f"  {number} {excerpt}", f"  {gutter} {look.faint('|')} {_painted(caret, paint)}"]
    if item.hint:
        lines += _hint(item.hint, gutter, look)
    return "\n".join(lines) + "\n"


def _head(item: Diagnostic, look: Look) -> Iterator[str]:
    """The line that says it, wrapped between words; what is coloured is a word by itself."""
    span = item.span
    place, end = f"{item.path}:{span.line}:{span.column}:", f"[{item.slug}]"
    word = f"{_WORDS[item.severity]}\u00a0{item.code}"  # no line ends between the two
    painted = {
        place: look.place(place),
        word: look.severity(item.severity)(word.replace("\u00a0", " ")),
    }
    for line in _wrapped(f"{place} {word} {item.message} {end}", look, "  "):
        for plain in [part for part in painted if part in line]:
            line = line.replace(plain, painted.pop(plain), 1)
        yield line.removesuffix(end) + look.faint(end) if line.endswith(end) else line


def _room(look: Look, gutter: str) -> int:
    """Columns for an excerpt, beside the gutter and an ellipsis at each end."""
    if look.width is None:
        return WIDTH
    return min(WIDTH, max(look.width, _LEAST) - len(f"  {gutter} | ……"))


def _hint(hint: str, gutter: str, look: Look) -> Iterator[str]:
    indent = f"  {gutter} "
    first, *others = _wrapped(f"{indent}= hint: {hint}", look, f"{indent}  ")
    yield first.replace("= hint:", look.faint("= hint:"), 1)
    yield from others


def _wrapped(text: str, look: Look, indent: str) -> list[str]:
    """Lines of whole words; one that is wider than the terminal has a line of its own."""
    if look.width is None:
        return [text]
    width = max(look.width, _LEAST)
    return wrap(
        text,
        width,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
        drop_whitespace=True,
    ) or [text]


def _painted(caret: str, paint: Paint) -> str:
    marks = caret.lstrip(" ")
    return " " * (len(caret) - len(marks)) + paint(marks)


def _excerpt(item: Diagnostic, room: int) -> tuple[str, str]:
    """The part of the line round the span, and carets under it."""
    line = item.source_line
    start = item.span.column - 1
    end = item.span.end_column - 1 if item.span.end_line == item.span.line else len(line)
    context = min(_CONTEXT, room // 3)
    left = 0 if len(line) <= room else max(0, min(start - context, len(line) - room + 1))
    right = min(len(line), left + room)
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
    parts = [
        _plural(counts[severity], word) for severity, word in _WORDS.items() if counts[severity]
    ]
    return f"{', '.join(parts)} in {_plural(files, 'file')}" if parts else ""


def _plural(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"
