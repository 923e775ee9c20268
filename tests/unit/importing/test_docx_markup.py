"""Documents with what the reader passes over: it is kept, or named with its place."""

import io
import zipfile

import docx
import pytest

from newsletter.errors import IssueFileError
from newsletter.importing import Imported, import_docx
from newsletter.issue import ENGLISH

pytestmark = pytest.mark.slow

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
NAMES = (
    f'xmlns:w="{W}" xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
)


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def archive(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as written:
        for name, content in files.items():
            written.writestr(name, content)
    return out.getvalue()


def document(*paragraphs: str, styles: str = "") -> bytes:
    """A document of our own, its paragraphs as XML; what they mean, python-docx does not know."""
    file = io.BytesIO()
    docx.Document().save(file)
    files = parts(file.getvalue())
    body = "".join(f"<w:p>{paragraph}</w:p>" for paragraph in ("", *paragraphs))
    files["word/document.xml"] = (
        f"<w:document {NAMES}><w:body>{body}</w:body></w:document>".encode()
    )
    files["word/styles.xml"] = files["word/styles.xml"].replace(
        b"</w:styles>", f"{styles}</w:styles>".encode()
    )
    return archive(files)


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def imported(paragraph: str, *, styles: str = "") -> Imported:
    data = document(run("The week"), run("It’s Friday."), run("1. One"), paragraph, styles=styles)
    return import_docx(data, path="week.docx", cues=ENGLISH)


def body(found: Imported) -> str:
    return found.text.partition("## 1. One\n\n")[2].strip()


def char(kind: str) -> str:
    return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'


def field(instruction: str, value: str | None) -> str:
    shown = "" if value is None else char("separate") + run(value)
    return f"{char('begin')}<w:r><w:instrText>{instruction}</w:instrText></w:r>{shown}{char('end')}"


BOX = f"<w:txbxContent><w:p>{run('In a box.')}</w:p></w:txbxContent>"
STYLE = (
    '<w:style w:type="character" w:styleId="{id}"><w:name w:val="{id}"/>{base}'
    "<w:rPr>{properties}</w:rPr></w:style>"
)


@pytest.mark.parametrize(
    ("paragraph", "expected", "note"),
    [
        (
            (
                f'<w:fldSimple w:instr=" HYPERLINK &quot;https://x.example/a&quot; ">{run("word")}'
                "</w:fldSimple>"
            ),
            "[word](https://x.example/a)",
            "",
        ),
        (f'<w:fldSimple w:instr="REF x">{run("Figure 2")}</w:fldSimple>', "Figure 2", ""),
        (
            f'{run("A ")}<w:fldSimple w:instr="DOCPROPERTY x"/>{run("b.")}',
            "A b.",
            "left out: fields of the word processor (1), “DOCPROPERTY x”: line 7",
        ),
        (run("A ") + field("FILENAME", None) + run("b."), "A b.", "left out: fields"),
        (run("A") + field("XE &quot;a&quot;", None) + run(" b."), "A b.", ""),
        (run("A ") + field("EQ \\f(1,2)", None) + run("b."), "A b.", "left out: equations (1)"),
        (
            run("Dear ") + field("MERGEFIELD name", "«name»") + run("."),
            "Dear «name».",
            "merge fields are plain text now (1)",
        ),
        (
            f"{run('A ')}<m:oMath><m:r><m:t>x=1</m:t></m:r></m:oMath>{run('b.')}",
            "A b.",
            "left out: equations (1), “x=1”: line 7",
        ),
        (run("A") + run(" b", "<w:vanish/>") + run(" c."), "A c.", "left out: hidden words (1)"),
        (run("A") + run(" b", '<w:vanish w:val="0"/>') + run(" c."), "A b c.", ""),
        (
            f"{run('A')}<w:del><w:r><w:delText> b</w:delText></w:r></w:del>{run(' c.')}",
            "A c.",
            "left out: words struck out by tracked changes (1), “b”: line 7",
        ),
        (f"{run('A')}<w:ins>{run(' b')}</w:ins>{run(' c.')}", "A b c.", ""),
        (
            run("A ") + run("40 ", "<w:dstrike/>") + run("60"),
            "A <s>40</s> 60",
            "words are struck through",
        ),
        (run("10") + run("6", '<w:vertAlign w:val="superscript"/>'), "10⁶", ""),
        (run("m") + run("2", '<w:position w:val="8"/>'), "m²", ""),
        (
            (
                f"<w:r><w:ruby><w:rt>{run('かん')}</w:rt><w:rubyBase>{run('漢')}</w:rubyBase></w:ruby>"
                "</w:r>"
            ),
            "漢",
            "",
        ),
        ("<w:r><w:t>A</w:t><w:cr/><w:t>b</w:t></w:r>", "A\\\nb", ""),
        (f'<w:bdo w:val="ltr">{run("A b.")}</w:bdo>', "A b.", ""),
        (
            (
                f'{run("A.")}<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing>'
                f"<wps:txbx>{BOX}</wps:txbx></w:drawing></mc:Choice></mc:AlternateContent></w:r>"
            ),
            "A.\n\nIn a box.",
            "",
        ),
        (
            (
                f'{run("A.")}<w:r><mc:AlternateContent><mc:Choice Requires="wps"/><mc:Fallback>'
                f"<w:pict><v:textbox>{BOX}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
            ),
            "A.\n\nIn a box.",
            "",
        ),
        (f"{run('A.')}<w:r><w:drawing/></w:r>", "A.", "left out: charts and drawings (1): line 7"),
        (
            f"{run('A.')}<w:subDoc/>",
            "A.",
            "left out: what the reader of documents did not know (1): “w:subDoc”",
        ),
    ],
)
def test_what_the_reader_passes_over_is_kept_or_named(
    paragraph: str, expected: str, note: str
) -> None:
    found = imported(paragraph)

    assert expected == body(found)
    assert (not note and not found.notes) or any(each.startswith(note) for each in found.notes)


def test_style_of_words_means_what_it_says() -> None:
    styles = "".join(
        STYLE.format(id=id_, base=base, properties=properties)
        for id_, base, properties in (
            ("Up", "", '<w:vertAlign w:val="superscript"/>'),
            ("Higher", '<w:basedOn w:val="Up"/>', "<w:b/>"),
            ("Gone", "", "<w:vanish/>"),
        )
    )
    words = "".join(
        run(text, f'<w:rStyle w:val="{style}"/>')
        for text, style in (
            ("10", ""),
            ("6", "Up"),
            (" is 1000", ""),
            ("2", "Higher"),
            ("x", "Gone"),
        )
    )

    found = imported(words, styles=styles)

    assert body(found).replace("*", "") == "10⁶ is 1000²"
    assert ("left out: hidden words (1), “x”: line 7",) == found.notes


def moved(data: bytes, name: str, content: bytes) -> bytes:
    """A document whose main part has another name, as its relationships say."""
    files = parts(data)
    files["_rels/.rels"] = files["_rels/.rels"].replace(b"word/document.xml", name.encode())
    files[name] = content
    return archive(files)


ENTITIES = (
    f'<!DOCTYPE x [<!ENTITY a "{"ha" * 50}"><!ENTITY b "{"&a;" * 50}">]><w:document {NAMES}>'
    f"<w:body><w:p>{run('&b;' * 50)}</w:p></w:body></w:document>"
)
MANY = f"<w:document {NAMES}><w:body>{'<w:p/>' * 10_001}</w:body></w:document>"


@pytest.mark.parametrize("name", ["word/document.bin", "word/document", "media/picture.png"])
@pytest.mark.parametrize(
    ("content", "what"),
    [
        (ENTITIES.encode(), "the document defines entities, which no word processor does"),
        (ENTITIES.encode("utf-16"), "the document defines entities, which no word processor does"),
        (b"\n \n" * 600 + ENTITIES.encode(), "the document defines entities"),
        (MANY.encode(), "the document has more than 10,000 paragraphs"),
        (b"<a>" + b" " * (20 * 1024 * 1024), "the document becomes far too large"),
    ],
    ids=["entities", "wide", "blank", "many", "large"],
)
def test_guards_look_at_what_a_part_is_and_not_at_its_name(
    content: bytes, what: str, name: str
) -> None:
    with pytest.raises(IssueFileError) as raised:
        import_docx(moved(document(), name, content), path="week.docx", cues=ENGLISH)

    assert raised.value.what.startswith(what)


def test_drawing_with_a_document_type_is_no_fault() -> None:
    svg = b'<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://x.example/svg.dtd"><svg/>'
    files = parts(document(run("1. One"), run("Words.")))

    data = archive({**files, "word/media/image1.svg": svg})

    assert "Words." in import_docx(data, path="week.docx", cues=ENGLISH).text


def test_document_that_loses_most_of_its_words_is_torn() -> None:
    equation = f"<m:oMath><m:r><m:t>{'x ' * 100}</m:t></m:r></m:oMath>"

    assert imported(run("A few words, and then ") + equation).is_torn
    assert not imported(run("A few words.")).is_torn
