"""The right word nearest to a wrong one, as the end of a sentence to a person."""

from collections.abc import Iterable
from difflib import get_close_matches


def nearest(word: str, words: Iterable[str]) -> str:
    """The most alike of the words, "" where none is much alike."""
    by_fold = {one.lower(): one for one in sorted(words)}
    found = get_close_matches(word.lower(), list(by_fold), n=1, cutoff=0.6)
    return by_fold[found[0]] if found else ""


def did_you_mean(word: str, words: Iterable[str], form: str = "“{}”") -> str:
    """A question that offers the nearest word, "" where there is none.

    >>> did_you_mean("titel", ["title", "intro"])
    'did you mean “title”?'
    """
    found = nearest(word, words)
    return f"did you mean {form.format(found)}?" if found else ""
