"""A value in a flowed text: it begins no quotation and ends no line softly."""

from dataclasses import replace
from email import message_from_bytes, policy

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from newsletter.issue import Placeholder
from newsletter.message import Composer, Reader, RenderedIssue, Sender
from newsletter.message.values import clean, isolated
from newsletter.render.flowed import encode, flow
from tests.flowed_reader import read_flowed

NAMES = tuple(Placeholder(mark=f"zzSLOT{n}zz", field=f"name_{n}", default="") for n in (1, 2))
words = st.sampled_from(["zzSLOT1zz", "zzSLOT2zz", "a", "> b", "From", "--", "harbour" * 3, "!"])
values = st.one_of(
    st.sampled_from(["", ">", "> a", "From", "From a", "-", "--", "-- ", " ", "a ", "Zoë", "אדם"]),
    st.text(max_size=150),
)


def sent_text(
    text: str, first: str, second: str, world: tuple[RenderedIssue, Sender, Reader]
) -> str:
    """The text part as Python's own parser has it."""
    rendered, sender, reader = world
    composer = Composer(replace(rendered, text=text, placeholders=NAMES), sender)
    fields = {**reader.fields, "name_1": first, "name_2": second}
    message = message_from_bytes(
        composer.compose(replace(reader, fields=fields)), policy=policy.SMTP + policy.strict
    )
    part = message.get_body(("plain",))
    assert part is not None
    assert ("flowed", "no") == (part.get_param("format"), part.get_param("delsp"))
    return str(part.get_content())


@pytest.fixture(scope="module")
def world(
    rendered: RenderedIssue, sender: Sender, reader: Reader
) -> tuple[RenderedIssue, Sender, Reader]:
    return rendered, sender, reader


@settings(deadline=None)
@given(st.lists(st.lists(words, min_size=1, max_size=30), min_size=1, max_size=4), values, values)
@example([["zzSLOT1zz", "zzSLOT2zz"], ["a", "zzSLOT1zz"]], "", "")
@example([["zzSLOT1zz", "a"]], "From", "")
@example([["a", "zzSLOT1zz", "zzSLOT2zz", "zzSLOT1zz"]], "", "b")
@example([["zzSLOT1zz"]], "> a", "")
@example([["zzSLOT1zz", "> b"]], "", "")
@example([["harbour" * 3] * 3 + ["zzSLOT1zz"], ["a"]], "", "")
def test_composer_keeps_paragraphs_apart_and_together_whatever_a_value_is(
    world: tuple[RenderedIssue, Sender, Reader], texts: list[list[str]], first: str, second: str
) -> None:
    paragraphs = [" ".join(text) for text in texts]
    flowed = encode([line for text in paragraphs for line in flow(text)])
    read = read_flowed(sent_text(f"{flowed}\n.", first, second, world))

    shown = {"zzSLOT1zz": isolated(clean(first)), "zzSLOT2zz": isolated(clean(second))}
    expected = []
    for text in paragraphs:
        for placeholder, value in shown.items():
            text = text.replace(placeholder, value)
        expected.append((0, " ".join(text.split())))
    assert [*expected, (0, ".")] == [(depth, " ".join(said.split())) for depth, said in read]


@pytest.mark.parametrize(
    ("expected", "text", "value"),
    [
        (" > a, b", "zzSLOT1zz, b", "> a"),
        ("From, b", "zzSLOT1zz, b", "From"),
        (" From b", "zzSLOT1zz b", "From"),
        ("Fromage b", "zzSLOT1zz b", "Fromage"),
        ("  b", "zzSLOT1zz b", ""),
        ("b\n> a", "b\nzzSLOT1zz", "> a"),
        ("a", "a zzSLOT1zz", ""),
        ("a b", "a zzSLOT1zz", "b"),
        ("a", "a zzSLOT1zz  zzSLOT1zz", ""),
        ("", "   zzSLOT1zz", ""),
        ("a \nb", "a zzSLOT1zz \nb", ""),
    ],
)
def test_composer_stuffs_and_trims_by_what_a_value_is(
    world: tuple[RenderedIssue, Sender, Reader], expected: str, text: str, value: str
) -> None:
    expected = expected.replace("\n>", "\n >")

    assert expected + "\n." == sent_text(f"{text}\n.", value, "", world).replace("\r\n", "\n")
