"""The digest is what a person approved: it must change with anything, and with nothing else."""

from dataclasses import replace

from newsletter.issue import Slot
from newsletter.render import Rendered

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
