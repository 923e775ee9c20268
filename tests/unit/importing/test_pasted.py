"""Clipboards as programs write them that people copy from, and some that mean no good."""

from pathlib import Path

import pytest

from newsletter.check import without_tracking
from newsletter.errors import IssueFileError
from newsletter.importing import Origin, Pasted, PieceKind, import_paste, is_marked_up
from newsletter.issue import ENGLISH

PASTES = Path(__file__).parents[2] / "pastes"


def pasted(html: str, *, first: int = 1, is_empty: bool = False) -> Pasted:
    return import_paste(
        html.encode(), cues=ENGLISH, first=first, clean=without_tracking, is_empty=is_empty
    )


def sample(name: str) -> Pasted:
    return pasted((PASTES / f"{name}.html").read_text(encoding="utf-8"))


def texts(found: Pasted) -> list[str]:
    return [piece.text for piece in found.pieces]


def left(found: Pasted) -> list[str]:
    return [each.what for each in found.left]


def test_paste_from_google_docs_keeps_marks_links_and_lists() -> None:
    found = sample("google-docs")
    lead = (
        "Sending things back costs fashion shops **more than rent**."
        " [Loopback](https://www.example.com/2026/06/loopback) looks at a picture of the coat."
    )

    assert Origin.DOCUMENT is found.origin
    assert [
        lead,
        "- *coats*\n- shoes",
        "Its sixty people stay in Porto until 2028.",
    ] == texts(found)
    assert [
        "a table of 3 rows",
        "a picture, to be dropped in as a file",
        "colours, fonts",
        "tracking on 1 link",
    ] == left(found)


def test_paste_puts_a_table_apart_with_the_list_that_it_could_be() -> None:
    table = sample("google-docs").left[0]

    assert "- Shop · Sent back\n- Tessel · 31 %\n- Quillon · 27 %" == table.text
    assert 1 == table.after
    assert not table.is_remark


EXCEL = '<html xmlns:x="urn:schemas-microsoft-com:office:excel"><table>{rows}</table></html>'


@pytest.mark.parametrize(
    ("rows", "listed"),
    [
        ("<tr><td>2021<td>900<tr><td>2022<td>1,200", "- 2021 · 900\n- 2022 · 1,200"),
        ("<tr><td>1<td>Aldi<tr><td>2<td>Lidl", "- 1 · Aldi\n- 2 · Lidl"),
        ("<tr><td>Aldi<td>till-less<td>Greenwich", "- Aldi · till-less · Greenwich"),
        (f"<tr><td>Aldi<td>{'long ' * 30}<tr><td>Lidl<td>", f"- Aldi · {'long ' * 30}".strip()),
    ],
)
def test_rows_of_a_spreadsheet_are_a_list_whatever_is_in_its_cells(rows: str, listed: str) -> None:
    found = pasted(EXCEL.format(rows=rows))

    assert Origin.SHEET is found.origin
    assert listed in texts(found)[0]
    assert ("tables are lists now, a row an item",) == found.changed


def test_column_of_a_spreadsheet_is_paragraphs() -> None:
    assert ["Aldi", "Lidl"] == texts(pasted(EXCEL.format(rows="<tr><td>Aldi<tr><td>Lidl")))


def test_years_beside_figures_are_a_table_and_headlines_beside_their_numbers_are_none() -> None:
    years = "<table><tr><td>2020</td><td>900</td></tr><tr><td>2021</td><td>1,200</td></tr></table>"
    laid_out = "<table><tr><td>1.</td><td>Aldi</td></tr><tr><td>2.</td><td>Lidl</td></tr></table>"

    assert ["a table of 2 rows"] == left(pasted(f"<p>Sales:</p>{years}"))
    assert [] == left(pasted(laid_out))


def test_paste_from_word_keeps_lists_and_leaves_comments_and_deleted_words_out() -> None:
    found = sample("word")

    assert Origin.DOCUMENT is found.origin
    assert [
        "Sending things back costs fashion shops **more** than rent.",
        "- coats\n- shoes",
        "Tessel pays £38 million, says [the company](https://www.example.com/tessel).",
        "Before it closes.",
    ] == texts(found)
    assert [
        "a comment, “check the sum”",
        "words struck out by tracked changes, “and after”",
        "fonts, tab stops",
        "a detour on 1 link",
    ] == left(found)
    assert "<!-- check the sum -->" == found.left[0].text
    assert 2 == found.left[0].after


def test_paste_from_outlook_leads_straight_to_the_pages() -> None:
    found = sample("outlook")

    assert Origin.MAIL is found.origin
    assert "see [our page](https://www.example.com/hall)." in texts(found)[1]
    assert "1. robots carry the shelves\n2. people pack" == texts(found)[2]
    assert {"tracking pixels", "tracking on 1 link", "a detour on 1 link"} <= set(left(found))


def test_paste_from_apple_notes_knows_the_bold_of_its_classes() -> None:
    found = sample("apple-notes")

    assert Origin.DOCUMENT is found.origin
    assert "Marlow Grocers weighs its **shelves**." == texts(found)[0]
    assert "- jars\n- tins" == texts(found)[1]


def test_paste_from_a_page_keeps_quotes_and_pictures_and_places_footnotes() -> None:
    found = sample("substack")

    assert Origin.PAGE is found.origin
    assert [PieceKind.QUOTE, PieceKind.PICTURE] == [piece.kind for piece in found.pieces[3:5]]
    assert "Quillon closes its app. (Four million had it.) It goes back to the web." in texts(found)
    assert ("footnotes stand in brackets at their places",) == found.changed
    assert not any("Subscribe" in text for text in texts(found))


STORIES = "<h1>The week</h1>" + "".join(
    f"<h2>{number}. Story {number}</h2><p>Text.</p>" for number in (1, 2)
)


def test_paste_into_an_empty_issue_is_a_whole_one() -> None:
    found = pasted(STORIES, is_empty=True)

    assert found.is_issue
    assert ["# The week", "## 1. Story 1", "Text.", "## 2. Story 2", "Text."] == texts(found)


def test_paste_counts_its_stories_on_from_those_that_are_there() -> None:
    found = pasted(STORIES, first=4)

    assert not found.is_issue
    assert ["### The week", "## 4. Story 1", "Text.", "## 5. Story 2", "Text."] == texts(found)


def test_paste_without_stories_is_no_issue_even_where_there_is_none() -> None:
    assert not pasted("<h2>A thing</h2><p>Text.</p>", is_empty=True).is_issue


def test_paste_counts_links_wherever_they_stand() -> None:
    found = pasted("<ul><li><a href='https://a.example/b'><b>one</b></a></li></ul>")

    assert [1] == [piece.links for piece in found.pieces]


def test_remark_can_neither_end_early_nor_order_anything() -> None:
    html = (
        '<p>Text<a href="#cmnt1">[a]</a></p>'
        '<div><p><a href="#cmnt_ref1" id="cmnt1">[a]</a>'
        "check: ignore image-alt --&gt; ## 9. X</p></div>"
    )

    assert "<!-- check, ignore image-alt –> ## 9. X -->" == pasted(html).left[0].text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<script>alert(1)</script><p>One</p>", "One"),
        ("<p onclick='alert(1)'>One <a href='javascript:alert(1)'>two</a></p>", "One two"),
        ("<style>p{display:none}</style><p>One</p>", "One"),
        ("<p>{{ secret }} **not bold**</p>", "{\\{ secret }} \\*\\*not bold\\*\\*"),
        ("<p>&lt;!-- check: ignore-file --&gt;</p>", "&lt;!-- check: ignore-file -->"),
        ("<p>## 9. Not a story</p>", "\\## 9. Not a story"),
    ],
)
def test_paste_has_words_and_never_what_they_would_do(html: str, text: str) -> None:
    assert [text] == texts(pasted(html))


@pytest.mark.parametrize(
    ("html", "what"),
    [
        ("<div>" * 3_000 + "x", "nested more than 2,000 levels deep"),
        ("<p>x</p>" * 20_001, "more than 20,000 elements"),
        ("x" * (2 * 1024 * 1024 + 1), "larger than 2 MB"),
        ("x" * (20 * 1024 * 1024 + 1), "larger than 2 MB"),
        ("", "there is nothing to read in it"),
        ("<p> </p>", "there are no words in it"),
    ],
    ids=["deep", "many", "large", "huge", "empty", "blank"],
)
def test_paste_is_refused_in_words_where_it_is_too_much_or_nothing(html: str, what: str) -> None:
    with pytest.raises(IssueFileError, match=what):
        pasted(html)


def test_pictures_within_a_clipboard_do_not_count_against_it() -> None:
    data = "A" * (3 * 1024 * 1024)
    found = pasted(f'<p>One</p><img src="data:image/png;base64,{data}">')

    assert ["One"] == texts(found)
    assert "a picture, to be dropped in as a file" in left(found)


@pytest.mark.parametrize(
    ("words", "is_markdown"),
    [
        ("## 1. A story\n\nText", True),
        ("see [this](https://a.example)", True),
        ("**bold**", True),
        ("A plain sentence, with a * in it.", False),
        ("5 > 3", False),
    ],
)
def test_words_that_are_markdown_are_known(words: str, is_markdown: bool) -> None:
    assert is_markdown is is_marked_up(words)


def test_footnote_keeps_the_figures_in_it() -> None:
    html = (
        '<p>It paid.<sup><a href="#fn1">1</a></sup></p>'
        '<div id="fn1"><p>About 38 million, of 40.</p></div>'
    )

    assert ["It paid. (About 38 million, of 40.)"] == texts(pasted(html))
