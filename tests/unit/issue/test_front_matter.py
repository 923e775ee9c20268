"""Front matter: what is read, what is refused, and that a fault says where."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

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
        ("subject: Shelves  # 40 of them", {"subject": "Shelves"}),
        ("subject: Harbour: shelves  # 40", {"subject": "Harbour: shelves"}),
        ("# a note\nsubject: Shelves\n\n# another", {"subject": "Shelves"}),
        ("subject: 'a: b # c'", {"subject": "a: b # c"}),
        ('subject: "a: b \\u2013 c"', {"subject": "a: b – c"}),
        ('subject: "a\\r\\nBcc: b"', {"subject": "a Bcc: b"}),
        ("subject: #1 of the week", {"subject": ""}),
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


@pytest.mark.parametrize("after", ["   ", "  # a note", "   \n# a note"])
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
    issue = parsed("subject: Today's: shelves   # a note\npreheader: it's: two   ")

    assert ["Today's: shelves", "it's: two"] == [
        issue.source.line(entry.value_span.line)[
            entry.value_span.column - 1 : entry.value_span.end_column - 1
        ]
        for entry in issue.front_matter.entries
    ]


NOT_ALLOWED = "YAML aliases and anchors are not allowed here"
ONE_LINE = "a value here is one line of text, not a list or a mapping"


@pytest.mark.parametrize(
    ("front", "line", "column", "what"),
    [
        ("subject: a\npreheader: &x b", 3, 12, NOT_ALLOWED),
        ("subject: *x", 2, 10, NOT_ALLOWED),
        ("&x subject: a", 2, 1, NOT_ALLOWED),
        ("<<: {subject: a}", 2, 1, "YAML merge keys are not allowed here"),
        ("<<: a", 2, 1, "YAML merge keys are not allowed here"),
        ("subject: !!str a", 2, 10, "YAML tags are not allowed here"),
        ("subject: !!python/object/apply:os.system [ls]", 2, 10, ONE_LINE),
        ("subject: [a, b]", 2, 10, ONE_LINE),
        ("subject: {a: b}", 2, 10, ONE_LINE),
        ("subject:\n  - a", 3, 3, ONE_LINE),
        ("house:\n  stories: 6\nsubject: a", 3, 3, ONE_LINE),
        ("- a\n- b", 2, 1, "the front matter is not a mapping of keys to values"),
        ("just a sentence", 2, 1, "the front matter is not a mapping of keys to values"),
        ("subject:Shelves", 2, 1, "the front matter is not a mapping of keys to values"),
        ("subject: a\nsubject: b", 3, 1, "the key “subject” is given twice"),
        ('subject: "a\\x07b"', 2, 10, "the value holds a control character"),
        ('subject: "a\\u2028b"', 2, 10, "the value holds a control character"),
        ("subject: a\x07b", 1, 1, "the front matter holds a character that YAML does not allow"),
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
    ("front", "line", "column"),
    [
        ("subject: @tillys opens", 2, 10),
        ("subject: %off at Tilly’s", 2, 10),
        ("date: 2027-11-26\nsubject: 'Take it' at Tilly’s", 3, 20),
        ("subject: {{ first_name }}, hello", 2, 26),
        ("subject: [a, b", 3, 1),
        ("subject: a\n\tb: c", 3, 1),
    ],
)
def test_front_matter_says_where_it_cannot_be_read(front: str, line: int, column: int) -> None:
    fault = fault_of(parsed(front))

    assert fault.what.startswith("the front matter cannot be read: ")
    assert "quotation marks" in fault.hint
    assert (line, column) == (fault.span.line, fault.span.column)


def test_front_matter_keeps_what_stands_above_a_refused_value() -> None:
    issue = parsed("subject: Shelves\npreheader: [a]\ndate: 2027-11-26")

    assert {"subject": "Shelves"} == entries(issue)


def test_front_matter_refuses_more_than_64_kilobytes() -> None:
    issue = parsed("subject: " + "x" * MAX_CHARACTERS)

    assert {} == entries(issue)
    assert "the front matter is longer than 65,536 characters" == fault_of(issue).what
    assert 1 == len(issue.stories)


def test_front_matter_takes_60_kilobytes() -> None:
    assert 60_000 == len(parsed("subject: " + "x" * 60_000).subject)


@pytest.mark.timeout(2)
def test_front_matter_refuses_an_alias_bomb_at_once() -> None:
    """Nothing is ever constructed, so the bomb is a few events and one fault."""
    bomb = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"{name}: &{name} [{', '.join([f'*{chr(ord(name) - 1)}'] * 9)}]\n" for name in "bcdefghijk"
    )

    assert NOT_ALLOWED == fault_of(parsed(bomb)).what


def test_front_matter_that_is_nested_deeply_is_one_fault() -> None:
    assert ONE_LINE == fault_of(parsed("subject: " + "[" * 60 + "]" * 60)).what


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


VALUES = st.text(
    st.sampled_from("aB1é£“’'\"-:;#,.&*!?|>%@`{}[] \t\u00a0\u0085\u2028😀\ufeff\x07"), max_size=12
)
KEYS = st.sampled_from(["subject", "date", "preheader", "k" * 70, "y", "null", "Ä", "a b", "-"])
FRONT_LINES = st.one_of(
    st.tuples(KEYS, st.sampled_from([": ", ":", " : ", ":  "]), VALUES).map("".join),
    VALUES,
    st.text(max_size=8),
)


@given(st.lists(FRONT_LINES, max_size=4).map("\n".join))
@example("subject: a: b's: c\ndate: 2021-11-26")
@example("subject: a: b  ")
@example("subject: a: it's b \u00a0")
@example("subject: a\nsubject: b")
@example("subject: a\n b: c")
@settings(deadline=None, max_examples=500)
def test_short_way_of_front_matter_says_what_yaml_says(front: str) -> None:
    """With the short way shut, entries, faults and places are the same."""
    short = parsed(front).front_matter
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("newsletter.issue.front_matter._plain_entries", lambda *_: ())
        long = parsed(front).front_matter

    assert long == short


def test_front_matter_of_many_brackets_is_one_fault() -> None:
    fault = fault_of(parsed("subject: " + "[" * 5000))

    assert "a value here is one line of text, not a list or a mapping" == fault.what


@pytest.mark.parametrize("value", ["1", "46", "'46'", "99999", "46  # the week of the barge"])
def test_number_is_read_as_a_whole_number(value: str) -> None:
    issue = parsed(f"number: {value}")

    assert int(value.strip("'").split()[0]) == issue.number
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
