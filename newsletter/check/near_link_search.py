"""Finds what is nearly a link in the loose text of an issue's parts.

The kinds are in `near_link_kinds`; references of other dialects, `[words][label]`, in `references`.
Links that are links, but with a mark more than there should be, are found here.
"""

import re
from collections.abc import Iterator, Sequence

from newsletter.check.diagnostic import Edit, Finding, Fix
from newsletter.check.loose_text import BLANKED, LooseText, SoundLink, blanked
from newsletter.check.near_link_kinds import KINDS, PICTURE_END, URL, Said
from newsletter.check.references import references

_WRAPPED = re.compile(rf"(?P<before>[(\"'“”„«»‘’‹›`]*)(?P<to>{URL}.*?)(?P<after>[)\"'“”„«»‘’‹›`]*)")


def search(parts: Sequence[LooseText]) -> Iterator[Finding]:
    found, rest = references(parts)
    yield from found
    for loose in rest:
        yield from _of_sound_links(loose)
        yield from _of_kinds(loose)


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
