"""Three pages of a site, its style sheet and a feed, to the byte.

`pytest tests/golden --update-golden` writes them anew.
"""

from pathlib import Path

import pytest

from newsletter.render.site import Pages, issue_feed
from tests.site_specimens import ROOT, every_page, published_issues, site_imprint

HERE = Path(__file__).parent / "site"


@pytest.fixture(scope="module")
def files() -> dict[str, str]:
    site = site_imprint()
    pages, issues = Pages(site, [ROOT / "templates"]), published_issues(site)
    texts = dict(every_page(pages, issues))
    return {
        "front.html": texts["front"],
        "issue.html": texts["issue"],
        "preferences.html": texts["preferences"],
        "site.css": pages.styles,
        "feed.atom": issue_feed(issues[:2], site).decode(),
    }


@pytest.mark.parametrize(
    "name", ["front.html", "issue.html", "preferences.html", "site.css", "feed.atom"]
)
def test_file_of_the_site_is_as_it_was(
    name: str, files: dict[str, str], *, update_golden: bool
) -> None:
    golden = HERE / name
    if update_golden:
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(files[name], "utf-8", newline="\n")

    assert golden.read_text("utf-8") == files[name]
