"""Front matter that is more than plain lines, read from PyYAML's event stream.

Nothing is ever constructed: no tags, no aliases, no merge keys, no nesting, whatever the file says
(an alias bomb is a dozen events and one fault). One thing is more lenient than YAML: a colon and a
space inside an unquoted value, which editors write every week, belong to the value.
"""

import re
from collections.abc import Iterator, Sequence

import yaml

from newsletter.issue.model import Entry, Fault
from newsletter.issue.source import Source, Span

_FAST_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_MAX_WORDED = 2000
_MAX_DEPTH = 10
_LINE = re.compile(r"([A-Za-z_][\w-]*)(\s*:\s+)([^\s\"'|>\[\]{}&*!%@`#,].*)")
_COLON = re.compile(r":(?:\s|$)")
"""What YAML takes for the end of a key, wherever it stands in a value without quotation marks."""
_COMMENT = re.compile(r"\s#")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029]")


def read_yaml(
    source: Source, opening: int, lines: Sequence[str]
) -> tuple[tuple[Entry, ...], tuple[Fault, ...]]:
    """Entries and faults of the lines below the fence that is line `opening` of the source."""
    try:
        return _entries(source, _events("\n" * opening + _quoted(lines)))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = error.problem or "it is not YAML"
        span = _span_at(source, mark.line, mark.column) if mark else source.span_of_line(opening)
        what = f"the front matter cannot be read: {problem}"
        hint = "write lines such as `subject: The week in retail`, odd values in quotation marks"
        return (), (Fault(what=what, hint=hint, span=span),)
    except yaml.YAMLError:
        what = "the front matter holds a character that YAML does not allow"
        return (), (_fault(what, source.span_of_line(opening)),)


def _events(text: str) -> list[yaml.Event]:
    """By libyaml where it is, ten times faster; its refusals are PyYAML's own to word.

    But not those of a long text, which PyYAML would take most of a second to come to.
    """
    try:
        return list(_not_too_deep(yaml.parse(text, Loader=_FAST_LOADER)))
    except yaml.YAMLError:
        if len(text) > _MAX_WORDED:
            raise
        return list(_not_too_deep(yaml.parse(text, Loader=yaml.SafeLoader)))


def _not_too_deep(events: Iterator[yaml.Event]) -> Iterator[yaml.Event]:
    """The events up to where lists or mappings are nested beyond all reason.

    One level is a fault already, and the cost of each is the number of those round it.
    """
    depth = 0
    for event in events:
        yield event
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > _MAX_DEPTH:
            return


def _quoted(lines: Sequence[str]) -> str:
    """The lines with every plain value quoted that YAML would stumble over, in its place."""
    return "\n".join(_quoted_line(line) for line in lines) + "\n"


def _quoted_line(line: str) -> str:
    match = _LINE.fullmatch(line)
    if match is None:
        return line
    separator = re.sub(r"\s", " ", match[2])  # tabs and fixed spaces get pasted
    comment = _COMMENT.search(match[3])
    value = match[3][: comment.start() if comment else None].rstrip()
    after = match[3][len(value) :]
    if _COLON.search(value):
        value = f"""'{value.replace("'", "''")}'"""
    return f"{match[1]}{separator}{value}{after}"


def _entries(
    source: Source, events: Sequence[yaml.Event]
) -> tuple[tuple[Entry, ...], tuple[Fault, ...]]:
    """Entries and faults of a mapping from scalars to scalars; any other event is a fault."""
    body = [event for event in events if not isinstance(event, _FRAME)]
    if not body:
        return (), ()
    if not isinstance(body[0], yaml.MappingStartEvent):
        span = _span_of(source, body[0])
        return (), (_fault("the front matter is not a mapping of keys to values", span),)
    entries: dict[str, Entry] = {}
    faults: list[Fault] = []
    for found in _pairs(source, body[1:-1]):
        if isinstance(found, Fault):
            faults.append(found)
        elif found.key in entries:
            what = f"the key “{found.key}” is given twice"
            faults.append(Fault(what=what, hint="keep one of the two", span=found.key_span))
        else:
            entries[found.key] = found
    return tuple(entries.values()), tuple(faults)


_FRAME = (
    yaml.StreamStartEvent,
    yaml.StreamEndEvent,
    yaml.DocumentStartEvent,
    yaml.DocumentEndEvent,
)


def _pairs(source: Source, events: Sequence[yaml.Event]) -> Iterator[Entry | Fault]:
    stream = iter(events)
    for key in stream:
        value = next(stream, None)
        fault = _refusal(source, key) or (_refusal(source, value) if value else None)
        if isinstance(key, yaml.ScalarEvent) and isinstance(value, yaml.ScalarEvent) and not fault:
            yield _entry(source, key, value)
        else:
            # What follows a nested value cannot be told apart from it: one fault says enough.
            yield fault or _fault("the front matter ends in mid-line", _span_of(source, key))
            return


def _refusal(source: Source, event: yaml.Event) -> Fault | None:
    span = _span_of(source, event)
    if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
        return _fault("YAML aliases and anchors are not allowed here", span)
    if not isinstance(event, yaml.ScalarEvent):
        return _fault("a value here is one line of text, not a list or a mapping", span)
    if event.tag is not None:
        return _fault("YAML tags are not allowed here", span)
    if event.value == "<<":
        return _fault("YAML merge keys are not allowed here", span)
    if _CONTROL.search(event.value):
        return _fault("the value holds a control character", span)
    return None


def _entry(source: Source, key: yaml.ScalarEvent, value: yaml.ScalarEvent) -> Entry:
    return Entry(
        key=" ".join(key.value.split()),
        value=" ".join(value.value.split()),
        key_span=_span_of(source, key),
        value_span=_span_of(source, value),
    )


def _span_of(source: Source, event: yaml.Event) -> Span:
    start, end = event.start_mark, event.end_mark
    if start is None or end is None:  # only events made by hand have no marks
        return source.span_of_line(1)
    first = _span_at(source, start.line, start.column)
    width = len(source.line(first.line)) if end.line != start.line else end.column - start.column
    if isinstance(event, yaml.ScalarEvent) and event.style == "'":
        is_typed = source.line(first.line)[first.column - 1 : first.column] == "'"
        width -= 0 if is_typed else 2 + event.value.count("'")  # the marks are `_quoted_line`'s
    return source.span(first.line, first.column, width)


def _span_at(source: Source, yaml_line: int, yaml_column: int) -> Span:
    """YAML counts lines from zero, and is given a line for each of ours."""
    line = min(yaml_line + 1, len(source.lines))
    return source.span(line, yaml_column + 1, 0)


def _fault(what: str, span: Span) -> Fault:
    return Fault(what=what, hint="write lines such as `subject: The week in retail`", span=span)
