"""The rules of a plain style sheet and the declarations of a `style` attribute, each value tidied.

Knows what may be written into an element and no more: no at-rule, no nesting. That a sheet holds
nothing else is `css_lint`'s to see; to whom a rule applies, `inline_css`'s.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_RULE = re.compile(r"([^{}]*)\{([^{}]*)\}")
_WHOLE = r"""(?:"[^"]*"|'[^']*'|\((?:[^()]|\([^()]*\))*\))"""
_DECLARATION = re.compile(rf"(?:{_WHOLE}|[^;])+")
_NAME = re.compile(r"[-\w]+")
_IMPORTANT = re.compile(r"\s*!\s*important\s*\Z", re.IGNORECASE)
_LOOSE = re.compile(rf"{_WHOLE}|(?<![\w.%#+-])0(?:px|em|rem|pt)(?![\w%])|\s*,\s*|\s+")


@dataclass(frozen=True, kw_only=True, slots=True)
class Declaration:
    """`color: red !important` has the name `color` and the value `red`."""

    name: str
    value: str
    is_important: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class StyleRule:
    """`selectors` as they are written, with the commas between them."""

    selectors: str
    declarations: tuple[Declaration, ...]


def read_rules(css: str) -> Iterator[StyleRule]:
    """The rules, in order."""
    for found in _RULE.finditer(_COMMENT.sub("", css)):
        yield StyleRule(selectors=found[1].strip(), declarations=read_declarations(found[2]))


def read_declarations(css: str) -> tuple[Declaration, ...]:
    """The declarations that count, each where its property was given last.

    What has no name or no value counts for nothing, as in a browser (CSS Syntax 3, 5.5).
    """
    found: dict[str, Declaration] = {}
    for piece in _DECLARATION.findall(_COMMENT.sub("", css)):
        name, _, value = piece.partition(":")
        name, bare = name.strip().lower(), _IMPORTANT.sub("", value).strip()
        if not bare or not _NAME.fullmatch(name):
            continue
        before = found.pop(name, None)
        is_important = len(bare) < len(value.strip())
        if before and before.is_important and not is_important:
            found[name] = before
        else:
            found[name] = Declaration(name=name, value=_tidy(bare), is_important=is_important)
    return tuple(found.values())


def _tidy(value: str) -> str:
    """`0px 'A B',serif` is `0 "A B", serif`."""
    return _LOOSE.sub(_tidied, value)


def _tidied(found: re.Match[str]) -> str:
    match found[0][0]:
        case "'":
            return found[0] if '"' in found[0] else f'"{found[0][1:-1]}"'
        case '"' | "(":
            return found[0]
        case "0":
            return "0"
    return ", " if "," in found[0] else " "
