"""Types an issue as the studio's server does it, and says what is safe: `python -m ... PATH`."""

import sys
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from newsletter.publishing.draft_journal import Kept, forget, keep
from newsletter.publishing.drafts import Draft, read_draft, save_draft

TAB = "0123456789abcdef"


def text_of(number: int) -> str:
    """Longer with every key press, and each its own."""
    return f"{number}\n" + "one word more and " * number


def main(path: Path, first: int) -> None:
    base = read_draft(path)
    for number in count(first):
        text = text_of(number)
        at = datetime(2026, 11, 29, tzinfo=UTC)
        keep(
            path,
            Kept(
                tab=TAB,
                text=text,
                base=base.version,
                base_text=base.text,
                at=at,
                by="typist",
                number=number,
            ),
        )
        print(number, flush=True)
        if number % 3 == 0:
            saved = save_draft(path, text, base.version)
            assert isinstance(saved, Draft), saved
            base = saved
            forget(path, TAB, number)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
