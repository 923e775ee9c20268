"""Two text parts of one issue compared as a reader would: part by part, and word by word.

It knows the form of our text part, in which a rule stands between the parts, headlines are in
capitals and a link is a line of its own; what has changed elsewhere is `changes`' to say.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from enum import StrEnum

from newsletter.books import Approval
from newsletter.render import Rendered

_RULE = re.compile(r"^-{20,}$", re.MULTILINE)
_NUMBERED = re.compile(r"(\d+)\. ")
_LINK = re.compile(r"<(?:https?://)?(\S+)>")
_WORD = re.compile(r"\w+|\s+|[^\w\s]")

MASTHEAD = "Masthead"

_Lines = Sequence[str]

_BEFORE_STORIES = 2
"""Parts: the masthead, and the title with the intro and the contents."""

_MOST_WORDS = 3_000
"""Of two paragraphs that are compared word by word; longer ones are shown whole."""

_BESIDE = 60
"""Characters of what is the same, on either side of what is not."""


class Kind(StrEnum):
    SAME = "same"
    GONE = "gone"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Piece:
    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Reworded:
    """A paragraph, headline or link that is another now; `part` says where it stands."""

    part: str
    pieces: Sequence[Piece]


@dataclass(frozen=True, slots=True)
class Beginning:
    """How a part of a message begins."""

    part: str
    headline: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class _Unit:
    part: str
    text: str


def reworded(before: str, after: str) -> Sequence[Reworded]:
    """What has changed from one text to the other, in the order of the new one."""
    old, new = list(_units(before)), list(_units(after))
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    found: list[Reworded] = []
    for tag, from_old, to_old, from_new, to_new in matcher.get_opcodes():
        if tag != "equal":
            found += _changes(old[from_old:to_old], new[from_new:to_new])
    return found


def since(approval: Approval, rendered: Rendered) -> Sequence[Reworded]:
    """What has changed in the words since somebody approved them, the subject first."""
    found = reworded(_as_read(approval.text, rendered), _as_read(rendered.text, rendered))
    before, after = (_as_read(text, rendered) for text in (approval.subject, rendered.subject))
    if before == after:
        return found
    return [Reworded("Subject", _pieces(before, after)), *found]


def beginnings(rendered: Rendered) -> Sequence[Beginning]:
    """Each part of a message with its headline and first paragraph, for who never saw it."""
    found: dict[str, Beginning] = {}
    for unit in _units(_as_read(rendered.text, rendered)):
        part, _, what = unit.part.partition(", ")
        begun = found.get(part, Beginning(part))
        if what == "headline":
            found[part] = replace(begun, headline=unit.text)
        elif not what and not begun.text:
            found[part] = replace(begun, text=unit.text)
    return [each for each in found.values() if each.part != MASTHEAD]


def _as_read(text: str, rendered: Rendered) -> str:
    """With the default of each merge field, as a reader without a name has it."""
    for placeholder in rendered.placeholders:
        text = text.replace(placeholder.mark, placeholder.default or "…")
    return text


def _units(text: str) -> Iterator[_Unit]:
    """Its paragraphs, each with its part; the contents stand for the headlines in capitals."""
    before, stories = _sections(text)
    has_contents = False
    for part, paragraph in before:
        if part == "Intro" and all(_NUMBERED.match(line) for line in paragraph):
            has_contents = True
            yield from (_headline(line) for line in paragraph)
        else:
            yield from _of_paragraph(part, paragraph)
    story = ""
    for is_first, paragraph in stories:
        numbered = _NUMBERED.match(paragraph[0]) if is_first else None
        if numbered:
            story = f"Story {numbered[1]}"
            yield from () if has_contents else [_headline(_joined(paragraph))]
            continue
        story = "Footer" if is_first else story
        yield from _of_paragraph(story, paragraph)


def _sections(text: str) -> tuple[list[tuple[str, _Lines]], list[tuple[bool, _Lines]]]:
    """What stands before the stories, each paragraph with its part; and what comes then, each
    paragraph with whether it is the first after a rule.
    """
    before: list[tuple[str, _Lines]] = []
    stories: list[tuple[bool, _Lines]] = []
    for section, words in enumerate(_RULE.split(text)):
        found = [each.strip().splitlines() for each in re.split(r"\n\s*\n", words) if each.strip()]
        for place, paragraph in enumerate(found):
            if section >= _BEFORE_STORIES:
                stories.append((place == 0, paragraph))
            else:
                part = MASTHEAD if section == 0 else "Intro" if place else "Title"
                before.append((part, paragraph))
    return before, stories


def _headline(line: str) -> _Unit:
    numbered = _NUMBERED.match(line)
    assert numbered
    return _Unit(f"Story {numbered[1]}, headline", line[numbered.end() :].strip())


def _of_paragraph(part: str, lines: Sequence[str]) -> Iterator[_Unit]:
    """Its words, and each of its links apart."""
    words = [line for line in lines if not _LINK.fullmatch(line.strip())]
    if words:
        yield _Unit(part, _joined(words))
    for line in lines:
        if link := _LINK.fullmatch(line.strip()):
            yield _Unit(f"{part}, link", link[1])


def _joined(lines: Sequence[str]) -> str:
    """Lines that were broken for the way, in one; a quotation's marks are left out."""
    return " ".join(line.removeprefix("|").strip() for line in lines).strip()


def _changes(old: Sequence[_Unit], new: Sequence[_Unit]) -> Iterator[Reworded]:
    """Paragraphs of the same part are compared in their order; what is over came or went."""
    waiting: defaultdict[str, list[str]] = defaultdict(list)
    for unit in old:
        waiting[unit.part].append(unit.text)
    for unit in new:
        before = waiting[unit.part].pop(0) if waiting[unit.part] else ""
        if before != unit.text:
            yield Reworded(unit.part, _pieces(before, unit.text))
    for part, texts in waiting.items():
        for text in texts:
            yield Reworded(part, _pieces(text, ""))


def _pieces(before: str, after: str) -> Sequence[Piece]:
    old, new = _WORD.findall(before), _WORD.findall(after)
    if not before or not after or len(old) + len(new) > _MOST_WORDS:
        return _whole(before, after)
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    runs: list[tuple[str, str]] = []
    for tag, from_old, to_old, from_new, to_new in matcher.get_opcodes():
        gone, come = "".join(old[from_old:to_old]), "".join(new[from_new:to_new])
        if tag == "equal" and (gone.strip() or not runs):
            runs.append((gone, gone))
        elif tag == "equal" or (runs and runs[-1][0] != runs[-1][1]):
            runs[-1] = (runs[-1][0] + gone, runs[-1][1] + come)
        else:
            runs.append((gone, come))
    return _shortened(runs)


def _whole(before: str, after: str) -> Sequence[Piece]:
    kinds = ((Kind.GONE, before), (Kind.NEW, after))
    return [Piece(kind, text) for kind, text in kinds if text]


def _shortened(runs: Sequence[tuple[str, str]]) -> Sequence[Piece]:
    found: list[Piece] = []
    for place, (gone, come) in enumerate(runs):
        if gone == come:
            is_first, is_last = place == 0, place == len(runs) - 1
            found.append(Piece(Kind.SAME, _cut(gone, is_first=is_first, is_last=is_last)))
        else:
            found += _whole(gone, come)
    return found


def _cut(text: str, *, is_first: bool, is_last: bool) -> str:
    """What is the same, no longer than it takes to know the place."""
    if len(text) <= 2 * _BESIDE:
        return text
    head = "" if is_first else text[:_BESIDE].rpartition(" ")[0]
    tail = "" if is_last else text[-_BESIDE:].partition(" ")[2]
    return f"{head} …" if is_last else f"{head} … {tail}".lstrip()
