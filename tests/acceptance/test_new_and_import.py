"""Starting an issue: laid out by the house format, or brought along from elsewhere."""

import io
import json
import subprocess
import zipfile
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path

import docx
import pytest

from tests.acceptance.publication import COMMAND, Publication

pytestmark = pytest.mark.slow

PAGE = """<!doctype html><html><head><meta charset="utf-8">
<link rel="canonical" href="https://www.example.com/2027/11/week/"></head><body>
<nav><a href="/">Home</a></nav><article>
<h1>The five biggest retail technology news stories of the week</h1>
<p>It’s Friday. Here is what to know, including Harbour Foods and Tilly’s.</p>
{stories}
<p>Sign up for our free retail technology newsletter <a href="/signup">here</a>.</p>
</article></body></html>
"""


def archive(files: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as written:
        for name, content in files.items():
            written.writestr(name, content)
    return file.getvalue()


ODT = archive({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<a/>"})
PAGES = archive({"Index/Document.iwa": b"x", "Metadata/Properties.plist": b"x"})
HEADLINES = (
    "Harbour Foods lets shelves order for themselves",
    "Tilly’s opens its first store without tills",
    "Northgate and Bellweather merge their loyalty cards",
    "Corner Cart raises £12 million for its delivery bikes",
    "Parcels at Old Mill arrive by boat",
)
BODIES = (
    "Sensors in 40 branches now tell the warehouse what is running low.",
    "Customers in Leeds take what they want and walk out.",
    "One card is to work in both chains from March.",
    "The money pays for 300 bikes and a second depot.",
    "A barge on the canal takes over from eight vans.",
)


def page() -> str:
    stories = "".join(
        f"<h2>{n}. {headline}</h2><p>{body}</p>"
        f"<blockquote>Figure {n}</blockquote><p><a href='/2027/11/s{n}'>Read the full story</a></p>"
        for n, (headline, body) in enumerate(zip(HEADLINES, BODIES, strict=True), start=1)
    )
    return PAGE.format(stories=stories)


def pasted() -> str:
    stories = "\n".join(
        f"{n}. {headline}\n{body}"
        for n, (headline, body) in enumerate(zip(HEADLINES, BODIES, strict=True), start=1)
    )
    return (
        "The five biggest retail technology news stories of the week\n"
        f"It’s Friday. Here is what to know, including Harbour Foods and Tilly’s.\n{stories}\n"
        "Sign up for our free retail technology newsletter here.\n"
    )


def found(publication: Publication, path: str) -> Counter[tuple[str, str]]:
    """What the check says of a file, info aside: how often which rule with which severity."""
    done = publication.run("check", path, "--format", "json")
    kinds = [(item["slug"], item["severity"]) for item in json.loads(done.out)]
    return Counter(kind for kind in kinds if kind[1] != "info")


def test_new_lays_out_slots_that_the_check_reports_until_they_are_filled(
    publication: Publication,
) -> None:
    done = publication.run("new", "--date", "2027-11-26")

    path = publication.folder / "issues/2027-11-26.md"
    laid_out = path.read_text()
    assert (0, "") == (done.status, done.err)
    assert {
        ("empty-slot", "error"): 7,
        ("intro-missing", "error"): 1,
    } == found(publication, "issues/2027-11-26.md")

    filled = laid_out.replace("subject: …", "subject: Shelves that order for themselves, and more")
    filled = filled.replace(
        "preheader: …", "preheader: Also a store without tills, and a barge of parcels"
    )
    filled = filled.replace("<!-- write the intro", "It’s Friday.\n\n<!-- write the intro", 1)
    for n, (headline, body) in enumerate(zip(HEADLINES, BODIES, strict=True), start=1):
        filled = filled.replace(f"## {n}. …", f"## {n}. {headline}")
        filled = filled.replace(f"<!-- write story {n} here -->", body)
    path.write_text(filled)
    assert Counter() == found(publication, "issues/2027-11-26.md")


def test_new_takes_the_next_day_of_the_rule(publication: Publication) -> None:
    settings = publication.folder / "newsletter.toml"
    settings.write_text(settings.read_text().replace('weekday = "friday"', 'weekday = "tuesday"'))

    assert 0 == publication.run("new").status

    names = [path.stem for path in (publication.folder / "issues").glob("*.md")]
    [day] = [date.fromisoformat(name) for name in names if name > "2026"]
    assert 1 == day.weekday()
    assert 0 <= (day - datetime.now(UTC).date()).days <= 7


@pytest.mark.parametrize(
    ("settings", "title", "count", "footer"),
    [
        ("stories = 7", "The week in seven stories", 7, None),
        ("stories = [1, 3]", "…", 1, None),
        (
            (
                'titles = ["{count} * of the week", "x"]\nfooter = "Join our newsletter now."\n'
                'footer_link = "https://www.example.com/\\\\1"'
            ),
            "Five … of the week",
            5,
            "Join our newsletter [now](https://www.example.com/\\1).",
        ),
        (
            (
                'titles = ["Die {count} Meldungen"]\nstories = 3\nfooter = "Hier geht es zum Abo"\n'
                "[house.words]\nnumbers = ['zwei', 'drei']\nand = 'und'\nincluding = 'darunter'"
            ),
            "Die drei Meldungen",
            3,
            "Hier geht es zum Abo",
        ),
    ],
)
def test_new_speaks_as_the_house_does(
    settings: str, title: str, count: int, footer: str | None, empty: Publication
) -> None:
    (empty.folder / "newsletter.toml").write_text(f"[house]\n{settings}\n")
    # Without the other sections there is no rule for the day, so it must be said.
    done = empty.run("new", "--date", "2027-11-26")

    text = (empty.folder / "issues/2027-11-26.md").read_text()
    assert 0 == done.status, done.err
    assert f"\n# {title}\n" in text
    assert count == text.count("\n## ")
    assert footer is None or text.endswith(f"\n---\n{footer}\n")


def test_new_works_without_any_settings(empty: Publication) -> None:
    assert 0 == empty.run("new").status
    [path] = (empty.folder / "issues").iterdir()
    assert 4 == date.fromisoformat(path.stem).weekday()


@pytest.mark.parametrize("command", [("new",), ("import", "week.html")])
def test_nothing_is_overwritten_without_force(
    command: tuple[str, ...], publication: Publication
) -> None:
    (publication.folder / "week.html").write_text(page())
    path = publication.folder / "issues/2021-11-26.md"
    before = path.read_text()

    refused = publication.run(*command, "--date", "2021-11-26")
    assert (2, "") == (refused.status, refused.out)
    assert "issues/2021-11-26.md: this already exists, and nothing is overwritten" in refused.err
    assert "name another day with --date, or overwrite it with --force" in refused.err
    assert before == path.read_text()

    assert 2 != publication.run(*command, "--date", "2021-11-26", "--force").status
    assert before != path.read_text()


def test_import_of_a_page_gives_a_sound_issue(publication: Publication) -> None:
    (publication.folder / "week.html").write_text(page())

    done = publication.run("import", "week.html", "--date", "2027-11-26")

    text = (publication.folder / "issues/2027-11-26.md").read_text()
    said = "issues/2027-11-26.md is written: 5 stories, 5 links in them.\nNothing was left out.\n"
    assert (0, said, "") == (done.status, done.out, done.err)
    assert (
        "> Figure 2\n\n[Read the full story](https://www.example.com/2027/11/s2)\n\n## 3." in text
    )
    assert text.endswith("newsletter [here](https://www.example.com/signup).\n")


def test_import_of_a_document_gives_a_sound_issue(publication: Publication) -> None:
    document = docx.Document()
    for line in pasted().splitlines():
        style = "Heading 2" if line[1:3] == ". " else None
        document.add_paragraph(line, style=style)
    file = io.BytesIO()
    document.save(file)
    (publication.folder / "2027-11-26 week.docx").write_bytes(file.getvalue())

    done = publication.run("import", "2027-11-26 week.docx", "--out", "drafts/week.md")

    text = (publication.folder / "drafts/week.md").read_text()
    assert (0, "") == (done.status, done.err)
    assert 5 == text.count("\n## ")
    assert text.startswith("# The five biggest retail technology news stories of the week\n\nIt’s")


def test_import_takes_a_paste_and_says_what_is_wrong_with_it(publication: Publication) -> None:
    text = pasted().replace("One card", "One  card").replace("5. Parcels", "6. Parcels")

    done = subprocess.run(
        [COMMAND, "import", "-", "--out", "issues/2027-11-26.md"],
        cwd=publication.folder,
        env=publication.environment,
        input=text.encode(),
        capture_output=True,
    )

    assert 1 == done.returncode
    assert b"issues/2027-11-26.md:21:1: error S008 story 5 is missing: 6 follows 4" in done.stdout
    written = (publication.folder / "issues/2027-11-26.md").read_text()
    assert "## 4. Corner Cart raises £12 million for its delivery bikes\n\nThe money" in written


def test_import_takes_the_day_from_the_name(publication: Publication) -> None:
    (publication.folder / "2027-11-26.txt").write_text(pasted())

    assert 0 == publication.run("import", "2027-11-26.txt").status
    assert (publication.folder / "issues/2027-11-26.md").is_file()


def test_import_keeps_front_matter_that_it_cannot_read(publication: Publication) -> None:
    text = f"---\nsubject Bread\ndate: 2027-11-26\n---\n{pasted()}"
    (publication.folder / "week.md").write_text(text)

    done = publication.run("import", "week.md", "--out", "issues/2027-11-26.md")

    assert 1 == done.status
    assert "S002" in done.out
    assert text == (publication.folder / "issues/2027-11-26.md").read_text()


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("week.xyz", b"words", "files of this kind cannot be read"),
        ("week.pdf", b"%PDF", "this is a PDF, which cannot be read; ask for the document"),
        ("week.docx", b"%PDF-1.7", "this is a PDF"),
        ("week.rtf", b"{\\rtf1 x}", "this is a Rich Text document, which cannot be read; open it"),
        ("week.txt", b"{\\rtf1 x}", "save it as Word (.docx)"),
        ("week.odt", b"", "this is an OpenDocument text, which cannot be read"),
        ("week.docx", ODT, "this is an OpenDocument text"),
        ("week.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "an old Word document"),
        ("week.pages", PAGES, "this is a Pages document, which cannot be read; in Pages, choose"),
        ("week.zip", PAGES, "this is a Pages document"),
        ("week.eml", b"From: a\nMIME-Version: 1.0\n\nx", "this is a mail, which cannot be read"),
        ("week.html", b"From: a\nMIME-Version: 1.0\n\nx", "this is a web archive"),
        ("deep.html", b"<div>" * 3000 + b"x", "nested more than 2,000 levels deep"),
        ("wide.html", b"<p>" * 100_001 + b"x", "the page has more than 100,000 elements"),
        ("week.txt", b"\xff\xfe", "is not UTF-8"),
        ("week.docx", b"no archive", "this is not a .docx, or a damaged one"),
        ("week.html", b"", "there is nothing to read on this page"),
        ("missing.txt", None, "missing.txt: no such file; give the path of a document"),
    ],
)
def test_import_refuses_in_one_line_and_writes_nothing(
    name: str, content: bytes | None, words: str, publication: Publication
) -> None:
    if content is not None:
        (publication.folder / name).write_bytes(content)

    done = publication.run("import", name, "--out", "issues/new.md")

    assert 2 == done.status
    assert f"error: {name}" in done.err
    assert words in done.err
    assert 1 == done.err.count("\n")
    assert not (publication.folder / "issues/new.md").exists()


def test_import_reads_a_page_by_what_it_is_whatever_its_name(publication: Publication) -> None:
    for name in ("week.txt", "week.doc", "week.md"):
        (publication.folder / name).write_text(f"\n{page()}")

        done = publication.run("import", name, "--date", "2027-11-26", "--force")

        assert (0, "") == (done.status, done.err)
        assert "5 stories, 5 links" in done.out


def test_import_ends_with_what_was_left_out_and_where(publication: Publication) -> None:
    struck = (
        page()
        .replace("40 branches", "<s>30</s> 40 branches")
        .replace("</article>", "<iframe src='https://v.example/1'></iframe></article>")
    )
    (publication.folder / "week.html").write_text(struck)

    done = publication.run("import", "week.html", "--date", "2027-11-26")

    assert 0 == done.status
    assert (
        "Sensors in <s>30</s> 40 branches"
        in (publication.folder / "issues/2027-11-26.md").read_text()
    )
    assert [
        "left out: videos, frames and drawings (1), “https://v.example/1”: line 46",
        "words are struck through, as they were: see whether they should go (1), “30”: line 7",
    ] == done.err.splitlines()


def test_import_that_leaves_more_than_a_tenth_of_the_words_ends_with_one(
    publication: Publication,
) -> None:
    beside = "<div>" + "<p>Another story that stands beside the first one on the page.</p>" * 30
    (publication.folder / "week.html").write_text(page().replace("</body>", beside))

    done = publication.run("import", "week.html", "--date", "2027-11-26")

    assert 1 == done.status
    assert "is written: 5 stories" in done.out
    assert "left out: words beside the article (" in done.err
    assert " words are not in the issue: compare it with the original" in done.err


def test_import_of_a_document_says_which_extra_it_needs(
    publication: Publication, tmp_path: Path
) -> None:
    guard = tmp_path / "guard"
    guard.mkdir()
    (guard / "sitecustomize.py").write_text("import sys\nsys.modules['mammoth'] = None\n")
    (publication.folder / "week.docx").write_bytes(b"")

    done = publication.run("import", "week.docx", env={"PYTHONPATH": str(guard)})

    assert 2 == done.status
    assert "needs the extra “docx”; add it: `" in done.err


def test_new_counts_on_from_the_newest_earlier_issue_that_has_a_number(empty: Publication) -> None:
    issues = empty.folder / "issues"
    issues.mkdir(exist_ok=True)
    (issues / "2027-11-12.md").write_text("---\nnumber: 8\n---\n# T\n")
    (issues / "2027-11-19.txt").write_text("No number here.\n")
    (issues / "2027-12-03.md").write_text("---\nnumber: 99\n---\n# T\n")
    (issues / "2027-11-05.md").write_text("---\nnumber: soon\n---\n# T\n")
    (issues / "2027-11-18.md").write_bytes(b"\0\xff")

    done = empty.run("new", "--date", "2027-11-26")

    front_matter = (issues / "2027-11-26.md").read_text().split("---\n")[1]
    assert (0, "") == (done.status, done.err)
    assert "date: 2027-11-26\nnumber: 9\n" == front_matter[front_matter.index("date") :]


def test_new_writes_no_number_where_no_issue_has_one_and_1_where_there_is_none(
    empty: Publication,
) -> None:
    for day in ("2027-11-19", "2027-11-26"):
        assert 0 == empty.run("new", "--date", day).status
        path = empty.folder / f"issues/{day}.md"
        if day == "2027-11-19":
            assert "\nnumber: 1\n" in path.read_text()
            path.write_text(path.read_text().replace("number: 1\n", ""))

    assert "number:" not in (empty.folder / "issues/2027-11-26.md").read_text()


def test_import_of_a_page_knows_its_sponsor(empty: Publication) -> None:
    sponsor = "<p><strong>Sponsored by Acme Tills</strong></p><p>Try one for a month.</p>"
    (empty.folder / "page.html").write_text(page().replace("<h2>3.", f"{sponsor}<h2>3."))

    empty.run("import", "page.html", "--date", "2027-11-26")

    shown = json.loads(empty.run("show", "issues/2027-11-26.md", "--format", "json").out)
    expected = ("Acme Tills", 2, "Try one for a month.")
    assert expected == tuple(shown["sponsor"][key] for key in ("name", "after", "text"))
    assert 5 == len(shown["stories"])


def test_show_prints_number_and_sponsor_in_their_places(publication: Publication) -> None:
    sponsor = "## Sponsored by Acme Tills\n\nTry one for a month.\n\n"
    text = f"# T\n\nI.\n\n## 1. One\n\nA.\n\n{sponsor}## 2. Two\n\nB.\n"
    (publication.folder / "issues/2027-11-26.md").write_text(f"---\nnumber: 127\n---\n{text}")

    shown = publication.run("show", "issues/2027-11-26.md").out

    assert "number     127\n" in shown
    assert shown.index("1. One") < shown.index("Sponsored by Acme Tills") < shown.index("2. Two")
