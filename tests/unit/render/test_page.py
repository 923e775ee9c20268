"""The issue as a template sees it: typeset, with placeholders, without its last link."""

from datetime import date

import pytest

from newsletter.errors import RenderError
from newsletter.issue import Link, Paragraph, Text, parse_issue, plain_text, source_from_text
from newsletter.render import Imprint, Theme, date_in_words
from newsletter.render.page import Page, make_page

TAG = "0" * 32


def page_of(text: str, publication: Imprint, *, path: str = "issues/2021-11-26.md") -> Page:
    issue = parse_issue(source_from_text(text, path=path))
    return make_page(issue, publication, Theme(), date(2021, 11, 26), tag=TAG)


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2021, 11, 26), "Friday 26 November 2021"),
        (date(2020, 7, 4), "Saturday 4 July 2020"),
        (date(2024, 2, 29), "Thursday 29 February 2024"),
        (date(2023, 1, 1), "Sunday 1 January 2023"),
    ],
)
def test_date_in_words_is_english(day: date, said: str) -> None:
    assert said == date_in_words(day)


def test_page_curls_quotation_marks_and_keeps_the_rest(publication: Imprint) -> None:
    page = page_of('# It\'s "here"\n\n9\u00a0b "c".\n\n## 1. X\'s\n\ny\n', publication)

    assert (Text(text="It’s “here”"),) == page.title
    assert (Paragraph(inlines=(Text(text="9\u00a0b “c”."),)),) == page.intro
    assert "X’s" == page.stories[0].headline_text


def test_page_skips_comments(publication: Imprint) -> None:
    page = page_of("# T\n\nIntro.\n\n## 1. A\n\nx\n\n<!-- not this -->\n\ny\n", publication)

    assert "x\n\ny" == plain_text(page.stories[0].body)


def test_page_takes_subject_and_preheader_from_the_front_matter(publication: Imprint) -> None:
    text = "---\nsubject: It's {{ x }}\npreheader: <b>p</b>\n---\n# T\n\nIntro.\n\n## 1. A\n\nx\n"
    page = page_of(text, publication)

    assert "It's {{ x }}" == page.subject
    assert "<b>p</b>" == page.preheader


def test_page_derives_subject_and_preheader_with_the_defaults_of_merge_fields(
    publication: Imprint,
) -> None:
    """Both are the same for every reader."""
    text = (
        '# For {{ first_name | default("you") }}\n\n'
        'Hello {{ first_name | default("there") }}, read on.\n\n## 1. A\n\nx\n'
    )
    page = page_of(text, publication)

    assert "For you" == page.subject
    assert "Hello there, read on." == page.preheader
    assert (Text(text=f"For zz{TAG}SLOT1zz"),) == page.title


def test_page_reports_a_bad_merge_field_with_its_place(publication: Imprint) -> None:
    with pytest.raises(RenderError, match=r"issues/2021-11-26\.md:5: .*shoe_size"):
        page_of("# T\n\nIntro.\n\n{{ shoe_size }}\n\n## 1. A\n\nx\n", publication)


@pytest.mark.parametrize(
    "body",
    [
        '[a](https://x.example/?n={{ first_name|default("x") }})',
        '![a](https://x.example/{{ first_name|default("x") }}.png)',
    ],
)
def test_page_refuses_a_merge_field_in_an_address(publication: Imprint, body: str) -> None:
    with pytest.raises(RenderError, match="there is a merge field in an address"):
        page_of(f"# T\n\nIntro.\n\n## 1. A\n\n{body}\n", publication)


def test_page_takes_a_word_like_a_placeholder_for_a_word(publication: Imprint) -> None:
    page = page_of("# T\n\nIntro zzSLOT2zz.\n\n## 1. A\n\nx\n", publication)

    assert "Intro zzSLOT2zz." == plain_text(page.intro)
    assert "Intro zzSLOT2zz." == page.preheader


@pytest.mark.parametrize(
    ("last", "found"),
    [
        ("[Read it](https://x.example/)", True),
        ("x\n\n[Read it](https://x.example/)", True),
        ("[Read it](https://x.example/)\n\n<!-- note -->", True),
        ("[Read it](https://x.example/).", False),
        ("See [this](https://x.example/)", False),
        ("[a](https://x.example/) [b](https://x.example/)", False),
        ("[![a](https://x.example/i.png)](https://x.example/)", False),
        ("[Read it](/here)", False),
        ("> [Read it](https://x.example/)", False),
        ("[Read it](https://x.example/)\n\nx", False),
    ],
)
def test_page_takes_out_a_last_link_that_stands_alone(
    publication: Imprint, last: str, found: bool
) -> None:
    (story,) = page_of(f"# T\n\nIntro.\n\n## 1. A\n\nw\n\n{last}\n", publication).stories

    assert found == (story.read_more is not None)
    assert not found or "Read it" not in plain_text(story.body)


def test_page_gives_the_button_the_footers_link_or_the_signup_page(
    publication: Imprint,
) -> None:
    start = "# T\n\nIntro.\n\n## 1. A\n\nx\n\n---\n\nSign up for our newsletter "

    assert (
        "https://x.example/" == page_of(start + "[here](https://x.example/).", publication).call_url
    )
    assert publication.signup_url == page_of(start + "here.", publication).call_url


def test_page_quotes_an_issues_name_for_its_address(publication: Imprint) -> None:
    page = page_of("# T\n", publication, path="issues/week 4/é?.md")

    assert "https://post.example.org/issues/%C3%A9%3F" == page.view_url


def test_page_has_placeholders_for_both_tokens(publication: Imprint) -> None:
    page = page_of("# T\n", publication)

    assert ["unsubscribe_token", "preferences_token"] == [
        placeholder.field for placeholder in page.placeholders
    ]
    assert f"https://post.example.org/unsubscribe/zz{TAG}SLOT1zz" == page.unsubscribe_url
    assert f"https://post.example.org/preferences/zz{TAG}SLOT2zz" == page.preferences_url


def test_page_keeps_a_headlines_number_or_counts(publication: Imprint) -> None:
    page = page_of("# T\n\nIntro.\n\n## 1. A\n\nx\n\n## 3. B\n\nx\n\n## C\n\nx\n", publication)

    assert [1, 3, 3] == [story.number for story in page.stories]


def test_read_more_is_the_link(publication: Imprint) -> None:
    (story,) = page_of(
        "# T\n\nIntro.\n\n## 1. A\n\n[Read *it*](https://x.example/)\n", publication
    ).stories

    assert isinstance(story.read_more, Link)
    assert "https://x.example/" == story.read_more.href
    assert () == story.body


@pytest.mark.parametrize(
    ("expected", "markdown"),
    [
        ("shop and pay", "shop\u00a0and\u202fpay"),
        ("25\u00a0million people", "25\u00a0million\u00a0people"),
        ("Vraiment\u202f?", "Vraiment\u202f?"),
    ],
)
def test_page_frees_words_that_pasting_tied_together(
    expected: str, markdown: str, publication: Imprint
) -> None:
    """A non-breaking space between two words only makes ragged lines; beside a figure it helps."""
    page = page_of(f"# Title\n\nIntro.\n\n## 1. One\n\n{markdown}\n", publication)

    assert (Paragraph(inlines=(Text(text=expected),)),) == page.stories[0].body
