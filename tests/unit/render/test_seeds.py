"""Three real issues, as pasted by their editors, become whole e-mails."""

from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import etree

from newsletter.issue import parse_issue, source_from_bytes
from newsletter.render import Rendered, measure

SEEDS = Path(__file__).parents[3] / ".." / "shared" / "seeds"


@pytest.mark.parametrize("number", ["000", "001", "002"])
def test_render_makes_a_whole_mail_of_a_seed(render: Callable[..., Rendered], number: str) -> None:
    found = sorted(SEEDS.glob(f"{number}_*.txt"))
    if not found:
        pytest.skip("the seeds are not beside this checkout (../shared/seeds)")
    data = found[0].read_bytes()
    issue = parse_issue(source_from_bytes(data, path=str(found[0])))
    rendered = render(data.decode("utf-8"))
    tree = etree.fromstring(rendered.html, etree.HTMLParser())
    headlines = ["".join(map(str, one.itertext())) for one in tree.iter("h2")]

    assert 5 == len(issue.stories)
    assert 6 == len(headlines)
    assert measure(rendered).html < 60_000
    for story in issue.stories:
        assert story.headline.text.replace("'", "’") in headlines
        for block in story.paragraphs:
            first = block.text.split()[0].replace("'", "’")
            assert first in rendered.html
            assert first in rendered.text
