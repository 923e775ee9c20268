"""A .docx's XML made ready for a reader that passes over some of it in silence.

Simple fields, small print of ruby, text boxes and directions give their words; hidden and deleted
words, equations, charts and fields without a value leave a mark where they were (ECMA-376 part 1,
section 17). What a character style says is said by the words that wear it.
"""

from collections.abc import Callable, Iterator, Mapping
from xml.etree import ElementTree as ET

from newsletter.importing.docx_styles import CharacterStyles, is_on, read_character_styles
from newsletter.importing.losses import Change, Kind

STYLE = "NewsletterLeft"
"""Followed by the number of the kind, the name of a character style: the mark of what was there."""

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_BLIP = "{http://schemas.openxmlformats.org/drawingml/2006/main}blip"
_IMAGE = "{urn:schemas-microsoft-com:vml}imagedata"
_STRICT = {
    b"http://purl.oclc.org/ooxml/wordprocessingml/main": _W[1:-1].encode(),
    b"http://purl.oclc.org/ooxml/officeDocument/math": _MATH[1:-1].encode(),
}
_KINDS = [*Kind, *Change]
_SILENT_FIELDS = frozenset(
    {"XE", "TC", "TA", "RD", "SET", "ASK", "PRIVATE", "HYPERLINK", "ADVANCE", "TOC", "BIBLIOGRAPHY"}
)
"""Fields that show nothing where they stand, and a table of contents."""
_PROPERTIES = frozenset(
    {f"{_W}{name}" for name in ("rPr", "pPr", "trPr", "tcPr", "tblPr", "sectPr")}
)
_BODIES = frozenset({f"{_W}{name}" for name in ("body", "footnote", "endnote", "comment", "tc")})
_ROOTS = frozenset({f"{_W}{name}" for name in ("document", "footnotes", "endnotes", "comments")})

_Edit = Callable[[ET.Element, ET.Element], "list[ET.Element] | None"]


def ready_parts(parts: Mapping[str, bytes]) -> tuple[dict[str, bytes], str]:
    """The parts with their texts made ready, and the words that a reader of the document sees."""
    plain = {name: _transitional(part) for name, part in parts.items()}
    roots = {name: ET.fromstring(part) for name, part in plain.items()}  # noqa: S314 - no entities
    styles = read_character_styles(roots.values())
    words: list[str] = []
    for name, root in roots.items():
        if root.tag in _ROOTS:
            _Readying(styles).ready(root)
            plain[name] = ET.tostring(root, encoding="utf-8", xml_declaration=True)
            words += _words(root) if root.tag != f"{_W}comments" else []
    return plain, " ".join(words)


def _transitional(part: bytes) -> bytes:
    """Strict documents have other names for the same elements."""
    for strict, name in _STRICT.items():
        part = part.replace(strict, name)
    return part


def _words(root: ET.Element) -> Iterator[str]:
    """The words of each paragraph, those behind a mark of hidden or deleted ones aside."""
    unseen = {f"{STYLE}{_KINDS.index(kind)}" for kind in (Kind.HIDDEN, Kind.DELETED)}
    for paragraph in root.iter(f"{_W}p"):
        for run in paragraph.iter(f"{_W}r"):
            if _value(run, "rStyle") not in unseen:
                yield "".join(_said(each) for each in run)
        yield " "


def _said(element: ET.Element) -> str:
    if element.tag == f"{_W}t":
        return element.text or ""
    return " " if element.tag in {f"{_W}tab", f"{_W}br"} else ""


def _value(run: ET.Element, name: str) -> str:
    found = run.find(f"{_W}rPr/{_W}{name}")
    return found.get(f"{_W}val", "") if found is not None else ""


def _mark(what: Kind | Change, text: str) -> ET.Element:
    """A run that stands where something was. An empty one would be dropped on the way."""
    run = ET.Element(f"{_W}r")
    style = ET.SubElement(ET.SubElement(run, f"{_W}rPr"), f"{_W}rStyle")
    style.set(f"{_W}val", f"{STYLE}{_KINDS.index(what)}")
    ET.SubElement(run, f"{_W}t").text = " ".join(text.split()) or "…"
    return run


def _element(name: str, *children: ET.Element, text: str = "") -> ET.Element:
    element = ET.Element(f"{_W}{name}")
    element.extend(children)
    element.text = text
    return element


def _text(element: ET.Element, *names: str) -> str:
    return "".join(each.text or "" for each in element.iter() if each.tag in names)


class _Readying:
    """One part. Each element that mammoth passes over is put in the shape of one that it knows."""

    def __init__(self, styles: CharacterStyles) -> None:
        self._styles = styles
        self._paragraph_style = ""
        self._edits: dict[str, _Edit] = {
            f"{_W}fldSimple": _simple_field,
            f"{_W}r": self._run,
            f"{_W}del": _deleted,
            f"{_W}ruby": _ruby,
            f"{_W}cr": lambda *_: [_element("br")],
            f"{_W}ptab": lambda *_: [_element("tab")],
            f"{_W}dir": lambda element, _parent: [*element],
            f"{_W}bdo": lambda element, _parent: [*element],
            f"{_W}altChunk": _other_document,
            f"{_W}drawing": _drawing,
            f"{_W}commentReference": lambda *_: [_mark(Kind.REVIEW, "")],
            f"{_W}sdt": _placeholder,
            f"{_MATH}oMath": _equation,
            f"{_MATH}oMathPara": _equation,
            f"{_MC}AlternateContent": _alternative,
        }

    def ready(self, root: ET.Element) -> None:
        _mark_fields(root)
        stack = [root]
        while stack:
            parent = stack.pop()
            if parent.tag == f"{_W}p":
                style = parent.find(f"{_W}pPr/{_W}pStyle")
                self._paragraph_style = style.get(f"{_W}val", "") if style is not None else ""
            stack += self._edited(parent)

    def _edited(self, parent: ET.Element) -> list[ET.Element]:
        """The children of an element after their edits, in order; edits may show new ones."""
        waiting = [*reversed(parent)]
        children: list[ET.Element] = []
        while waiting:
            child = waiting.pop()
            edit = self._edits.get(child.tag) if parent.tag not in _PROPERTIES else None
            made = edit(child, parent) if edit else None
            if made is None:
                children.append(child)
            else:
                waiting += reversed([each for each in made if each is not child])
                children += [child] * any(each is child for each in made)
        parent[:] = children
        return [*reversed(children)]

    def _run(self, run: ET.Element, _parent: ET.Element) -> list[ET.Element] | None:
        """A run says itself what its style says; hidden words leave a mark."""
        properties = run.find(f"{_W}rPr")
        if properties is None:
            properties = ET.Element(f"{_W}rPr")
            run.insert(0, properties)
        style = _value(run, "rStyle")
        if style.startswith(STYLE):
            return None
        self._styles.put(properties, style, paragraph_style=self._paragraph_style)
        if is_on(properties, "dstrike"):
            properties.append(_element("strike"))
        _put_position(properties)
        has_field = any(run.find(f"{_W}{name}") is not None for name in ("fldChar", "instrText"))
        if is_on(properties, "vanish") and not has_field:
            text = _text(run, f"{_W}t")
            return [_mark(Kind.HIDDEN, text)] if text.strip() else []
        return None


def _put_position(properties: ET.Element) -> None:
    """Words set higher or lower by hand, in half-points, are raised or lowered."""
    position = properties.find(f"{_W}position")
    if position is None or properties.find(f"{_W}vertAlign") is not None:
        return
    given = position.get(f"{_W}val", "0")
    height = int(given) if given.lstrip("-").isascii() and given.lstrip("-").isdigit() else 0
    if abs(height) >= 4:
        align = _element("vertAlign")
        align.set(f"{_W}val", "superscript" if height > 0 else "subscript")
        properties.append(align)


def _simple_field(field: ET.Element, _parent: ET.Element) -> list[ET.Element]:
    """A link in the form that is read, any other field as its value."""
    instruction = field.get(f"{_W}instr", "")
    name = instruction.split()[:1]
    if name == ["HYPERLINK"]:
        parts = [_char("begin"), _element("r", _element("instrText", text=instruction))]
        return [*parts, _char("separate"), *field, _char("end")]
    if not _text(field, f"{_W}t").strip():
        return [] if name and name[0] in _SILENT_FIELDS else [_mark(Kind.FIELDS, instruction)]
    mark = [_mark(Change.FIELD, instruction)] if name == ["MERGEFIELD"] else []
    return [*mark, *field]


def _char(kind: str) -> ET.Element:
    char = _element("fldChar")
    char.set(f"{_W}fldCharType", kind)
    return _element("r", char)


def _deleted(deleted: ET.Element, _parent: ET.Element) -> list[ET.Element]:
    text = _text(deleted, f"{_W}delText", f"{_W}t")
    return [_mark(Kind.DELETED, text)] if text.strip() else []


def _ruby(ruby: ET.Element, _parent: ET.Element) -> list[ET.Element]:
    """The characters, without the reading above them."""
    base = ruby.find(f"{_W}rubyBase")
    return [_element("t", text=_text(base, f"{_W}t"))] if base is not None else []


def _equation(equation: ET.Element, parent: ET.Element) -> list[ET.Element]:
    mark = _mark(Kind.EQUATIONS, _text(equation, f"{_MATH}t", f"{_W}t"))
    return [_element("p", mark) if parent.tag in _BODIES else mark]


def _other_document(_chunk: ET.Element, _parent: ET.Element) -> list[ET.Element]:
    return [_element("p", _mark(Kind.OTHER, "another document in this one"))]


def _drawing(drawing: ET.Element, _parent: ET.Element) -> list[ET.Element] | None:
    boxes = [*drawing.iter(f"{_W}txbxContent")]
    if boxes:
        return [_element("pict", *boxes)]
    return None if drawing.find(f".//{_BLIP}") is not None else [_mark(Kind.CHARTS, "")]


def _alternative(choice: ET.Element, _parent: ET.Element) -> list[ET.Element]:
    """What older programs show, where it says as much as what newer ones do."""
    fallback, first = choice.find(f"{_MC}Fallback"), choice.find(f"{_MC}Choice")
    old = [*fallback] if fallback is not None else []
    new = [*first] if first is not None else []
    is_full = any(
        each.tag in {f"{_W}t", _BLIP, _IMAGE} for element in old for each in element.iter()
    )
    return old if is_full or not new else new


def _placeholder(sdt: ET.Element, _parent: ET.Element) -> list[ET.Element] | None:
    """“Click here to enter text” is not what anybody wrote."""
    shows = sdt.find(f"{_W}sdtPr/{_W}showingPlcHdr")
    return [] if shows is not None else None


def _mark_fields(root: ET.Element) -> None:
    """Fields in several runs that have no value, or one of a mailing, get a mark behind them."""
    parents = {child: parent for parent in root.iter() for child in parent}
    open_fields: list[list[str]] = []
    for element in [*root.iter()]:
        if element.tag == f"{_W}fldChar":
            kind = element.get(f"{_W}fldCharType")
            if kind == "begin":
                open_fields.append([""])
            elif kind == "separate" and open_fields:
                open_fields[-1].append("")
            elif kind == "end" and open_fields:
                _mark_field(open_fields.pop(), parents[element])
        elif element.tag == f"{_W}instrText" and open_fields:
            open_fields[-1][0] += element.text or ""
        elif element.tag == f"{_W}t" and open_fields:
            for each in open_fields:
                each[-1] += (element.text or "") if len(each) > 1 else ""


def _mark_field(field: list[str], run: ET.Element) -> None:
    name, *_ = *field[0].split(), ""
    value = field[1] if len(field) > 1 else ""
    if name == "MERGEFIELD" and value.strip():
        run.append(_mark(Change.FIELD, field[0]))
    elif name == "EQ":
        run.append(_mark(Kind.EQUATIONS, field[0]))
    elif not value.strip() and name and name.upper() not in _SILENT_FIELDS | {"FORMCHECKBOX"}:
        run.append(_mark(Kind.FIELDS, field[0]))
