"""One small issue as a web page, to the byte.

`pytest tests/golden --update-golden` writes it anew.
"""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from newsletter.issue import load_issue
from newsletter.render import Imprint, Theme, render_web_page

HERE = Path(__file__).parent


def test_web_page_is_as_it_was(*, update_golden: bool) -> None:
    golden = HERE / "harbour.web.html"
    got = render_web_page(
        load_issue(HERE / "harbour.md"),
        publication=Imprint(
            name="The Harbour Post",
            tagline="Boats and tides, weekly",
            language="en-GB",
            base_url="https://post.example.org",
            signup_url="https://post.example.org/signup",
            why="You get this because you signed up at post.example.org.",
            organisation="Harbour Press",
            postal_address="1 Quay Street, Whitby YO21 1DH, United Kingdom",
        ),
        theme=Theme(),
        templates=[HERE.parents[1] / "templates"],
        published=datetime(2021, 11, 26, 7, 0, tzinfo=ZoneInfo("Europe/London")),
        tag="0" * 32,
    )
    if update_golden:
        golden.write_text(got, "utf-8", newline="\n")

    assert golden.read_text("utf-8") == got
