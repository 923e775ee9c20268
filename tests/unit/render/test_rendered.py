"""The digest is what a person approved: it must change with anything, and with nothing else."""

from dataclasses import replace

from newsletter.issue import Placeholder
from newsletter.render import Rendered

ONE = Rendered(
    subject="a",
    preheader="b",
    html="c",
    text="d",
    placeholders=(Placeholder(mark="zzSLOT1zz", field="first_name", default="there"),),
)


def test_digest_is_known() -> None:
    """Pinned: a journal holds digests for years, so this sum may not move by accident."""
    assert "12a2106f1814f2e94c7bbaae6af13615adca78d497e1e86a83bd98c713238513" == ONE.digest


def test_digest_is_equal_for_equal_contents() -> None:
    assert replace(ONE).digest == ONE.digest


def test_digest_differs_for_any_difference() -> None:
    (placeholder,) = ONE.placeholders
    others = [
        replace(ONE, subject="A"),
        replace(ONE, preheader="B"),
        replace(ONE, html="C"),
        replace(ONE, text="D"),
        replace(ONE, placeholders=()),
        replace(ONE, placeholders=(placeholder, placeholder)),
        replace(ONE, placeholders=(replace(placeholder, field="x"),)),
        replace(ONE, placeholders=(replace(placeholder, default=None),)),
        replace(ONE, placeholders=(replace(placeholder, default=""),)),
        replace(ONE, placeholders=(replace(placeholder, default="none"),)),
        replace(ONE, subject="ab", preheader=""),
        replace(ONE, subject="", preheader="ab"),
        replace(ONE, subject="a\n1:b", preheader=""),
    ]

    assert len(others) + 1 == len({one.digest for one in [ONE, *others]})
