"""The words of a text that tell of one address: those on its line, and in what follows it.

What a mail system tells everybody ("please include this report") is no reason, so that only lines
near an address, or with a reply code in them, are taken for one.
"""

import re

MAX_WORDS = 1200
_CODED = re.compile(r"(?:^|[\s(<:'\"#])(?:[45]\d\d[ \-:]|[45]\.\d{1,3}\.\d{1,3}\b)")
_AFTER_CONTENT = re.compile(
    r"(?:in reply to|after)\s(?:the\s)?(?:end\sof\s)?data\b|>{3,}\sDATA\s{1,4}[> ]{0,2}<{3}\s5\d\d",
    re.IGNORECASE,
)
_BEFORE_CONTENT = re.compile(
    r"\b503\b|no valid recipients|after\s+RCPT|in\s+reply\s+to\s+RCPT", re.IGNORECASE
)
"""Commands are sent together, and what is said to RCPT may be read behind DATA (RFC 2920)."""
_PARAGRAPH = re.compile(r"\n[ \t]*\n")
_FOOTER = re.compile(
    r"^[ \t]{0,8}(?:--[ \t]*$|[_*]{4,}|[=~-]{5,}[ \t]*$)"
    r"|^[ \t]{0,8}(?:this|the) (?:e-?mail|message)\b[^\n]{0,80}"
    r"\b(?:scanned|confidential|intended (?:only|solely|exclusively))\b",
    re.IGNORECASE | re.MULTILINE,
)
"""What the last server puts below every message: signatures, scanners, lawyers."""


def words_about(words: str, address: str, *, alone: bool) -> str:
    """What is said of an address, "" where nothing is; of one who is `alone`, lines with codes."""
    at = words.lower().find(address.lower()) if address else -1
    found = paragraph_from(words, at + len(address)) if at >= 0 else ""
    if _CODED.search(found) or not alone:
        return found
    return f"{found} {coded_lines(words)}"[:MAX_WORDS].strip()


def coded_lines(words: str) -> str:
    """The lines of a text that hold a reply code or an enhanced one, joined."""
    lines = words[:20_000].split("\n")
    return " ".join(line.strip() for line in lines if _CODED.search(line[:400]))[:MAX_WORDS]


def paragraph_from(words: str, at: int, until: int | None = None) -> str:
    """The rest of the line at `at` and what follows, up to a blank line behind some word."""
    text = words[at : min(at + MAX_WORDS, len(words) if until is None else until)]
    footer = _FOOTER.search(text)
    text = text[: footer.start() if footer else None]
    begins = len(text) - len(text.lstrip(" \t\n>:)\"'.,;-"))
    match = _PARAGRAPH.search(text, begins)
    return text[begins : match.start() if match else None].strip()


def rest_of_line(words: str, address: str) -> str:
    """What stands behind an address on its own line, and folded below it."""
    at = words.lower().find(address.lower()) if address else -1
    return indented_from(words, at + len(address), len(words)) if at >= 0 else ""


def indented_from(words: str, at: int, until: int) -> str:
    """The rest of the line at `at` with those after it that are indented: one thing, folded."""
    first, *others = words[at : min(at + MAX_WORDS, until)].split("\n")
    folded = [first]
    for line in others:
        if not (line.startswith(("  ", "\t")) and line.strip()):
            break
        folded.append(line)
    return "\n".join(folded).strip(" \t\n>:)\"'.,;-")


def paragraphs_after(words: str, at: int) -> list[str]:
    """The next ones behind that in which the character at `at` stands."""
    return [each.strip() for each in _PARAGRAPH.split(words[at : at + MAX_WORDS])[1:4]]


def paragraph_with(words: str, at: int, earliest: int = 0, until: int | None = None) -> str:
    """The paragraph in which the character at `at` stands."""
    earliest = max(earliest, at - MAX_WORDS)
    blank = words.rfind("\n\n", earliest, at)
    return paragraph_from(words, blank + 2 if blank >= 0 else earliest, until)


def is_after_content(words: str) -> bool:
    """Whether a server refused only after it had taken recipient and content.

    Some (of telephones in Japan) call a mailbox unknown then which wants no mail of this sender.
    """
    told = words[:20_000]
    return _AFTER_CONTENT.search(told) is not None and _BEFORE_CONTENT.search(told) is None
