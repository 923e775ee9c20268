"""What must hold of any text at all."""

from dataclasses import replace

from hypothesis import example, given, settings
from hypothesis import strategies as st

from newsletter.issue import Block, Issue, Span, parse_issue, source_from_text, write_issue

LINES = st.sampled_from(
    [
        "",
        "",
        "",
        "The five biggest retail technology news stories of the week",
        "# The five biggest retail technology news stories of the week",
        "It’s Friday. Here's your briefing, including Acme and Bolt.",
        "1. Acme buys Bolt",
        "## 1. Acme buys Bolt",
        "2. Bolt opens a shop",
        "## 2. Bolt opens a shop",
        "## 2) Bolt #",
        "3. Third",
        "3.Third #",
        "**4. Fourth**",
        "7. Seven",
        "2...There is a sentence.",
        "4.6 million people came.",
        "1. 2024 was good.",
        "2020 will be better",
        "A paragraph that ends well.",
        "A paragraph that does not end",
        "- one",
        "- two",
        "> Quoted.",
        "---",
        "***",
        "Sign up for our free retail technology newsletter here.",
        "[Read the full story](https://example.com/a)",
        "![Alt](https://example.com/a.png)",
        "<!-- check: ignore story-count -->",
        "<!-- open",
        "subject: A: b",
        "\u00a0",
        "  indented  ",
        "x" * 130 + ".",
        "## Unnumbered",
        "# Second",
        "### Third level",
        "*",
        "===",
        "1. Under",
        "------",
        "## Lower title",
        "[[](",
        "Sponsored by Acme Tills",
        "## Sponsored by **Acme** Tills",
        "### Advertisement",
        "# In partnership with Bolt #",
        "**Presented by Acme**",
        "<!-- a --> <!-- b",
        "-->",
    ]
)
TEXTS = st.one_of(
    st.text(),
    st.lists(LINES, max_size=25).map("\n".join),
    st.lists(st.one_of(LINES, st.text(max_size=12)), max_size=15).map("\r\n".join),
)


def spans(issue: Issue) -> list[Span]:
    found = [entry.value_span for entry in issue.front_matter.entries]
    found += [fault.span for fault in issue.front_matter.faults]
    found += [issue.title.span] if issue.title else []
    found += [block.span for block in issue.blocks()]
    for sponsor in issue.sponsors:
        found += [sponsor.span, sponsor.name.span]
    for story in issue.stories:
        found += [story.span, story.headline.span]
        found += [link.span for link in story.links] + [image.span for image in story.images]
    return [*found, issue.source.end]


@given(TEXTS)
@example("---\na: &x b\n---\n")
@example("---\n? \n---")
@example("1. a\n\n![](b)")
@settings(deadline=None)
def test_parse_gives_spans_inside_the_text_for_any_text(text: str) -> None:
    issue = parse_issue(source_from_text(text, path="any.md"))

    lines = issue.source.lines
    for span in spans(issue):
        assert 1 <= span.line <= span.end_line <= max(len(lines), 1)
        assert (span.line, span.column) <= (span.end_line, span.end_column)
        assert 1 <= span.column <= len(lines[span.line - 1]) + 1
        assert 1 <= span.end_column <= len(lines[span.end_line - 1]) + 1


def said(issue: Issue) -> object:
    """What an issue says, without places and marks."""

    def text(blocks: tuple[Block, ...]) -> list[str]:
        return [block.text for block in blocks if not block.comment]

    sponsors = [
        (sponsor.after, sponsor.label, sponsor.name.text, text(sponsor.body))
        for sponsor in issue.sponsors
    ]
    stories = [(story.number, story.headline.text, text(story.body)) for story in issue.stories]
    return (
        issue.title.text if issue.title else None,
        text(issue.intro),
        stories,
        sponsors,
        issue.footer.text if issue.footer else None,
        text(issue.after_footer),
    )


@given(TEXTS)
@example("1.:\n0\n=\n\n0")
@example("1. a\n\n2. b\n3. c\nd")
@example("## 0\n# 0\n# 0.:")
@example("0\n0\n**PRESENTED BY\n0\n2.:")
@settings(deadline=None, max_examples=400)
def test_writer_says_the_same_and_is_settled_after_one_round(text: str) -> None:
    """parse(write(x)) says what x says, and what was written once is canonical."""
    issue = parse_issue(source_from_text(text, path="2021-11-26.md"))
    canonical = write_issue(issue)
    again = parse_issue(source_from_text(canonical, path="2021-11-26.md"))

    assert said(issue) == said(again)
    assert canonical == write_issue(again)
    assert issue.front_matter.get("subject") == again.front_matter.get("subject") or (
        replace(issue, source=again.source).subject == again.subject
    )
