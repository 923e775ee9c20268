"""What the check says of a document, in the words of LSP: diagnostics, hovers, actions, edits."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from lsprotocol import types

from newsletter.check import Diagnostic, Severity
from newsletter.errors import SettingsError
from newsletter.issue import Span, source_from_text
from newsletter.lsp.columns import Columns
from newsletter.lsp.document import Document
from newsletter.starter import rules_folder

SOURCE = "newsletter"

_SEVERITIES = {
    Severity.ERROR: types.DiagnosticSeverity.Error,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
    Severity.INFO: types.DiagnosticSeverity.Information,
}


def diagnostics(document: Document, encoding: str) -> list[types.Diagnostic]:
    columns = Columns(document.issue.source, encoding)
    return [_diagnostic(item, columns) for item in document.diagnostics]


def _diagnostic(item: Diagnostic, columns: Columns) -> types.Diagnostic:
    page = rule_page(item.slug)
    return types.Diagnostic(
        range=columns.range(item.span),
        severity=_SEVERITIES[item.severity],
        code=item.code,
        code_description=types.CodeDescription(href=page.as_uri()) if page else None,
        source=SOURCE,
        message=f"{item.message}\n{item.hint}" if item.hint else item.message,
        data=item.slug,
    )


def settings_diagnostic(error: SettingsError) -> types.Diagnostic:
    """In the place of all others: by which house format they would be is not known."""
    start = types.Position(line=0, character=0)
    return types.Diagnostic(
        range=types.Range(start=start, end=start),
        severity=types.DiagnosticSeverity.Error,
        source=SOURCE,
        message="\n".join([str(error), *error.faults]),
    )


def rule_page(slug: str) -> Path | None:
    """The page of a rule, as it travels with us; rules of other packages have none here."""
    page = rules_folder() / f"{slug}.md"
    return page if page.is_file() else None


def hover(document: Document, position: types.Position, encoding: str) -> types.Hover | None:
    """The page of every rule that has something to say of this place."""
    columns = Columns(document.issue.source, encoding)
    place = columns.place(position)
    here = [item for item in document.diagnostics if _holds(item.span, place, place)]
    if not here:
        return None
    parts = {item.slug: _page_of(item) for item in here}
    text = "\n\n---\n\n".join(parts.values())
    content = types.MarkupContent(kind=types.MarkupKind.Markdown, value=text)
    return types.Hover(contents=content, range=columns.range(here[0].span))


def _page_of(item: Diagnostic) -> str:
    page = rule_page(item.slug)
    if page is None:
        return f"# {item.code} {item.slug}\n\n{item.message}\n\n{item.hint}"
    return page.read_text(encoding="utf-8").strip()


def _holds(span: Span, first: tuple[int, int], last: tuple[int, int]) -> bool:
    """Whether a span touches the places from first to last, its own end included."""
    return (span.line, span.column) <= last and first <= (span.end_line, span.end_column)


def actions(
    document: Document, uri: str, params: types.CodeActionParams, encoding: str
) -> list[types.CodeAction]:
    """The fixes of what is in the range asked about, and one action for all there are."""
    columns = Columns(document.issue.source, encoding)
    first, last = columns.place(params.range.start), columns.place(params.range.end)
    found: list[types.CodeAction] = []
    if _wanted(types.CodeActionKind.QuickFix, params.context.only):
        here = [item for item in document.diagnostics if _holds(item.span, first, last)]
        found += _quick_fixes(here, uri, columns)
    if _wanted(types.CodeActionKind.SourceFixAll, params.context.only):
        found += _fix_all(document, uri, encoding)
    return found


def _wanted(kind: types.CodeActionKind, only: Sequence[str | types.CodeActionKind] | None) -> bool:
    """Whether a kind, or a more general one ("source"), was asked for."""
    asked = [str(getattr(each, "value", each)) for each in only or ()]
    return only is None or any(
        kind.value == each or kind.value.startswith(f"{each}.") for each in asked
    )


def _quick_fixes(
    items: Iterable[Diagnostic], uri: str, columns: Columns
) -> Iterator[types.CodeAction]:
    line_end = "\r\n" if columns.source.has_crlf else "\n"
    for item in items:
        if item.fix is None:
            continue
        edits = [
            types.TextEdit(
                range=columns.range(edit.span), new_text=edit.text.replace("\n", line_end)
            )
            for edit in item.fix.edits
        ]
        yield types.CodeAction(
            title=item.fix.title,
            kind=types.CodeActionKind.QuickFix,
            diagnostics=[_diagnostic(item, columns)],
            is_preferred=True,
            edit=types.WorkspaceEdit(changes={uri: edits}),
        )


def _fix_all(document: Document, uri: str, encoding: str) -> Iterator[types.CodeAction]:
    edits = changes(document.text, document.mended(), encoding)
    if edits:
        yield types.CodeAction(
            title="Apply every safe fix of newsletter check",
            kind=types.CodeActionKind.SourceFixAll,
            edit=types.WorkspaceEdit(changes={uri: edits}),
        )


def changes(before: str, after: str, encoding: str) -> list[types.TextEdit]:
    """One edit from the first character that differs to the last; none where none does.

    It never parts a CR from its LF, which is no place that an editor knows.
    """
    if before == after:
        return []
    start = _common(before, after)
    start -= before[start - 1 : start] == "\r"
    most = min(len(before), len(after)) - start
    end = _common(before[::-1][:most], after[::-1][:most])
    end -= before[len(before) - end : len(before) - end + 1] == "\n" and end > 0
    span = types.Range(
        start=_position(before, start, encoding), end=_position(before, len(before) - end, encoding)
    )
    return [types.TextEdit(range=span, new_text=after[start : len(after) - end])]


def _common(one: str, other: str) -> int:
    """How many characters two texts have in common at their beginning."""
    length = min(len(one), len(other))
    return next((at for at in range(length) if one[at] != other[at]), length)


def _position(text: str, offset: int, encoding: str) -> types.Position:
    """Of an offset in a text as the editor has it, byte-order mark and all."""
    source = source_from_text(f"{text[:offset]}|")
    columns = Columns(source, encoding)
    line = len(source.lines)
    return columns.position(line, len(source.line(line)))
