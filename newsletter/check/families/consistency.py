"""What one part says of another: the rules C001 and on, in the order of the docs."""

from newsletter.check.rule import Rule
from newsletter.check.rules import (
    title_count,
)

RULES: tuple[Rule, ...] = (title_count.RULE,)
