"""Whether a name that an intro or a title gives is to be found in the stories.

Editors name a thing in one way above and in another below, and a check that objects to that is
soon switched off. So the whole name is looked for first, then its parts, then its words, and what
cannot be judged is taken as found.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from itertools import islice

from newsletter.check.house_format import HouseFormat
from newsletter.issue import Issue, plain_spaces

_ALIKE = str.maketrans(
    {**dict.fromkeys("’‘ʼ`´", "'"), **dict.fromkeys("‐‑–-", " "), "®": "", "™": ""}
)
_QUOTES = " \t\n\"“”«»„()[]*_'‘’"
_WORD = re.compile(r"[^\W_]+(?:['’.&][^\W_]+)*")
_YEAR = re.compile(r"\s*\b(?:19|20)\d\d\b|\s+['’]\d\d\b")
_ARTICLES = frozenset(("the", "a", "an", "der", "die", "das", "le", "la", "les", "el", "los", "il"))
_WORD_BEFORE = re.compile(r"([^\W_][\w'.-]*) \Z")
_WORD_AFTER = re.compile(r"(?:'s)? ([^\W_][\w'-]*)")
_JOINING = 3
"""Letters. A longer word in small letters makes a clause of a name: "Boots opening a depot"."""

_LONGEST = 100
"""Characters. What is longer is a clause, whatever it is made of."""

_MOST_PLACES = 100
"""A word that occurs more often names something by itself."""

_MOST_WORDS = 500
"""Words compared for a likely slip of the pen; larger texts get no suggestion."""


@dataclass(frozen=True)
class Names:
    """The words of an issue's stories, each form of them made when it is first asked for."""

    issue: Issue
    house: HouseFormat

    @cached_property
    def _source(self) -> str:
        """From the first headline on, as typed: most names are found here, at no cost."""
        lines, first = self.issue.source.lines, self.issue.stories[0].span.line
        sponsored = {line for sponsor in self.issue.sponsors for line in sponsor.lines}
        if not sponsored:
            return "\n".join(lines[first - 1 :])
        kept = [number for number in range(first, len(lines) + 1) if number not in sponsored]
        return "\n".join(lines[number - 1] for number in kept)

    @cached_property
    def text(self) -> str:
        stories = self.issue.stories
        parts = [part for story in stories for part in (story.headline.text, story.text)]
        return plain_spaces("\n\n".join(parts)).replace("’", "'")

    @cached_property
    def _folded(self) -> str:
        return fold(self.text)

    @cached_property
    def _bare(self) -> str:
        """Without apostrophes, for Levis and McDonald's."""
        return self._folded.replace("'", "")

    @cached_property
    def _words(self) -> frozenset[str]:
        return frozenset(word for found in _WORD.findall(self._folded) for word in _stems(found))

    @cached_property
    def _capitalised(self) -> tuple[str, ...]:
        """Each once; of a larger text one more than are compared."""
        words = filter(_is_capitalised, dict.fromkeys(_WORD.findall(self.text)))
        return tuple(sorted(islice(words, _MOST_WORDS + 1)))

    def missing(self, item: str) -> tuple[str, ...]:
        """The names in one item of a list that no story has: () where all is well.

        A slash pair is two names. A clause counts as found where any of its capitalised words is.
        """
        name = item.strip(_QUOTES)
        if not name or _has(self._source, name) or self._has_whole(name):
            return ()
        words = _WORD.findall(name)
        is_clause = any(word[0].islower() and len(word) > _JOINING for word in words)
        if is_clause or len(name) > _LONGEST:
            return () if self._has_any_word(words) else (name,)
        return self._missing_parts(name)

    def _missing_parts(self, name: str) -> tuple[str, ...]:
        pairs = [part for part in name.split("/") if re.search(r"[^\W\d_]{2}", part)]
        if len(pairs) > 1:
            return tuple(lost for part in pairs for lost in self.missing(part))
        joined = re.split(rf"\s{re.escape(self.house.cues.conjunction)}\s", name)
        if len(joined) > 1:
            return tuple(lost for part in joined for lost in self.missing(part))
        partners = re.split(r"\s*[&+]\s*", name)
        if len(partners) > 1 and any(not self.missing(part) for part in partners if part):
            return ()
        words = list(dict.fromkeys(self._telling(_WORD.findall(name))))
        if not words or any(self._stands_alone(word, words) for word in words):
            return ()
        return (name,)

    def _has_whole(self, name: str) -> bool:
        """The name, perhaps without its article or its year, or by its initials."""
        folded = fold(_YEAR.sub("", name)).strip()
        first, _, rest = folded.partition(" ")
        folded = rest if rest and first in _ARTICLES else folded
        owner = folded.removesuffix("'s").removesuffix("'")
        if not owner or _has(self._folded, owner) or _has(self._bare, folded.replace("'", "")):
            return True
        return self._has_initials(name)

    def _has_initials(self, name: str) -> bool:
        """Amazon Web Services for AWS, M&S for Marks and Spencer, and the other way round."""
        letters = [word[0] for word in _WORD.findall(name) if _is_capitalised(word)]
        if len(letters) > 1:
            return any(_has(self.text, joint.join(letters)) for joint in ("", "&", "."))
        if not re.fullmatch(r"[A-Z]{2,6}", name):
            return False
        capitals = r"\w*\W{1,3}(?:\w{1,3}\W)?".join(name) + r"\w*"
        small = r"\w{3,}\W{1,3}".join(name) + r"\w{3,}"
        return re.search(rf"(?<!\w)(?:{capitals}|(?i:{small}))", self.text) is not None

    def _telling(self, words: Iterable[str]) -> list[str]:
        """The words that name something: capitalised, and no article, weekday or month."""
        return [
            word for word in words if _is_capitalised(word) and word.casefold() not in self._common
        ]

    @cached_property
    def _common(self) -> frozenset[str]:
        calendar = self.house.calendar
        words = (*calendar.weekdays, *calendar.months, *self.house.stop_words)
        return _ARTICLES | {word.casefold() for word in words}

    def _has_any_word(self, words: Iterable[str]) -> bool:
        telling = self._telling(words)
        return not telling or any(
            stem in self._words for word in telling for stem in _stems(fold(word))
        )

    def _stands_alone(self, word: str, words: list[str]) -> bool:
        """Whether the stories call the thing by this word: Richemont, not the Group of Ant Group.

        The word may stand beside the others of its name, but not beside another capitalised word.
        """
        bare = word.replace("’", "'").removesuffix("'s")
        for count, at in enumerate(_places(self.text, bare)):
            before = _WORD_BEFORE.search(self.text[max(at - 40, 0) : at])
            after = _WORD_AFTER.match(self.text[at + len(bare) : at + len(bare) + 40])
            beside = [found[1] for found in (before, after) if found]
            is_other = any(other not in words for other in self._telling(beside))
            if not is_other or count == _MOST_PLACES:
                return True
        return False

    def suggestion(self, name: str) -> str:
        """A capitalised word of the stories that looks like one of the name, or ""."""
        if len(self._capitalised) > _MOST_WORDS:
            return ""
        for word in self._telling(_WORD.findall(name.replace("’", "'"))):
            if word not in self._capitalised:
                near = get_close_matches(word, self._capitalised, n=1, cutoff=0.75)
                return near[0] if near else ""
        return ""


def fold(text: str) -> str:
    """Text as names are compared: without regard to case, kinds of spaces, apostrophes, hyphens."""
    return " ".join(plain_spaces(text).translate(_ALIKE).casefold().split())


def spelt(name: str) -> re.Pattern[str]:
    """A pattern that finds a name in the source, where spaces and apostrophes may differ."""
    words = (re.sub("['’‘ʼ`´]", "['’‘ʼ`´]", re.escape(word)) for word in name.split())
    return re.compile(r"[\s*_\u200b\u2060]+".join(words))


def _has(text: str, name: str) -> bool:
    """Whether a text has a name, not as a part of a longer word."""
    at = text.find(name)
    while at >= 0:
        end = at + len(name)
        if not (at and text[at - 1].isalnum()) and not text[end : end + 1].isalnum():
            return True
        at = text.find(name, at + 1)
    return False


def _places(text: str, word: str) -> Iterator[int]:
    """Where a text has a word. Looking for a text is many times faster than for a pattern."""
    at = text.find(word)
    while at >= 0:
        end = at + len(word)
        if not (_is_of_word(text[at - 1 : at]) or _is_of_word(text[end : end + 1])):
            yield at
            at = text.find(word, end)
        else:
            at = text.find(word, at + 1)


def _is_of_word(char: str) -> bool:
    return char.isalnum() or char == "_"


def _is_capitalised(word: str) -> bool:
    """Also eBay and iPhone."""
    return any(map(str.isupper, word))


def _stems(word: str) -> Iterator[str]:
    yield word
    if word.endswith("'s"):
        yield word[:-2]
