"""Marks of other dialects and programs, which Markdown as we read it mails as they stand.

Each kind is a pattern over a part's loose text, its words, and what to write instead where that is
sure. HTML's tags are in `html_tags`.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import accumulate

from newsletter.check.diagnostic import Edit, Finding, Fix
from newsletter.check.loose_text import BLANKED, LooseText, blanked
from newsletter.check.shortcodes import emoji
from newsletter.issue import Block, Line, Text, walk_inlines

_ENTITIES = (
    "nbsp|amp|lt|gt|quot|apos|mdash|ndash|hellip|rsquo|lsquo|rdquo|ldquo|euro|pound|copy|reg"
)
_OURS = re.compile(
    r"~~(?=[^\s~])[^\x00]{1,500}?(?<=[^\s~])~~(?!~)"
    r"|(?<=[\w)\]”’])\^[\w+\u2212–-]{1,20}\^(?!\w)"
    r"|(?<=[^\W\d_])~[\w+\u2212–-]{1,20}~(?!~)"
    r"|<(?P<tag>sup|sub|s|del|strike)>(?=[^<])[^\x00]{1,500}?</(?P=tag)>",
    re.IGNORECASE,
)
"""What means something: `newsletter.issue.dialect`."""
_STRONG = re.compile(r"\*\*(?=[^\s*])[^*]{1,500}?(?<=[^\s*])\*\*")


@dataclass(frozen=True, slots=True)
class _Kind:
    """The finding is at group 1 of the pattern where it has one; `put` is what was meant."""

    sign: str
    pattern: re.Pattern[str]
    what: str
    hint: str
    put: Callable[[re.Match[str]], str | None] | None = None


def _shortcode(match: re.Match[str]) -> str | None:
    return emoji(match[0].strip(":"))


_KINDS = (
    _Kind(
        "[",
        re.compile(r"^[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]+(?P<at>\[[ xX]\])(?=[ \t])", re.MULTILINE),
        "a box to tick means nothing here",
        "write ☐ or ☑, or take it out",
    ),
    _Kind(
        "[^",
        re.compile(r"\[\^[^\[\]\n]{1,60}\]:?|\^\[[^\[\]\n]{1,300}\]"),
        "footnotes mean nothing here",
        "put the note into the text, in round brackets",
    ),
    _Kind(
        "^[",
        re.compile(r"\^\[[^\[\]\n]{1,300}\]"),
        "footnotes mean nothing here",
        "put the note into the text, in round brackets",
    ),
    _Kind(
        "[!",
        re.compile(r"^[ ]{0,3}>[ ]?\[![A-Za-z]+\]", re.MULTILINE),
        "this mark means nothing here",
        "take it out; the quotation stays",
    ),
    _Kind(
        "]",
        re.compile(
            r"\[(?P<tag>b|i|u|s|quote|img|color|size|list|center|spoiler)(?:=[^\[\]\n]{0,60})?\]"
            r"(?=[^\x00]{0,500}?\[/(?P=tag)\])",
            re.IGNORECASE,
        ),
        "this mark of a forum means nothing here",
        "write **bold** or *italics*",
    ),
    _Kind(
        "[",
        re.compile(r"^[ ]{0,3}\[\[?_?toc_?\]?\][ \t]*$", re.MULTILINE | re.IGNORECASE),
        "this mark means nothing here",
        "take it out: the e-mail has its contents",
        lambda _match: "",
    ),
    _Kind(
        ":",
        re.compile(r"(?<![\w:/.])(?::[a-z][a-z0-9_+-]{1,40}|:[+-]1|:100|:x):(?![\w:/])"),
        "a name of an emoji means nothing here",
        "type the emoji itself",
        _shortcode,
    ),
    _Kind(
        "==",
        re.compile(r"(?<![=\w!<>])==(?=[^\s=])([^=\n]{1,200}?)(?<=[^\s=])==(?![=\w])"),
        "== marks nothing here",
        "write **words**",
        lambda match: f"**{match[1]}**",
    ),
    _Kind(
        "++",
        re.compile(r"(?<![+\w])\+\+(?=[^\s+])[^+\n]{1,200}?(?<=[^\s+])\+\+(?![+\w])"),
        "++ marks nothing here",
        "take it out",
    ),
    _Kind(
        "||",
        re.compile(r"(?<![|\w])\|\|(?=[^\s|])[^|\n]{1,200}?(?<=[^\s|])\|\|(?![|\w])"),
        "|| marks nothing here",
        "take it out",
    ),
    _Kind(
        "~",
        re.compile(r"~~[ \u00a0]+([^~\n]{1,200}?)[ \u00a0]*~~|~~([^~\n]{1,200}?)[ \u00a0]+~~"),
        "~~ stands apart from the words and marks nothing",
        "write ~~words~~",
        lambda match: f"~~{(match[1] or match[2]).strip()}~~",
    ),
    _Kind(
        "~",
        re.compile(r"(?<![\w~/\x00])~(?=[^\s~/])([^~\n]{1,100}?)(?<=[^\s~\x00])~(?![\w~])"),
        "~ marks nothing here",
        "write ~~words~~ to strike them out",
        lambda match: f"~~{match[1]}~~",
    ),
    _Kind(
        "~~",
        re.compile(r"(?<!~)~~(?!~)"),
        "~~ marks nothing here",
        "put it directly before and after the words to strike out",
    ),
    _Kind(
        "^",
        re.compile(r"\^(?=[^\s^])((?=[^^\n]*\w[^^\n]*\w)[^^\n]{2,60}?)(?<=[^\s^])\^(?![\w^])"),
        "^ marks nothing here",
        "write <sup>words</sup>",
        lambda match: f"<sup>{match[1]}</sup>",
    ),
    _Kind(
        "{",
        re.compile(
            r"\{:[^{}\n]{1,100}\}|\{[.#][A-Za-z][^{}\n]{0,100}\}"
            r"|(?<=[)\]\x00*])\{[a-z-]+=[^{}\n]{1,100}\}"
        ),
        "a class or an attribute means nothing here",
        "take it out",
        lambda _match: "",
    ),
    _Kind(
        ":::",
        re.compile(r"^[ ]{0,3}:::[^\n]*$", re.MULTILINE),
        "::: means nothing here",
        "take the line out",
    ),
    _Kind(
        "!!! ",
        re.compile(r"^[ ]{0,3}!!! [a-z][^\n]*$", re.MULTILINE),
        "!!! means nothing here",
        "write the words alone",
    ),
    _Kind(
        "===",
        re.compile(r"^[ ]{0,3}={3,}[ \t]*$", re.MULTILINE),
        "this line means nothing here",
        "write --- for a break, or ### before a heading in a story",
    ),
    _Kind(
        "''",
        re.compile(r"(?<!')'''(?=[^\s'])([^'\n]{1,200}?)(?<=[^\s'])'''(?!')"),
        "''' marks nothing here",
        "write **words**",
        lambda match: f"**{match[1]}**",
    ),
    _Kind(
        "&",
        re.compile(rf"&(?:{_ENTITIES})(?![;\w=])"),
        "the name of this character lacks its “;”",
        "write it, or type the character itself",
        lambda match: f"{match[0]};",
    ),
    _Kind(
        "&amp;",
        re.compile(rf"&amp;((?:{_ENTITIES}|#\d{{2,5}});)"),
        "this character is written by its name twice over",
        "type the character itself",
        lambda match: f"&{match[1]}",
    ),
)
_DELIMITER = re.compile(r"[ \t]*+\|?+(?:[ \t:]*+-{2,}+[ \t:]*+\|)++(?:[ \t:]*+-{2,}+[ \t:]*+)?")
_FENCE = re.compile(r"^[ ]{0,3}(?:```|~~~)[\w-]*[ \t]*$", re.MULTILINE)


def without_ours(loose: LooseText) -> str:
    """The loose text without marks that do mean something."""
    text = loose.text
    if any(sign in text for sign in "~^<"):
        text = _OURS.sub(_blank, text)
    return text


def _blank(match: re.Match[str]) -> str:
    """The marks at both ends blanked; what stands between is looked at like all else."""
    return re.sub(r"\A(?:<\w+>|[~^]+)|(?:</\w+>|[~^]+)\Z", lambda m: BLANKED * len(m[0]), match[0])


def foreign_marks(loose: LooseText, part: Block | Line, told: set[str]) -> Iterator[Finding]:
    """The findings of a part; `told` keeps which footnotes have been told, for all parts."""
    text = without_ours(loose)
    if ("```" in loose.markdown or "~~~" in loose.markdown) and (
        fence := _FENCE.search(loose.markdown)
    ):
        what, hint = "a block of code means nothing here", "write `like this`, or show a picture"
        yield Finding(span=loose.place(*fence.span()), message=what, hint=hint)
        return
    for kind in _KINDS:
        if kind.sign not in text:
            continue
        matches = list(kind.pattern.finditer(text))
        text = blanked(text, (match.span() for match in matches)) if matches else text
        for match in matches:
            note = match[0].rstrip(":") if kind.sign == "[^" else ""
            if note not in told:  # a note and the mark that leads to it are one slip
                yield _finding(loose, kind, match)
            told |= {note} - {""}
    if "|" in text:
        yield from _tables(loose, text)
    if "**" in text:
        yield from _stars(loose, text, part)


def _finding(loose: LooseText, kind: _Kind, match: re.Match[str]) -> Finding:
    at = match.span("at" if "at" in kind.pattern.groupindex else 0)
    put = kind.put(match) if kind.put else None
    if put is not None and BLANKED in put:
        put = None
    fix = None
    if put is not None:
        edit = Edit(span=loose.place(*match.span()), text=put)
        fix = Fix(title=f"Write {put}" if put else "Take it out", edits=(edit,))
    return Finding(span=loose.place(*at), message=kind.what, hint=kind.hint, fix=fix)


def _tables(loose: LooseText, text: str) -> Iterator[Finding]:
    """Lines that stand between bars, or have a line of hyphens and bars among them."""
    lines = text.split("\n")
    ends = list(accumulate(len(line) + 1 for line in lines))
    at = 0
    while at < len(lines):
        first = at
        while at < len(lines) and "|" in lines[at]:
            at += 1
        rows = lines[first:at]
        is_framed = len(rows) > 1 and all(map(_is_framed, rows))
        if is_framed or any(map(_DELIMITER.fullmatch, rows)):
            span = loose.place(ends[first] - len(lines[first]) - 1, ends[at - 1] - 1)
            hint = "write it as a list, or put a picture of it on the web"
            yield Finding(span=span, message="a table means nothing here", hint=hint)
        at += 1


def _is_framed(row: str) -> bool:
    row = row.strip()
    return len(row) > 2 and row[0] == row[-1] == "|"


def _stars(loose: LooseText, text: str, part: Block | Line) -> Iterator[Finding]:
    """Two stars that mark nothing: they stand apart from the words, or there is but one pair."""
    if not _shows_stars(part):
        return
    rest = _STRONG.sub(lambda match: BLANKED * len(match[0]), text)
    if "**" not in rest:  # they are set well, but for a letter or a full-width sign beside them
        rest = text
    apart = re.compile(r"\*\*([ \u00a0]*)([^*\n]{1,200}?)([ \u00a0]*)\*\*")
    matches = list(apart.finditer(rest))
    rest = blanked(rest, (match.span() for match in matches))
    for match in matches:
        put = f"{match[1]}**{match[2]}**{match[3]}"
        is_sure = BLANKED not in put and (match[1] or match[3])
        edit = Edit(span=loose.place(*match.span()), text=put)
        yield Finding(
            span=edit.span,
            message="** stands apart from the words and marks nothing",
            hint="write **words**",
            fix=Fix(title=f"Write {put.strip()}", edits=(edit,)) if is_sure else None,
        )
    for match in re.finditer(r"(?<![\w*])\*\*(?![\s*])|(?<![\s*])\*\*(?![\w*])", rest):
        hint = "put ** directly before and after the words, or take it out"
        yield Finding(span=loose.place(*match.span()), message="** marks nothing here", hint=hint)


def _shows_stars(part: Block | Line) -> bool:
    if isinstance(part, Line):
        return "**" in part.text
    found = walk_inlines(part.nodes)
    return any(isinstance(inline, Text) and "**" in inline.text for inline in found)
