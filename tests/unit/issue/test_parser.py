"""The parser on text as people paste it: every accident that the house format names, and more."""

import pytest

from newsletter.issue import (
    Cues,
    Issue,
    Link,
    Quote,
    Span,
    parse_issue,
    source_from_text,
    write_issue,
)

TITLE = "The five biggest shop-floor stories of the week"
INTRO = "It’s Friday, and the tills are resting. Read on, including Harbour Foods and Tilly’s."
FOOT = "Sign up for our free retail technology newsletter here."


def parsed(text: str) -> Issue:
    return parse_issue(source_from_text(text, path="week.md"))


def pasted(*stories: str, foot: str = FOOT) -> str:
    """A pasted issue; a story is its headline line, a blank line and its body."""
    return "\n\n".join(part for part in (TITLE, INTRO, *stories, foot) if part) + "\n"


def numbers(issue: Issue) -> list[int | None]:
    return [story.number for story in issue.stories]


def headlines(issue: Issue) -> list[str]:
    return [story.headline.text for story in issue.stories]


def bodies(issue: Issue) -> list[list[str]]:
    return [[block.text for block in story.paragraphs] for story in issue.stories]


def place(span: Span) -> tuple[int, int, int, int]:
    return span.line, span.column, span.end_line, span.end_column


def said(issue: Issue) -> object:
    return (
        issue.title.text if issue.title else None,
        issue.intro_text,
        list(zip(numbers(issue), headlines(issue), bodies(issue), strict=True)),
        issue.footer.text if issue.footer else None,
    )


THREE = pasted("1. Shelves\n\nThey think.", "2. Tills\n\nThey rest.", "3. Bikes\n\nThey roll.")
"""A sound pasted text."""


def test_parse_reads_a_pasted_text() -> None:
    issue = parsed(THREE)

    assert (
        TITLE,
        INTRO,
        [
            (1, "Shelves", ["They think."]),
            (2, "Tills", ["They rest."]),
            (3, "Bikes", ["They roll."]),
        ],
        FOOT,
    ) == said(issue)
    assert ("Harbour Foods", "Tilly’s") == issue.intro_names
    assert 5 == issue.title_count
    assert () == issue.after_footer


def test_parse_gives_every_part_its_place() -> None:
    issue = parsed(THREE)
    story = issue.stories[1]

    assert issue.title
    assert issue.footer
    assert (1, 1, 1, 48) == place(issue.title.span)
    assert (9, 1, 9, 9) == place(story.span)
    assert (9, 4, 9, 9) == place(story.headline.span)
    assert "2. " == story.marker
    assert (11, 1, 11, 11) == place(story.body[0].span)
    assert (17, 1, 17, 56) == place(issue.footer.span)


def test_parse_reads_the_canonical_form_as_the_pasted_one() -> None:
    canonical = (
        f"---\nsubject: Shelves: they think\n---\n# {TITLE}\n\n{INTRO}\n\n"
        "## 1. Shelves\n\nThey think.\n\n## 2. Tills\n\nThey rest.\n\n"
        f"## 3. Bikes\n\nThey roll.\n\n---\n{FOOT}\n"
    )

    assert said(parsed(THREE)) == said(parsed(canonical))
    assert "Shelves: they think" == parsed(canonical).subject
    assert TITLE == parsed(THREE).subject


# 1. Bytes and blank lines.


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(THREE.replace("\n", "\r\n"), id="CRLF"),
        pytest.param(THREE.replace("\n", "\r"), id="CR"),
        pytest.param("\ufeff" + THREE, id="byte-order mark"),
        pytest.param("\ufeff" + THREE.replace("\n", "\r\n"), id="byte-order mark and CRLF"),
        pytest.param(THREE.rstrip("\n"), id="no newline at the end"),
        pytest.param(THREE + "\n\n \n", id="blank lines at the end"),
        pytest.param("\n\n" + THREE, id="blank lines above"),
        pytest.param(THREE.replace("\n\n", "\n\u00a0\n"), id="blank lines with a fixed space"),
        pytest.param(THREE.replace("\n\n", "\n\u200b\t\n"), id="blank lines with invisible ones"),
        pytest.param(THREE.replace("\n\n", "\n\n\n\n"), id="many blank lines"),
        pytest.param(THREE.replace("\n\n", "\n"), id="no blank lines"),
        pytest.param(THREE.replace("\n\n", "\r\n").rstrip(), id="no blank lines, CRLF"),
        pytest.param(THREE.replace("\n\n", "\n", 1), id="no blank line below the title"),
        pytest.param(
            THREE.replace("Shelves\n\n", "Shelves\n"), id="no blank line below a headline"
        ),
        pytest.param(
            THREE.replace(f"\n\n{FOOT}", f"\n{FOOT}"), id="no blank line above the footer"
        ),
        pytest.param(THREE.replace("\n\n", " \n\n"), id="spaces at line ends"),
        pytest.param(THREE.replace("\n\n", "\u00a0\n\n"), id="fixed spaces at line ends"),
        pytest.param(
            THREE.replace(". S", ".\u00a0S").replace(". T", ".\u202fT"), id="after numbers"
        ),
        pytest.param(THREE.replace("It’s Friday", "It’s\u00a0Friday"), id="inside a sentence"),
        pytest.param(THREE.replace("tech", "\u200btech\u00ad"), id="invisible characters"),
        pytest.param(THREE.replace(". Tills", ".  Tills"), id="two spaces after a number"),
        pytest.param(THREE.replace("2. Tills", "  2. Tills"), id="indented headline"),
        pytest.param(THREE.replace("2. Tills", "2.Tills"), id="no space after a number"),
        pytest.param(THREE.replace("2. Tills", "2) Tills"), id="bracket after a number"),
        pytest.param(THREE.replace("2. Tills", "2 – Tills"), id="dash after a number"),
        pytest.param(THREE.replace("2. Tills", "**2. Tills**"), id="headline in bold"),
        pytest.param(THREE.replace("2. Tills", "**2.** Tills"), id="number in bold"),
        pytest.param(THREE.replace("2. Tills", "2. **Tills**"), id="words in bold"),
        pytest.param(THREE.replace("2. Tills", "2\\. Tills"), id="escaped full stop"),
        pytest.param(THREE.replace(FOOT, f"---\n\n{FOOT}"), id="thematic break above the footer"),
        pytest.param(THREE.replace(FOOT, f"* * *\n{FOOT}"), id="another thematic break"),
        pytest.param(THREE.replace("They roll.\n", "They roll.\n\n***\n"), id="break in the tail"),
        pytest.param(THREE.replace(FOOT, f"**{FOOT}**"), id="footer in bold"),
        pytest.param(THREE.replace(TITLE, f"# {TITLE} #"), id="marked title"),
    ],
)
def test_parse_reads_the_same_whatever_pasting_did(text: str) -> None:
    assert said(parsed(THREE)) == said(parsed(text))


def test_parse_keeps_non_breaking_spaces_in_the_source_and_shows_plain_ones() -> None:
    issue = parsed(pasted("1.\u00a0Rag\u00a0&\u00a0Bone opens\n\nIt cost £4\u202fmillion.\u00a0"))

    assert ["Rag & Bone opens"] == headlines(issue)
    assert [["It cost £4 million."]] == bodies(issue)
    assert "Rag\u00a0&\u00a0Bone opens" == issue.stories[0].headline.markdown


# 2. to 4. What is a headline and what is not.


@pytest.mark.parametrize(
    "line",
    [
        "2...There is more to come.",
        "2.5 million people came.",
        "4.6 million people live close by",
        "2020 will be better.",
        "2028 will be better",
        "80% of them want it.",
        "22 million pounds are set aside",
        "2 million more will follow",
        "2,000 people came.",
        "2.0 is the name of the app",
        "2p a bag",
        "31. December is the last day",
        "100. It counts to a hundred",
    ],
)
@pytest.mark.parametrize("blank", ["\n\n", "\n"])
def test_parse_takes_a_paragraph_that_opens_with_a_figure_for_no_headline(
    line: str, blank: str
) -> None:
    issue = parsed(pasted(f"1. Shelves\n\n{line}", "2. Tills\n\nThey rest.").replace("\n\n", blank))

    assert ["Shelves", "Tills"] == headlines(issue)
    assert [line] == [block.markdown for block in issue.stories[0].body]


@pytest.mark.parametrize(
    "words",
    [
        "2024 was a good year for shelves",
        "80% of shoppers want no till",
        "3 in 5 tills rest",
        "2. is the new 1",
        "eBay opens a shop",
        "‘Tis the season for tills",
        "“Take it and go” comes to Leeds",
        "'Take it and go' comes to Leeds",
        "£4 million for bikes",
        "Élan opens in Lyon",
        "東京の店",
        "Ørsted powers the tills",
        "What do tills dream of?",
        "Tills rest!",
        "Walmart comes to the U.S",
        "(Almost) everything must go",
        "#NoTills takes off",
        "@tillys opens",
        "A very long headline " + "that goes on and on " * 8 + "and ends",
    ],
)
@pytest.mark.parametrize("blank", ["\n\n", "\n"])
def test_parse_takes_a_headline_whatever_it_opens_with(words: str, blank: str) -> None:
    issue = parsed(pasted("1. Shelves\n\nA.", f"2. {words}\n\nB.").replace("\n\n", blank))

    assert ["Shelves", words.strip()] == headlines(issue)
    assert [1, 2] == numbers(issue)


def test_parse_takes_a_headline_with_a_full_stop_when_it_stands_alone() -> None:
    issue = parsed(pasted("1. Shelves think.\n\nA.", "2. Tills rest.\n\nB."))

    assert ["Shelves think.", "Tills rest."] == headlines(issue)


@pytest.mark.parametrize(
    "listed",
    [
        "1. shelves\n2. depots\n3. prices",
        "1. Shelves\n\n2. Depots\n\n3. Prices",
        "1) shelves\n2) depots",
        "2. depots\n3. prices",
        "3. prices\n4. staff",
        "- shelves\n- depots",
        "Three things:\n1. shelves\n2. depots\n3. prices.",
    ],
)
def test_parse_keeps_a_list_inside_its_story(listed: str) -> None:
    issue = parsed(
        pasted(
            "1. One\n\nA.",
            f"2. Two\n\nB.\n\n{listed}\n\nAnd on.",
            "3. Three\n\nC.",
            "4. Four\n\nD.",
        )
    )

    assert ["One", "Two", "Three", "Four"] == headlines(issue)
    assert "And on." == bodies(issue)[1][-1]


def test_parse_keeps_a_list_inside_its_story_without_blank_lines() -> None:
    text = pasted("1. One\nA:\n1. Shelves.\n2. Depots.\n3. Prices.\nAnd on.", "2. Two\nB.")

    assert ["One", "Two"] == headlines(parsed(text.replace("\n\n", "\n")))


@pytest.mark.parametrize(
    ("found", "stories"),
    [
        ([1, 2, 4, 5], "1 2 4 5"),
        ([2, 3], "2 3"),
        ([1, 2, 2, 3], "1 2 2 3"),
        ([1, 3, 2, 4], "1 3 2 4"),
        ([5, 4, 3, 2, 1], "5 4 3 2 1"),
        ([1, 1, 1], "1 1 1"),
        (list(range(1, 13)), "1 2 3 4 5 6 7 8 9 10 11 12"),
    ],
)
@pytest.mark.parametrize("mark", ["", "## "])
def test_parse_finds_stories_in_spite_of_gaps_repeats_and_swaps(
    found: list[int], stories: str, mark: str
) -> None:
    issue = parsed(pasted(*(f"{mark}{n}. Headline\n\nBody of it." for n in stories.split())))

    assert found == numbers(issue)
    assert [["Body of it."]] * len(found) == bodies(issue)


# 6. Footers.


def test_parse_leaves_the_last_paragraph_with_the_last_story_without_a_footer() -> None:
    issue = parsed(pasted("1. One\n\nA.", "2. Two\n\nB.\n\nC, and we wait for more.", foot=""))

    assert issue.footer is None
    assert ["B.", "C, and we wait for more."] == bodies(issue)[-1]


@pytest.mark.parametrize(
    "foot",
    [
        FOOT,
        FOOT[:-1],
        "Sign up for our newsletter [here](https://www.example.com/newsletter).",
        "Sign up for our newsletter here: https://www.example.com/newsletter",
        "SIGN UP FOR OUR NEWSLETTER",
        "Subscribe to the mailing list.",
        "Register for our weekly briefing!",
        "Sign\u00a0up\u00a0for our newsletter.",
        "---\n\nWrite to us at any time.",
        "---\nIn other words.",
    ],
)
def test_parse_knows_a_footer(foot: str) -> None:
    issue = parsed(pasted("1. One\n\nA.", foot=foot))

    assert issue.footer
    assert foot.removeprefix("---").strip() == issue.footer.markdown
    assert [["A."]] == bodies(issue)


@pytest.mark.parametrize(
    "paragraph",
    [
        "Customers sign up for the newsletter of Tilly’s in droves.",
        "Sign up for it now.",
        "Subscribe to the newsletter, they said, " + "and we did, " * 20 + "and that was that.",
    ],
)
def test_parse_takes_a_paragraph_of_the_last_story_for_no_footer(paragraph: str) -> None:
    assert parsed(pasted("1. One\n\nA.", foot=paragraph)).footer is None


def test_parse_takes_no_invitation_above_the_last_story_for_the_footer() -> None:
    issue = parsed(pasted("1. One\n\nSign up for the newsletter of Tilly’s.", "2. Two\n\nB."))

    assert issue.footer
    assert FOOT == issue.footer.text
    assert ["Sign up for the newsletter of Tilly’s."] == bodies(issue)[0]


def test_parse_keeps_what_stands_below_the_footer() -> None:
    issue = parsed(pasted("1. One\n\nA.", foot=f"{FOOT}\n\n© 2027\n\n<!-- note -->"))

    assert ["© 2027", ""] == [block.text for block in issue.after_footer]


def test_parse_takes_a_thematic_break_inside_a_story_for_no_footer() -> None:
    issue = parsed(pasted("1. One\n\nA.\n\n---\n\nB.", "2. Two\n\nC."))

    assert ["A.", "B."] == bodies(issue)[0]
    assert issue.footer
    assert FOOT == issue.footer.text


def test_parse_knows_a_footer_by_the_cue_it_is_given() -> None:
    source = source_from_text("Die Woche\n\n1. Eins\n\nA.\n\nHier anmelden: Rundbrief.\n")

    issue = parse_issue(source, cues=Cues(footer="hier anmelden"))

    assert issue.footer
    assert "Hier anmelden: Rundbrief." == issue.footer.text


# 7. Texts that are no issue.


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        "\ufeff",
        " \u00a0\n",
        "Most read this week\n\nShelves think\n\nTills rest\n",
        "One line",
        "---",
        "---\n---",
        "<!-- never closed",
        "#",
        "## ",
        "1.",
        "1. ",
        "1.\n\n2.\n\n3.\n",
        "\x0c\x0b\u2028\u2029\x85",
        "[" * 500,
        ">" * 500,
        "- " * 500,
        "{{ first_name | default(",
    ],
)
def test_parse_gives_an_issue_without_stories_for_a_text_that_has_none(text: str) -> None:
    issue = parsed(text)

    assert () == issue.stories
    assert () == issue.intro_names


def test_parse_says_whether_an_issue_is_empty() -> None:
    assert parsed(" \n").is_empty
    assert not parsed("x").is_empty


def test_parse_takes_the_first_line_of_a_most_read_page_for_its_title() -> None:
    issue = parsed("Most read this week\n\nShelves think.\n\nTills rest.\n")

    assert issue.title
    assert "Most read this week" == issue.title.text
    assert "Shelves think.\n\nTills rest." == issue.intro_text


# Titles and intros.


@pytest.mark.parametrize(
    ("title", "head"),
    [
        ("Shop floor", "Shop floor\n\nThe week is over. Read on."),
        ("Shop floor.", "Shop floor.\n\nThe week is over. Read on."),
        ("Shop floor: the week", "# Shop floor: the week\n\nThe week is over."),
        ("Shop floor", "A kicker that comes first.\n\n# Shop floor"),
        ("The floor and the shelf", "# The *floor* and the [shelf](https://www.example.com/)"),
        (None, "The week is over. There is a lot to tell."),
        (None, "word " * 31),
        ("1,000 shops", "1,000 shops\n\nRead on."),
    ],
)
def test_parse_finds_the_title(title: str | None, head: str) -> None:
    issue = parsed(f"{head}\n\n1. One\n\nA.\n")

    assert title == (issue.title.text if issue.title else None)


def test_parse_keeps_every_paragraph_of_the_intro() -> None:
    issue = parsed(f"# {TITLE}\n\nOne.\n\n<!-- note -->\n\nTwo.\n\n## 1. One\n\nA.\n")

    assert "One.\n\nTwo." == issue.intro_text
    assert [False, True, False] == [block.comment for block in issue.intro]


def test_parse_makes_the_preheader_from_the_intro() -> None:
    issue = parsed(THREE.replace(INTRO, "word " * 40))

    assert 110 >= len(issue.preheader) > 100
    assert issue.preheader.endswith("word…")


# Marked files.


def test_parse_takes_only_marked_lines_for_headlines_in_a_marked_file() -> None:
    issue = parsed("# T\n\nI.\n\n## 1. One\n\n2. Not a headline\n\nB.\n\n## 2. Two\n\nC.\n")

    assert ["One", "Two"] == headlines(issue)


@pytest.mark.parametrize("mark", ["#", "##", "###"])
def test_parse_takes_numbered_headings_of_any_level(mark: str) -> None:
    issue = parsed(f"# T\n\nI.\n\n{mark} 1. One\n\nA.\n\n{mark} 2. Two #\n\nB.\n")

    assert "T" == (issue.title and issue.title.text)
    assert ["One", "Two"] == headlines(issue)


def test_parse_keeps_headings_without_a_number_as_stories() -> None:
    issue = parsed("# T\n\nI.\n\n## One\n\nA.\n\n## Two\n\nB.\n")

    assert [None, None] == numbers(issue)
    assert ["One", "Two"] == headlines(issue)


def test_parse_keeps_a_sub_heading_in_its_story() -> None:
    issue = parsed("# T\n\nI.\n\n## 1. One\n\nA.\n\n### Why\n\nB.\n\n## 2. Two\n\nC.\n")

    assert ["A.", "Why", "B."] == bodies(issue)[0]


def test_parse_joins_wrapped_lines_and_parts_long_ones() -> None:
    wrapped = parsed("# T\n\nI.\n\n## 1. One\n\nA line\nand another.\n")
    long = "A sentence that is a paragraph of its own. " * 4
    unwrapped = parsed(pasted(f"1. One\n\n{long}\n{long}", "2. Two\n\nB."))

    assert [["A line and another."]] == bodies(wrapped)
    assert [long.strip(), long.strip()] == bodies(unwrapped)[0]


def test_parse_keeps_comments_apart_and_out_of_sight() -> None:
    issue = parsed(
        "# T\n\nI.\n\n<!-- a --><!-- b -->\n## 1. One\n\nA <!-- c --> B.\n\n<!-- d\n\ne -->\n\nC.\n"
    )

    assert ["A B.", "C."] == bodies(issue)[0]
    assert [False, True] == [block.comment for block in issue.intro]
    assert "I." == issue.intro_text


def test_parse_gives_a_story_its_links_images_and_quotes() -> None:
    issue = parsed(
        "# T\n\nI.\n\n## 1. One\n\n![A barge](https://www.example.com/b.jpg 'On the canal')\n\n"
        "> Eight vans\n\n[Read](https://www.example.com/barge)\n"
    )
    (story,) = issue.stories
    (image,) = story.images

    assert ("https://www.example.com/b.jpg", "A barge", "On the canal") == (
        image.src,
        image.alt,
        image.caption,
    )
    assert ["https://www.example.com/barge"] == [link.href for link in story.links]
    assert isinstance(story.body[1].nodes[0], Quote)
    assert all(isinstance(link, Link) for link in story.links)


def test_parse_reads_a_megabyte_of_pasted_pictures() -> None:
    """Word processors export pictures as one endless line."""
    issue = parsed(pasted("1. One\n\nA.\n\n[image1]: <data:image/png;base64," + "iVBOR" * 200_000))

    assert ["One"] == headlines(issue)


@pytest.mark.timeout(10)
@pytest.mark.parametrize(
    "text",
    [
        pytest.param("<!-- a\n" * 5_000, id="open comments"),
        pytest.param("<!-- " * 20_000, id="open comments on one line"),
        pytest.param(THREE + " " * 50_000 + "x", id="spaces"),
        pytest.param("# T" + " " * 50_000 + "x", id="spaces in the title"),
        pytest.param("> " * 20_000, id="quotes"),
        pytest.param("1. a\n\n" * 3_000, id="numbers"),
    ],
)
def test_parse_takes_its_time_in_proportion(text: str) -> None:
    parsed(text)


def test_title_is_the_heading_of_level_2_above_numbered_ones() -> None:
    issue = parsed("## The week\n\nI.\n\n## 1. One\n\nA.\n\n## 2. Two\n\nB.\n")

    assert ("The week", "I.", [(1, "One", ["A."]), (2, "Two", ["B."])], None) == said(issue)
    assert issue.title is not None
    assert (1, 4, 1, 12) == place(issue.title.span)


@pytest.mark.parametrize(
    "text",
    [
        "Words first.\n\n## The week\n\n## 1. One\n\nA.\n",
        "## The week\n\nA.\n\n## Another\n\nB.\n",
    ],
)
def test_heading_of_level_2_is_a_headline_where_it_is_not_first_and_alone(text: str) -> None:
    assert "The week" in headlines(parsed(text))


SETEXT = (
    "The week in shops.\n==================\n\nI.\n\n1. One\n------\nA.\n\n"
    "2. Two.\n---\n\nB.\n\nC.\n\n3) Three\n========\n\nD.\n"
)


def test_underlined_title_and_headlines_are_read_as_if_marked() -> None:
    issue = parsed(SETEXT)

    stories = [(1, "One", ["A."]), (2, "Two.", ["B.", "C."]), (3, "Three", ["D."])]
    assert ("The week in shops.", "I.", stories, None) == said(issue)
    assert said(issue) == said(parsed(write_issue(issue)))


def test_underlined_title_goes_with_marked_headlines() -> None:
    issue = parsed("Words: many,\n===\nI.\n\n## 1. One\n\nA.\n")

    assert ("Words: many,", "I.", [(1, "One", ["A."])], None) == said(issue)


@pytest.mark.parametrize(
    ("story", "body"),
    [
        ("1. One\n\nA.", ["A."]),
        ("1. One\n\nA.\n\n1. a\n\n2. b", ["A.", "a", "b"]),
        ("1. One\n------\n\nA.\n\n4. d", ["A.", "d"]),
    ],
)
def test_hyphens_below_text_stay_the_break_above_the_footer(story: str, body: list[str]) -> None:
    """Not only below a paragraph: the last item of a list is no headline that is due either."""
    issue = parsed(f"# T\n\nI.\n\n{story}\n---\nGoodbye, all.\n")

    assert issue.footer is not None
    assert "Goodbye, all." == issue.footer.text


def test_underlined_headlines_leave_the_footer_its_break() -> None:
    issue = parsed(SETEXT + "---\nGoodbye, all.\n")

    assert issue.footer is not None
    assert "Goodbye, all." == issue.footer.text
    assert ["D."] == bodies(issue)[-1]


def test_title_of_many_characters_is_a_paragraph() -> None:
    assert parsed("word-" * 500 + "\n\n1. One\n\nA.\n").title is None
