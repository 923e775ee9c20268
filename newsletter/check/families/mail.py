"""What an inbox makes of an issue: the rules M001 and on, in the order of the docs."""

from newsletter.check.rule import Rule

RULES: tuple[Rule, ...] = ()
