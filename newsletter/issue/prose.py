"""The short way: plain prose, perhaps with links and stars, is read without a Markdown parser.

Most lines of an issue are that, and what CommonMark makes of them is known beforehand. A text that
holds anything else at all is not ours, and goes the long way by `newsletter.issue.markdown`.
"""

import re
from collections.abc import Iterator

from newsletter.issue.full_width import has_no_space
from newsletter.issue.nodes import Emphasis, Inline, Link, Locate, Strong, Text

# Marks that mark nothing where they stand: an ampersand that opens no entity, an underscore in a
# word. The inner repetitions are possessive, so that a line that fails has been read once.
_PLAIN = (
    r"(?:[^*_\[\]<>`\\&~^\x00-\x1f\x7f]++|&(?!\#?[A-Za-z0-9]++;)"
    r"|(?<=[A-Za-z0-9])_(?=[A-Za-z0-9]))"
)
_URL = r"https?://[A-Za-z0-9]++(?:[./?=_:,+-][A-Za-z0-9]++)*+/?"
_LINK = rf"(?<!!)\[(?P<words>{_PLAIN}++)\]\((?P<url>{_URL})\)"
# Stars that can but open, words, and as many stars that can but close (CommonMark 0.31, 6.2).
_STARS = (
    r"(?<![^ \u00a0(])(?P<stars>\*\*?+)(?=[A-Za-z0-9])"
    rf"(?P<starred>{_PLAIN}++)(?<=[A-Za-z0-9])(?P=stars)(?![^ \u00a0.,;:!?)])"
)
_MARKED = re.compile(rf"{_LINK}|{_STARS}")
_LINE = re.compile(
    r"(?!\d{1,9}[.)])(?=[^\W_]|[\[$£€(“‘\"'{]|\*\*?[A-Za-z0-9])"
    rf"(?:{_PLAIN}|{_MARKED.pattern})*(?<!\s)"
)


def read_prose(text: str, locate: Locate) -> tuple[Inline, ...] | None:
    """The inline nodes of a paragraph's lines, or None where there is more than prose in them."""
    lines = text.split("\n")
    if not all(map(_LINE.fullmatch, lines)) or not text:
        return None
    found = list(_split(lines[0], locate))
    for line in lines[1:]:
        following = list(_split(line, locate))
        if not has_no_space(_text(found[-1])[-1], _text(following[0])[0]):
            found.append(Text(text=" "))
        found += following
    return tuple(found)


def _text(inline: Inline) -> str:
    """Of what `_split` makes."""
    match inline:
        case Text(text=text) | Strong(children=(Text(text=text),)):
            return text
        case Link(children=(Text(text=text),)) | Emphasis(children=(Text(text=text),)):
            return text
        case _:
            return " "


def _split(line: str, locate: Locate) -> Iterator[Inline]:
    done = 0
    if "[" in line or "*" in line:
        for match in _MARKED.finditer(line):
            if done < match.start():
                yield Text(text=line[done : match.start()])
            yield _marked(match, locate)
            done = match.end()
    if done < len(line):
        yield Text(text=line[done:])


def _marked(match: re.Match[str], locate: Locate) -> Inline:
    words, url, stars, starred = match.group("words", "url", "stars", "starred")
    if url:
        return Link(href=url, children=(Text(text=words),), span=locate(url))
    children = (Text(text=starred),)
    return Strong(children=children) if stars == "**" else Emphasis(children=children)
