"""The tags of an MJML text with their offsets, and what is wrong where it is no well-formed XML.

Knows how XML is written and nothing of MJML's own tags. Reads the whole text by regular
expressions, and only when there is a fault to place: the good way goes by lxml.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from html.entities import name2codepoint

_TOKEN = re.compile(
    r"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>"
    r"|</(?P<closing>[^\s<>/]+)\s*>"
    r"""|<(?P<name>[a-zA-Z][^\s<>/"']*)(?P<rest>(?:[^<>"']|"[^"]*"|'[^']*')*)>""",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(r"""([^\s"'=/]+)\s*=\s*("[^"]*"|'[^']*')""")
_ENDLESS = frozenset(
    "area base br col embed hr img input link meta param source track wbr".split()  # noqa: SIM905
)


@dataclass(frozen=True, kw_only=True, slots=True)
class LintFault:
    """What is wrong, at which offset (in characters) of the MJML, and what to do."""

    offset: int
    what: str
    next_step: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Tag:
    """An opening tag; `attributes` are the offsets of their names, `end` is behind its `>`."""

    name: str
    start: int
    end: int
    attributes: Mapping[str, int]


def opening_tags(mjml: str) -> Iterator[Tag]:
    """In order: as many as a parser finds elements, where the text is well-formed."""
    for token in _TOKEN.finditer(mjml):
        if token["name"]:
            yield Tag(
                name=token["name"],
                start=token.start(),
                end=token.end(),
                attributes={
                    found[1]: token.start("rest") + found.start()
                    for found in _ATTRIBUTE.finditer(token["rest"])
                },
            )


def syntax_fault(mjml: str, message: str, line: int, column: int) -> LintFault:
    """The parser's complaint, at a line and column from one, in a person's words."""
    if re.search(r"tag mismatch|Premature end|Extra content|[Cc]ouldn't find end", message):
        fault = _nesting_fault(mjml)
        if fault:
            return fault
    above = mjml.split("\n")[: line - 1]
    offset = min(sum(len(one) + 1 for one in above) + max(column - 1, 0), max(len(mjml) - 1, 0))
    for pattern, say in _SAYINGS:
        found = re.search(pattern, message)
        if found:
            what, next_step = say(found)
            return LintFault(offset=offset, what=what, next_step=next_step)
    what = re.sub(r", line \d+, column \d+.*", "", message)
    return LintFault(offset=offset, what=f"this is not XML: {what}", next_step="mend the template")


def _nesting_fault(mjml: str) -> LintFault | None:
    """The first tag that is never closed, or that closes nothing."""
    opened: list[tuple[str, int]] = []
    for token in _TOKEN.finditer(mjml):
        name, closing = token["name"], token["closing"]
        if name and not token["rest"].endswith("/"):
            opened.append((name, token.start()))
        elif closing and opened and opened[-1][0] == closing:
            opened.pop()
        elif closing and any(one == closing for one, _ in opened):
            return _not_closed(*opened[-1], before=f"</{closing}>")
        elif closing:
            return LintFault(
                offset=token.start(),
                what=f"</{closing}> closes nothing",
                next_step="take it out, or open its tag",
            )
    return _not_closed(*opened[-1], before="the end") if opened else None


def _not_closed(name: str, offset: int, *, before: str) -> LintFault:
    if name in _ENDLESS:
        return LintFault(
            offset=offset, what=f"<{name}> is not closed", next_step=f"write <{name} />"
        )
    return LintFault(
        offset=offset, what=f"<{name}> is not closed before {before}", next_step=f"add </{name}>"
    )


def _entity(found: re.Match[str]) -> tuple[str, str]:
    code = name2codepoint.get(found[1])
    step = f"write &#{code};" if code else "write &amp; for the sign itself"
    return f"&{found[1]}; is not known in MJML", step


_Say = Callable[[re.Match[str]], tuple[str, str]]
_SAYINGS: tuple[tuple[str, _Say], ...] = (
    (r"Entity '([^']+)' not defined", _entity),
    (r"EntityRef", lambda _: ("there is a bare & here", "write &amp;")),
    (r"AttValue", lambda _: ("an attribute's value has no quotation marks", 'write name="value"')),
    (
        r"mandates value for attribute ([\w:-]+)",
        lambda found: (f"the attribute {found[1]} has no value", f'write {found[1]}="…"'),
    ),
    (
        r"Attribute (\S+) redefined",
        lambda found: (f"the attribute {found[1]} is given twice", "take one of the two out"),
    ),
    (
        r"Unescaped '<'",
        lambda _: (
            "there is a < in an attribute's value",
            "write &lt;, or close the quotation mark before it",
        ),
    ),
    (r"invalid element name", lambda _: ("there is a bare < here", "write &lt;")),
    (
        r"Document is empty|Start tag expected",
        lambda _: ("there is no tag", "begin with <mjml> and end with </mjml>"),
    ),
    (r"[Cc]omment", lambda _: ("a comment is not closed, or holds --", "end it with -->")),
    (
        r"attributes construct error|end of Start Tag|parsing attribute name",
        lambda _: (
            "a tag is not written right",
            "close it with >, and put a space between its attributes",
        ),
    ),
)
