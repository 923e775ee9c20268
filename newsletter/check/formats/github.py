"""Diagnostics as GitHub's workflow commands, which show them beside the lines of a pull request."""

from collections.abc import Iterator, Sequence

from newsletter.check.diagnostic import Diagnostic, Severity

_COMMAND = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def format_github(diagnostics: Sequence[Diagnostic]) -> str:
    """A line for each, `::error file=week.md,line=7,…,title=S008 story-numbering::message`."""
    return "".join(_one(diagnostic) for diagnostic in diagnostics)


def _one(item: Diagnostic) -> str:
    properties = ",".join(f"{key}={_property(value)}" for key, value in _properties(item))
    message = f"{item.message}\n{item.hint}" if item.hint else item.message
    return f"::{_COMMAND[item.severity]} {properties}::{_data(message)}\n"


def _properties(item: Diagnostic) -> Iterator[tuple[str, str]]:
    span = item.span
    is_one_line = span.line == span.end_line
    yield "file", item.path
    yield "line", str(span.line)
    if is_one_line:  # GitHub refuses columns of a range of lines
        yield "col", str(span.column)
    yield "endLine", str(span.end_line)
    if is_one_line:
        yield "endColumn", str(span.end_column)
    yield "title", f"{item.code} {item.slug}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
