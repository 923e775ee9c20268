"""Documents written by python-docx, and archives that no word processor writes."""

import io
import zipfile
import zlib
from pathlib import Path

import docx
import pytest
from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph

from newsletter.errors import IssueFileError
from newsletter.importing import Imported, import_docx
from newsletter.importing.docx_parts import MAX_BYTES
from newsletter.issue import ENGLISH

pytestmark = pytest.mark.slow


def chunk(kind: bytes, content: bytes) -> bytes:
    check = zlib.crc32(kind + content).to_bytes(4, "big")
    return len(content).to_bytes(4, "big") + kind + content + check


PNG = (
    b"\x89PNG\r\n\x1a\n"
    + chunk(b"IHDR", bytes([0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0]))
    + chunk(b"IDAT", zlib.compress(b"\0\0"))
    + chunk(b"IEND", b"")
)
"""One black point."""


def saved(document: Document) -> bytes:
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def imported(document: Document) -> Imported:
    return import_docx(saved(document), path="week.docx", cues=ENGLISH)


def add_link(paragraph: Paragraph, text: str, href: str) -> None:
    link = OxmlElement("w:hyperlink")
    link.set(
        qn("r:id"),
        paragraph.part.relate_to(href, RELATIONSHIP_TYPE.HYPERLINK, is_external=True),
    )
    run = paragraph.add_run(text)
    link.append(run._r)
    paragraph._p.append(link)


def test_document_becomes_an_issue_with_links_quotes_and_lists() -> None:
    document = docx.Document()
    document.add_paragraph("Two stories", style="Title")
    document.add_paragraph("It’s Friday.")
    document.add_heading("1. Harbour", level=2)
    body = document.add_paragraph("Shelves ")
    body.add_run("order").bold = True
    body.add_run(" for ")
    body.add_run("themselves").italic = True
    body.add_run(". ")
    add_link(body, "Read the full story", "https://www.example.com/2027/shelves")
    document.add_paragraph("“40 branches,” they say.", style="Quote")
    document.add_heading("2. Tilly’s", level=2)
    document.add_paragraph("One", style="List Bullet")
    document.add_paragraph("Two", style="List Bullet")

    expected = (
        "# Two stories\n\nIt’s Friday.\n\n## 1. Harbour\n\n"
        "Shelves **order** for *themselves*. "
        "[Read the full story](https://www.example.com/2027/shelves)\n\n"
        "> “40 branches,” they say.\n\n## 2. Tilly’s\n\n- One\n- Two\n"
    )
    assert Imported(text=expected) == imported(document)


def test_headlines_that_the_word_processor_numbered_keep_their_order() -> None:
    document = docx.Document()
    document.add_heading("Two stories", level=1)
    document.add_paragraph("It’s Friday.")
    for headline in ("Harbour", "Tilly’s"):
        document.add_paragraph(headline, style="List Number")
        document.add_paragraph("Shelves order for themselves.")

    text = imported(document).text

    assert "## 1. Harbour\n\nShelves" in text
    assert "## 2. Tilly’s\n\nShelves" in text


def test_typed_numbers_are_found_by_the_parser() -> None:
    document = docx.Document()
    for line in ("Two stories", "It’s Friday.", "1. Harbour", "Text.", "2. Tilly’s", "Text."):
        document.add_paragraph(line)

    expected = "# Two stories\n\nIt’s Friday.\n\n## 1. Harbour\n\nText.\n\n## 2. Tilly’s\n\nText.\n"
    assert expected == imported(document).text


def test_picture_is_left_out_and_it_is_said() -> None:
    document = docx.Document()
    document.add_paragraph("1. Harbour")
    document.add_picture(io.BytesIO(PNG))

    assert ("left out: pictures that are not on the web (1): line 1",) == imported(document).notes


def rewritten(data: bytes, name: str, content: bytes) -> bytes:
    """The document with one part replaced or added."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for file in old.infolist():
            if file.filename != name:
                new.writestr(file, old.read(file))
        new.writestr(name, content)
    return out.getvalue()


def refusal(data: bytes) -> str:
    with pytest.raises(IssueFileError) as raised:
        import_docx(data, path="week.docx", cues=ENGLISH)
    assert raised.value.where == "week.docx"
    assert raised.value.next_step
    return raised.value.what


def test_document_that_unpacks_to_too_much_is_refused_unread() -> None:
    bomb = rewritten(saved(docx.Document()), "word/document.xml", b" " * (MAX_BYTES + 1))
    large = rewritten(saved(docx.Document()), "word/media/a.bin", b"\0" * (101 * 1024 * 1024))

    assert len(bomb) < 100_000
    assert "the document becomes far too large when it is unpacked" == refusal(bomb)
    assert "the document becomes far too large when it is unpacked" == refusal(large)


def test_document_with_entities_is_refused() -> None:
    xml = (
        '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'
        '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        "<w:body><w:p><w:r><w:t>&b;</w:t></w:r></w:p></w:body></w:document>"
    )

    for encoding in ("utf-8", "utf-16"):
        data = rewritten(saved(docx.Document()), "word/document.xml", xml.encode(encoding))
        assert "the document defines entities, which no word processor does" == refusal(data)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not an archive",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
        b"PK\x03\x04" + bytes(100),
        rewritten(saved(docx.Document()), "word/document.xml", b"<a>"),
        rewritten(saved(docx.Document()), "word/document.xml", b"<a>" * 50_000 + b"</a>" * 50_000),
        rewritten(saved(docx.Document()), "word/styles.xml", b""),
        saved(docx.Document())[:-40],
    ],
    ids=["empty", "text", "doc", "cut", "bad XML", "deep XML", "no styles", "short"],
)
def test_damaged_document_is_one_line_for_a_person(data: bytes) -> None:
    assert "this is not a .docx, or a damaged one" == refusal(data)


def test_document_larger_than_the_limit_is_refused() -> None:
    assert "the document is larger than 20 MB" == refusal(bytes(MAX_BYTES + 1))


def test_no_file_beside_the_document_is_read(tmp_path: Path) -> None:
    """A picture that the document only points to stays where it is."""
    secret = tmp_path / "secret.png"
    secret.write_bytes(PNG)
    document = docx.Document()
    document.add_paragraph("1. Harbour")
    document.add_picture(io.BytesIO(PNG))
    for relation in document.part.rels.values():
        if "image" in relation.reltype:
            relation._target, relation._is_external = secret.as_uri(), True
            blips = document.element.iter(qn("a:blip"))
            for blip in blips:
                blip.set(qn("r:link"), relation.rId)
                del blip.attrib[qn("r:embed")]

    assert "secret" not in imported(document).text
