"""Where the bytes go: the shares add up, and each is what its story costs."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from newsletter.issue import Issue, parse_issue, source_from_text, untagged
from newsletter.render import Imprint, Shares, Theme, measure, render_issue, share_out
from newsletter.render.environment import Templates
from newsletter.render.page import make_page
from newsletter.render.pipeline import render_html
from newsletter.render.size import encoded_size

DAY = date(2021, 11, 26)


def shares_of(issue: Issue, publication: Imprint, *templates: Path) -> tuple[Shares, int]:
    """And the octets of the whole, measured."""
    rendered = render_issue(
        issue,
        publication=publication,
        theme=Theme(),
        templates=templates,
        issue_date=DAY,
        tag="0" * 32,
    )
    shares = share_out(
        rendered,
        issue,
        publication=publication,
        theme=Theme(),
        templates=templates,
        issue_date=DAY,
        tag="0" * 32,
    )
    return shares, measure(rendered).html_quoted_printable


def parsed(text: str) -> Issue:
    return parse_issue(source_from_text(text, path="issues/2021-11-26.md"))


def test_shares_add_up_to_the_whole(
    five_stories: str, publication: Imprint, templates: Path
) -> None:
    shares, whole = shares_of(parsed(five_stories), publication, templates)

    assert whole == shares.whole == sum(shares.stories) + shares.frame
    assert 5 == len(shares.stories)
    assert shares.sponsor is None
    assert min(shares.stories) > 2_000


@pytest.mark.parametrize("at", range(1, 5))
def test_a_share_is_what_the_mail_is_smaller_without_the_story(
    five_stories: str, publication: Imprint, templates: Path, at: int
) -> None:
    """But for soft line breaks. The first story has no rule above it, so it is no fair case."""
    issue = parsed(five_stories)
    shares, whole = shares_of(issue, publication, templates)
    page = make_page(issue, publication, Theme(), DAY, tag="0" * 32)
    without = replace(page, stories=page.stories[:at] + page.stories[at + 1 :])
    saved = whole - encoded_size(untagged(render_html(Templates([templates]), without)))

    assert abs(saved - shares.stories[at]) <= 40


def test_a_long_story_has_the_largest_share(publication: Imprint, templates: Path) -> None:
    text = "# T\n\nI.\n\n## 1. A\n\nx\n\n## 2. B\n\n" + "Words. " * 1_000 + "\n\n## 3. C\n\ny\n"
    shares, _ = shares_of(parsed(text), publication, templates)
    short, long, last = shares.stories

    assert 7_000 <= long - last <= 8_000
    assert abs(short - last) < 700


def test_a_sponsor_has_a_share_of_its_own(publication: Imprint, templates: Path) -> None:
    text = "# T\n\nI.\n\n## 1. A\n\nx\n\n## Sponsored by Acme\n\nBuy it.\n\n## 2. B\n\ny\n"
    shares, whole = shares_of(parsed(text), publication, templates)

    assert shares.sponsor
    assert shares.sponsor > 1_000
    assert whole == shares.frame + shares.sponsor + sum(shares.stories)


def test_a_story_alone_bears_its_table_of_contents_and_no_more(
    publication: Imprint, templates: Path
) -> None:
    """Without the story there would be none; the rest of the frame is nobody's."""
    one, _ = shares_of(parsed("# T\n\nI.\n\n## 1. A\n\nx\n"), publication, templates)
    none, _ = shares_of(parsed("# T\n\nI.\n"), publication, templates)

    assert abs(one.frame - none.frame) < 1_000
