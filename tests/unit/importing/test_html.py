"""Pages of several makes, all of them our own, and the issues they become."""

import re
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.errors import IssueFileError
from newsletter.importing import Imported, import_html
from newsletter.issue import ENGLISH, parse_issue, source_from_text

pytestmark = pytest.mark.slow

PARAGRAPH = "Sensors on the shelves of 40 branches now tell the warehouse what is running low."
STORIES = "".join(
    f"<h2>{n}. Story {n}</h2><p>Text of story {n}. {PARAGRAPH}</p>" for n in (1, 2, 3)
)
INTRO = "It’s Friday, and the tills are resting."


def imported(page: str | bytes) -> Imported:
    data = page if isinstance(page, bytes) else page.encode()
    return import_html(data, path="page.html", cues=ENGLISH)


def article(inner: str, *, head: str = "") -> str:
    return (
        f"<!doctype html><html><head><meta charset=utf-8>{head}</head><body><nav>Home</nav>"
        f"<article><h1>Three stories</h1><p>{INTRO}</p>{inner}</article>"
        f"<footer>© 2027</footer></body></html>"
    )


def body_of(inner: str, *, head: str = "") -> str:
    """What becomes of some markup in story 1."""
    text = imported(article(f"<h2>1. One</h2>{inner}<h2>2. Two</h2><p>Text.</p>", head=head)).text
    return text.partition("## 1. One\n\n")[2].partition("\n\n## 2.")[0]


def headlines(text: str) -> list[str]:
    return re.findall(r"^## .+$", text, flags=re.MULTILINE)


def test_article_becomes_a_canonical_issue() -> None:
    expected = (
        f"# Three stories\n\n{INTRO}\n\n"
        + "\n\n".join(f"## {n}. Story {n}\n\nText of story {n}. {PARAGRAPH}" for n in (1, 2, 3))
        + "\n"
    )

    assert Imported(text=expected) == imported(article(STORIES))


@pytest.mark.parametrize(
    "headline",
    [
        "<h2>{n}. Story {n}</h2>",
        "<h3>{n}) Story {n}</h3>",
        "<h2><span>{n}.</span> <b>Story {n}</b></h2>",
        "<h4>{n}: Story {n}</h4>",
        "<h2>{n}.&nbsp;Story {n}</h2>",
        "<p><strong>{n}. Story {n}</strong></p>",
        "<p><b>{n}.</b> <b>Story {n}</b></p>",
        "<p><span style='font-weight:700'>{n}. Story {n}</span></p>",
        "<p>{n}. Story {n}</p>",
        "<p><strong>{n}.</strong> Story {n}</p>",
        "<ol><li>Story {n}</li></ol>",
        "<ol start={n}><li><b>Story {n}</b></li></ol>",
        "<div>{n}. Story {n}</div>",
    ],
)
def test_headlines_are_found_however_they_are_marked(headline: str) -> None:
    stories = "".join(f"{headline.format(n=n)}<p>{PARAGRAPH}</p>" for n in (1, 2, 3))

    found = imported(article(stories))

    assert [f"## {n}. Story {n}" for n in (1, 2, 3)] == headlines(found.text)
    assert () == found.notes


def test_headings_without_numbers_are_numbered_and_it_is_said() -> None:
    stories = "".join(f"<h3>Story {w}</h3><p>{PARAGRAPH}</p><h4>More</h4>" for w in "ABC")

    found = imported(article(f"<h2>The week</h2>{stories}".replace("<h4>More</h4>", "", 2)))

    assert ["## 1. Story A", "## 2. Story B", "## 3. Story C"] == headlines(found.text)
    assert "### More" in found.text
    assert ("the headlines had no numbers: they are numbered in order",) == found.notes


def test_stories_as_items_of_one_list_are_stories() -> None:
    items = "".join(f"<li><h3>Story {w}</h3><p>{PARAGRAPH}</p></li>" for w in "ABC")

    found = imported(article(f"<ol>{items}</ol>"))

    assert ["## 1. Story A", "## 2. Story B", "## 3. Story C"] == headlines(found.text)


def test_list_inside_a_story_stays_a_list() -> None:
    assert "1. One\n2. Two" == body_of("<ol><li>One</li><li>Two</li></ol>")
    assert "7. One\n8. Two" == body_of("<ol start=7><li>One</li><li><p>Two</p></li></ol>")
    assert "- One\n  - Inner\n- Two" == body_of(
        "<ul><li>One<ul><li>Inner</li></ul></li><li>Two</li></ul>"
    )


@pytest.mark.parametrize(
    ("expected", "markup"),
    [
        ("A **bold** and *slanted* word.", "<p>A <b>bold </b>and<i> slanted</i> word.</p>"),
        ("**One word**", "<p><strong>One</strong><b> word</b></p>"),
        ("Not bold.", "<b style='font-weight:normal'><p>Not bold.</p></b>"),
        ("> Said.\n>\n> Twice.", "<blockquote><p>Said.</p><p>Twice.</p></blockquote>"),
        ("> Said.", "<blockquote>Said.</blockquote>"),
        ("One\\\ntwo.", "<p>One <br/> two.</p>"),
        ("One.\n\nTwo.", "<p>One.<br><br>\n<br>Two.</p>"),
        ("One.\n\nTwo.", "<div>One.<div>Two.</div></div>"),
        ("One.\n\nTwo.", "<table><tr><td>One.</td><td>Two.</td></tr></table>"),
        ("One.\n\nTwo.", "<p>One.</p><hr><p>Two.</p>"),
        ("### Part\n\nOne.", "<h4>Part</h4><p>One.</p>"),
        ("He said “no”.", "<p>He said <q>no</q>.</p>"),
        ("A* b_c &lt;!-- x --> \\<i>".replace("*", "\\*"), "<p>A* b_c &lt;!-- x --> &lt;i></p>"),
        ("Kept.", "<p>Kept.<script>x()</script><style>p{}</style></p>"),
        ("Kept.", "<p>Kept.</p><p hidden>a</p><p style='display: none'>b</p><form>c</form>"),
        ("Kept.", "<p>Kept.</p><aside><p>Related</p></aside><p>&nbsp;</p>"),
        ("2\\. is a number.", "<p>2. is a number.</p>"),
    ],
)
def test_markup_becomes_markdown(expected: str, markup: str) -> None:
    assert expected == body_of(markup)


CANONICAL = "<link rel=canonical href='https://www.example.com/2027/week/'>"


@pytest.mark.parametrize(
    ("expected", "href", "head"),
    [
        ("[a](https://www.example.com/x?y=1&z=2)", "https://www.example.com/x?y=1&amp;z=2", ""),
        ("[a](https://www.example.com/x)", "/x", CANONICAL),
        ("[a](https://www.example.com/2027/week/x)", "x", CANONICAL),
        ("[a](https://cdn.example.com/x)", "//cdn.example.com/x", CANONICAL),
        ("[a](https://base.example.com/x)", "/x", "<base href='https://base.example.com/'>"),
        ("[a](https://www.example.com/b/x)", "x", f"{CANONICAL}<base href='/b/'>"),
        ("[a](mailto:news@example.com)", "mailto:news@example.com", ""),
        ("[a](https://www.example.com/%28x%29%20y)", "https://www.example.com/(x) y", ""),
        ("a", "/x", ""),
        ("a", "#part", CANONICAL),
        ("a", "javascript:alert(1)", CANONICAL),
        ("a", "javascript://example.com/%0aalert(1)", CANONICAL),
        ("a", "ftp://example.com/x", CANONICAL),
        ("a", "data:text/html,x", CANONICAL),
        ("a", "file:///etc/passwd", CANONICAL),
        ("a", "http://[bad", CANONICAL),
    ],
)
def test_link_is_whole_or_only_its_words(expected: str, href: str, head: str) -> None:
    assert expected == body_of(f'<p><a href="{href}">a</a></p>', head=head)


def test_address_a_browser_noted_when_saving_is_the_base() -> None:
    page = article("<h2>1. One</h2><p><a href='/x'>a</a></p>")
    saved = page.replace("<html>", "<!-- saved from url=(0024)https://www.example.com/ -->\n<html>")

    assert "[a](https://www.example.com/x)" in imported(saved).text


def test_link_round_blocks_is_a_link_in_each() -> None:
    expected = "[One.](https://www.example.com/)\n\n[Two.](https://www.example.com/)"

    assert expected == body_of("<a href='https://www.example.com/'><p>One.</p><p>Two.</p></a>")


def test_dropped_links_and_pictures_are_counted() -> None:
    found = imported(
        article(
            f"{STORIES}<p><a href='x'>a</a> <a href='javascript:y()'>b</a></p>"
            "<img src='data:image/png;base64,AA'><img src='page_files/a.jpg'>"
        )
    )

    assert (
        "left out: links that lead nowhere from an e-mail, their words kept (2), “a”, “b”: line 17",
        "left out: pictures that are not on the web (2): line 17",
    ) == found.notes


@pytest.mark.parametrize(
    "markup",
    [
        "<img src='/a.jpg' alt='A shelf' title='Well'>",
        "<figure><img src='/a.jpg' alt='A shelf'><figcaption>Well</figcaption></figure>",
        (
            "<figure><a href='/a.jpg'><img data-src='/a.jpg' alt=' A  shelf'></a>"
            "<figcaption><p>Well</p></figcaption></figure>"
        ),
    ],
)
def test_picture_keeps_its_words(markup: str) -> None:
    expected = '![A shelf](https://www.example.com/a.jpg "Well")'

    assert expected == body_of(markup, head=CANONICAL)


@pytest.mark.parametrize(
    "page",
    [
        f"<main><h1>T</h1><p>{INTRO}</p>{STORIES}</main><div><p>{PARAGRAPH}</p></div>",
        f"<div role=main><h1>T</h1><p>{INTRO}</p>{STORIES}</div><div><p>{PARAGRAPH}</p></div>",
        (
            f"<div><ul><li><a href=/>Home</a></ul></div><div id=x><h1>T</h1><p>{INTRO}</p>{STORIES}"
            "</div><div><ul><li><a href=/>More and more of the same site</a></ul></div>"
        ),
        (
            f"<header><nav>Home</nav><h1>T</h1></header><div><div><p>{INTRO}</p>{STORIES}</div></div>"
            "<div><p>Teaser</p></div>"
        ),
        f"<form id=aspnet><article><h1>T</h1><p>{INTRO}</p>{STORIES}</article></form>",
        f"<main><h1>T</h1><p>{INTRO}</p>"
        + "".join(f"<article>{part}</article>" for part in re.findall("<h2>.*?</p>", STORIES))
        + "</main>",
        (
            f"<article><header><h1>T</h1><p>By A. Writer</p></header><p>{INTRO}</p>{STORIES}"
            "</article><article><h1>Another</h1><p>Teaser</p></article>"
        ),
    ],
    ids=["main", "role", "densest", "title above", "form", "article each", "teaser"],
)
def test_article_is_found_and_nothing_beside_it(page: str) -> None:
    text = imported(f"<html><body>{page}</body></html>").text

    issue = parse_issue(source_from_text(text), cues=ENGLISH)
    assert "T" == (issue.title.text if issue.title else None)
    assert INTRO == issue.intro_text
    assert ["Story 1", "Story 2", "Story 3"] == [story.headline.text for story in issue.stories]
    assert all(1 == len(story.paragraphs) for story in issue.stories)


@pytest.mark.parametrize(
    ("head", "title"),
    [
        ("<title>From  the\n title</title>", "From the title"),
        ("<meta property='og:title' content='Told to others'><title>x</title>", "Told to others"),
    ],
)
def test_title_of_the_page_is_taken_where_the_article_has_none(head: str, title: str) -> None:
    page = f"<head>{head}</head><article><p>{INTRO}</p>{STORIES}</article>"

    assert f"# {title}\n\n{INTRO}" in imported(page).text


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(
            b"<meta charset='windows-1252'>" + "<p>Zo\xeb’s £5</p>".encode("cp1252"), id="said"
        ),
        pytest.param("<p>Zoë’s £5</p>".encode(), id="UTF-8, not said"),
        pytest.param("<p>Zoë’s £5</p>".encode("cp1252"), id="Windows, not said"),
        pytest.param("<p>Zoë’s £5</p>".encode("utf-8-sig"), id="byte-order mark"),
        pytest.param("<p>Zoë’s £5</p>".encode("utf-16"), id="UTF-16"),
        pytest.param(
            b"<?xml version='1.0' encoding='utf-8'?><p>Zo&euml;&rsquo;s &pound;5", id="XML"
        ),
        pytest.param(b"<meta charset='no-such'>" + "<p>Zoë’s £5</p>".encode(), id="unknown"),
    ],
)
def test_characters_come_through_in_any_encoding(data: bytes) -> None:
    assert "Zoë’s £5" in imported(data).text


@pytest.mark.parametrize(
    "data",
    [b"", b" \n", b"<!-- x -->", b"\x00", b"<html></html>", b"<p>" * 50_000, b"x" * 20971521],
)
def test_page_without_an_article_is_refused_or_empty_but_no_crash(data: bytes) -> None:
    with suppress(IssueFileError):
        assert len(imported(data).text) < 100


def test_no_entity_of_the_pages_own_is_followed() -> None:
    page = '<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/hostname">]><p>a &x; b</p>'

    assert "&x;" in imported(page).text.replace("&amp;", "&")


@pytest.mark.parametrize(
    "heading",
    [
        "<h2>Sponsored by Acme</h2>",
        "<h4>Sponsored by <b>Acme</b></h4>",
        "<p>Sponsored by Acme</p>",
        "<p><strong>Sponsored by Acme</strong></p>",
        "<div>Sponsored by Acme</div>",
    ],
)
@pytest.mark.parametrize("headline", ["<h2>{n}. Story {n}</h2>", "<h2>Story {n}</h2>"])
def test_sponsor_is_found_and_gets_no_number(headline: str, heading: str) -> None:
    stories = [f"{headline.format(n=n)}<p>{PARAGRAPH}</p>" for n in (1, 2, 3)]
    stories.insert(1, f"{heading}<p>Try one for a month.</p>")

    found = imported(article("".join(stories)))

    expected = ["## 1. Story 1", "## Sponsored by Acme", "## 2. Story 2", "## 3. Story 3"]
    assert expected == headlines(found.text)
    assert "## Sponsored by Acme\n\nTry one for a month.\n\n" in found.text


@pytest.mark.parametrize(
    "line", ["<p>Sponsored by Acme.</p>", "<p>Sponsored by Acme<br>and by Bolt</p>"]
)
def test_sentence_on_sponsors_stays_in_its_story(line: str) -> None:
    assert body_of(line).startswith("Sponsored by Acme")


TAGS = "p div b i a ul ol li h2 h3 blockquote table td span figure q"
FRAGMENTS = st.recursive(
    st.sampled_from(
        ["word ", "1. ", "* ", "<br>", " ", "&nbsp;", "<img src=x>", "# ", "</p>", "."]
    ),
    lambda inner: st.builds(
        lambda tag, parts: f"<{tag}>{''.join(parts)}</{tag}>",
        st.sampled_from(TAGS.split()),
        st.lists(inner, max_size=4),
    ),
    max_leaves=30,
)


@given(FRAGMENTS)
def test_any_markup_gives_a_text_with_all_its_words(markup: str) -> None:
    try:
        text = imported(f"<body><main>{markup}</main></body>").text
    except IssueFileError:
        return

    assert markup.count("word") == text.count("word")


def test_import_takes_time_linear_in_the_page() -> None:
    """A page of 5 MB, nested and flat, within the test's time."""
    nested = "<div>" * 90 + f"<p>{PARAGRAPH}</p>" * 10_000 + "</div>" * 90

    assert imported(article(nested)).text.count("Sensors") == 10_000
