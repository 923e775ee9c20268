"""The rules of typography: their fixes, odd bytes, other languages, damage, and long lines."""

import re
from pathlib import Path

import pytest

from newsletter.check import (
    Context,
    Diagnostic,
    HouseFormat,
    Severity,
    Typography,
    all_rules,
    apply_fixes,
    check_issue,
)
from newsletter.issue import parse_issue, source_from_text

RULES = [rule for rule in all_rules() if rule.code.startswith("T")]
ISSUES = sorted((Path(__file__).parents[3] / "issues").glob("*.md"))
ALL_ON = HouseFormat(switched_off=frozenset())


def text_of(body: str, headline: str = "Shelves think") -> str:
    return (
        f"# Two stories\n\nIt’s Friday.\n\n## 1. {headline}\n\n{body}\n\n"
        "## 2. Tills rest\n\nCustomers walk out.\n"
    )


def found(text: str, *slugs: str, house: HouseFormat = ALL_ON) -> tuple[Diagnostic, ...]:
    rules = [rule for rule in RULES if not slugs or rule.slug in slugs]
    issue = parse_issue(source_from_text(text), cues=house.cues)
    return check_issue(issue, rules, Context(house=house))


def messages(body: str, slug: str, house: HouseFormat = ALL_ON) -> list[str]:
    return [item.message for item in found(text_of(body), slug, house=house)]


@pytest.mark.parametrize(
    ("slug", "body", "mended"),
    [
        ("doubled-full-stop", "Milk is **out.**.", "Milk is **out.**"),
        ("doubled-full-stop", r"Milk is out\..", r"Milk is out\."),
        ("doubled-full-stop", "See [it.](https://a.b). Now..", "See [it.](https://a.b) Now."),
        ("double-space", "Milk  is   out \u00a0now.", "Milk is out now."),
        ("quotation-marks", '"Milk” and “bread".', "“Milk” and “bread”."),
        ("quotation-marks", "“Milk“ and ”bread”.", "“Milk” and “bread”."),
        ("apostrophes", "It's Jo's 'milk' (it’s).", "It’s Jo’s 'milk' (it’s)."),
        ("stray-spaces", "Milk\u00a0is\u202fout.\u00a0 ", "Milk is out."),
        ("stray-spaces", "Milk   \nis\t\nout.", "Milk  \nis\nout."),
        ("stray-spaces", "\u00a0\u00a0Milk is out.", "Milk is out."),
    ],
)
def test_fixes_mend_what_they_say_and_nothing_else(slug: str, body: str, mended: str) -> None:
    diagnostics = found(text_of(body), slug)
    after = apply_fixes(text_of(body), [item.fix for item in diagnostics if item.fix])

    assert all(item.fix for item in diagnostics)
    assert text_of(mended) == after
    assert () == found(after, slug)


@pytest.mark.parametrize(
    ("headline", "mended"),
    [
        ("Tills go.", "Tills go"),
        ("**Tills go.**", "**Tills go**"),
        ("[Tills go.](https://a.b)", "[Tills go](https://a.b)"),
        (r"Tills go\.", "Tills go"),
    ],
)
def test_fix_of_a_headline_leaves_its_marks(headline: str, mended: str) -> None:
    (item,) = found(text_of("Milk.", headline), "headline-full-stop")

    assert item.fix
    assert text_of("Milk.", mended) == apply_fixes(text_of("Milk.", headline), [item.fix])


@pytest.mark.parametrize("body", ["“Milk is out.", "Milk” is out."])
def test_lost_quotation_mark_is_not_guessed(body: str) -> None:
    (item,) = found(text_of(body), "quotation-marks")

    assert item.fix is None


def test_stray_spaces_says_once_of_mark_and_line_ends() -> None:
    text = "\ufeff" + text_of("Milk.").replace("\n", "\r\n")
    mark, ends = found(text, "stray-spaces")

    assert ("the file begins with a byte-order mark", "lines end in a carriage return") == (
        mark.message,
        ends.message,
    )
    assert [(1, 1, None)] * 2 == [
        (item.span.line, item.span.column, item.fix) for item in (mark, ends)
    ]


def test_stray_spaces_finds_blank_lines_that_are_not_empty() -> None:
    (item,) = found(text_of("Milk.\n \u00a0\nBread."), "stray-spaces")

    assert (8, 1, 3) == (item.span.line, item.span.column, item.span.end_column)


GERMAN = HouseFormat(
    typography=Typography(abbreviations=("usw.",), doubled=("die",), quotes=("„“", "»«"))
)


@pytest.mark.parametrize(
    ("expected", "body"),
    [
        ([], "„Die Milch ist aus“, sagt »Regal«."),
        (["the quotation is not closed"], "„Die Milch ist aus, sagt Regal."),
        (['the quotation opens with „ and closes with "'], '„Die Milch ist aus", sagt Regal.'),
        (["this quotation mark is turned the wrong way"], "Die «Milch« ist aus."),
    ],
)
def test_quotation_marks_are_those_of_the_house(expected: list[str], body: str) -> None:
    assert expected == messages(body, "quotation-marks", GERMAN)


def test_marks_of_one_shape_open_and_close_by_where_they_stand() -> None:
    house = HouseFormat(typography=Typography(quotes=("””",)))

    assert [] == messages("”Mjölk”, säger ”Hyllan”.", "quotation-marks", house)
    assert ["the quotation is not closed"] == messages("”Mjölk, ja.", "quotation-marks", house)


def test_abbreviations_and_doubled_words_are_those_of_the_house() -> None:
    assert () == found(text_of("Milch.", "Milch, Brot usw."), "headline-full-stop", house=GERMAN)
    assert ["“that” is there twice"] == messages("Is that that?", "doubled-word", GERMAN)
    assert [] == messages("Milch, die die Leute wollen.", "doubled-word", GERMAN)


def paragraphs(path: Path) -> list[tuple[int, str]]:
    text = path.read_text(encoding="utf-8")
    issue = parse_issue(source_from_text(text))
    blocks = [*issue.intro, *(block for story in issue.stories for block in story.body)]
    return [(block.span.line, block.markdown) for block in blocks if block.markdown[0] not in ">[!"]


@pytest.mark.parametrize("path", ISSUES, ids=lambda path: path.name)
def test_closing_punctuation_finds_every_lost_full_stop(path: Path) -> None:
    """But in a sentence of fewer than seven words, or one that a link or a colon's label ends."""
    for line, markdown in paragraphs(path):
        lines = path.read_text(encoding="utf-8").split("\n")
        lines[line - 1] = markdown.removesuffix(".")
        if lines[line - 1] == markdown or markdown[-2] in "”)":
            continue
        items = [
            (item.span.line, item.slug)
            for item in check_issue(
                parse_issue(source_from_text("\n".join(lines))),
                all_rules(),
                Context(house=HouseFormat()),
            )
            if item.severity is not Severity.INFO
        ]

        assert [(line, "closing-punctuation")] == items, markdown


@pytest.mark.parametrize("path", ISSUES, ids=lambda path: path.name)
def test_a_word_written_twice_is_found_wherever_it_stands(path: Path) -> None:
    for line, markdown in paragraphs(path):
        for match in list(re.finditer(r"(?<=[ ])[a-z]{3,}(?= [a-z])", markdown))[::5]:
            if match[0] in HouseFormat().typography.doubled:
                continue
            lines = path.read_text(encoding="utf-8").split("\n")
            lines[line - 1] = f"{markdown[: match.end()]} {markdown[match.start() :]}"
            (item,) = found("\n".join(lines), "doubled-word")

            assert (line, match.start() + 1) == (item.span.line, item.span.column)
