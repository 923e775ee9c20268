"""One small issue, to the byte. A change here is a change of every mail we send: look at it.

`pytest tests/golden --update-golden` writes the files anew.
"""

from datetime import date
from pathlib import Path

import pytest

from newsletter.issue import load_issue
from newsletter.render import Imprint, Rendered, Theme, render_issue

HERE = Path(__file__).parent
PUBLICATION = Imprint(
    name="The Harbour Post",
    tagline="Boats and tides, weekly",
    language="en-GB",
    base_url="https://post.example.org",
    signup_url="https://post.example.org/signup",
    why="You get this because you signed up at post.example.org.",
    organisation="Harbour Press",
    postal_address="1 Quay Street, Whitby YO21 1DH, United Kingdom",
)


@pytest.fixture(scope="module")
def rendered() -> Rendered:
    return render_issue(
        load_issue(HERE / "harbour.md"),
        publication=PUBLICATION,
        theme=Theme(),
        templates=[HERE.parents[1] / "templates"],
        issue_date=date(2021, 11, 26),
        tag="0" * 32,
    )


@pytest.mark.parametrize("part", ["html", "text"])
def test_render_is_as_it_was(rendered: Rendered, part: str, *, update_golden: bool) -> None:
    golden = HERE / f"harbour.{'txt' if part == 'text' else part}"
    got = getattr(rendered, part)
    if update_golden:
        golden.write_text(got, "utf-8", newline="\n")

    assert golden.read_text("utf-8") == got
