"""What is nearly a link is told once, in its place, and mended where it is sure what was meant."""

import pytest

from newsletter.check import Context, Diagnostic, HouseFormat, all_rules, check_issue
from newsletter.check.fixes import fix_text
from newsletter.issue import Image, Issue, Link, parse_issue, source_from_text, walk_inlines

RULES = all_rules()
HEAD = "# The stories\n\nIt’s Friday.\n\n## 1. One\n\n"
FOOT = "\n\n---\nSign up for our free retail technology newsletter [here](https://a.example/).\n"
OF_LINKS = {"near-link", "bare-url", "link-scheme", "image-source", "left-over-markup"}


def found(issue: Issue) -> list[Diagnostic]:
    context = Context(house=HouseFormat())
    return [item for item in check_issue(issue, RULES, context) if item.slug in OF_LINKS]


def said(body: str) -> list[Diagnostic]:
    return found(parse_issue(source_from_text(HEAD + body + FOOT)))


def mended(body: str) -> str:
    return fix_text(HEAD + body + FOOT, found).removeprefix(HEAD).removesuffix(FOOT)


URL = "https://www.example.com/a"
LINK = f"[words]({URL})"


@pytest.mark.parametrize(
    ("body", "after"),
    [
        (f"[words]({URL} b c)", f"[words]({URL}%20b%20c)"),
        (f"[words]({URL} b_(c) d)", f"[words]({URL}%20b_(c)%20d)"),
        (f'![A till]({URL} b.jpg "Till")', f'![A till]({URL}%20b.jpg "Till")'),
        (f"![A till]({URL}.jpg “Till”)", f'![A till]({URL}.jpg "Till")'),
        (f"![A till]({URL}.jpg «Till»)", f'![A till]({URL}.jpg "Till")'),
        (f"[words]({URL[:20]}\n{URL[20:]})", LINK),
        (f"[words]\n({URL})", LINK),
        (f"[words] ({URL})", LINK),
        (f"[words]\u00a0({URL})", LINK),
        (f"[words({URL})", LINK),
        (f"[words]{URL})", LINK),
        (f"[words]({URL}. More", f"{LINK}. More"),
        (f"[words]({URL}", LINK),
        (f"[[words]]({URL})", LINK),
        (f"[words]]({URL})", LINK),
        (f"[words](({URL}))", LINK),
        (f"[words](({URL})", LINK),
        (f"[words]({URL}))", LINK),
        (f"(words)[{URL}]", LINK),
        (f"!(words)[{URL}]", f"!{LINK}"),
        (f"[words]{{{URL}}}", LINK),
        (f"［words］（{URL}）", LINK),
        (f"[words]（{URL}）", LINK),
        (f"[words](“{URL}”)", LINK),
        (f'[words]("{URL}")', LINK),
        (f"[words]('{URL}')", LINK),
        (f"! [words]({URL}.jpg)", f"![words]({URL}.jpg)"),
        (f"!\n[words]({URL}.jpg)", f"![words]({URL}.jpg)"),
        (f"![]({URL}.jpg", f"![]({URL}.jpg)"),
        (f"[words][{URL}]", LINK),
        (f"[words] [{URL}]", LINK),
        (f"({URL})[words]", LINK),
        (f"[words)({URL})", LINK),
        (f"[words}}({URL})", LINK),
        (f"[words]({URL}]", LINK),
        (f"[words](<{URL})", LINK),
        (f"[words](‹{URL}›)", LINK),
        (f"[{LINK}", LINK),
        (f"{LINK}]", LINK),
        (f"<{URL}|words>", LINK),
        (f"[words|{URL}]", LINK),
        (f"[{URL} words]", LINK),
        (f"[[{URL}][words]]", LINK),
        (f'"words":{URL}', LINK),
        (f"{URL}[words]", LINK),
        (f"[url={URL}]words[/url]", LINK),
    ],
)
def test_a_near_link_is_one_error_and_becomes_the_link_that_was_meant(
    body: str, after: str
) -> None:
    assert ["near-link"] == [item.slug for item in said(body)]
    assert after == mended(body)
    assert [] == said(after)


@pytest.mark.parametrize(
    ("body", "column"),
    [
        ("See ![x](C:\\Users\\me\\my tram.jpg)", 5),
        ("See [x](\\\\server\\my plans\\plan.pdf)", 5),
        (f"See words]({URL})", 10),
        ("See [words](the list below)", 5),
        (f"See [x]({URL} or {URL})", 5),
        ("See [[Page]]", 5),
        ("See ![[page.png]]", 5),
        ("See ![words]", 5),
        ("See <www.example.com>", 5),
        (f"See <{URL} b>", 5),
        ("See [the list][list]", 5),
        ("See [x](my plan.pdf)", 5),
        ("See ![x](my plan.png)", 5),
        ("See ![x](\\\\server\\my plans\\plan.png)", 5),
        ("See [x](C:\\.plans\\my plan.pdf)", 5),
        ("See ![x](/Users/me/my plan.png)", 5),
        (f"See [x]({URL} Plan)", 5),
    ],
)
def test_a_near_link_of_which_one_is_not_sure_is_told_alone(body: str, column: int) -> None:
    (item,) = said(body)

    assert ("near-link", column, None) == (item.slug, item.span.column, item.fix)
    assert item.hint
    assert body == mended(body)


@pytest.mark.parametrize(
    "body",
    [
        *("as [sic] he [1] said [2][3] [Ed.: no] […]", "[video] [series] we saw", "“[He] left”"),
        *(f"[words]({URL}_(b)_c)", f"([words]({URL}))", f"[two\nlines]({URL})", f"[x]({URL} )"),
        *(f"[![x]({URL}.jpg)]({URL})", f"[x](<{URL} b>)", f'[x]({URL} "Title")', f"<{URL}>"),
        *("<jane@example.com>", "[x](mailto:jane@example.com)", "Look! [x](https://a.example/b)"),
        *("`[a](b c)` and ``[a] (https://b.example)``", "\\[a](b c) and \\[a\\](b c)", "a) b] c"),
        *(f"[see {LINK}] and [{LINK}, {LINK}]", f"“[{LINK}]”"),
        *("if (a)[0] and f[1]", "See [#![attribute] of Rust](https://a.example/)"),
    ],
)
def test_sound_links_and_brackets_of_editors_are_silent(body: str) -> None:
    assert [] == said(body)


def test_references_are_resolved_and_their_lines_go_with_the_last_of_them() -> None:
    body = (
        "See [the list][l], ![A till][t] and [the list][L] or [t].\n\n[l]: <https://a.example/>\n"
    )
    body += '[t]: https://b.example/t.jpg "Till"'

    assert 4 == len(said(body))
    after = mended(body)
    assert (
        "See [the list](https://a.example/), ![A till](https://b.example/t.jpg"
        ' "Till") and [the list](https://a.example/) or [t](https://b.example/t.jpg "Till").'
    ) == after.strip()
    assert [] == said(after)


def test_a_definition_that_nothing_uses_is_told() -> None:
    (item,) = said("A.\n\n[l]: https://a.example/")

    assert "[l] is used nowhere, and this line is mailed as it stands" == item.message


def test_near_links_of_title_and_headline_are_in_their_place() -> None:
    text = f"# The [words] ({URL})\n\nI.\n\n## 1. One [words]({URL} b)\n\nA.\n"
    places = [
        (item.span.line, item.span.column)
        for item in found(parse_issue(source_from_text(text)))
        if item.slug == "near-link"
    ]

    assert [(1, 7), (5, 11)] == places


@pytest.mark.parametrize("body", [f"[a]({URL} b) and [b]({URL}c d)", f"[a({URL}) [b] ({URL})"])
def test_what_is_mended_is_read_as_links(body: str) -> None:
    issue = parse_issue(source_from_text(HEAD + mended(body) + FOOT))
    inlines = [one for block in issue.stories[0].body for one in walk_inlines(block.nodes)]

    assert 2 == sum(isinstance(one, Link | Image) for one in inlines)
