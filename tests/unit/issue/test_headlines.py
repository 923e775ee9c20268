"""Headlines are decided together: what a person sees as five stories are five stories in order.

Each text here has one odd thing, or several, that loses a story where lines are judged alone.
"""

from collections.abc import Callable, Sequence
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.issue import Issue, Source, parse_issue, source_from_text
from newsletter.issue.headlines import find_headlines
from newsletter.issue.pieces import Piece, cut
from tests.process_time import in_proportion

TITLE = "The five biggest shop-floor stories of the week"
INTRO = "It’s Friday, and the tills are resting. Read on, including Harbour Foods and Tilly’s."
FOOT = "Sign up for our free retail technology newsletter here."
WORDS = [
    "Harbour Foods lets shelves order by themselves",
    "Tilly’s opens its first store without tills",
    "Northgate and Bellweather merge their loyalty cards",
    "Corner Cart raises £12 million for its delivery bikes",
    "Parcels at Old Mill arrive by boat",
]
FIRST = [f"The first paragraph about {name} says what has happened." for name in "ABCDE"]
LAST = [f"The second paragraph about {name} says what comes next." for name in "ABCDE"]

Form = Callable[[int], str]
ROMAN = ["", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"]
FORMS: dict[str, Form] = {
    "full stop": lambda n: f"{n}. ",
    "bracket": lambda n: f"{n}) ",
    "brackets": lambda n: f"({n}) ",
    "square brackets": lambda n: f"[{n}] ",
    "escaped": lambda n: f"{n}\\. ",
    "escaped brackets": lambda n: f"\\({n}\\) ",
    "no space": lambda n: f"{n}.",
    "two spaces": lambda n: f"{n}.  ",
    "fixed space": lambda n: f"{n}.\u00a0",
    "colon": lambda n: f"{n}: ",
    "dash": lambda n: f"{n} – ",
    "hyphen": lambda n: f"{n} - ",
    "bar": lambda n: f"{n} | ",
    "full stop and bracket": lambda n: f"{n}.) ",
    "keycap": lambda n: f"{n}\ufe0f\u20e3 ",
    "keycap without selector": lambda n: f"{n}\u20e3 ",
    "circled": lambda n: f"{chr(0x2460 + n - 1)} ",
    "bracketed sign": lambda n: f"{chr(0x2474 + n - 1)} ",
    "black circle": lambda n: f"{chr(0x2776 + n - 1)} ",
    "story": lambda n: f"Story {n}: ",
    "story, capitals": lambda n: f"STORY {n} – ",
    "story and sign": lambda n: f"Story #{n}: ",
    "German": lambda n: f"Meldung {n}: ",
    "French": lambda n: f"N° {n} : ",
    "No.": lambda n: f"No. {n}: ",
    "number sign": lambda n: f"#{n} ",
    "number sign, full stop": lambda n: f"#{n}. ",
    "full-width": lambda n: f"{chr(0xFF10 + n)}．",
    "full-width bracket": lambda n: f"{chr(0xFF10 + n)}）",
    "Arabic-Indic": lambda n: f"{chr(0x660 + n)}. ",
    "bare": lambda n: f"{n} ",
    "bold number": lambda n: f"**{n}.** ",
}
ALIKE: dict[str, Form] = {
    "Roman": lambda n: f"{ROMAN[n]}. ",
    "Roman, small, in brackets": lambda n: f"({ROMAN[n].lower()}) ",
    "any word": lambda n: f"Platz {n}: ",
    "No. without colon": lambda n: f"No. {n} ",
    "ideographs": lambda n: f"{'一二三四五六七八九'[n - 1]}、",
}
"""These are taken for numbers only where several are alike."""

FULL_STOP = FORMS["full stop"]
MARKS = ["", "## "]


def parsed(text: str) -> Issue:
    return parse_issue(source_from_text(text, path="week.md"))


def laid_out(heads: Sequence[str], extra: dict[int, str] | None = None, title: str = TITLE) -> str:
    """An issue of these headline lines; `extra` stands between the paragraphs of a story."""
    parts = [title, INTRO]
    for at, head in enumerate(heads):
        more = (extra or {}).get(at)
        parts += [head, FIRST[at], *([more] if more else []), LAST[at]]
    return "\n\n".join([*parts, FOOT]) + "\n"


def assert_five(text: str, *, words: Sequence[str] = WORDS) -> Issue:
    """Five stories in order, each with its headline and its own two paragraphs."""
    issue = parsed(text)

    assert list(words) == [story.headline.text for story in issue.stories], text
    for at, story in enumerate(issue.stories):
        said = [block.text for block in story.paragraphs]
        assert (FIRST[at], LAST[at]) == (said[0], said[-1]), text
    assert issue.intro_text == INTRO
    assert issue.footer is not None
    return issue


@pytest.mark.parametrize("mark", MARKS)
@pytest.mark.parametrize("form", [*FORMS, *ALIKE])
def test_every_form_of_number_is_understood(form: str, mark: str) -> None:
    number = (FORMS | ALIKE)[form]
    heads = [f"{mark}{number(n)}{words}" for n, words in enumerate(WORDS, 1)]

    issue = assert_five(laid_out(heads))

    assert [1, 2, 3, 4, 5] == [story.number for story in issue.stories]


@pytest.mark.parametrize("mark", MARKS)
@pytest.mark.parametrize("at", range(5))
@pytest.mark.parametrize("form", FORMS)
def test_one_odd_number_loses_no_story(form: str, at: int, mark: str) -> None:
    heads = [f"{mark}{n}. {words}" for n, words in enumerate(WORDS, 1)]
    heads[at] = f"{mark}{FORMS[form](at + 1)}{WORDS[at]}"

    issue = assert_five(laid_out(heads))

    assert [1, 2, 3, 4, 5] == [story.number for story in issue.stories]


@pytest.mark.parametrize("at", range(5))
@pytest.mark.parametrize("odd", ["", "**{}**", "##{}", "### {}", "# {}", "  ## {}", "__{}__"])
def test_one_odd_mark_loses_no_story(at: int, odd: str) -> None:
    heads = [f"## {n}. {words}" for n, words in enumerate(WORDS, 1)]
    heads[at] = (odd or "{}").format(f"{at + 1}. {WORDS[at]}")

    assert_five(laid_out(heads, title=f"# {TITLE}"))


@pytest.mark.parametrize("at", range(5))
@pytest.mark.parametrize("odd", ["## {}", "##{}", "### {}", "**{}**"])
def test_one_mark_among_pasted_lines_loses_no_story(at: int, odd: str) -> None:
    heads = [f"{n}. {words}" for n, words in enumerate(WORDS, 1)]
    heads[at] = odd.format(heads[at])

    assert_five(laid_out(heads))


WRONG = [
    *([1, 2, 2, 4, 5], [1, 2, 3, 4, 4], [1, 1, 3, 4, 5], [2, 2, 3, 4, 5], [1, 2, 3, 3, 4]),
    *([1, 2, 7, 4, 5], [1, 2, 33, 4, 5], [1, 3, 2, 4, 5], [1, 2, 4, 5, 6], [2, 3, 4, 5, 6]),
    *([1, 1, 2, 3, 4], [1, 2, 2, 3, 4], [1, 2, 3, 5, 4], [1, 2, 3, 4, 6], [5, 4, 3, 2, 1]),
    *([1, 1, 1, 1, 1], [1, 2, 3, 1, 2], [1, 2, 3, 4, 15], [9, 2, 3, 4, 5], [1, 2, 1, 4, 5]),
]


@pytest.mark.parametrize("mark", MARKS)
@pytest.mark.parametrize("numbers", WRONG, ids=str)
def test_wrong_numbers_lose_no_story(numbers: list[int], mark: str) -> None:
    heads = [f"{mark}{n}. {words}" for n, words in zip(numbers, WORDS, strict=True)]

    issue = assert_five(laid_out(heads))

    assert numbers == [story.number for story in issue.stories]


@pytest.mark.parametrize("mark", ["", "## ", "**"])
@pytest.mark.parametrize("at", range(4))
def test_one_missing_number_loses_no_story(at: int, mark: str) -> None:
    """Of the last one, nothing tells in text without marks."""
    bold = mark if mark == "**" else ""
    heads = [f"{mark}{n}. {words}{bold}" for n, words in enumerate(WORDS, 1)]
    heads[at] = f"{mark}{WORDS[at]}{bold}"

    issue = assert_five(laid_out(heads))

    assert [None if n == at + 1 else n for n in range(1, 6)] == [s.number for s in issue.stories]


LISTS = [
    "1. shelves\n2. depots\n3. prices",
    "1. Shelves\n\n2. Depots\n\n3. Prices",
    "1. Shelves think\n\n2. Depots rest",
    "1) Shelves\n\n2) Depots\n\n3) Prices\n\n4) Staff",
    "(1) shelves\n(2) depots",
    "Three things:\n1. Shelves.\n2. Depots.\n3. Prices.",
    "Three things:\n\n1. Shelves.\n\n2. Depots.\n\n3. Prices.",
    "1. Shelves\n   order by themselves\n2. Depots\n   close",
    "2. Depots\n3. Prices",
    "3. Prices\n\n4. Staff",
    "1️⃣ Shelves\n2️⃣ Depots",
    "- 1. Shelves\n- 2. Depots",
    "I. Shelves\nII. Depots",
    "1. They order by themselves. Nobody counts any more.\n\n2. They rest. Nobody pays.",
    "2. Juni was the day on which it all began, and nobody had a till.",
    "3. Mai war der Tag, an dem alles begann. Danach kam vieles anders.",
    "31. December is the last day",
    "4.6 million people live close by",
    "2 million more will follow",
    "3 of 5 shops close this year.",
    "2...There is more to come.",
    "2020 will be better",
    "V. Schmidt says so",
    "Windows 11: the tills are coming",
]


@pytest.mark.parametrize("mark", MARKS)
@pytest.mark.parametrize("at", range(5))
@pytest.mark.parametrize("listed", LISTS)
def test_what_is_numbered_inside_a_story_stays_there(listed: str, at: int, mark: str) -> None:
    heads = [f"{mark}{n}. {words}" for n, words in enumerate(WORDS, 1)]

    issue = assert_five(laid_out(heads, {at: listed}))

    assert [1, 2, 3, 4, 5] == [story.number for story in issue.stories]


@pytest.mark.parametrize("line", ["6. Mai was a good day for all", "**6. Mai was a good day**"])
def test_line_without_a_mark_is_no_story_more_than_the_title_announces(line: str) -> None:
    heads = [f"## {n}. {words}" for n, words in enumerate(WORDS, 1)]

    assert_five(laid_out(heads, {4: line}))


@given(st.data())
@settings(deadline=None, max_examples=200)
def test_five_stories_are_five_whatever_is_odd_about_one_of_them(data: st.DataObject) -> None:
    """Any form of number, any mark, any list in any story, and one number wrong or missing."""
    mark = data.draw(st.sampled_from(MARKS), label="mark")
    form = FORMS[data.draw(st.sampled_from(sorted(set(FORMS) - {"bare"})), label="form")]
    numbers = data.draw(st.sampled_from([[1, 2, 3, 4, 5], *WRONG[:7]]), label="numbers")
    listed = data.draw(st.sampled_from([item for item in LISTS if "1" in item[:3]]), label="list")
    at = data.draw(st.integers(0, 4), label="story")
    known = [number if number < 10 else 8 for number in numbers]
    heads = [f"{mark}{form(n)}{words}" for n, words in zip(known, WORDS, strict=True)]

    assert_five(laid_out(heads, {at: listed} if numbers == [1, 2, 3, 4, 5] or mark else None))


@pytest.mark.parametrize("listed", LISTS[:3])
def test_contents_above_the_stories_are_no_stories(listed: str) -> None:
    contents = "\n\n".join(f"{n}. {words}" for n, words in enumerate(WORDS, 1))
    heads = [f"{n}. {words}" for n, words in enumerate(WORDS, 1)]
    text = laid_out(heads, {2: listed}).replace(INTRO, f"{INTRO}\n\n{contents}")

    issue = parsed(text)

    assert WORDS == [story.headline.text for story in issue.stories]
    assert LAST == [story.paragraphs[-1].text for story in issue.stories]


@pytest.mark.parametrize(
    "text",
    [
        "5 Stories of the week\n\nThe first thing happened.\n\nThe second thing happened.\n",
        "# 5 Stories of the week\n\nThe first thing happened.\n\nThe second thing happened.\n",
        "The week\n\n2020 will be better.\n\n80% of shoppers stay.\n\n3 in 5 shops close.\n",
        "Most read\n\nShelves think\n\nTills rest\n\nBikes roll\n",
    ],
)
def test_text_without_numbers_has_no_stories(text: str) -> None:
    assert () == parsed(text).stories


def test_headings_that_open_with_a_figure_keep_it() -> None:
    heads = [f"## {n}. {words}" for n, words in enumerate(WORDS, 1)]
    heads[2] = "## 7 ways to merge loyalty cards"

    issue = parsed(laid_out(heads))

    assert [1, 2, None, 4, 5] == [story.number for story in issue.stories]
    assert "7 ways to merge loyalty cards" == issue.stories[2].headline.text


NUMBERED: dict[str, Callable[[int], str]] = {
    "stories": lambda size: "".join(f"{n}. A\n\nB goes on.\n\n" for n in range(size)),
    "list": lambda size: "".join(f"{n}. A\n" for n in range(size)),
    "loose list": lambda size: "".join(f"{n}. A\n\n" for n in range(size)),
    "ones": lambda size: "1. A\n\nB\n\n" * size,
    "gaps": lambda size: "".join(f"{n % 29}. A\n\nB\n\nC D\n\nE\n\n" for n in range(size)),
    "bare": lambda size: "".join(f"{n % 29} A\n\nB\n\n" for n in range(size)),
    "lists in lists": lambda size: "".join(f"{n % 7 + 1}. A\n\nB.\n\n" for n in range(size)),
}


def found_in(source: Source, pieces: Sequence[Piece]) -> None:
    find_headlines(source, pieces, lines_are_blocks=False)


@pytest.mark.slow
@pytest.mark.timeout(240)
@pytest.mark.parametrize("kind", NUMBERED)
def test_numbered_lines_cost_in_proportion_also_a_hundred_thousand(kind: str) -> None:
    most = 100_000 if kind == "stories" else 12_000
    sources = [source_from_text(NUMBERED[kind](size)) for size in (most // 4, most)]
    works = [
        partial(found_in, source, cut(source, 1, lines_are_blocks=False)) for source in sources
    ]

    assert in_proportion(*works)
