"""Where on a page the article is: by the names HTML has for it, else by where the prose is."""

from collections.abc import Iterable

from newsletter.importing.tags import HEADINGS, Tag

_PROSE = frozenset({"p", "blockquote", "li"})
_SHORT = 40
"""Characters: a paragraph of fewer is a label more often than prose."""


def find_article(body: Tag) -> Tag:
    """The element that holds the article and as little else as may be."""
    weights = _Weights(body)
    main = weights.heaviest(tag for tag in body.tags() if _is_main(tag))
    article = weights.heaviest(tag for tag in body.tags() if tag.name == "article")
    # Where every story is an article of its own, no single one is the issue.
    if article and weights.of(article) * 2 >= weights.of(main or body):
        return article
    return main or _densest(body, weights)


def _is_main(tag: Tag) -> bool:
    return tag.name == "main" or tag.get("role") == "main"


def _densest(tag: Tag, weights: "_Weights") -> Tag:
    """Downwards for as long as nearly all the prose is in one element."""
    while True:
        inner = weights.heaviest(child for child in tag.children if isinstance(child, Tag))
        is_leaf = inner is None or inner.name in _PROSE | HEADINGS | {"ul", "ol"}
        if inner is None or is_leaf or not weights.of(tag):
            return tag
        if weights.of(inner) * 5 < weights.of(tag) * 4:
            return tag
        tag = inner


class _Weights:
    """How many characters of prose each element of a page holds, links not counted."""

    def __init__(self, body: Tag) -> None:
        self._known: dict[int, int] = {}
        self._weigh(body)

    def of(self, tag: Tag) -> int:
        return self._known[id(tag)]

    def heaviest(self, tags: Iterable[Tag]) -> Tag | None:
        return max(tags, key=self.of, default=None)

    def _weigh(self, tag: Tag) -> int:
        weight = sum(self._weigh(child) for child in tag.children if isinstance(child, Tag))
        if not weight and tag.name in _PROSE:
            own = len(tag.text()) - sum(
                len(inner.text()) for inner in tag.tags() if inner.name == "a"
            )
            weight = own if own >= _SHORT else 0
        self._known[id(tag)] = weight
        return weight
