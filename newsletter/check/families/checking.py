"""The check's own comments: the rules X001 and on, in the order of the docs."""

from newsletter.check.rule import Rule
from newsletter.check.rules import (
    unused_ignore,
)

RULES: tuple[Rule, ...] = (unused_ignore.RULE,)
