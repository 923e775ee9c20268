"""The digest is what a person approved: it must change with anything, and with nothing else."""

from dataclasses import replace

from newsletter.issue import Slot, parse_issue, source_from_text
from newsletter.render import Rendered, story_sizes

ONE = Rendered(
    subject="a",
    preheader="b",
    html="c",
    text="d",
    slots=(Slot(placeholder="zzSLOT1zz", field="first_name", default="there"),),
)


def test_digest_is_known() -> None:
    """Pinned: a journal holds digests for years, so this sum may not move by accident."""
    assert "12a2106f1814f2e94c7bbaae6af13615adca78d497e1e86a83bd98c713238513" == ONE.digest


def test_digest_is_equal_for_equal_contents() -> None:
    assert replace(ONE).digest == ONE.digest


def test_digest_differs_for_any_difference() -> None:
    (slot,) = ONE.slots
    others = [
        replace(ONE, subject="A"),
        replace(ONE, preheader="B"),
        replace(ONE, html="C"),
        replace(ONE, text="D"),
        replace(ONE, slots=()),
        replace(ONE, slots=(slot, slot)),
        replace(ONE, slots=(replace(slot, field="x"),)),
        replace(ONE, slots=(replace(slot, default=None),)),
        replace(ONE, slots=(replace(slot, default=""),)),
        replace(ONE, slots=(replace(slot, default="none"),)),
        replace(ONE, subject="ab", preheader=""),
        replace(ONE, subject="", preheader="ab"),
        replace(ONE, subject="a\n1:b", preheader=""),
    ]

    assert len(others) + 1 == len({one.digest for one in [ONE, *others]})


def test_story_sizes_are_those_of_each_story_alone() -> None:
    text = "# T\n\nIntro.\n\n## 1. One\n\nShort.\n\n## 2. Two\n\n" + "Long. " * 500 + "\n"
    issue = parse_issue(source_from_text(text))

    short, long = story_sizes(issue)

    assert short < 100
    assert 3_000 < long < 3_300
