"""Characters that nobody typed: what copying, pasting and a wrong encoding leave behind.

Knows each kind and what was meant by it, where that is certain. Words in the letters of one
encoding that were written in another (mojibake) are told from words by what can stand together: a
capital Ã before a pound sign is no word, a capital É before a quotation mark may end one.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

_ENDS = "‘’“”«»‹›–—…•™®©°\u00a0"
"""What may follow a letter, a capital above all, in any sound text."""

_HIGH = "€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ\x81\x8d\x8f\x90\x9d\u00a0-¿"
"""The octets from 0x80 to 0xBF as Windows-1252 shows them: what goes on with a letter of UTF-8."""

_MARKS = r"‘’“”«»›…–—"
_AS_WINDOWS = re.compile(
    rf"(?:(?<![A-ZÀ-Þ])[ÂÃ][{_HIGH}]|[ÂÃ](?![{_ENDS}])[{_HIGH}]|[ÄÅÎÏÐÑØÙ](?![{_ENDS}ˆ])[{_HIGH}]"
    rf"|â(?![{_MARKS}])[{_HIGH}][{_HIGH}]|ï(?:»¿|¿½|¬[{_HIGH}])|ðŸ[{_HIGH}][{_HIGH}])+"
)
_AS_MAC = re.compile("(?:‚Ä[†ìîôöõúùû¶¢∞ò£]|√[©®°ß†£§•¶¢áàâäãåçéèêëíìîïñóòôöõúùûüªºØÆ])+")
_AS_RUSSIAN = re.compile("(?:вЂ[™љњќћ“”¦ќў•єњў\u201c\u201d\u2018\u2019\u2122\u045a\u045c])+")

_MISREAD = {
    "‚": (_AS_MAC, "mac_roman"),
    "√": (_AS_MAC, "mac_roman"),
    "в": (_AS_RUSSIAN, "cp1251"),
}
"""By the first letter; all others are those of Windows-1252."""

_SINGLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]+|[\x80-\x9f]+"
    "|[\u200b\u2060-\u2064\ufeff\u180e\u00ad]+|(?<=[!-~])[\u200c-\u200f]+(?=[!-~])"
    "|[\u2028\u2029]+|[\u202a-\u202e\u2066-\u2069]+|[\ufffc]+|[\ufffd]+"
    "|[\ue000-\uf8ff\U000f0000-\U0010ffff]+|[\ufdd0-\ufdef\ufffe\uffff\ufff9-\ufffb]+"
)
_UNDEFINED = "\x81\x8d\x8f\x90\x9d"
_SECOND = frozenset(bytes(range(0x80, 0xC0)).decode("cp1252", "ignore") + _UNDEFINED + "ÄЂ") | {
    *"ß†áàâäãåçéèêëíìîïñóòôöõúùûüØÆ"
}
"""What can follow a lead: nearly always something else does."""
_LOST = "\ufffd"
_LEADS = "ÂÃÄÅÎÏÐÑØÙâïð‚√в"
_CANDIDATE = re.compile(
    f"[{_LEADS}\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u180e\u200b-\u200f\u2028-\u202e"
    "\u2060-\u2069\ue000-\uf8ff\ufdd0-\ufdef\ufeff\ufff9-\uffff\U000f0000-\U0010ffff]"
)
"""One class of characters, so that the rest of a text is passed over at once."""
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_OVERRIDES = frozenset("\u202d\u202e")
_SYMBOLS = {"\uf0b7": "•", "\uf0a7": "▪", "\uf0e0": "→", "\uf0d8": "➢", "\uf0fc": "✓"}
"""What Word's own fonts of symbols show at these places."""


@dataclass(frozen=True, slots=True)
class Damage:
    """What is wrong from `start` up to `end`; `meant` is None where nobody can tell."""

    start: int
    end: int
    what: str
    meant: str | None


def is_sound(text: str) -> bool:
    """Whether nothing can be wrong with a text, told in a moment."""
    return _CANDIDATE.search(text) is None


def damages(line: str) -> Iterator[Damage]:
    """The damage in one line, in order."""
    done = 0
    for candidate in _CANDIDATE.finditer(line):
        at = candidate.start()
        if at < done or (candidate[0] in _LEADS and line[at + 1 : at + 2] not in _SECOND):
            continue
        damage = _misread(line, at) if candidate[0] in _LEADS else _single(line, at)
        if damage:
            done = damage.end
            yield damage


def masked(text: str) -> str:
    """As long as before, with no mark in what was read in a wrong encoding."""
    if is_sound(text):
        return text
    parts, done = [], 0
    for damage in damages(text):
        parts += [text[done : damage.start], "x" * (damage.end - damage.start)]
        done = damage.end
    return "".join([*parts, text[done:]])


def _misread(line: str, at: int) -> Damage | None:
    pattern, codec = _MISREAD.get(line[at], (_AS_WINDOWS, "cp1252"))
    found = pattern.match(line, at)
    meant = _read_again(found[0], codec) if found else None
    if found is None or meant is None or _SINGLE.search(meant.replace(_LOST, "")):
        return None
    if _LOST in meant:
        return Damage(at, found.end(), f"a character was lost here (“{found[0]}”)", None)
    said = f"“{meant}”" if meant else "a byte-order mark"
    return Damage(at, found.end(), f"“{found[0]}” is {said} in a wrong encoding", meant)


def _read_again(text: str, codec: str) -> str | None:
    """As UTF-8 what was read as something else, perhaps more than once; None where it is not."""
    try:
        meant = b"".join(map(partial(_octet, codec=codec), text)).decode("utf-8")
    except UnicodeError:
        return None
    if not meant.isascii() and _AS_WINDOWS.fullmatch(meant):
        return _read_again(meant, codec) or meant
    return meant.removeprefix("\ufeff").replace("\u00a0", " ")


def _octet(character: str, *, codec: str) -> bytes:
    """Windows-1252 has five holes, through which the octets come as they are."""
    return character.encode("latin-1" if character in _UNDEFINED else codec)


def _single(line: str, at: int) -> Damage | None:
    found = _SINGLE.match(line, at)
    what, meant = _told(found[0], line, found) if found else ("", None)
    return Damage(at, found.end(), what, meant) if found and what else None


def _told(text: str, line: str, found: re.Match[str]) -> tuple[str, str | None]:
    """What a run of one kind is, and what was meant; ("", None) where it has a use."""
    first = text[0]
    name = f"U+{ord(first):04X}"
    match first:
        case "\ufffd":
            return f"a character was lost here ({name})", None
        case "\ufffc":
            return f"a picture or another object was lost here ({name})", ""
        case "\u2028" | "\u2029" | "\x0b":
            return f"a line is parted here by a character that no editor shows ({name})", _space(
                found
            )
        case _ if "\x80" <= first <= "\x9f":
            return f"a control character stands here ({name})", _windows(text)
        case _ if first < " " or first == "\x7f":
            return f"a control character stands here ({name})", ""
        case _ if "\u202a" <= first <= "\u202e" or "\u2066" <= first <= "\u2069":
            if _RIGHT_TO_LEFT.search(line) and not _OVERRIDES & set(text):
                return "", None
            return f"a character turns the direction of the text round ({name})", ""
        case _ if "\ue000" <= first <= "\uf8ff" or first >= "\U000f0000":
            meant = "".join(_SYMBOLS.get(one, "") for one in text)
            whole = meant if len(meant) == len(text) else None
            return f"a character is in one font only, and a box to readers ({name})", whole
        case _:
            return f"a character that nobody sees stands here ({name})", ""


def _space(found: re.Match[str]) -> str:
    """One space, where there is none on either side."""
    around = found.string[max(found.start() - 1, 0) : found.end() + 1]
    is_apart = around[:1].isspace() or around[-1:].isspace()
    return "" if is_apart else " "


def _windows(text: str) -> str | None:
    """The quotation marks and dashes of Windows-1252, read as ISO 8859-1."""
    try:
        return text.encode("latin-1").decode("cp1252")
    except UnicodeError:
        return ""
