"""How the words are set: the rules T001 and on, in the order of the docs."""

from newsletter.check.rule import Rule
from newsletter.check.rules import (
    apostrophes,
    closing_punctuation,
    double_space,
    doubled_full_stop,
    doubled_word,
    embedded_post,
    headline_full_stop,
    long_headline,
    long_story,
    quotation_marks,
    stray_spaces,
)

RULES: tuple[Rule, ...] = (
    headline_full_stop.RULE,
    closing_punctuation.RULE,
    doubled_word.RULE,
    doubled_full_stop.RULE,
    double_space.RULE,
    quotation_marks.RULE,
    apostrophes.RULE,
    stray_spaces.RULE,
    embedded_post.RULE,
    long_headline.RULE,
    long_story.RULE,
)
