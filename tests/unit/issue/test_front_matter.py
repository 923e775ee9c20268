"""Front matter: what is read, what is refused, and that a fault says where."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.check.diagnostic import Edit, Fix
from newsletter.check.fixes import apply_fixes
from newsletter.issue import Fault, Issue, parse_issue, source_from_text
from newsletter.issue.front_matter import MAX_CHARACTERS

BODY = "# T\n\nI.\n\n## 1. One\n\nA.\n\n---\nSign up for our newsletter.\n"


def parsed(front: str, *, path: str = "week.md") -> Issue:
    return parse_issue(source_from_text(f"---\n{front}\n---\n{BODY}", path=path))


def entries(issue: Issue) -> dict[str, str]:
    return {entry.key: entry.value for entry in issue.front_matter.entries}


def fault_of(issue: Issue) -> Fault:
    (fault,) = issue.front_matter.faults
    return fault


@pytest.mark.parametrize(
    ("front", "found"),
    [
        ("subject: Shelves that order", {"subject": "Shelves that order"}),
        ("subject: Harbour: shelves that order", {"subject": "Harbour: shelves that order"}),
        ("subject: a: b: c:", {"subject": "a: b: c:"}),
        ("subject: it's a: b", {"subject": "it's a: b"}),
        ("subject: “Take it”: Tilly’s", {"subject": "“Take it”: Tilly’s"}),
        ("subject: Shelves  #retail", {"subject": "Shelves #retail"}),
        ("subject: Harbour: shelves # 40", {"subject": "Harbour: shelves # 40"}),
        ("correction: Acme is #2; it is #1.", {"correction": "Acme is #2; it is #1."}),
        ("# a note\nsubject: Shelves\n\n# another", {"subject": "Shelves"}),
        ("subject: 'a: b # c'", {"subject": "a: b # c"}),
        ('subject: "a: b \\u2013 c"', {"subject": "a: b – c"}),
        ("subject: #1 of the week", {"subject": "#1 of the week"}),
        ("subject: @tillys opens", {"subject": "@tillys opens"}),
        ("subject: %off at Tilly’s", {"subject": "%off at Tilly’s"}),
        ("subject: *Live* shopping", {"subject": "*Live* shopping"}),
        ("subject: &x, and more", {"subject": "&x, and more"}),
        ("subject: !!str a", {"subject": "!!str a"}),
        ("subject: [Exclusive] a shop", {"subject": "[Exclusive] a shop"}),
        ("subject: {a: b}", {"subject": "{a: b}"}),
        ("subject: `a`, | b > c", {"subject": "`a`, | b > c"}),
        ("subject: 2021-11-26", {"subject": "2021-11-26"}),
        ("subject: ~", {"subject": "~"}),
        ('subject: "Bread" on demand', {"subject": '"Bread" on demand'}),
        ("subject: 'Bread' and 'butter'", {"subject": "'Bread' and 'butter'"}),
        ("subject: '90s shops are back", {"subject": "'90s shops are back"}),
        ("subject: 'It''s Friday'", {"subject": "It's Friday"}),
        ('subject: "Say \\"yes\\""', {"subject": 'Say "yes"'}),
        ("subject:Shelves", {"subject": "Shelves"}),
        ("\tsubject: Shelves\n\tdate: 2027-11-26", {"subject": "Shelves", "date": "2027-11-26"}),
        ("subject: Shelves\n  date: 2027-11-26", {"subject": "Shelves", "date": "2027-11-26"}),
        ('"subject": Shelves', {"subject": "Shelves"}),
        ("\u200bsubject: Shelves", {"subject": "Shelves"}),
        ("subjct: Shelves", {"subjct": "Shelves"}),
        ("pre header: Shelves", {"pre header": "Shelves"}),
        ("subject: 1,000 shops at 9:30", {"subject": "1,000 shops at 9:30"}),
        ("subject: yes", {"subject": "yes"}),
        ("subject: null", {"subject": "null"}),
        ("subject:", {"subject": ""}),
        ("subject: Shelves\n  that order", {"subject": "Shelves that order"}),
        ("subject: >\n  Shelves\n  that order", {"subject": "Shelves that order"}),
        ("subject:\u00a0Shelves", {"subject": "Shelves"}),
        ("subject:\tShelves", {"subject": "Shelves"}),
        ("subject:  Shelves\u00a0that\u00a0order ", {"subject": "Shelves that order"}),
        ("subject : Shelves", {"subject": "Shelves"}),
        ("Subject: Shelves", {"Subject": "Shelves"}),
        ("subject: Shelves 🎉: 40", {"subject": "Shelves 🎉: 40"}),
        ("a: b\nc: d\ne: f", {"a": "b", "c": "d", "e": "f"}),
        ("", {}),
        ("# only a note", {}),
    ],
)
def test_front_matter_is_read_as_keys_with_a_line_each(front: str, found: dict[str, str]) -> None:
    issue = parsed(front)

    assert found == entries(issue)
    assert () == issue.front_matter.faults
    assert "T" == (issue.title and issue.title.text)


@pytest.mark.parametrize("after", ["   ", "   \n# a note"])
def test_place_of_a_value_with_a_colon_ends_where_its_words_end(after: str) -> None:
    (subject,) = parsed(f"subject: It's on: shelves{after}").front_matter.entries

    assert (10, 26) == (subject.value_span.column, subject.value_span.end_column)


def test_front_matter_has_the_place_of_keys_and_values() -> None:
    issue = parsed("# note\nsubject: Harbour: shelves\npreheader: 'a'")
    subject, preheader = issue.front_matter.entries

    assert (3, 1, 8) == (
        subject.key_span.line,
        subject.key_span.column,
        subject.key_span.end_column,
    )
    assert (3, 10, 26) == (
        subject.value_span.line,
        subject.value_span.column,
        subject.value_span.end_column,
    )
    assert (4, 12) == (preheader.value_span.line, preheader.value_span.column)


def test_place_of_a_value_with_a_colon_ends_where_the_value_does() -> None:
    """The marks that YAML needs for it are not in the file."""
    issue = parsed("subject: Today's: shelves   \npreheader: it's: two   ")

    assert ["Today's: shelves", "it's: two"] == [
        issue.source.line(entry.value_span.line)[
            entry.value_span.column - 1 : entry.value_span.end_column - 1
        ]
        for entry in issue.front_matter.entries
    ]


ONE_LINE = "a value here is one line of text, not a list or more keys"
NO_KEY = "this line has no key before a colon"


@pytest.mark.parametrize(
    ("front", "line", "column", "what"),
    [
        ("subject:\n  - a", 3, 3, ONE_LINE),
        ("house:\n  stories: 6\nsubject: a", 3, 3, ONE_LINE),
        ("- a\n- b", 2, 1, NO_KEY),
        ("just a sentence", 2, 1, NO_KEY),
        ("<<: a\nsubject: a", 2, 1, NO_KEY),
        ("&x subject: a\ndate: 2027-11-26", 2, 1, NO_KEY),
        ("preheader: one line\nand its second half\nand a third", 3, 1, NO_KEY),
        ("subject Bread on demand", 2, 1, "the colon is missing after “subject”"),
        ("date: 2027-11-26\nsubject Why: the reason", 3, 1, "the colon is missing after “subject”"),
        ("date: 2027-11-26\npreheader also new", 3, 1, "the colon is missing after “preheader”"),
        ("subjct Bread\ndate: 2027-11-26", 2, 1, "the colon is missing after “subjct”"),
        ("subject = Bread", 2, 8, "there is “=” after “subject”, not a colon"),
        ("subject：Bread", 2, 8, "there is “：” after “subject”, not a colon"),
        ("- subject: Bread", 2, 1, "there is “-” before “subject”"),
        ("subject: a\nsubject: b", 3, 1, "the key “subject” is given twice"),
        (
            "subject: a\n\tb: c",
            3,
            2,
            "this line is indented, so it goes on with the line above, and it has a key",
        ),
        ('subject: "a\\r\\nBcc: b"', 2, 10, "the value holds a line break"),
        ('subject: "a\\nb"', 2, 10, "the value holds a line break"),
        ('subject: "a\\x07b"', 2, 10, "the value holds a control character"),
        ('subject: "a\\u2028b"', 2, 10, "the value holds a control character"),
        ("subject: a\x07b", 2, 10, "the value holds a control character"),
        ("date: 26 November 2027", 2, 7, "“26 November 2027” is not a date"),
        ("subject: a\ndate: 2027-11-31", 3, 7, "“2027-11-31” is not a date"),
        ("date: 26/11/2027", 2, 7, "“26/11/2027” is not a date"),
        ("date: 2027-11-26T07:00", 2, 7, "“2027-11-26T07:00” is not a date"),
        ("date:", 2, 6, "“” is not a date"),
    ],
)
def test_front_matter_refuses_with_the_place(front: str, line: int, column: int, what: str) -> None:
    issue = parsed(front)
    fault = fault_of(issue)

    assert (line, column, what) == (fault.span.line, fault.span.column, fault.what)
    assert fault.hint
    assert "T" == (issue.title and issue.title.text)


@pytest.mark.parametrize(
    ("front", "mended"),
    [
        ("subject Bread: now", "subject: Bread: now"),
        ("subject = Bread", "subject: Bread"),
        ("subject：Bread", "subject: Bread"),
        ("* subject: Bread", "subject: Bread"),
    ],
)
def test_a_fault_of_a_key_carries_its_repair_and_the_value_is_read(front: str, mended: str) -> None:
    issue = parsed(front)

    assert mended == repaired(issue).split("\n")[1]
    assert mended.removeprefix("subject: ") == issue.subject


def repaired(issue: Issue) -> str:
    edits = [
        Edit(span=at, text=put) for fault in issue.front_matter.faults for at, put in fault.repair
    ]
    return apply_fixes(issue.source.text, [Fix(title="", edits=tuple(edits))])


def test_front_matter_reads_on_below_a_line_that_is_wrong() -> None:
    issue = parsed("subject: Shelves\nwhat is this\ndate: 2027-11-26")

    assert {"subject": "Shelves", "date": "2027-11-26"} == entries(issue)


def test_front_matter_refuses_more_than_64_kilobytes() -> None:
    issue = parsed("subject: " + "x" * MAX_CHARACTERS)

    assert {} == entries(issue)
    assert "the front matter is longer than 65,536 characters" == fault_of(issue).what
    assert 1 == len(issue.stories)


def test_front_matter_takes_60_kilobytes() -> None:
    assert 60_000 == len(parsed("subject: " + "x" * 60_000).subject)


@pytest.mark.parametrize(
    "above",
    ["\ufeff", "\n", "\n\n", "\ufeff\n\u00a0\n"],
    ids=["byte-order mark", "blank line", "blank lines", "byte-order mark and blank lines"],
)
def test_front_matter_may_stand_below_a_mark_or_blank_lines(above: str) -> None:
    text = f"{above}---\nsubject: Shelves\ndate: soon\n---\n{BODY}"

    issue = parse_issue(source_from_text(text))

    assert "Shelves" == issue.subject
    assert "date: soon" == issue.source.line(fault_of(issue).span.line)
    assert "I." == issue.intro_text


@pytest.mark.parametrize(
    ("opening", "closing"), [("---", "..."), ("--- ", "---\t"), ("---\r", "---\r")]
)
def test_front_matter_knows_its_fences(opening: str, closing: str) -> None:
    issue = parse_issue(source_from_text(f"{opening}\nsubject: Shelves\n{closing}\n{BODY}"))

    assert "Shelves" == issue.subject
    assert "T" == (issue.title and issue.title.text)


@pytest.mark.parametrize(
    "text",
    [
        f"---\nsubject: Shelves\n\n{BODY}",
        f"---\nsubject: Shelves\n{BODY.replace('---', '')}",
        f"---\nsubject: Shelves\n\n{BODY.replace('## ', '').replace('# ', '')}",
    ],
)
def test_front_matter_that_is_not_closed_is_a_fault_and_the_stories_are_read(text: str) -> None:
    """Silence here would mail the keys as the intro."""
    issue = parse_issue(source_from_text(text))

    assert "the front matter is not closed" == fault_of(issue).what
    assert (1, 1, 4) == (
        fault_of(issue).span.line,
        fault_of(issue).span.column,
        fault_of(issue).span.end_column,
    )
    assert 1 == len(issue.stories)
    assert issue.footer


def test_front_matter_given_twice_is_a_fault() -> None:
    issue = parsed("subject: Shelves\n---\n\n---\ndate: 2027-11-26")

    assert "Shelves" == issue.subject
    assert "there is a second front matter" == fault_of(issue).what
    assert 5 == fault_of(issue).span.line


@pytest.mark.parametrize("text", ["---\n", "---", f"---\n\n{BODY}", f"---\nA sentence.\n{BODY}"])
def test_a_thematic_break_on_top_is_no_front_matter(text: str) -> None:
    issue = parse_issue(source_from_text(text))

    assert () == issue.front_matter.entries
    assert "the front matter is not closed" not in [f.what for f in issue.front_matter.faults]


def test_date_is_read_from_the_front_matter_before_the_file_name() -> None:
    issue = parsed("date: 2027-11-26", path="issues/2027-12-03.md")

    assert "2027-11-26" == str(issue.date)


@pytest.mark.parametrize(
    ("path", "day"),
    [
        ("issues/2027-12-03.md", "2027-12-03"),
        ("issues/2027-12-03-christmas.md", "2027-12-03"),
        ("issues/week-2027-12-03.txt", "2027-12-03"),
        ("2027-12-03/week.md", "None"),
        ("issues/2027-13-03.md", "None"),
        ("-", "None"),
    ],
)
def test_date_is_read_from_the_file_name_without_a_key(path: str, day: str) -> None:
    assert day == str(parsed("subject: a", path=path).date)


def test_date_that_is_none_is_not_replaced_by_the_file_name() -> None:
    assert parsed("date: soon", path="2027-12-03.md").date is None


LINE = st.text(
    st.sampled_from("aB1é£“’'\"-:;#,.&*!?|>%@`{}[] \t\u00a0😀\ufeff"), min_size=1, max_size=12
)


@given(LINE)
@settings(deadline=None)
def test_a_value_is_what_stands_on_its_line(value: str) -> None:
    issue = parsed(f"subject: a {value} b\npreheader: c")

    assert {"subject": " ".join(f"a {value} b".split()), "preheader": "c"} == entries(issue)
    assert () == issue.front_matter.faults


FENCES = [
    "—",
    "–",
    "----",
    "--",
    "- - -",
    "***",
    "___",
    "===",
    "~~~",
    "−−−",
    "———",
    "---yaml",
    "\\---",
]


@pytest.mark.parametrize("fence", FENCES)
def test_what_looks_like_a_fence_is_read_as_one_and_told_once(fence: str) -> None:
    text = f"{fence}\nsubject: Shelves\ndate: 2027-11-26\n{fence}\n{BODY}"
    issue = parse_issue(source_from_text(text))

    assert "Shelves" == issue.subject
    assert "I." == issue.intro_text
    assert 1 == fault_of(issue).span.line
    assert f"---\nsubject: Shelves\ndate: 2027-11-26\n---\n{BODY}" == repaired(issue)


@pytest.mark.parametrize(
    "fence",
    [
        "---\u200b",
        "\u200b---",
        "\ufeff\ufeff---",
        "  ---",
        "\t---",
        "---\u00a0",
        "-\u2060--",
        "\u200f---",
    ],
)
def test_what_nobody_sees_does_not_unmake_a_fence(fence: str) -> None:
    issue = parse_issue(source_from_text(f"{fence}\nsubject: Shelves\n---\n{BODY}"))

    assert "Shelves" == issue.subject
    assert () == issue.front_matter.faults
    assert "I." == issue.intro_text


@pytest.mark.parametrize(
    ("above", "below", "what"),
    [
        ("---", "—", "the line below the front matter is “—”, not three hyphens"),
        ("—", "---", "the line above the front matter is “—”, not three hyphens"),
        ("---", "----", "the line below the front matter is “----”, not three hyphens"),
        ("```yaml\n---", "---\n```", "the front matter stands in a code block"),
        ("```", "```", "the front matter stands in a code block"),
    ],
)
def test_fences_that_differ_are_one_fault_with_a_repair(above: str, below: str, what: str) -> None:
    issue = parse_issue(source_from_text(f"{above}\nsubject: Shelves\n{below}\n{BODY}"))

    assert ("Shelves", what) == (issue.subject, fault_of(issue).what)
    assert f"---\nsubject: Shelves\n---\n{BODY}" == repaired(issue)


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        (
            "subject: Shelves\ndate: 2027-11-26\n\n",
            "---\nsubject: Shelves\ndate: 2027-11-26\n---\n\n",
        ),
        ("subject: Shelves\n---\n", "---\nsubject: Shelves\n---\n"),
        (
            "Subject: Shelves\nDate: 2027-11-26\n\n",
            "---\nSubject: Shelves\nDate: 2027-11-26\n---\n\n",
        ),
        ("---\nsubject: Shelves\n\n", "---\nsubject: Shelves\n---\n\n"),
        ("—\nsubject: Shelves\n", "---\nsubject: Shelves\n---\n"),
        ('+++\nsubject = "Shelves"\n+++\n', '---\nsubject: "Shelves"\n---\n'),
    ],
)
def test_keys_without_their_fences_are_a_header_all_the_same(text: str, mended: str) -> None:
    issue = parse_issue(source_from_text(text + BODY))

    assert 1 == len(issue.front_matter.faults)
    assert "Shelves" == issue.front_matter.entries[0].value
    assert ("T", "I.") == (issue.title and issue.title.text, issue.intro_text)
    assert mended + BODY == repaired(issue)
    assert () == parse_issue(source_from_text(repaired(issue))).front_matter.faults


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("# T\n\n---\nsubject: Shelves\n---\n", 3, "the front matter is not on top"),
        ("<!-- a note -->\n---\nsubject: Shelves\n---\n", 2, "the front matter is not on top"),
        ("---\nsubject: S\n---\nnumber: 12\n", 4, "this key stands below the front matter"),
        ("---\nsubject: S\n---\n\n—\ndate: 2027-11-26\n—\n", 5, "there is a second front matter"),
    ],
)
def test_a_header_in_another_place_is_a_fault_there(text: str, line: int, what: str) -> None:
    fault = fault_of(parse_issue(source_from_text(text + BODY)))

    assert (line, what) == (fault.span.line, fault.what)


PROSE = [
    "---\n\nIt’s Friday: what a week.\n\n",
    "---\nIt’s Friday. What a week.\n\n",
    "---\nNote: we are late.\n\n",
    "***\n\nA sentence.\n\n***\n\n",
    "—\n\nA sentence: with a colon.\n\n—\n\n",
    "---\nA sentence.\n\nAnother one.\n\n---\n\n",
    "Date night: the shops are open\n\n",
    "Subject: to approval\n\n",
    "Author of the week is Ada\n\n",
]


@pytest.mark.parametrize("prose", PROSE)
def test_a_thematic_break_and_prose_are_no_header(prose: str) -> None:
    issue = parse_issue(source_from_text(prose + BODY.removeprefix("# T\n\n")))

    assert () == issue.front_matter.entries
    assert () == issue.front_matter.faults
    assert issue.title or issue.intro


@pytest.mark.parametrize("value", ["46  # the week of the barge"])
def test_a_note_behind_a_number_or_date_is_no_part_of_it(value: str) -> None:
    issue = parsed(f"number: {value}\ndate: 2027-11-26 # a Friday")

    assert (46, "2027-11-26") == (issue.number, str(issue.date))


@pytest.mark.parametrize("value", ["1", "46", "'46'", "99999"])
def test_number_is_read_as_a_whole_number(value: str) -> None:
    issue = parsed(f"number: {value}")

    assert int(value.strip("'")) == issue.number
    assert () == issue.front_matter.faults


@pytest.mark.parametrize(
    "value", ["0", "-1", "046", "100000", "4.6", "1,000", "XLVI", "''", "4 6", "٤٦", "46th", "true"]
)
def test_number_that_is_none_is_a_fault_in_its_place(value: str) -> None:
    issue = parsed(f"subject: a\nnumber: {value}")

    fault = fault_of(issue)
    assert issue.number is None
    assert f"“{value.strip(chr(39))}” is not an issue number" == fault.what
    assert (3, 9) == (fault.span.line, fault.span.column)
    assert "write a whole number such as 46, or take the line out" == fault.hint


def test_number_is_none_where_there_is_no_line_for_it() -> None:
    assert parsed("subject: a").number is None


def test_faults_of_date_and_number_are_both_kept() -> None:
    assert 2 == len(parsed("date: soon\nnumber: many").front_matter.faults)


@pytest.mark.parametrize(
    "front",
    [
        "correction: We wrote: it sinks. It floats.",
        "correction: >\n  We wrote: it sinks.\n  It floats.",
        "correction: |\n  We wrote: it sinks.\n  It floats.",
        'correction: "We wrote: it sinks.\n  It floats."',
    ],
)
def test_correction_is_one_paragraph_however_its_lines_are_broken(front: str) -> None:
    assert "We wrote: it sinks. It floats." == parsed(front).correction


def test_author_is_a_name_on_one_line() -> None:
    assert "Ada Lovelace" == parsed("author:  Ada   Lovelace ").author


@pytest.mark.parametrize("front", ["subject: S", "author:\ncorrection:"])
def test_author_and_correction_are_empty_where_none_is_given(front: str) -> None:
    assert ("", "") == (parsed(front).author, parsed(front).correction)


def test_author_given_twice_is_a_fault() -> None:
    """Whoever may not approve is one person."""
    issue = parsed("author: Ada\nauthor: Grace")

    assert "the key “author” is given twice" == fault_of(issue).what
