"""Links by reference, `[words][label]` and below `[label]: https://…`: we read none of them.

A reference whose label is defined is resolved by its fix, and the last one takes the definition
along; brackets without a definition are an editor's own, unless they can be nothing else.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from newsletter.check.diagnostic import Edit, Finding, Fix
from newsletter.check.loose_text import BLANKED, LooseText, blanked

_DEFINITION = re.compile(
    r"^[ ]{0,3}\[(?P<label>[^\[\]^\n][^\[\]\n]{0,200})\]:[ \t]*\n?[ \t]*"
    r"(?P<to><[^<>\n]+>|(?:https?://|www\.|mailto:|/)\S+)"
    r"(?P<title>[ \t]+(?:\"[^\"\n]*\"|'[^'\n]*'|\([^()\n]*\)))?[ \t]*$",
    re.MULTILINE,
)
_REFERENCE = re.compile(
    r"(?P<bang>!?)(?<!\[)\[(?P<words>[^\[\]\n]{1,300})\]"
    r"(?:[ ]?\[(?P<label>[^\[\]\n]{0,200})\])?(?![(:])"
)


@dataclass(frozen=True, slots=True)
class _Definition:
    loose: LooseText
    start: int
    end: int
    to: str


@dataclass(frozen=True, slots=True)
class _Reference:
    loose: LooseText
    match: re.Match[str]
    label: str


def references(parts: Sequence[LooseText]) -> tuple[list[Finding], list[LooseText]]:
    """The findings, and the parts with what they are about blanked."""
    definitions, rest = _taken_out(parts)
    found: list[Finding] = []
    used: dict[str, list[_Reference]] = {}
    left: list[LooseText] = []
    for loose in rest:
        places: list[tuple[int, int]] = []
        for match in _REFERENCE.finditer(loose.text) if "[" in loose.text else ():
            label = _normal(match["label"] or match["words"])
            if label in definitions:
                used.setdefault(label, []).append(_Reference(loose, match, label))
            elif not _is_reference(match):
                continue
            else:
                hint = "write [words](https://…)"
                what = f"this is no link: nothing says where [{match['label']}] leads"
                found.append(Finding(span=loose.place(*match.span()), message=what, hint=hint))
            places.append(match.span())
        left.append(replace(loose, text=blanked(loose.text, places)))
    for label, definition in definitions.items():
        found += _resolved(definition, used.get(label, []), label)
    return found, left


def _taken_out(
    parts: Sequence[LooseText],
) -> tuple[dict[str, _Definition], list[LooseText]]:
    """The definitions by label, the first of each, and the parts without them."""
    definitions: dict[str, _Definition] = {}
    rest: list[LooseText] = []
    for loose in parts:
        places: list[tuple[int, int]] = []
        for match in _DEFINITION.finditer(loose.markdown) if "]:" in loose.markdown else ():
            if loose.text[match.start("label") - 1] != "[":
                continue  # in code, or escaped
            to = match["to"].strip("<>")
            address = f"{to}{match['title'] or ''}"
            definitions.setdefault(
                _normal(match["label"]), _Definition(loose, match.start(), match.end(), address)
            )
            places.append(match.span())
        rest.append(replace(loose, text=blanked(loose.text, places)))
    return definitions, rest


def _normal(label: str) -> str:
    return " ".join(label.split()).casefold()


def _is_reference(match: re.Match[str]) -> bool:
    """Whether two pairs of brackets can be nothing but a link: not `[1][2]`, nor `[sic][…]`."""
    label, words = match["label"], match["words"]
    if "] [" in match[0]:
        return False  # `[video] [series]`
    if not label or match["bang"]:
        return bool(label)
    looks_so = re.fullmatch(r"[\w.-]*[a-z_][\w.-]*|\d+", label) is not None
    return looks_so and not words.strip().isdigit() and len(words) > 3


def _resolved(definition: _Definition, used: Sequence[_Reference], label: str) -> Iterator[Finding]:
    span = definition.loose.place(definition.start, definition.end)
    if not used:
        what = f"[{label}] is used nowhere, and this line is mailed as it stands"
        yield Finding(span=span, message=what, hint="link words to it, or take the line out")
        return
    for reference in used:
        match, place = reference.match, reference.loose.place(*reference.match.span())
        to = definition.to if not re.search(r"\s", definition.to) or '"' in definition.to else ""
        what = "this is no link: references mean nothing here"
        hint = f"write [{match['words']}]({definition.to})"
        fix = None
        if to and BLANKED not in match[0]:
            edits = [Edit(span=place, text=f"{match['bang']}[{match['words']}]({to})")]
            if reference is used[-1]:
                edits += [
                    Edit(
                        span=other.loose.place(*other.match.span()),
                        text=f"{other.match['bang']}[{other.match['words']}]({to})",
                    )
                    for other in used[:-1]
                ]
                edits.append(Edit(span=span, text=""))
            fix = Fix(title="Write the link that was meant", edits=tuple(edits))
        yield Finding(span=place, message=what, hint=hint, fix=fix)
