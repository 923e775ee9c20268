"""What an issue is made of: the rules S001 and on, in the order of the docs."""

from newsletter.check.rule import Rule
from newsletter.check.rules import (
    blank_lines,
    empty_issue,
    empty_slot,
    footer_missing,
    footer_wording,
    front_matter_invalid,
    front_matter_key,
    headline_number_style,
    intro_missing,
    no_stories,
    sponsor_repeated,
    sponsor_without_body,
    story_count,
    story_numbering,
    story_without_body,
    text_after_footer,
    title_missing,
)

RULES: tuple[Rule, ...] = (
    empty_issue.RULE,
    front_matter_invalid.RULE,
    front_matter_key.RULE,
    title_missing.RULE,
    intro_missing.RULE,
    no_stories.RULE,
    story_count.RULE,
    story_numbering.RULE,
    story_without_body.RULE,
    footer_missing.RULE,
    headline_number_style.RULE,
    footer_wording.RULE,
    text_after_footer.RULE,
    blank_lines.RULE,
    empty_slot.RULE,
    sponsor_repeated.RULE,
    sponsor_without_body.RULE,
)
