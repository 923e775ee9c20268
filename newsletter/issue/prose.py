"""The short way: a line of plain prose, perhaps with links, is read without a Markdown parser.

Most lines of an issue are that, and what CommonMark makes of them is known beforehand. A line that
holds anything else at all is not ours, and goes the long way by `newsletter.issue.markdown`.
"""

import re

from newsletter.issue.nodes import Inline, Link, Locate, Text

# Marks that mark nothing where they stand: an ampersand before a space, an underscore in a word.
_PLAIN = r"(?:[^*_\[\]<>`\\&#~\x00-\x1f\x7f]|&(?![A-Za-z0-9#])|(?<=[A-Za-z0-9])_(?=[A-Za-z0-9]))"
_URL = r"https?://[A-Za-z0-9]+(?:[./?=_:,+-][A-Za-z0-9]+)*/?"
_LINK = re.compile(rf"\[({_PLAIN}+)\]\(({_URL})\)")
_LINE = re.compile(
    rf"(?!\d{{1,9}}[.)])(?=[^\W_]|[\[$£€(“‘\"'{{])(?:{_PLAIN}|(?<!!){_LINK.pattern})*(?<!\s)"
)


def read_prose(line: str, locate: Locate) -> tuple[Inline, ...] | None:
    """The inline nodes of one line, or None where it holds more than prose and plain links."""
    if not line or _LINE.fullmatch(line) is None:
        return None
    if "[" not in line:
        return (Text(text=line),)
    return tuple(_split(line, locate))


def _split(line: str, locate: Locate) -> list[Inline]:
    found: list[Inline] = []
    done = 0
    for match in _LINK.finditer(line):
        if done < match.start():
            found.append(Text(text=line[done : match.start()]))
        children = (Text(text=match[1]),)
        found.append(Link(href=match[2], children=children, span=locate(match[2])))
        done = match.end()
    if done < len(line):
        found.append(Text(text=line[done:]))
    return found
