"""Front matter: the few lines of YAML above an issue, read as keys with one line of text each.

It is read from PyYAML's event stream, so nothing is ever constructed: no tags, no aliases, no
merge keys, no nesting, whatever the file says (an alias bomb is a dozen events and one fault).
One thing is more lenient than YAML: a colon and a space inside an unquoted value, which editors
write every week, belong to the value.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date

import yaml

from newsletter.issue.model import Entry, Fault, FrontMatter
from newsletter.issue.pieces import is_blank
from newsletter.issue.source import Source, Span

_FAST_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
MAX_CHARACTERS = 64 * 1024
_MAX_WORDED = 2000
_MAX_DEPTH = 10
_FENCE = re.compile(r"---\s*")
_CLOSING = re.compile(r"(?:---|\.\.\.)\s*")
_KEY = re.compile(r"[A-Za-z_][\w-]*\s*:(?:\s|$)")
_NUMBERED = re.compile(r"\s{0,3}(?:#{1,6}\s+)?\d{1,2}[.)]\s")
_LINE = re.compile(r"([A-Za-z_][\w-]*)(\s*:\s+)([^\s\"'|>\[\]{}&*!%@`#,].*)")
_COMMENT = re.compile(r"\s#")
_COLON = re.compile(r":(?:\s|$)")
_PLAIN_LINE = re.compile(
    r"([A-Za-z_][A-Za-z0-9_-]{0,60}): ([^\W_][ !-\"$-~\u00a0-\u2027\u202a-\u33ff]*)"
)
"""A key and a value that YAML reads as they stand, quoted by us where there is a colon in it."""
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029]")
_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_ISSUE_NUMBER = re.compile(r"[1-9][0-9]{0,4}")


def read_front_matter(source: Source) -> tuple[FrontMatter, int]:
    """The front matter and the number of the line after it (1 where there is none)."""
    opening = _opening_line(source, 1)
    end = _closing_line(source, opening) if opening else None
    if opening is None or end is None:
        what, hint = "the front matter is not closed", "put a line “---” below its last key"
        return FrontMatter(faults=_stray(source, 1, what, hint)), 1
    span = source.span_of_lines(opening, end)
    lines = source.lines[opening : end - 1]
    if sum(map(len, lines)) > MAX_CHARACTERS:
        fault = Fault(
            what=f"the front matter is longer than {MAX_CHARACTERS:,} characters",
            hint="keep subject, preheader and date there, and all text below it",
            span=source.span_of_line(opening),
        )
        return FrontMatter(faults=(fault,), span=span), end + 1
    entries, faults = _read(source, opening, lines)
    what, hint = "there is a second front matter", "keep one, with every key in it"
    faults += _stray(source, end + 1, what, hint)
    return FrontMatter(entries=entries, faults=faults, span=span), end + 1


def _opening_line(source: Source, start: int) -> int | None:
    """The first line from `start` on that is not blank, if it is a fence."""
    for number in range(start, len(source.lines) + 1):
        if not is_blank(source.line(number)):
            return number if _FENCE.fullmatch(source.line(number)) else None
    return None


def _closing_line(source: Source, opening: int) -> int | None:
    """A numbered headline ends the search: the next fence would be the one above the footer."""
    for number in range(opening + 1, len(source.lines) + 1):
        if _CLOSING.fullmatch(source.line(number)):
            return number
        if _NUMBERED.match(source.line(number)):
            return None
    return None


def _stray(source: Source, start: int, what: str, hint: str) -> tuple[Fault, ...]:
    """A fault where a fence and a key open the text, which would be mailed as its intro."""
    fence = _opening_line(source, start)
    if fence is None or fence == len(source.lines) or not _KEY.match(source.line(fence + 1)):
        return ()
    return (Fault(what=what, hint=hint, span=source.span_of_line(fence)),)


def _read(
    source: Source, opening: int, lines: Sequence[str]
) -> tuple[tuple[Entry, ...], tuple[Fault, ...]]:
    if entries := _plain_entries(source, opening, lines):
        return entries, ()
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


def _plain_entries(source: Source, opening: int, lines: Sequence[str]) -> tuple[Entry, ...]:
    """The short way: different keys with plain values, or () where any line is not that."""
    matches = [match for line in lines if (match := _PLAIN_LINE.fullmatch(line.rstrip(" ")))]
    matches = [match for match in matches if not match[2][-1].isspace()]  # a fixed space
    if len(matches) < len(lines) or len({match[1] for match in matches}) < len(lines):
        return ()
    return tuple(
        Entry(
            key=match[1],
            value=" ".join(match[2].split()),
            key_span=source.span(number, 1, len(match[1])),
            value_span=source.span(number, match.start(2) + 1, _width(match[2])),
        )
        for number, match in enumerate(matches, opening + 1)
    )


def _width(value: str) -> int:
    """The width YAML gives a value, with the quotation marks that it needs for a colon."""
    return len(value) + (2 + value.count("'") if _COLON.search(value) else 0)


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
    return source.span(first.line, first.column, width)


def _span_at(source: Source, yaml_line: int, yaml_column: int) -> Span:
    """YAML counts lines from zero, and is given a line for each of ours."""
    line = min(yaml_line + 1, len(source.lines))
    return source.span(line, yaml_column + 1, 0)


def _fault(what: str, span: Span) -> Fault:
    return Fault(what=what, hint="write lines such as `subject: The week in retail`", span=span)


def issue_date(source: Source, front_matter: FrontMatter) -> tuple[date | None, Fault | None]:
    """The date from the front matter, else from the file name, else None."""
    entry = front_matter.get("date")
    if entry is None:
        match = _DATE.search(source.name)
        return (_date(match), None) if match else (None, None)
    match = _DATE.fullmatch(entry.value)
    found = _date(match) if match else None
    if found is None:
        what = f"“{entry.value}” is not a date"
        return None, Fault(what=what, hint="write it as 2021-11-26", span=entry.value_span)
    return found, None


def issue_number(front_matter: FrontMatter) -> tuple[int | None, Fault | None]:
    """The edition's number from the front matter, else None."""
    entry = front_matter.get("number")
    if entry is None:
        return None, None
    if not _ISSUE_NUMBER.fullmatch(entry.value):
        what = f"“{entry.value}” is not an issue number"
        hint = "write a whole number such as 46, or take the line out"
        return None, Fault(what=what, hint=hint, span=entry.value_span)
    return int(entry.value), None


def _date(match: re.Match[str]) -> date | None:
    try:
        return date(*map(int, match.groups()))
    except ValueError:
        return None
