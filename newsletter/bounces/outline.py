"""What a message consists of, by its part in what came back: the words, the machine's, the copy.

A copy of what was sent may be a part of its own (message/rfc822, text/rfc822-headers), a part with
the copy's fields for its own, or lines in the text, quoted or indented. What any of it says is left
to others.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from newsletter.bounces.charsets import words_decoded
from newsletter.bounces.mime import Fields, Part, read_fields, read_message
from newsletter.bounces.signs import shows

_INTERNATIONAL = "message/global-delivery-status"
"""RFC 6533, 4."""
_STATUS_TYPES = frozenset({"message/delivery-status", _INTERNATIONAL})
"""The former is RFC 3464, 2.1."""
_RECIPIENT_FIELD = re.compile(
    r"^[ \t]{0,4}(?:Final|Original)-Recipient[ \t]*:", re.IGNORECASE | re.MULTILINE
)
_COPY_LIMIT = 64 * 1024
_MOST_BLOCKS = 24

_OWN = frozenset({"received", "from", "to", "subject", "date", "message-id", "return-path"})
_TRACES = frozenset(
    {"received", "return-path", "message-id", "mime-version", "content-type", "dkim-signature"}
)
_BLOCK = re.compile(
    r"^((?:[>|] ?){0,3}[ \t]{0,8})(?:Received|Return-Path|From|To|Subject|Date|Sent|Message-ID"
    r"|MIME-Version|Reply-To|Sender|Delivered-To|DKIM-Signature|X-[A-Za-z-]{1,40}|List-[A-Za-z]+)"
    r"[ \t]?:",
    re.IGNORECASE | re.MULTILINE,
)
_SEPARATOR = re.compile(
    r"^[ \t]{0,8}-{2,}[ \t]{0,4}(?:"
    r"(?:below this line is|this is) a copy of the (?:message|headers)"
    r"|(?:the )?(?:headers? of the )?original message (?:is following|follows)"
    r"|(?:unsent|returned|message) ?(?:message|header|body)? (?:follows|suppressed))",
    re.IGNORECASE | re.MULTILINE,
)
_TELLS = re.compile(
    r"(?:can ?not|could not) be delivered to|did not reach|was not delivered to|failed to deliver",
    re.IGNORECASE,
)
"""Some quote fields of our message first, and say what became of it behind them."""
_ANNOUNCED = re.compile(
    r"(?:original|returned|unsent|undelivered|rejected|your) (?:message|mail|e-?mail)\b"
    r"|headers? (?:of|from|follow)|message headers?|copy of|forwarded message",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Outline:
    """`words` are what is told to people, `reports` the texts of delivery status parts, `feedback`
    that of a feedback report. Of each copy there are its fields.
    """

    top: Part
    words: str
    markup: str
    reports: Sequence[str]
    feedback: Sequence[str]
    receipts: Sequence[str]
    copies: Sequence[Fields]
    inner: Sequence[Part]

    @property
    def is_international(self) -> bool:
        """Whether its report is one of RFC 6533, in UTF-8."""
        return any(leaf.content_type == _INTERNATIONAL for leaf in self.top.leaves())

    @property
    def has_status_part(self) -> bool:
        """Whether a report is a part of its own, and not only words that look like one."""
        return any(leaf.content_type in _STATUS_TYPES for leaf in self.top.leaves())


@dataclass(frozen=True, slots=True)
class _Block:
    """Fields in a text: where they begin and end, and the text from there on without its marks."""

    start: int
    end: int
    fields: Fields
    text: str


def outline_of(top: Part) -> Outline:
    """Every leaf is looked at once; what is inside a copy of a message is left to `inner`."""
    plain: list[str] = []
    markup: list[str] = []
    reports: list[str] = []
    feedback: list[str] = []
    receipts: list[str] = []
    copies: list[Fields] = []
    inner: list[Part] = []
    for leaf in top.leaves():
        if leaf.is_copy:
            inner += leaf.parts
            copies += [part.fields for part in leaf.parts]
        elif leaf is not top and _are_of_a_copy(leaf.fields):
            copies.append(leaf.fields)
        elif leaf.content_type == "message/feedback-report":
            feedback.append(leaf.text())
        elif leaf.content_type == "message/disposition-notification":
            receipts.append(leaf.text())
        elif leaf.content_type in _STATUS_TYPES:
            reports.append(leaf.text())
        elif _may_be_text(leaf.content_type):
            text = leaf.text()
            if text.lstrip()[:14].lower() == "feedback-type:":
                feedback.append(text)
                continue
            if _RECIPIENT_FIELD.search(told := _before_copy(text)):
                reports.append(told)
            (markup if leaf.content_type == "text/html" else plain).append(text)
    words, own, forwarded = _without_copy("\n\n".join(plain))
    marked, of_markup, _ = _without_copy("\n\n".join(markup))
    copies += own or of_markup
    inner += forwarded
    return Outline(
        top=top,
        words=words if words.strip() else marked,
        markup=marked,
        reports=reports,
        feedback=feedback,
        receipts=receipts,
        copies=copies,
        inner=inner,
    )


def _may_be_text(content_type: str) -> bool:
    """A multipart in which no part was found is read as one text."""
    return content_type.startswith(("text/", "message/", "multipart/")) or "/" not in content_type


def _are_of_a_copy(fields: Fields) -> bool:
    names = {name for name, _ in fields}
    return len(names & _OWN) >= 2


def _without_copy(text: str) -> tuple[str, list[Fields], list[Part]]:
    """The words before a copy whose fields stand in the text, those fields, and the message there
    where it is one of a mail system that somebody forwarded.
    """
    for block in _blocks(text):
        before = text[: block.start]
        if _is_copy(block, text):
            author = next((value for name, value in block.fields if name == "from"), "")
            forwarded = [read_message(block.text.encode())] if _is_of_a_system(author) else []
            words = before
            if not before.strip() or _TELLS.search(text[block.end : block.end + 300]):
                words += text[block.end :]
            return _before_separator(words), [] if forwarded else [block.fields], forwarded
    return _before_separator(text), [], []


def _is_copy(block: _Block, text: str) -> bool:
    names = {name for name, _ in block.fields}
    if names & _TRACES and len(names & _OWN) >= 2:
        return True
    before = text[: block.start].rstrip()[-160:]
    is_shown = text[block.start] in ">|" or _ANNOUNCED.search(before) is not None
    return len(names & _OWN) >= 3 and is_shown


def _before_copy(text: str) -> str:
    """What stands before our message: one about reports may have the fields of a report in it."""
    if _RECIPIENT_FIELD.search(text) is None:
        return ""
    starts = (block.start for block in _blocks(text) if _is_copy(block, text))
    return text[: next(starts, None)]


def _before_separator(text: str) -> str:
    """Without what a mail system itself says to be the copy."""
    found = _SEPARATOR.search(text)
    return text[: found.start()] if found and text[: found.start()].strip() else text


def _is_of_a_system(author: str) -> bool:
    return shows("system", "senders", words_decoded(author))


def _blocks(text: str) -> Iterator[_Block]:
    """Runs of lines that look like fields."""
    at = 0
    for _ in range(_MOST_BLOCKS):
        match = _BLOCK.search(text, at)
        if match is None:
            return
        mark = match[1]
        lines = text[match.start() : match.start() + _COPY_LIMIT].split("\n")
        taken = [line.removeprefix(mark) for line in _until_unmarked(lines, mark)]
        unmarked = "\n".join(taken)
        fields, rest = read_fields(unmarked)
        end = match.start() + _length(lines, taken, rest)
        yield _Block(match.start(), end, fields, unmarked)
        at = max(end, match.end())


def _until_unmarked(lines: Sequence[str], mark: str) -> Iterator[str]:
    for line in lines:
        if not line.startswith(mark.rstrip() if line.strip() == mark.strip() else mark):
            return
        yield line


def _length(lines: Sequence[str], taken: Sequence[str], rest: str) -> int:
    """Characters of the original lines up to where the fields ended."""
    used = len(taken) - (rest.count("\n") + 1 if rest else 0)
    return sum(len(line) + 1 for line in lines[:used])
