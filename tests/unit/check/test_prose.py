"""Prose: marks gone, what is no prose as one sign, and every character with its place."""

import re
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from newsletter.check.prose import OBJECT, Prose, passages, prose_of, read
from newsletter.issue import Issue, parse_issue, source_from_text

START = "# Two stories\n\nIt’s Friday.\n\n## 1. Shelves think\n\n"
END = "\n\n## 2. Tills rest\n\nCustomers walk out.\n"


def issue_of(body: str) -> Issue:
    return parse_issue(source_from_text(f"{START}{body}{END}"))


def proses(body: str) -> list[Prose]:
    issue = issue_of(body)
    return [prose for part in issue.stories[0].paragraphs for prose in read(issue.source, part)]


def texts(body: str) -> list[str]:
    return [prose.text.replace(OBJECT, "@") for prose in proses(body)]


@pytest.mark.parametrize(
    ("expected", "body"),
    [
        ("Milk is out.", "Milk is out."),
        ("Milk is out.", "**Milk** _is_ *out*."),
        ("Milk_and_bread * 2", "Milk_and_bread * 2"),
        ("Milk is out.", "[Milk](https://www.example.com/m) is [out](<a b> 'title')."),
        ("Milk [1] is out.", "Milk [1] is out."),
        ("Milk @ is out.", 'Milk ![alt [x](y) "](https://a.b/c.jpg "caption") is out.'),
        ("@ milk", "[![alt](https://a.b/c.jpg)](https://a.b) milk"),
        ("Milk  is out.", "Milk <!-- - not yet --> is out."),
        ("@, milk is out.", '{{ first_name | default("there") }}, milk is out.'),
        ("Milk @ is @, @.", "Milk `a  b` is <https://a.b>, https://a.b/c."),
        ("Fish @ chips & peas", "Fish &amp; chips & peas"),
        ("*Milk* is out.", r"\*Milk\* is out."),
        ("Milk\nis out.", "Milk\\\nis out."),
        ("See @ (@).", "See www.example.com/a_b (https://a.b/c)."),
    ],
)
def test_read_leaves_what_a_reader_reads(expected: str, body: str) -> None:
    assert [expected] == texts(body)


@pytest.mark.parametrize(
    ("expected", "body"),
    [
        (["milk", "bread\nand butter"], "- milk\n- bread\n  and butter"),
        (["milk", "bread"], "1. milk\n2) bread"),
        (["milk\nbread", "more"], "> milk\n> bread\n>\n> more"),
        (["Out:", "milk", "bread"], "Out:\n- milk\n- bread"),
        (["Out", "milk"], "### Out\n\nmilk"),
        (["milk\nbread"], "> milk\nbread"),
        (["milk", "bread"], "> - milk\n> - bread"),
    ],
)
def test_read_keeps_paragraphs_apart(expected: list[str], body: str) -> None:
    assert expected == [re.sub(r"\n +", "\n", text) for text in texts(body)]


def test_passages_are_the_parts_of_an_issue_in_order() -> None:
    issue = parse_issue(
        source_from_text(
            '---\nsubject: Milk\npreheader: "Bread"\n---\n# Two stories\n\nIt’s Friday.\n\n'
            "<!-- note -->\n\n## 1. Shelves\n\nThey think.\n\n## 2. Tills\n\nThey rest.\n\n"
            "---\nSign up for our newsletter.\n\nMore.\n"
        )
    )

    assert [
        *(["Milk"], ["Two stories"], ["It’s Friday."], ["Shelves"], ["They think."], ["Tills"]),
        *(["They rest."], ["Sign up for our newsletter."], ["More."]),
    ] == [[part.markdown for part in passage] for passage in passages(issue)]


def test_span_covers_marks_between_its_characters() -> None:
    (prose,) = proses("Milk is **out.**.")
    span = prose.span(prose.text.index(".."), len(prose.text))

    assert (7, 14, 7, 18) == (span.line, span.column, span.end_line, span.end_column)


def test_span_runs_over_lines() -> None:
    (prose,) = proses("> Milk is\n> *out* now")
    span = prose.span(prose.text.index("is"), prose.text.index("now"))

    assert (7, 8, 8, 9) == (span.line, span.column, span.end_line, span.end_column)


def test_without_takes_a_backslash_along() -> None:
    (prose,) = proses(r"Milk\.\.")

    assert [(5, 7), (7, 9)] == [
        (edit.span.column, edit.span.end_column) for edit in (prose.without(4), prose.without(5))
    ]


MARKDOWN = st.lists(
    st.sampled_from(
        [
            *("milk", " ", "\n", "*", "**", "_", "[", "](https://a.b)", "](", "![", ")", "(", "`"),
            *("\\", "<!--", "-->", "{{", "}}", "{{ first_name }}", "> ", "- ", "1. ", "# ", "\n\n"),
            *("https://a.b/c", "<https://a.b>", "&amp;", "&", "\u00a0", "“", '"', ".", "…", "é"),
        ]
    ),
    max_size=40,
).map("".join)


@settings(max_examples=300)
@given(MARKDOWN)
@example("a [b ![c](d) e](f) g")
@example("![[a](b)](c)d")
def test_every_character_stands_where_its_span_says(body: str) -> None:
    issue = parse_issue(source_from_text(f"{START}{body}{END}"))
    for prose in prose_of(issue, re.compile("")):
        spans = [prose.span(at, at + 1) for at in range(len(prose.text))]
        for sign, span in zip(prose.text, spans, strict=True):
            line = issue.source.line(span.line)
            source = line[span.column - 1 : span.column] or "\n"
            assert sign in (OBJECT, source)
        assert all(above < below for above, below in pairwise(spans))


def test_correction_is_prose_as_subject_and_preheader_are() -> None:
    front = "---\nsubject: One\npreheader: Two\ncorrection: Three\nauthor: Four\n---\n"
    issue = parse_issue(source_from_text(f"{front}{START}x{END}"))
    parts = [part.markdown for passage in passages(issue) for part in passage]

    assert ["One", "Two", "Three", "Two stories"] == parts[:4]
