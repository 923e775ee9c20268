"""Which marks a piece of CSS carries: properties, values, units, functions, selectors, at-rules.

The only file that knows tinycss2. A mark is a word such as `property:gap` or `at-rule:media`, with
the place where it stands; what feature a mark betrays is left to detection.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from newsletter.client_support.image_kinds import image_kinds

_HOLDS_RULES = frozenset({"media", "supports", "layer", "container", "document", "scope"})
_LEGACY_ELEMENTS = frozenset({"after", "before", "first-letter", "first-line"})
_COMBINATORS = {">": "child", "+": "adjacent-sibling", "~": "general-sibling"}
_AROUND = re.compile(r"\s*([>+~,])\s*")
_Waiting = list[tuple[Any, bool]]
"""Rules yet to be read, and whether each stands inside a style rule (CSS Nesting)."""

_BLOCKS = ("() block", "[] block", "{} block", "function")


@dataclass(frozen=True, kw_only=True, slots=True)
class Mark:
    """`words` is how it is written, "display: flex"; line and column count from one.

    `key` is equal for what is written in two places alike, whatever the white space: all marks of
    a declaration have the same.
    """

    name: str
    words: str
    key: str
    line: int
    column: int


@cache
def _tinycss2() -> Any:
    import tinycss2  # takes longer to load than all the rest of the room

    return tinycss2


def sheet_marks(css: str) -> Iterator[Mark]:
    """The marks of a style sheet, rules inside rules too."""
    rules = _tinycss2().parse_stylesheet(css, skip_comments=False, skip_whitespace=True)
    waiting = [(rule, False) for rule in reversed(rules)]
    while waiting:
        rule, is_nested = waiting.pop()
        yield from _rule_marks(rule, waiting, is_nested=is_nested)


def declaration_marks(css: str) -> Iterator[Mark]:
    """The marks of what stands in a `style` attribute."""
    for node in _tinycss2().parse_blocks_contents(css, skip_whitespace=True):
        if node.type == "declaration":
            yield from _declaration(node)
        elif node.type == "comment":
            yield _mark("comment:css", "/*", node)


def _rule_marks(node: Any, waiting: _Waiting, *, is_nested: bool) -> Iterator[Mark]:
    if node.type == "comment":
        yield _mark("comment:css", "/*", node)
    elif node.type == "qualified-rule":
        yield from _selector_marks(node)
        yield from _block_marks(node.content, waiting)
    elif node.type == "at-rule":
        yield from _at_rule_marks(node, waiting, is_nested=is_nested)


def _at_rule_marks(node: Any, waiting: _Waiting, *, is_nested: bool) -> Iterator[Mark]:
    name = node.lower_at_keyword
    yield _mark(f"at-rule:{name}", f"@{name}", node)
    if name == "media":
        for token in _all(node.prelude):
            if token.type == "ident":
                yield _mark(f"media:{token.lower_value}", token.value, token)
    if node.content is None:
        return
    if name in _HOLDS_RULES and not is_nested:
        rules = _tinycss2().parse_rule_list(node.content, skip_whitespace=True)
        waiting += [(rule, False) for rule in reversed(rules)]
    elif name.endswith("keyframes"):
        for frame in _tinycss2().parse_rule_list(node.content, skip_whitespace=True):
            if frame.type == "qualified-rule":  # its "selectors" are moments
                yield from _block_marks(frame.content, waiting)
    else:
        yield from _block_marks(node.content, waiting)


def _block_marks(content: Any, waiting: _Waiting) -> Iterator[Mark]:
    for node in _tinycss2().parse_blocks_contents(content, skip_whitespace=True):
        if node.type == "declaration":
            yield from _declaration(node)
            continue
        if node.type == "qualified-rule":
            yield _mark("nesting", "nested rule", node)
        waiting.append((node, True))


def _declaration(node: Any) -> Iterator[Mark]:
    name = node.lower_name
    value = _text(node.value).strip()
    names = [f"property:{'--*' if name.startswith('--') else name}"]
    names += ["important"] if node.important else []
    key = declaration_key(name, value)
    for each in dict.fromkeys([*names, *_value_names(name, node.value)]):
        yield _mark(each, f"{node.name}: {value}", node, key=key)


def _value_names(name: str, value: Iterable[Any]) -> Iterator[str]:
    for token in _all(value):
        if token.type == "ident":
            yield f"keyword:{token.lower_value}"
            yield f"value:{name}:{token.lower_value}"
        elif token.type == "dimension":
            yield f"unit:{token.lower_unit}"
        elif token.type == "percentage":
            yield "unit:%"
        elif token.type == "url":
            yield from image_kinds(token.value)
        elif token.type == "function":
            yield f"function:{token.lower_name}"
            if token.lower_name == "url":
                for one in token.arguments:
                    yield from image_kinds(one.value) if one.type == "string" else ()


def declaration_key(name: str, value: str) -> str:
    """One for each: `a:b c` for `A: b  c` too; quotation marks are all alike."""
    return f"{name.lower()}:{' '.join(value.split())}".replace(", ", ",").replace('"', "'")


def _selector_marks(rule: Any) -> Iterator[Mark]:
    words = " ".join(_text(rule.prelude).split())
    key = _AROUND.sub(r"\1", words)
    for name in dict.fromkeys(_selector_names(rule.prelude)):
        yield _mark(name, words, rule, key=key)


def _selector_names(prelude: Sequence[Any]) -> Iterator[str]:
    """Types of selectors; what stands between two tells which combinator it is."""
    simple, gap, tokens = 0, "", _stripped(prelude)
    for place, token in enumerate(tokens):
        if token.type == "whitespace":
            gap = gap or "descendant"
            continue
        if token.type == "literal" and token.value in {*_COMBINATORS, ","}:
            gap = _COMBINATORS.get(token.value, "grouping")
            continue
        if gap:
            yield f"selector:{gap}"
            simple, gap = 0, ""
        name = _simple_name(token, "".join(map(_sign, tokens[max(place - 2, 0) : place])))
        if name:
            simple += name.startswith("selector:")
            yield name
        if simple == 2:
            yield "selector:chaining"


def _simple_name(token: Any, signs: str) -> str:
    """The kind of a simple selector; `signs` are the stops and colons in front of it."""
    if signs.endswith(":"):
        return _pseudo_name(token, is_element=signs == "::")
    if token.type == "ident":
        return "selector:class" if signs.endswith(".") else "selector:type"
    if token.type == "hash":
        return "selector:id"
    if token.type == "[] block":
        return "selector:attribute"
    return "selector:universal" if _sign(token) == "*" else ""


def _pseudo_name(token: Any, *, is_element: bool) -> str:
    if token.type not in {"ident", "function"}:
        return ""
    name = token.lower_name if token.type == "function" else token.lower_value
    return f"pseudo-{'element' if is_element or name in _LEGACY_ELEMENTS else 'class'}:{name}"


def _sign(token: Any) -> str:
    return str(token.value) if token.type == "literal" else " "


def _stripped(tokens: Sequence[Any]) -> list[Any]:
    """Without comments, and white space at the ends."""
    kept = [token for token in tokens if token.type != "comment"]
    while kept and kept[0].type == "whitespace":
        kept.pop(0)
    while kept and kept[-1].type == "whitespace":
        kept.pop()
    return kept


def _all(tokens: Iterable[Any]) -> Iterator[Any]:
    """The tokens, and those inside brackets and functions."""
    waiting = list(tokens)[::-1]
    while waiting:
        token = waiting.pop()
        yield token
        if token.type in _BLOCKS:
            inner = token.arguments if token.type == "function" else token.content
            waiting += list(inner)[::-1]


def _text(tokens: Iterable[Any]) -> str:
    return str(_tinycss2().serialize(tokens))


def _mark(name: str, words: str, node: Any, *, key: str = "") -> Mark:
    line, column = node.source_line, node.source_column
    return Mark(name=name, words=words, key=key or words.lower(), line=line, column=column)
