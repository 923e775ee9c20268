"""What a page's own style sheets say of classes: bold, italic, struck, raised, hidden, large.

Google Docs, Pages and Notes write no `<b>`; their words wear classes. Only rules for a class or an
element's class are read, and none within `@media`, which is for screens of some sort.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_BRACE = re.compile(r"[{}]")
_SELECTOR = re.compile(r"([a-z][a-z0-9]*)?\.([\w-]+)", re.IGNORECASE)
_MEANT = frozenset(
    {
        "display",
        "font-size",
        "font-style",
        "font-weight",
        "text-decoration",
        "text-decoration-line",
        "vertical-align",
        "visibility",
        "white-space",
    }
)
_LONGEST = 500_000
"""Characters; a page with more of it is a program rather than an article."""

_LONGEST_VALUE = 80


@dataclass(frozen=True, kw_only=True, slots=True)
class PageStyles:
    """Declarations by element, "" for every one, and class."""

    by_class: Mapping[tuple[str, str], Mapping[str, str]] = field(default_factory=dict)

    def of(self, name: str, classes: str) -> str:
        """The declarations for an element with these classes.

        >>> read_styles(".c1{font-weight:700} p.c1{color:red;font-style:italic}").of("p", "c0 c1")
        'font-weight:700;font-style:italic'
        """
        if not classes or not self.by_class:
            return ""
        given: dict[str, str] = {}
        for each in classes.split()[:50]:
            given |= self.by_class.get(("", each), {})
            given |= self.by_class.get((name, each), {})
        return ";".join(f"{key}:{value}" for key, value in given.items())


def read_styles(sheet: str) -> PageStyles:
    by_class: dict[tuple[str, str], dict[str, str]] = {}
    for selectors, declarations in _rules(_COMMENT.sub(" ", sheet[:_LONGEST])):
        meant = dict(_meant(declarations))
        for selector in selectors.split(",") if meant else ():
            if match := _SELECTOR.fullmatch(selector.strip()):
                of_class = by_class.setdefault(((match[1] or "").lower(), match[2]), {})
                of_class |= meant
    return PageStyles(by_class=by_class)


def _meant(declarations: str) -> Iterator[tuple[str, str]]:
    for declaration in declarations.split(";"):
        key, _, value = declaration.partition(":")
        if key.strip().lower() in _MEANT and 0 < len(value.strip()) < _LONGEST_VALUE:
            yield key.strip().lower(), value.strip()


def _rules(sheet: str) -> Iterator[tuple[str, str]]:
    """Selectors and declarations of the rules that stand in no other one."""
    depth, start, selectors = 0, 0, ""
    for brace in _BRACE.finditer(sheet):
        if brace[0] == "{":
            if depth == 0:
                selectors = sheet[start : brace.start()].rpartition(";")[2]
                start = brace.end()
            depth += 1
        elif depth:
            depth -= 1
            if depth == 0:
                if not selectors.lstrip().startswith("@"):
                    yield selectors, sheet[start : brace.start()]
                start = brace.end()
