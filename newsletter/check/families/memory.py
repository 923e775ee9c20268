"""What ran before: the rules R001 and on, in the order of the docs."""

from newsletter.check.rule import Rule
from newsletter.check.rules import (
    headline_ran_before,
    link_ran_before,
)

RULES: tuple[Rule, ...] = (
    link_ran_before.RULE,
    headline_ran_before.RULE,
)
