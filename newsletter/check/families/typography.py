"""How the words are set: the rules T001 and on, in the order of the docs."""

from newsletter.check.rule import Rule

RULES: tuple[Rule, ...] = ()
