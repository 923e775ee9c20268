"""What is wrong with a style sheet of the templates, at which offset of it.

Two kinds of sheet: `inline.css`, of which premailer drops in silence what it cannot write into an
element, and those in `<style>` blocks, which may hold anything that is CSS.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from newsletter.render.colours import COLOUR_NAMES, is_colour
from newsletter.render.mjml_syntax import LintFault
from newsletter.render.spelling import did_you_mean

_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_RULE = re.compile(r"([^{}]*)\{([^{}]*)\}")
_NOT_INLINED = re.compile(r"[:*\[@]")
_DECLARATION = re.compile(r"[^;]+")
_COLOUR = re.compile(r"\s*[\w-]*color\s*:(.*?)(?:!\s*important\s*)?\Z", re.DOTALL)
_ELSEWHERE = "move the rule to responsive.css, or name a class"


def find_inline_faults(css: str) -> Iterator[LintFault]:
    """What keeps a sheet from being written into elements."""
    bare = _blank_comments(css)
    for at in re.finditer("@", bare):
        yield _fault(at.start(), "an at-rule cannot be written into an element", _ELSEWHERE)
        return
    for rule in _RULE.finditer(bare):
        for one in re.finditer(r"[^,]+", rule[1]):
            if _NOT_INLINED.search(one[0]):
                yield _fault(
                    rule.start(1) + one.start() + len(one[0]) - len(one[0].lstrip()),
                    f"the selector “{one[0].strip()}” cannot be written into an element",
                    _ELSEWHERE,
                )
    yield from find_sheet_faults(css)


def find_sheet_faults(css: str) -> Iterator[LintFault]:
    """Braces that do not match, declarations and colours that are none."""
    yield from _sheet_faults(css)


@lru_cache(maxsize=16)
def _sheet_faults(css: str) -> tuple[LintFault, ...]:
    """Kept, as the sheets of one publication are the same in every issue."""
    return tuple(_read_sheet(css))


def _read_sheet(css: str) -> Iterator[LintFault]:
    bare = _blank_comments(css)
    yield from _brace_faults(bare)
    for rule in _RULE.finditer(bare):
        for found in _DECLARATION.finditer(rule[2]):
            words = found[0].strip()
            start = rule.start(2) + found.start() + len(found[0]) - len(found[0].lstrip())
            if not words:
                continue
            if ":" not in words:
                yield _fault(start, f"“{words}” is not a declaration", "write “property: value;”")
            elif (colour := _COLOUR.match(words)) and not is_colour(colour[1]):
                value = colour[1].strip()
                step = did_you_mean(value, COLOUR_NAMES) or "write it as #rrggbb"
                yield _fault(start, f"“{value}” is not a colour", step)


def _brace_faults(bare: str) -> Iterator[LintFault]:
    opened: list[int] = []
    for brace in re.finditer(r"[{}]", bare):
        if brace[0] == "{":
            opened.append(brace.start())
        elif opened:
            opened.pop()
        else:
            yield _fault(brace.start(), "a } closes no rule", "take it out")
            return
    if opened:
        yield _fault(opened[-1], "a rule is not closed", "add its }")


def _blank_comments(css: str) -> str:
    """As long as before, so that offsets hold."""
    return _COMMENT.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), css)


def _fault(offset: int, what: str, next_step: str) -> LintFault:
    return LintFault(offset=offset, what=what, next_step=next_step)
