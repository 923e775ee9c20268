"""Our reading of plain CSS, held against cssutils, in whose place premailer gets it."""

import cssutils
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from newsletter.render.css_reader import read_declarations, read_rules


def pairs(css: str) -> list[tuple[str, str]]:
    return [
        (one.name, f"{one.value}!" if one.is_important else one.value)
        for one in read_declarations(css)
    ]


@pytest.mark.parametrize(
    ("css", "expected"),
    [
        ("", []),
        (" ; ;a;b:;:c", []),
        ("a:1;a:;a:!important", [("a", "1")]),
        ("A-B : 1 ;", [("a-b", "1")]),
        ("a:1;b:2;a:3", [("b", "2"), ("a", "3")]),
        ("a:1 ! Important;b:2;a:3", [("b", "2"), ("a", "1!")]),
        ("a:1;a:2!important", [("a", "2!")]),
        ("/* x:y; */a:1/* ; */", [("a", "1")]),
        ("a:/* never closed", []),
        ("font-family: Georgia,'Times New Roman' ,serif", 'Georgia, "Times New Roman", serif'),
        ("a:'say \"so\"'", "'say \"so\"'"),
        ("padding:0px 40px  0em\n0", "0 40px 0 0"),
        ("a:10px -0px 0% #0px x0px 0.0px", "10px -0px 0% #0px x0px 0.0px"),
        ("a:calc(0px + (1em - 0px))", "calc(0px + (1em - 0px))"),
        ("a:url(data:image/png;base64,A0px==) 0px", "url(data:image/png;base64,A0px==) 0"),
        ("a:'x;y:z' \"0px,1\"", '"x;y:z" "0px,1"'),
    ],
)
def test_read_declarations_reads(css: str, expected: list[tuple[str, str]] | str) -> None:
    if isinstance(expected, str):
        expected = [(css.partition(":")[0], expected)]

    assert expected == pairs(css)


def test_read_rules_reads_selectors_as_they_are_written() -> None:
    rules = list(read_rules("/* .x { } */\n.a p, .b\n{ c: 1; d: 2 }\n.e { }"))

    assert [(".a p, .b", ["c", "d"]), (".e", [])] == [
        (rule.selectors, [one.name for one in rule.declarations]) for rule in rules
    ]


NAMES = st.sampled_from(["color", "margin", "font-family", "Padding", "mso-hide", "-x-y"])
WORDS = st.sampled_from(
    [
        *("0", "0px", "12px", "-0.2px", "0.5", "100%", "#FFF", "#12ab9f", "RED", "auto"),
        *("Georgia", "'Times New Roman'", '"A, B"', "solid", "'C;D'", "url(a.png)"),
    ]
)
VALUES = st.builds(
    lambda words, glues: "".join(
        word + glue for word, glue in zip(words, [*glues[: len(words) - 1], ""], strict=True)
    ),
    st.lists(WORDS, min_size=1, max_size=4),
    st.lists(st.sampled_from([" ", ",", " , ", "  ", "\n"]), min_size=3, max_size=3),
)
DECLARATIONS = st.lists(
    st.builds(
        "{}{}:{}{}".format,
        NAMES,
        st.sampled_from(["", " "]),
        VALUES,
        st.sampled_from(["", " ", "!important", " ! important"]),
    ),
    max_size=6,
).map(";".join)


@given(css=DECLARATIONS)
def test_read_declarations_reads_what_cssutils_does(css: str) -> None:
    theirs = [
        (one.name, one.propertyValue.cssText + ("!" if one.priority else ""))
        for one in cssutils.parseStyle(css, validate=False)
    ]

    assert theirs == pairs(css)


@example(css="':;'")
@example(css="a(:;b:c):d")
@settings(max_examples=1000)
@given(css=st.text(st.sampled_from("ab:;{}()'\"/*!, 0px\n\\"), max_size=40))
def test_read_declarations_never_lets_a_value_out_of_its_place(css: str) -> None:
    """What is read once is read alike again, so that nothing hides in a value."""
    once = read_declarations(css)
    written = ";".join(f"{one.name}:{one.value}" for one in once if not one.is_important)

    assert tuple(one for one in once if not one.is_important) == read_declarations(written)
