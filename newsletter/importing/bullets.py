"""Bullets that were typed or pasted as signs, made lists of."""

import re
from collections.abc import Iterable, Iterator, Sequence

from newsletter.issue import Inline, LineBreak, ListNode, Node, Paragraph, Text

_SIGN = r"(?:[•‣◦●○■□▪▫➢➤∙⁃◆❖✓✔\uf0b7\uf0a7]\ufe0f?"
_BULLET = re.compile(rf"\s*{_SIGN}\s*|[·§o][ \xa0]*[\t\xa0][\s\xa0]*)(?=\S)")
_HYPHEN = re.compile(r"\s*[-–*]\s+(?=\S)")
"""One line that opens with it may be a sentence; two that follow each other are a list."""

_PASTED = re.compile(rf"[ \t]*{_SIGN}[ \t\xa0]*|[·§o]\t[ \t\xa0]*)(?=\S)")
_INNER = re.compile(r"[ \t]*[◦○▫o]")


def listed_lines(text: str) -> str:
    r"""A pasted text whose bullets are Markdown's; there is no blank line between two of them.

    >>> listed_lines("•\tdrills\n\n•\tsaws\n")
    '- drills\n- saws\n'
    """
    if _PASTED.search(text) is None:
        return text
    lines: list[str] = []
    for line in text.split("\n"):
        if bullet := _PASTED.match(line):
            while len(lines) > 1 and not lines[-1].strip() and lines[-2].lstrip().startswith("- "):
                lines.pop()
            is_inner = _INNER.match(line) and lines and lines[-1].lstrip().startswith("- ")
            line = f"{'  ' if is_inner else ''}- {line[bullet.end() :]}"
        lines.append(line)
    return "\n".join(lines)


def listed(nodes: Iterable[Node]) -> Iterator[Node]:
    """Paragraphs and lines that open with a bullet, as items of lists."""
    items: list[tuple[Node, ...]] = []
    for node in nodes:
        for part in _parts(node):
            if part is not node and isinstance(part, ListNode):
                items += part.items
                continue
            yield from _list(items)
            items = []
            yield part
    yield from _list(items)


def _list(items: list[tuple[Node, ...]]) -> Iterator[ListNode]:
    if items:
        yield ListNode(start=None, items=tuple(items))


def _parts(node: Node) -> Iterator[Node]:
    """A paragraph cut before each of its bullets; lists of other origin are no part of this."""
    if not isinstance(node, Paragraph):
        yield node
        return
    lines = [*_lines(node.inlines)]
    hyphens = sum(1 for line in lines if _opens(line, _HYPHEN))
    sign = _HYPHEN if hyphens > 1 and hyphens >= len(lines) - 1 else _BULLET
    if not any(_opens(line, sign) for line in lines):
        yield node
        return
    before: list[Inline] = []
    item: list[Inline] | None = None
    items: list[list[Inline]] = []
    for line in lines:
        if _opens(line, sign):
            item = _without(line, sign)
            items.append(item)
        elif item is None:
            before += [LineBreak()] * bool(before) + [*line]
        else:
            item += [LineBreak(), *line]
    if before:
        yield Paragraph(inlines=tuple(before))
    yield ListNode(
        start=None, items=tuple((Paragraph(inlines=tuple(each)),) for each in items if each)
    )


def _lines(inlines: Sequence[Inline]) -> Iterator[Sequence[Inline]]:
    line: list[Inline] = []
    for inline in inlines:
        if isinstance(inline, LineBreak):
            yield line
            line = []
        else:
            line.append(inline)
    yield line


def _opens(line: Sequence[Inline], sign: re.Pattern[str]) -> bool:
    first = line[0] if line else None
    return isinstance(first, Text) and (
        sign.match(first.text) is not None or (len(line) > 1 and bool(sign.match(f"{first.text}x")))
    )


def _without(line: Sequence[Inline], sign: re.Pattern[str]) -> list[Inline]:
    first, *rest = line
    assert isinstance(first, Text)
    text = sign.sub("", f"{first.text}x", count=1)[:-1]
    return [Text(text=text), *rest] if text else rest
