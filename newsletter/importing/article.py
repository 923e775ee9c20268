"""Where on a page the article is: by the names HTML has for it, else by where the prose is."""

import re
from collections.abc import Iterable

from newsletter.importing.tags import BLOCKS, HEADINGS, Tag

_SHORT = 40
"""Characters: a run of words of fewer is a label more often than prose."""

_HEADLINE = 300
"""What a heading with a number weighs: talk below an article is often longer, and has none."""

_NUMBERED = re.compile(r"\d{1,2}\s*[.):]")
_BREAKS = 4
"""So many line breaks make an article of a single element."""


def find_article(body: Tag) -> Tag:
    """The element that holds the article and as little else as may be."""
    weights = _Weights(body)
    main = weights.heaviest(tag for tag in body.tags() if _is_main(tag))
    if main and weights.of(main) * 2 < weights.of(body):
        main = None  # a page whose text is somewhere else
    articles = [tag for tag in body.tags() if tag.name == "article"]
    article = weights.heaviest(articles)
    # Where every story is an article of its own, no single one is the issue.
    share = 2 if len(articles) > 1 else 20
    if article and weights.of(article) * share >= weights.of(main or body):
        return article
    return main or _densest(body, weights)


def _is_main(tag: Tag) -> bool:
    return tag.name == "main" or tag.get("role") == "main"


def _densest(tag: Tag, weights: "_Weights") -> Tag:
    """Downwards for as long as nearly all the prose is in one element."""
    while True:
        inner = weights.heaviest(child for child in tag.children if isinstance(child, Tag))
        if inner is None or not weights.of(tag) or _is_leaf(inner) or _has_parts(tag):
            return tag
        if weights.of(inner) * 5 < weights.of(tag) * 4:
            return tag
        tag = inner


def _is_leaf(tag: Tag) -> bool:
    """What is no article by itself: a paragraph, a list, a cell or a box without blocks in it."""
    if tag.name in HEADINGS | {"p", "blockquote", "li", "ul", "ol"}:
        return True
    below = [inner.name for inner in tag.tags()][1:]
    return not any(name in BLOCKS for name in below) and below.count("br") < _BREAKS


def _has_parts(tag: Tag) -> bool:
    """Whether headings or paragraphs stand in it directly: they belong to what is beside them."""
    parts = (child for child in tag.children if isinstance(child, Tag))
    return any(
        (part.name in HEADINGS - {"h1"} or part.name == "p") and part.text() for part in parts
    )


class _Weights:
    """How many characters of prose each element of a page holds, links not counted.

    Prose is what stands between blocks, whatever element it is in: a p, a div, a table's cell.
    """

    def __init__(self, body: Tag) -> None:
        self._known: dict[int, int] = {}
        self._weigh(body)

    def of(self, tag: Tag) -> int:
        return self._known[id(tag)]

    def heaviest(self, tags: Iterable[Tag]) -> Tag | None:
        return max(tags, key=self.of, default=None)

    def _weigh(self, tag: Tag) -> tuple[int, int, bool]:
        """Its prose, the length of a run that it would add to one around it, whether it has blocks.

        A heading is no prose, but one with a number is what we are after.
        """
        weight, run, has_block = 0, 0, tag.name in BLOCKS
        for child in tag.children:
            if isinstance(child, str):
                run += len(" ".join(child.split()))
                continue
            inner, length, is_block = self._weigh(child)
            weight += inner
            if is_block:
                weight += run if run >= _SHORT else 0
                run, has_block = 0, True
            run += length
        if has_block:
            weight += run if run >= _SHORT else 0
            run = 0
        if tag.name in HEADINGS:
            weight = _HEADLINE if _NUMBERED.match(tag.text()) else 0
        self._known[id(tag)] = weight or run
        return weight, 0 if tag.name == "a" else run, has_block
