"""What looks like a link or a picture and is none, so that readers would get its brackets.

The kinds are in `near_link_kinds`; references of other dialects, `[words][label]`, in `references`.
Links that are links, but with a mark more than there should be, are found here.
"""

import re
from collections.abc import Iterator
from itertools import islice

from newsletter.check.diagnostic import Edit, Finding, Fix
from newsletter.check.loose_text import BLANKED, LooseText, SoundLink, blanked, loose_text, parts_of
from newsletter.check.near_link_kinds import KINDS, PICTURE_END, URL, Said
from newsletter.check.references import references
from newsletter.issue import Issue, Span

_WRAPPED = re.compile(rf"(?P<before>[(\"'“”„«»‘’‹›`]*)(?P<to>{URL}.*?)(?P<after>[)\"'“”„«»‘’‹›`]*)")
_MAY_BE = re.compile(r"[\[\]［］]|<(?:https?:|www\.)|\":https?:|\)\[|!\(")
_SOUND = re.compile(r"\[[^\[\]\n]*+\]\(https?://[\w./?#@%&=+,;:~!$*-]++(?: \"[^\"\n]*+\")?\)(?!\))")
"""The links that nearly all issues hold alone."""

_MOST = 100
"""Findings; with more, somebody has pasted another format, and has been told."""

_latest: list[tuple[Issue, tuple[Finding, ...]]] = []
"""One issue's: three rules ask for them, one after the other."""


def near_links(issue: Issue) -> tuple[Finding, ...]:
    for known, found in _latest:
        if known is issue:
            return found
    found = tuple(islice(_near_links(issue), _MOST))
    _latest[:] = [(issue, found)]
    return found


def is_near_link(issue: Issue, span: Span) -> bool:
    """Whether a place is in one, so that other rules need not speak of it."""
    begin, end = (span.line, span.column), (span.end_line, span.end_column)
    return any(
        begin < (at.end_line, at.end_column) and (at.line, at.column) < end
        for found in near_links(issue)
        for at in (found.span, *(edit.span for edit in (found.fix.edits if found.fix else ())))
    )


def _near_links(issue: Issue) -> Iterator[Finding]:
    if not issue.stories or _is_sound(issue.source.text):
        return
    loose = [loose_text(part) for part in parts_of(issue) if _may_hold_some(part.markdown)]
    found, without = references(loose)
    yield from found
    for each in without:
        yield from _of_sound_links(each)
        yield from _of_kinds(each)


def _is_sound(text: str) -> bool:
    """Whether every bracket of the whole text is one of a plain link; nearly all issues are so."""
    sound = len(_SOUND.findall(text))
    has_odd = any(sign in text for sign in ("<http", "<www.", '":http', "［", ")[", "! [", "!\n["))
    return sound == text.count("[") == text.count("]") and not has_odd


def _may_hold_some(markdown: str) -> bool:
    if not any(sign in markdown for sign in ("[", "]", "<", '":http', "［", ")[")):
        return False
    rest = _SOUND.sub("", markdown) if "](" in markdown else markdown
    return _MAY_BE.search(rest) is not None or "! [" in markdown or "!\n[" in markdown


def _of_sound_links(loose: LooseText) -> Iterator[Finding]:
    """Links that lead elsewhere than was meant, for a mark more than there should be."""
    for link in loose.links:
        to = loose.markdown[slice(*link.to)]
        words = loose.markdown[slice(*link.words)]
        wrapped = _WRAPPED.fullmatch(to)
        if wrapped and wrapped["before"]:  # what ends in a mark alone is told by mistaken-address
            what = "there are marks round the address that do not belong to it"
            yield _finding(loose, link.to, (what, "take them out", wrapped["to"]))
        elif re.fullmatch(r"\[[^\[\]]+\]", words):
            what = "the square brackets of the link are doubled"
            yield _finding(loose, link.words, (what, "keep one pair", words[1:-1]))
        elif _is_picture_apart(loose, link):
            what = "this is no picture: “!” stands apart"
            hint = "take out what is between it and the bracket"
            yield _finding(loose, (link.start - 1, link.start), (what, hint, ""))
        elif place := _lone_bracket(loose, link):
            what = "there is a square bracket too many beside the link"
            yield _finding(loose, place, (what, "take it out", ""))
        elif _has_one_too_many(loose, link):
            what = "there is a round bracket too many behind the link"
            yield _finding(loose, (link.end, link.end + 1), (what, "take it out", ""))


def _is_picture_apart(loose: LooseText, link: SoundLink) -> bool:
    """An exclamation mark at the start of a line, and the address of a picture."""
    to = loose.markdown[slice(*link.to)]
    is_of_picture = re.search(rf"{PICTURE_END}\Z", to, re.IGNORECASE) is not None
    before = loose.text[max(link.start - 6, 0) : link.start]
    return is_of_picture and re.search(r"(?:\A|\n)[ ]{0,3}![ \n]\Z", before) is not None


def _lone_bracket(loose: LooseText, link: SoundLink) -> tuple[int, int] | None:
    """A bracket right before the link that none closes, or right behind it that none opens."""
    before, after = link.start - 1, link.end
    if before >= 0 and loose.text[before] == "[" and "]" not in loose.text[after:]:
        return before, before + 1
    if loose.text[after : after + 1] == "]" and "[" not in loose.text[: link.start]:
        return after, after + 1
    return None


def _has_one_too_many(loose: LooseText, link: SoundLink) -> bool:
    text = loose.text
    return text[link.end : link.end + 1] == ")" and text.count("(", 0, link.end) <= text.count(
        ")", 0, link.end
    )


def _of_kinds(loose: LooseText) -> Iterator[Finding]:
    """Each kind in turn takes what it finds out of the text, so that one slip is told once."""
    text = loose.text
    for kind in KINDS:
        matches = [
            match
            for match in kind.pattern.finditer(text)
            if not (kind.is_part and _is_escaped(loose, match.start()))
        ]
        for match in matches:
            if (said := kind.says(match)) is not None:
                yield _finding(loose, match.span(), _with_typed(said))
        text = blanked(text, (match.span() for match in matches)) if matches else text


def _is_escaped(loose: LooseText, end: int) -> bool:
    """Whether what ends there may have been begun by a bracket that is meant as one."""
    return "\\[" in loose.markdown[max(end - 300, 0) : end]


def _with_typed(said: Said) -> Said:
    """No fix where what was blanked stands inside: it would come back as nothing."""
    what, hint, put = said
    return what, hint, None if put is not None and BLANKED in put else put


def _finding(loose: LooseText, place: tuple[int, int], said: Said) -> Finding:
    what, hint, put = said
    span = loose.place(*place)
    fix = None
    if put is not None:
        fix = Fix(title="Write the link that was meant", edits=(Edit(span=span, text=put),))
    return Finding(span=span, message=what, hint=hint, fix=fix)
