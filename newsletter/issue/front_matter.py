"""Front matter: the few lines above an issue, read as keys with one line of text each.

Where it stands is for `header` to find, what its lines say for `entries` to read. Here its fences
are judged. Faults name the characters that they are about, and carry their repair where it is safe.
"""

import re
from datetime import date

from newsletter.issue.entries import equals_signs, read_entries
from newsletter.issue.header import Header, find_header, is_exact, is_fence, stray_key
from newsletter.issue.model import Fault, FrontMatter, Repair
from newsletter.issue.source import Source, Span

MAX_CHARACTERS = 64 * 1024
_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_YEAR = re.compile(r"\b20\d\d\b")
_NOTE = re.compile(r"\s+#.*")
"""A note behind a date or a number, which can be no part of either."""
_ISSUE_NUMBER = re.compile(r"[1-9][0-9]{0,4}")


def read_front_matter(source: Source) -> tuple[FrontMatter, int]:
    """The front matter and the number of the line after it (1 where there is none)."""
    header = find_header(source)
    if header is None:
        return FrontMatter(faults=_stray(source, 1)), 1
    span = source.span_of_lines(header.first, header.last)
    if sum(len(source.line(number)) for number in header.lines) > MAX_CHARACTERS:
        fault = Fault(
            what=f"the front matter is longer than {MAX_CHARACTERS:,} characters",
            hint="keep subject, preheader and date there, and all text below it",
            span=source.span_of_line(header.first),
        )
        return FrontMatter(faults=(fault,), span=span, lines=header.lines), header.last + 1
    is_toml = "+" in source.line(header.first)
    entries, faults = read_entries(source, header.lines, takes_equals=is_toml)
    faults = (*_fence_faults(source, header, is_toml=is_toml), *faults)
    faults += _stray(source, header.last + 1)
    found = FrontMatter(entries=entries, faults=faults, span=span, lines=header.lines)
    return found, header.last + 1


def _fence_faults(source: Source, header: Header, *, is_toml: bool) -> tuple[Fault, ...]:
    """One fault at the most: whatever is wrong with the two fences is one slip."""
    opening, closing = header.opening, header.closing
    odd = [n for n in opening if len(opening) > 1 or not is_exact(source.line(n))]
    odd += [n for n in closing if len(closing) > 1 or not is_exact(source.line(n), closes=True)]
    if opening and closing and not odd:
        return ()
    span = source.span_of_line(odd[0] if odd else header.first)
    repair = _repair(source, header, is_toml=is_toml)
    if not opening:
        what, hint = "the front matter has no fence", "put a line “---” above its first key"
        if not closing:
            hint += " and one below its last"
    elif not closing:
        what, hint = "the front matter is not closed", "put a line “---” below its last key"
    elif source.line(odd[0]).lstrip().startswith(("```", "~~~")):
        what, hint = "the front matter stands in a code block", "take the marks of the block out"
    else:
        mark = source.line(odd[0]).strip()
        where = "above" if odd[0] in opening else "below"
        what = f"the line {where} the front matter is “{mark[:20]}”, not three hyphens"
        hint = "write “---”" + (", and `key: value` on each line" if is_toml else "")
    return (Fault(what=what, hint=hint, span=span, repair=repair),)


def _repair(source: Source, header: Header, *, is_toml: bool) -> tuple[Repair, ...]:
    """The edits that give a header its two fences."""
    edits: list[Repair] = []
    top, end = source.span(header.first, 1, 0), source.span_of_line(header.last)
    if header.opening:
        edits += _one_fence(source, header.opening, closes=False)
    else:
        edits.append((top, "---\n"))
    if header.closing:
        edits += _one_fence(source, header.closing, closes=True)
    else:
        below = source.span(header.last, end.end_column, 0)
        edits.append((below, "\n---"))
    return (*edits, *(equals_signs(source, header.lines) if is_toml else ()))


def _one_fence(source: Source, lines: range, *, closes: bool) -> list[Repair]:
    first = source.span_of_line(lines.start)
    if len(lines) > 1:
        return [(first.to(source.span_of_line(lines.stop - 1)), "---")]
    is_right = is_exact(source.line(lines.start), closes=closes)
    return [] if is_right else [(first, "---")]


def _stray(source: Source, start: int) -> tuple[Fault, ...]:
    """A fault where a key of ours stands in the text above the stories, and would be mailed."""
    key = stray_key(source, start)
    if key is None:
        return ()
    above = source.line(key - 1) if key > 1 else ""
    has_fence = key - 1 >= start and is_fence(above)
    span: Span = source.span_of_line(key - 1 if has_fence else key)
    if start == 1:
        what, hint = "the front matter is not on top", "move it above all other text"
    elif has_fence:
        what, hint = "there is a second front matter", "keep one, with every key in it"
    else:
        what, hint = "this key stands below the front matter", "move it above the line “---”"
    return (Fault(what=what, hint=hint, span=span),)


def issue_date(source: Source, front_matter: FrontMatter) -> tuple[date | None, Fault | None]:
    """The date from the front matter, else from the file name, else None."""
    entry = front_matter.get("date")
    if entry is None:
        match = _DATE.search(source.name)
        return (_date(match), None) if match else (None, None)
    match = _DATE.fullmatch(_NOTE.sub("", entry.value))
    found = _date(match) if match else None
    if found is None:
        what = f"“{entry.value}” is not a date"
        year = _YEAR.search(entry.value)
        hint = f"write the year, the month and the day: {year[0] if year else 2026}-12-04"
        return None, Fault(what=what, hint=hint, span=entry.value_span)
    return found, None


def issue_number(front_matter: FrontMatter) -> tuple[int | None, Fault | None]:
    """The edition's number from the front matter, else None."""
    entry = front_matter.get("number")
    if entry is None:
        return None, None
    number = _NOTE.sub("", entry.value)
    if not _ISSUE_NUMBER.fullmatch(number):
        what = f"“{entry.value}” is not an issue number"
        hint = "write a whole number such as 46, or take the line out"
        return None, Fault(what=what, hint=hint, span=entry.value_span)
    return int(number), None


def _date(match: re.Match[str]) -> date | None:
    try:
        return date(*map(int, match.groups()))
    except ValueError:
        return None
