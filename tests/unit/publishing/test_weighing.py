"""What the parts of a text weigh: in the outline's order, and nothing where nothing is weighed."""

from datetime import UTC, datetime
from pathlib import Path

from newsletter.publishing.pictures import PictureFolder
from newsletter.publishing.weighing import weigh_text
from newsletter.settings import load_settings
from newsletter.starter import starter_folder

NOW = datetime(2021, 11, 26, 7, tzinfo=UTC)
TEXT = """---
subject: Two stories
---
# The two stories of the week

An intro.

## 1. Short

A word.

## Sponsored by Acme Tills

Borrow a till.

## 2. Long

{long}

---
Sign up for our free newsletter here.
"""


def test_weigh_text_has_one_number_for_each_part(tmp_path: Path) -> None:
    settings = load_settings(starter_folder(), {}, with_environment=False)
    text = TEXT.format(long="Words of every length. " * 80)

    front, intro, short, sponsor, long, footer = weigh_text(
        text, tmp_path / "x.md", settings, NOW, PictureFolder(tmp_path)
    )

    assert (None, None, None) == (front, intro, footer)
    assert short is not None
    assert sponsor is not None
    assert long is not None
    assert short + 1_700 < long


def test_weigh_text_gives_a_second_sponsor_no_weight(tmp_path: Path) -> None:
    settings = load_settings(starter_folder(), {}, with_environment=False)
    text = TEXT.format(long="Words.\n\n## Sponsored by Other Tills\n\nTake one.")

    weights = weigh_text(text, tmp_path / "x.md", settings, NOW, PictureFolder(tmp_path))

    assert [None, None] == [weights[5], weights[6]]
