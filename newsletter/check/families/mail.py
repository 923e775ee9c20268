"""What an inbox makes of an issue: the rules M001 and on, in the order of the docs."""

from newsletter.check.rule import Rule
from newsletter.check.rules import (
    html_size,
    html_too_large,
    image_alt,
    image_source,
    merge_field,
    preheader_length,
    story_images,
    subject_capitals,
    subject_length,
    subject_too_long,
)

RULES: tuple[Rule, ...] = (
    subject_length.RULE,
    subject_too_long.RULE,
    subject_capitals.RULE,
    preheader_length.RULE,
    image_alt.RULE,
    image_source.RULE,
    merge_field.RULE,
    html_size.RULE,
    html_too_large.RULE,
    story_images.RULE,
)
