"""An import keeps what it reads, or says what it left and where."""

import re

import pytest

from newsletter.importing import Imported, import_html, import_text
from newsletter.importing.words import lines_at, missing, placed_words, words_in
from newsletter.issue import ENGLISH, parse_issue, source_from_text

SENTENCE = "Sensors in branch {n} tell the warehouse what is low, and shelves order by themselves."


STRUCK = "words are struck through, as they were: see whether they should go"


def imported(page: str) -> Imported:
    return import_html(page.encode(), path="page.html", cues=ENGLISH)


def story_one(markup: str) -> Imported:
    return imported(
        f"<article><h1>The week</h1><p>It’s Friday.</p><h2>1. One</h2>{markup}"
        "<h2>2. Two</h2><p>The end.</p></article>"
    )


def body(markup: str) -> str:
    text = story_one(markup).text
    return text.partition("## 1. One\n\n")[2].partition("\n\n## 2.")[0]


def test_words_are_compared_without_marks_and_case() -> None:
    assert ["it", "s", "10", "6", "parcels"] == words_in("It’s **10** _6_ Parcels")
    assert 4 == len(words_in("店舗です"))
    assert 1 == missing(["a", "b", "b"], ["b", "a"])


def test_lines_are_those_of_the_words_walked_past() -> None:
    walked = words_in("one two three four two five")
    written = [*placed_words("# Title two\n\none two\n\nthree four\n\ntwo [five](https://x/two)")]

    assert [1, 3, 5, 7, 7] == lines_at([0, 2, 4, 5, 6], walked, written)


CELLS = "".join(
    f"<tr><td><b>{n}. Story {n}</b></td></tr><tr><td>{SENTENCE.format(n=n)}</td></tr>"
    for n in range(1, 6)
)
DIVS = "".join(f"<h2>{n}. Story {n}</h2><div>{SENTENCE.format(n=n)}</div>" for n in range(1, 6))
BREAKS = "<br><br>".join(f"{n}. Story {n}<br><br>{SENTENCE.format(n=n)}" for n in range(1, 6))
LARGE = "".join(
    f'<div style="font-size:22px;font-weight:bold">Story {n}</div><div>{SENTENCE.format(n=n)}</div>'
    for n in range(1, 6)
)
LEGAL = (
    "<p>You receive this because you signed up for it at news.example.com some time ago.</p>"
    "<p>Example Media Ltd, 1 Example Street, London, registered in England and in Wales too.</p>"
)
TALK = (
    "<p>Great read, thank you for it, I enjoyed every single story of this long week.</p>"
    "<p>I do not agree with the third story at all, barges are slow and cold in winter.</p>"
)


@pytest.mark.parametrize(
    "page",
    [
        f"<table><tr><td><table>{CELLS}</table></td></tr></table><table><tr><td>{LEGAL}</td></tr>",
        f"<center><table><tbody>{CELLS}</tbody></table></center>{LEGAL}",
        f"<div id=top><a href=/>Home</a></div><div>{DIVS}</div><div class=comments>{TALK}</div>",
        f"<div><div><div>{DIVS}</div></div></div><div id=disqus_thread>{TALK}</div>",
        f"<div>{BREAKS}</div><p>A paragraph of its own, that is long enough to count as prose.</p>",
        f"<body>{BREAKS}",
        f"<div>{LARGE}</div><ul><li>{TALK}</li></ul>",
        f"<main></main><div>{DIVS}</div>",
        f"<div>{BREAKS.replace('<br><br>', '<br>')}</div>",
        "<pre>" + BREAKS.replace("<br><br>", "\n\n") + "</pre>",
        "<p>" + re.sub(r"(\d\. Story \d)<br><br>", r"<b>\1</b><br>", BREAKS) + "</p>",
        f"<section><span>{DIVS}</span></section>",
    ],
    ids=[
        "mail",
        "centred",
        "divs",
        "nested",
        "breaks",
        "bare",
        "large type",
        "empty main",
        "lines",
        "pre",
        "bold lines",
        "span",
    ],
)
def test_stories_are_found_whatever_elements_hold_them(page: str) -> None:
    text = imported(f"<html><body>{page}").text

    issue = parse_issue(source_from_text(text), cues=ENGLISH)
    assert [f"Story {n}" for n in range(1, 6)] == [each.headline.text for each in issue.stories]
    assert [SENTENCE.format(n=n) for n in range(1, 6)] == [
        each.text.split("\n\n")[0] for each in issue.stories
    ]


def test_title_of_a_mail_is_its_line_in_large_type() -> None:
    page = (
        f'<title>Shop News</title><table><tr><td style="font-size:28px">The week</td></tr>{CELLS}'
    )

    assert imported(page).text.startswith("# The week\n\n## 1. Story 1\n")


@pytest.mark.parametrize("depth", [120, 300, 1900])
def test_what_stands_deep_and_what_stands_behind_it_is_kept(depth: int) -> None:
    deep = "<div>" * depth + "Deep <a href='https://x.example/'>words</a>." + "</div>" * depth

    found = body(f"{deep}<p>And after.</p>")

    assert "Deep" in found
    assert "[words](https://x.example/)." in found.replace("\n\n", " ").replace(") .", ").")
    assert found.endswith("And after.")


def test_deep_script_and_hidden_words_are_no_words() -> None:
    deep = "<div>" * 150 + "<script>no()</script><nav>no</nav><p>Yes.</p>" + "</div>" * 150

    assert "Yes." == body(deep)


@pytest.mark.parametrize(
    ("markup", "expected", "note"),
    [
        ("<p>10<sup>6</sup> in 40 m<sup>2</sup>.</p>", "10⁶ in 40 m².", ""),
        ("<p>H<sub>2</sub>O, x<sup>n+1</sup></p>", "H₂O, xⁿ⁺¹", ""),
        ("<p>The 1<sup>st</sup> of May</p>", "The 1st of May", ""),
        ("<p>m<span style='vertical-align:super'>2</span></p>", "m²", ""),
        ("<p>Acme<sup>TM</sup></p>", "Acme™", ""),
        (
            "<p>e<sup>xy</sup></p>",
            "e<sup>xy</sup>",
            "",
        ),
        ("<p>In <s>40</s> 60.</p>", "In <s>40</s> 60.", f"{STRUCK} (1), “40”: line 7"),
        ("<p>In <del>40</del> <ins>60</ins>.</p>", "In <s>40</s> 60.", f"{STRUCK} (1)"),
        ("<p><strike>One <b>two</b></strike></p>", "<s>One</s> **<s>two</s>**", f"{STRUCK} (2)"),
        (
            "<p>£<span style='text-decoration: line-through'>9</span>5.</p>",
            "£<s>9</s>5.",
            f"{STRUCK} (1)",
        ),
        ("<p>A.<span style='display:none'> B.</span></p>", "A.", "left out: hidden words (1)"),
        ("<style>.h{display:none}</style><p>A.<i class=h>B</i></p>", "A.", "left out: hidden"),
        ("<p hidden>B</p><p>A.</p>", "A.", "left out: hidden words (1), “B”: line 5"),
        (
            "<p>A <math><mi>x</mi><mo>=</mo><mn>1</mn></math>.</p>",
            "A .",
            "left out: equations (1), “x=1”: line 7",
        ),
        ("<p>A.</p><iframe src='https://v.example/1'></iframe>", "A.", "left out: videos"),
        ("<p>A.</p><video src=v.mp4>No</video>", "A.", "left out: videos, frames and drawings"),
        ("<p>A.</p><aside>By the way.</aside>", "A.", "left out: navigation and asides (1)"),
        ("<p>A.</p><button>Share</button>", "A.", "left out: buttons and forms (1), “Share”"),
    ],
)
def test_meaning_is_kept_or_its_loss_is_told(markup: str, expected: str, note: str) -> None:
    found = story_one(markup)

    assert expected == body(markup)
    assert (not note and not found.notes) or any(each.startswith(note) for each in found.notes)


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        (
            (
                "<p>Low.<sup><a href='#n1' id=r1>1</a></sup></p><ol><li id=n1>Says <i>Ada</i>. "
                "<a href='#r1'>↑</a></li></ol>"
            ),
            "Low. (Says *Ada*.)",
        ),
        (
            (
                "<p>Low<a href='#_ftn1' name='_ftnref1'>[1]</a>.</p><hr><div id=ftn1><p>"
                "<a href='#_ftnref1' name='_ftn1'>[1]</a> Says Ada.</p></div>"
            ),
            "Low (Says Ada.).",
        ),
        (
            (
                "<p>Low.<sup id=fnref:1><a href='#fn:1' class=footnote-ref>1</a></sup></p>"
                "<section class=footnotes><hr><ol><li id=fn:1><p>Says Ada. "
                "<a href='#fnref:1' role=doc-backlink>↩</a></p></li></ol></section>"
            ),
            "Low. (Says Ada.)",
        ),
        (
            (
                "<p>Low.<sup><a href='#a'>*</a></sup> High.<sup><a href='#b'>†</a></sup></p>"
                "<h3>Notes</h3><p id=a>* One.</p><p id=b>† Two.</p>"
            ),
            "Low. (One.) High. (Two.)",
        ),
        ("<p>Low.<sup><a href='#gone'>1</a></sup> High.</p>", "Low. High."),
        ("<p>See <a href='#part'>part 2</a>.</p><p id=part>Part.</p>", "See part 2.\n\nPart."),
    ],
)
def test_footnotes_stand_at_their_places(markup: str, expected: str) -> None:
    assert expected == body(markup)


@pytest.mark.parametrize(
    "markup",
    [
        (
            "<p>Low.<sup><a href='#cmnt1' id=cmnt_ref1>[a]</a></sup></p>"
            "<div><p><a href='#cmnt_ref1' id=cmnt1>[a]</a><span>Is this so?</span></p></div>"
        ),
        (
            "<p>Low.<a href='#_msocom_1' name='_msoanchor_1'>[AB1]</a></p><div class=msocomtxt><p>"
            "<a name='_msocom_1'></a><a href='#_msoanchor_1'>[AB1]</a>Is this so?</p></div>"
        ),
    ],
)
def test_editors_remarks_are_for_nobody_else(markup: str) -> None:
    found = story_one(markup)

    assert "Low." == body(markup)
    assert any(note.startswith("left out: comments of the word") for note in found.notes)


def test_footnote_is_placed_and_it_is_said() -> None:
    found = story_one("<p>A.<sup><a href='#n'>1</a></sup></p><p id=n>1. Note.</p>")

    assert "A. (Note.)" in found.text
    assert ("footnotes stand in brackets at their places (1): line 7",) == found.notes
    assert not found.is_torn


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<p>• One</p><p>• Two</p>", "- One\n- Two"),
        ("<p>Do:<br>• One<br>• Two</p>", "Do:\n\n- One\n- Two"),
        ("<p>·&nbsp;&nbsp; One</p><p>·&nbsp;&nbsp; Two</p>", "- One\n- Two"),
        ("<div>- One<br>- Two</div>", "- One\n- Two"),
        ("<p>▪ <b>One</b> thing</p>", "- **One** thing"),
        ("<p>– One sentence alone.</p>", "– One sentence alone."),
    ],
)
def test_bullets_that_were_typed_are_lists(markup: str, expected: str) -> None:
    assert expected == body(markup)


@pytest.mark.parametrize(
    "pasted", ["•\tOne\n•\tTwo\n", "• One\n\n• Two\n", "·\tOne\n·\tTwo\n", "● One\n● Two\n"]
)
def test_bullets_that_were_pasted_are_lists(pasted: str) -> None:
    text = f"The week\n\nIt’s Friday.\n\n1. One\n\nDo this:\n\n{pasted}\n2. Two\n\nEnd.\n"

    found = import_text(text.encode(), path="-", cues=ENGLISH)

    assert "Do this:\n\n- One\n- Two\n\n## 2. Two" in found.text
    assert not found.is_torn


HOURS = "<tr><th>Day</th><th>Hours</th></tr><tr><td>Monday</td><td>9–17</td></tr>"


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        (f"<table>{HOURS}</table>", "- **Day** · **Hours**\n- Monday · 9–17"),
        (
            "<table><tr><td>Mo</td><td>9</td></tr><tr><td><p>Tu</p></td><td>10</td></tr></table>",
            "- Mo · 9\n- Tu · 10",
        ),
        (f"<table role=presentation>{HOURS}</table>", "**Day**\n\n**Hours**"),
    ],
)
def test_table_of_figures_is_a_list(table: str, expected: str) -> None:
    assert body(table).startswith(expected) or "presentation" in table


def test_table_is_told_with_its_line() -> None:
    found = story_one(f"<p>Opening hours.</p><table>{HOURS}</table>")

    assert ("tables are lists now, a row an item (1): line 9",) == found.notes


def test_linked_picture_keeps_its_link_and_counters_stay_out() -> None:
    markup = (
        "<p><a href='https://x.example/gallery'><img src='https://x.example/b.jpg' alt='A till'>"
        "</a></p><img src='https://t.example/open.gif?id=9' width=1 height=1>"
        "<img src='https://t.example/o' style='width:1px;height:1px'>"
        "<img src='https://t.example/wf/open?u=3'>"
    )

    found = story_one(markup)

    assert "[![A till](https://x.example/b.jpg)](https://x.example/gallery)" == body(markup)
    assert ("left out: tracking pixels (3): line 7",) == found.notes


@pytest.mark.parametrize(
    "markup",
    [
        "<p>Dear {{ first_name }}, hello.</p>",
        "<p>Dear {{first_name|default('x')}}, <b>{% if x %}</b> {# no #}</p>",
        "<p>Dear {<b></b>{ first_name }}</p>",
        "<p><img src='https://x.example/a.png' alt='{{ first_name }}' title='{{ x }}'></p>",
        "<p><a href='https://x.example/{{ first_name }}'>x {{ first_name }}</a></p>",
    ],
)
def test_live_merge_field_of_a_stranger_is_plain_text(markup: str) -> None:
    from newsletter.issue import find_merge_fields

    text = story_one(markup).text

    assert [] == [*find_merge_fields(text)]
    assert "first\\_name" in text or "first_name" in text


def test_words_that_classes_mark_are_marked() -> None:
    """As Google Docs writes them, links by way of Google and all."""
    page = (
        "<style>.c1{font-weight:700}.c2{font-style:italic;color:#000}.c3{vertical-align:super}"
        "@media print{.c4{display:none}}</style><h1>T</h1><h2>1. One</h2>"
        "<p><span class=c4>A </span><span class=c1>bold</span><span> and </span>"
        "<span class='c0 c2'>slanted</span> m<span class=c3>2</span> "
        "<a href='https://www.google.com/url?q=https://x.example/a&amp;sa=D&amp;usg=A'>word</a>.</p>"
    )

    found = imported(page)

    assert "A **bold** and *slanted* m² [word](https://x.example/a)." in found.text
    assert any(note.startswith("links lead straight to their pages") for note in found.notes)


def test_another_senders_words_beside_the_article_are_counted() -> None:
    found = imported(
        f"<article><h1>T</h1>{DIVS}</article><div>{TALK}</div><div>{TALK}{LEGAL}</div>"
    )

    assert found.is_torn
    assert any(note.startswith("left out: words beside the article (") for note in found.notes)


@pytest.mark.parametrize(
    ("page", "kind"),
    [
        (f"<aside>{LEGAL}</aside>", "navigation and asides (30 words)"),
        (f"<div hidden>{LEGAL}</div>", "hidden words (30 words)"),
        (f"<footer>{LEGAL}</footer>", "footers (30 words)"),
        (f"<form>{LEGAL}</form>", "buttons and forms (30 words)"),
    ],
)
def test_page_that_is_left_out_whole_is_told(page: str, kind: str) -> None:
    found = imported(f"<body>{page}<p>Hello.</p></body>")

    assert found.is_torn
    assert f"left out: {kind}" in found.notes


def test_talk_below_an_article_is_left_out_and_told() -> None:
    found = imported(f"<div>{DIVS}</div><div class=comments>{TALK}</div>")

    assert "barges" not in found.text
    assert "left out: readers’ comments and buttons for sharing (32 words)" in found.notes


def test_page_of_nothing_but_asides_is_torn() -> None:
    assert imported(f"<aside>{LEGAL}</aside><p>Hello.</p>").is_torn
    assert not imported(f"<nav>Home, News</nav><article><h1>T</h1>{DIVS}</article>").is_torn


@pytest.mark.parametrize(
    "block",
    [
        "<p>Not for you? <a href='https://x.example/u?id=1'>Unsubscribe</a> at any time.</p>",
        "<td><a href='https://x.example/v'>View this e-mail in your browser</a></td>",
        "<div>Kein Interesse? <a href='https://x.example/u'>Hier abmelden</a></div>",
        "<p><a href='https://x.example/optout/unsubscribe/77'>Stop these mails</a></p>",
    ],
)
def test_links_that_are_another_senders_own_are_left_out(block: str) -> None:
    found = story_one(f"<p>Kept.</p>{block}")

    assert "x.example" not in found.text
    assert any(note.startswith("left out: another sender’s links") for note in found.notes)
