"""Where an issue leads: the rules L001 and on, in the order of the docs."""

from newsletter.check.rule import Rule
from newsletter.check.rules import (
    bare_url,
    dead_link,
    footer_link,
    link_https,
    link_repeated,
    link_scheme,
    link_text,
    tracking_parameters,
)

RULES: tuple[Rule, ...] = (
    link_scheme.RULE,
    link_https.RULE,
    bare_url.RULE,
    link_text.RULE,
    tracking_parameters.RULE,
    link_repeated.RULE,
    footer_link.RULE,
    dead_link.RULE,
)
