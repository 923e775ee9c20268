"""The words of a text that tell of one address: those on its line, and in what follows it.

What a mail system tells everybody ("please include this report") is no reason, so that only lines
near an address, or with a reply code in them, are taken for one.
"""

import re

MAX_WORDS = 1200
_CODED = re.compile(r"(?:^|[\s(<:'\"#])(?:[45]\d\d[ \-:]|[45]\.\d{1,3}\.\d{1,3}\b)")
_PARAGRAPH = re.compile(r"\n[ \t]*\n")


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


def paragraph_from(words: str, at: int) -> str:
    """The rest of the line at `at` and what follows, up to a blank line behind some word."""
    text = words[at : at + MAX_WORDS]
    begins = len(text) - len(text.lstrip(" \t\n>:)\"'.,;-"))
    match = _PARAGRAPH.search(text, begins)
    return text[begins : match.start() if match else None].strip()
