"""What is flowed comes back as it was, when somebody else reads it by RFC 3676."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from newsletter.issue import Node, Paragraph, Text, parse_issue, source_from_bytes
from newsletter.render import Rendered
from newsletter.render.flowed import COLUMNS, SIGNATURE, Line, encode, flow, width
from tests.flowed_reader import read_flowed

ROOT = Path(__file__).parents[3]
ISSUES = sorted((ROOT / "issues").glob("*.md"))
SEEDS = sorted((ROOT / ".." / "shared" / "seeds").glob("00*.txt"))

TAG = "0123456789abcdef" * 2

words = st.one_of(
    st.sampled_from(["a", ">", ">>", "From", "-", "--", "---", ".", "harbour", "é", "\u00a0", "|"]),
    st.sampled_from(
        ["<https://example.org/" + "y" * 90 + ">", f"zz{TAG}SLOT1zz", "<a@b.example>."]
    ),
    st.text(min_size=1, max_size=12).filter(lambda word: not re.search(r"[ \t\r\n]", word)),
)
paragraphs = st.lists(words, min_size=1, max_size=60).map(" ".join)


@settings(deadline=None)
@given(st.lists(paragraphs, min_size=1, max_size=6))
@example(["-- " + "<https://example.org/" + "y" * 90 + ">"])
@example([f"zz{TAG}SLOT1zz <https://example.org/" + "y" * 90 + "> a"])
@example(["> a From b", "From here", "a " * 40 + "> b", "a " * 35 + "From b"])
@example(["-- " * 40])
def test_encode_gives_the_same_paragraphs_when_read_by_another(texts: list[str]) -> None:
    lines = [line for text in texts for line in flow(text)]

    assert [(0, text.rstrip(" ")) for text in texts] == read_flowed(encode(lines))


@given(paragraphs)
def test_flow_keeps_to_its_columns_unless_a_line_holds_an_address_or_a_placeholder(
    text: str,
) -> None:
    sent = encode(flow(text)).split("\n")

    free = [line for line in sent if "<" not in line and TAG not in line]
    assert all(width(line) <= COLUMNS + 2 for line in free), "a stuffing and a soft end's space"


@given(st.text(max_size=400), st.integers(min_value=2, max_value=80))
@example("購" * 100, 7)
@example("e" + "\u0301" * 300, 5)
@example("👩‍👩‍👧‍👦" * 40, 10)
def test_flow_loses_no_character_whatever_the_text(text: str, columns: int) -> None:
    lines = flow(text, columns=columns)
    said = "".join(re.split(r"[ \t\n]+", "".join(line.text for line in lines)))

    assert "".join(re.split(r"[ \t\n]+", text)) == said


def test_flow_cuts_a_word_by_fixed_breaks_so_that_no_space_comes_into_it() -> None:
    """Chinese has no spaces, and with `delsp=no` a soft break would bring one."""
    assert [Line("購物" * 2), Line("購物")] == flow("購物購物購物", columns=8)


def test_flow_never_parts_what_is_seen_as_one_character() -> None:
    assert [Line("👩‍👧"), Line("👩‍👧")] == flow("👩‍👧👩‍👧", columns=3)
    assert ["e\u0301" * 3, "e\u0301"] == [line.text for line in flow("e\u0301" * 4, columns=3)]


def test_flow_gives_an_address_a_line_to_itself() -> None:
    address = "<https://x.example/>."
    expected = [Line("See", is_soft=True), Line(address, is_soft=True), Line("Or not")]

    assert expected == flow(f"See {address} Or not")


@pytest.mark.parametrize("word", ["--", f"zz{TAG}SLOT1zz"])
def test_flow_leaves_no_word_alone_that_could_become_a_signature(word: str) -> None:
    """Two hyphens and a soft end are one, and a reader may be called two hyphens."""
    assert [Line(f"{word} <https://x.example/>")] == flow(f"{word} <https://x.example/>")


def test_flow_keeps_fixed_what_the_editor_broke() -> None:
    assert [Line("a"), Line("b")] == flow("a\nb")


@pytest.mark.parametrize(
    ("expected", "line"),
    [
        (" > a", Line("> a")),
        (" From a", Line("From a")),
        ("   a", Line("  a")),
        ("Fromage", Line("Fromage")),
        ("a", Line("a  ")),
        ("a ", Line("a", is_soft=True)),
        ("", Line("", is_soft=True)),
        ("-- ", Line(SIGNATURE)),
        ("--", Line("--")),
    ],
)
def test_encode_writes_rfc_3676_when_given(expected: str, line: Line) -> None:
    assert expected == encode([line])


@pytest.mark.parametrize("path", [*ISSUES, *SEEDS], ids=lambda path: path.stem)
def test_text_part_gives_back_every_paragraph_of_an_issue(
    render: Callable[..., Rendered], path: Path
) -> None:
    issue = parse_issue(source_from_bytes(path.read_bytes(), path=str(path)))
    read = [said for _, said in read_flowed(render(issue.source.text).text)]

    said = {_straight(one) for one in read}
    wanted = [
        _straight(one)
        for story in issue.stories
        for block in story.paragraphs
        for one in map(_lone_text, block.nodes)
        if one
    ]
    assert wanted
    assert [] == [one for one in wanted if one not in said]
    assert "-- " in read
    assert all(depth == 0 for depth, _ in read_flowed(render(issue.source.text).text))


def _lone_text(node: Node) -> str | None:
    match node:
        case Paragraph(inlines=(Text(text=text),)):
            return text
        case _:
            return None


def _straight(text: str) -> str:
    """Without what the typesetter changes: quotation marks, and spaces of other kinds."""
    for typeset, typed in (("“", '"'), ("”", '"'), ("’", "'"), ("‘", "'"), ("…", "...")):
        text = text.replace(typeset, typed)
    return " ".join(text.split())
