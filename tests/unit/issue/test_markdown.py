"""Markdown to nodes, and the places of links and images."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from newsletter.issue import (
    Code,
    Emphasis,
    Heading,
    Image,
    LineBreak,
    Link,
    ListNode,
    Node,
    Paragraph,
    Quote,
    Strong,
    Text,
    parse_inlines,
    parse_issue,
    parse_markdown,
    plain_text,
    shorten,
    source_from_text,
)
from newsletter.issue.markdown import MAX_NESTING, without_comments


def text(words: str) -> Paragraph:
    return Paragraph(inlines=(Text(text=words),))


@pytest.mark.parametrize(
    ("markdown", "nodes"),
    [
        ("One", (text("One"),)),
        ("One\n\nTwo", (text("One"), text("Two"))),
        ("> One", (Quote(nodes=(text("One"),)),)),
        ("- One\n- Two", (ListNode(start=None, items=((text("One"),), (text("Two"),))),)),
        ("3. One\n4. Two", (ListNode(start=3, items=((text("One"),), (text("Two"),))),)),
        ("Things:\n- One", (text("Things:"), ListNode(start=None, items=((text("One"),),)))),
        ("### Why", (Heading(level=3, inlines=(Text(text="Why"),)),)),
        ("    One", (text("One"),)),
        ("<b>One</b>", (text("<b>One</b>"),)),
        ("<div>\nOne\n</div>", None),
        ("[a]: https://www.example.com/", (text("[a]: https://www.example.com/"),)),
        ("One\n---", None),
        ("&amp; &copy; &#8211;", (text("& © –"),)),
        ("Rag\u00a0& Bone", (text("Rag\u00a0& Bone"),)),
        ("[a](javascript:alert(1))", (text("[a](javascript:alert(1))"),)),
        ("www.example.com and https://www.example.com/", None),
    ],
)
def test_markdown_becomes_these_nodes(markdown: str, nodes: tuple[Node, ...] | None) -> None:
    """None stands for one paragraph of the words as they are, on one line."""
    found = parse_markdown(markdown)

    if nodes is not None:
        assert nodes == found
    else:
        assert isinstance(found[0], Paragraph)
        assert markdown.replace("\n", " ") == plain_text(found)


def test_marks_become_inline_nodes() -> None:
    found = parse_inlines("a *b* **c** `d` ![e](f 'g')\\\nh")

    assert Emphasis(children=(Text(text="b"),)) == found[1]
    assert Strong(children=(Text(text="c"),)) == found[3]
    assert Code(text="d") == found[5]
    assert isinstance(found[7], Image)
    assert ("f", "e", "g") == (found[7].src, found[7].alt, found[7].caption)
    assert LineBreak() == found[8]


def test_two_spaces_at_a_line_end_are_a_break_and_a_plain_end_is_a_space() -> None:
    assert "a b\nc" == plain_text(parse_markdown("a\nb  \nc"))


def test_links_hold_their_words_and_their_address() -> None:
    (link,) = parse_inlines("[**Read** on](https://www.example.com/a_(b)?c=d&e)")

    assert isinstance(link, Link)
    assert "https://www.example.com/a_(b)?c=d&e" == link.href
    assert (Strong(children=(Text(text="Read"),)), Text(text=" on")) == link.children


@pytest.mark.parametrize(
    ("alt", "found"),
    [
        ("A \\[B\\] C", "A [B] C"),
        ("a *b* `c` &amp; [d](e)", "a b c & d"),
        ("a ![b](c) d", "a b d"),
        ("a\nb\\\nc", "a b c"),
        ("", ""),
    ],
)
def test_alt_text_is_words_without_marks(alt: str, found: str) -> None:
    (image,) = parse_inlines(f"![{alt}](i.png)")

    assert isinstance(image, Image)
    assert found == image.alt


def test_quotes_are_curled_on_request_only() -> None:
    assert "“It’s”" == plain_text(parse_markdown('"It\'s"', typeset="en"))
    assert '"It\'s"' == plain_text(parse_markdown('"It\'s"'))


@pytest.mark.parametrize("opening", ["> ", "- ", "1. ", "*a ", "**a ", "_a ", "[a "])
def test_deep_nesting_is_read_to_some_depth_and_keeps_every_word(opening: str) -> None:
    closing = {"*a ": "b* ", "**a ": "b** ", "_a ": "b_ ", "[a ": "b](c) "}.get(opening, "")
    depth = 5 * MAX_NESTING

    found = plain_text(parse_markdown(opening * depth + "end " + closing * depth))

    assert opening.count("a") * depth == found.count("a")
    assert closing.count("b") * depth == found.count("b")


def test_deep_nesting_in_an_issue_is_no_fault_of_the_parser() -> None:
    text = "# T\n\nI.\n\n## 1. *" + "*a " * 999 + "b* " * 999 + "\n\n" + "> *a " * 999 + "b* " * 999

    assert 1 == len(parse_issue(source_from_text(text)).stories)


@pytest.mark.parametrize(
    ("markdown", "found"),
    [
        ("a<!-- b -->c", "ac"),
        ("<!-- a --><!-- b -->", ""),
        ("a <!-- b\nc --> d", "a  d"),
        ("a <!-- b", "a <!-- b"),
        ("a --> b <!-- c", "a --> b <!-- c"),
        ("<!--->a-->b", "b"),
        ("no comment", "no comment"),
    ],
)
def test_without_comments_drops_whole_comments_only(markdown: str, found: str) -> None:
    assert found == without_comments(markdown)


@pytest.mark.parametrize(
    ("line", "places"),
    [
        ("[a](https://e.com/x) end", ["[a](https://e.com/x)"]),
        ("[a](u) and [a](u)", ["[a](u)", "[a](u)"]),
        ("[a b](https://e.com/a_(b)) end", ["[a b](https://e.com/a_(b))"]),
        ('![a](i.png "cap") end', ['![a](i.png "cap")']),
        ("![](i.png)", ["![](i.png)"]),
        ("[![a](i.png)](https://e.com/)", ["[![a](i.png)](https://e.com/)", "![a](i.png)"]),
        (
            "[![a](i.png)](l) then [b](l)",
            ["[![a](i.png)](l)", "[b](l)", "![a](i.png)"],
        ),
        ("<https://e.com/x> end", ["<https://e.com/x>"]),
        ("a <https://e.com/x> [b](c)", ["<https://e.com/x>", "[b](c)"]),
        ("See https://e.com/x and [t](https://e.com/x)", ["[t](https://e.com/x)"]),
        ("[https://e.com/x](https://e.com/x)", ["[https://e.com/x](https://e.com/x)"]),
        ("[a](<https://e.com/a b>) end", ["[a](<https://e.com/a b>)"]),
        ("[x](https://e.com/ä?b) end", ["[x](https://e.com/ä?b)"]),
        ("[x](https://ö.de/) [y](https://ü.de/)", ["[x](https://ö.de/)", "[y](https://ü.de/)"]),
        ("[a] and [b](c)", ["[b](c)"]),
        ("[a [b] c](d)", ["[a [b] c](d)"]),
        ("[a]()", ["[a]()"]),
        ("> [a](b)", ["[a](b)"]),
        ("- [a](b)", ["[a](b)"]),
        ("<!-- [x](b) --> [a](c)", ["[a](c)"]),
        ("[![a](b.png)](b)", ["[![a](b.png)](b)", "![a](b.png)"]),
        ("[a](bc) [d](b)", ["[a](bc)", "[d](b)"]),
        ("[a \\] b](c) [d](c)", ["[a \\] b](c)", "[d](c)"]),
    ],
)
def test_links_and_images_have_their_places(line: str, places: list[str]) -> None:
    (story,) = parse_issue(source_from_text(f"# T\n\nI.\n\n## 1. One\n\n{line}\n")).stories

    spans = [link.span for link in story.links] + [image.span for image in story.images]
    assert [7] * len(places) == [span.line for span in spans]
    assert places == [line[span.column - 1 : span.end_column - 1] for span in spans]


def test_links_have_their_places_on_each_line_of_a_block() -> None:
    text = "# T\n\nI.\n\n## 1. One\n\n[a](u) and\nmore [b\nc](u) and\n[d](u)\n"
    (story,) = parse_issue(source_from_text(text)).stories

    assert [(7, 1, 7), (9, 1, 6), (10, 1, 7)] == [
        (link.span.line, link.span.column, link.span.end_column) for link in story.links
    ]


def test_link_that_cannot_be_placed_stands_for_its_block() -> None:
    text = "# T\n\nI.\n\n## 1. One\n\n[a](\nhttps://e.com/)\n\n[b](c)\n"
    (story,) = parse_issue(source_from_text(text)).stories

    assert (7, 1, 8) == (story.links[0].span.line, story.links[0].span.column, 8)
    assert 10 == story.links[1].span.line


@pytest.mark.parametrize(
    ("width", "found"),
    [
        (30, "One two, three four"),
        (19, "One two, three four"),
        (18, "One two, three…"),
        (10, "One two…"),
        (2, "O…"),
    ],
)
def test_shorten_cuts_after_a_word(width: int, found: str) -> None:
    assert found == shorten("One two,\n three four", width)
    assert len(found) <= width


PROSE = st.lists(
    st.one_of(
        st.text(
            st.sampled_from("aB1_& é“”'\"’–-.,:;!?()€$|=+/@{}\u00a0\u2028"), min_size=1, max_size=12
        ),
        st.sampled_from(
            [
                "[here](https://example.com)",
                "[Read on ](http://Example.COM/a_b/C?d=e_f,g)",
                "![no](https://example.com/x.png)",
                "[a b](https://example.com/a/)",
                "[](https://example.com)",
                "[x](https://example.com/%zz)",
                "[x](https://example.com//y)",
                "[x](https://1.2.3.4:99/y-z+1)",
                "[x](http://xn--a.example)",
                "> ",
                "\n",
                "*one*",
                "**two words**",
                " *one* ",
                "(**two**).",
                "**",
                "*",
                "_",
                "&amp;",
                "&b;",
                "&#8211;",
                "1. ",
                "- ",
                "\u00a0",
                "]",
                "!",
            ]
        ),
    ),
    min_size=1,
    max_size=5,
).map("".join)


@given(st.one_of(PROSE, st.text(max_size=20)))
@example("1. one")
@example("> 1. one")
@example("a&b &c; & d")
@example("a_b_c _d_")
@example("é_b_")
@example("> a [b](https://c.example)")
@example("12) twelve")
@example("a [b](https://c.example) [d](https://e.example).")
@example("![a](https://c.example)")
@example("a![b](https://c.example)")
@example("one\n1. two")
@example("one  \ntwo ")
@example("one\n- two")
@example("*a* **b c** (*d*).")
@example("**a**b **c *d* e**")
@example("M&S, A&B; &amp")
@example("A full stop and a fixed space.\u00a0")
@settings(max_examples=500)
def test_short_way_of_prose_says_what_markdown_it_says(markdown: str) -> None:
    """With the short way shut, the nodes are the same."""
    short = parse_markdown(markdown), parse_inlines(markdown)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("newsletter.issue.markdown.read_prose", lambda *_: None)
        long = parse_markdown(markdown), parse_inlines(markdown)

    assert long == short
