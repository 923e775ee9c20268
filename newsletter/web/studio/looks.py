"""What `publishing.looking` sees in a text, as the page is told it: places counted as it counts."""

from collections.abc import Iterator
from typing import Any

from newsletter.check import Diagnostic
from newsletter.errors import NewsletterError
from newsletter.issue import Issue, Offsets, Part, outline
from newsletter.publishing.looking import Look
from newsletter.render import Rendered, Sizes, beside_pictures, specimen
from newsletter.settings import Settings
from newsletter.web.studio.inbox import inbox

WORDS_A_MINUTE = 220
"""Of a reader on a screen (Brysbaert 2019 has 238 for English, silently, of adults)."""


def as_json(look: Look, settings: Settings) -> dict[str, Any]:
    """The whole of a look; `message` is null where there is none yet."""
    offsets = Offsets(look.issue.source)
    return {
        "number": look.issue.number,
        "date": look.issue.date.isoformat() if look.issue.date else None,
        "subject": look.issue.subject,
        "preheader": look.issue.preheader,
        "parts": [_part(part, look.issue, offsets) for part in outline(look.issue)],
        "findings": [_finding(item, offsets) for item in look.diagnostics],
        "message": _message(look.rendered, look.size, settings)
        if look.rendered and look.size
        else None,
        "fault": _fault(look.fault, look.issue) if look.fault else None,
        "faults": [str(fault) for fault in look.faults],
    }


def _fault(fault: NewsletterError, issue: Issue) -> str:
    """`Line 9: there is a merge field in an address; …`: in this text, so without its path."""
    path, _, line = fault.where.rpartition(":")
    if path != str(issue.path) or not line.isdigit():
        return str(fault)
    step = f"; {fault.next_step}" if fault.next_step else ""
    return f"Line {line}: {fault.what}{step}"


def _part(part: Part, issue: Issue, offsets: Offsets) -> dict[str, Any]:
    last = part.lines[-1]  # behind the text, where an intro has nothing in it yet
    is_there = last <= len(issue.source.lines)
    end = offsets.at(last, len(issue.source.line(last)) + 1 if is_there else 1)
    return {
        "kind": part.kind.value,
        "number": part.number,
        "title": part.title,
        "from": offsets.at(part.lines[0], 1),
        "to": end,
        "words": part.words,
        "seconds": round(part.words * 60 / WORDS_A_MINUTE),
    }


def _finding(item: Diagnostic, offsets: Offsets) -> dict[str, Any]:
    start, end = offsets.range(item.span)
    return {
        "code": item.code,
        "slug": item.slug,
        "severity": item.severity.value,
        "message": item.message,
        "hint": item.hint,
        "from": start,
        "to": end,
        "fix": {"title": item.fix.title, "edits": list(_edits(item, offsets))}
        if item.fix
        else None,
    }


def _edits(item: Diagnostic, offsets: Offsets) -> Iterator[dict[str, Any]]:
    assert item.fix is not None
    for edit in item.fix.edits:
        start, end = offsets.range(edit.span)
        yield {"from": start, "to": end, "insert": edit.text}


def _message(rendered: Rendered, size: Sizes, settings: Settings) -> dict[str, Any]:
    html, text = specimen(rendered)
    return {
        "sender": settings.sender.mailbox.display_name or settings.publication.name,
        "subject": rendered.subject,
        "preheader": rendered.preheader,
        "inbox": inbox(rendered.subject, rendered.preheader),
        "html": beside_pictures(html, rendered),
        "text": text,
        "bytes": size.html_quoted_printable,
        "budget": settings.limits.html_bytes,
    }
