"""Where an issue leads: the rules L001 and on, in the order of the docs."""

from newsletter.check.rule import Rule

RULES: tuple[Rule, ...] = ()
