"""What one part says of another: the rules C001 and on, in the order of the docs."""

from newsletter.check.rule import Rule
from newsletter.check.rules import (
    date_exists,
    intro_names,
    intro_weekday,
    intro_wording,
    title_count,
    title_names,
    title_wording,
    weekday_date,
    weekday_send_date,
)

RULES: tuple[Rule, ...] = (
    title_count.RULE,
    title_wording.RULE,
    intro_weekday.RULE,
    weekday_send_date.RULE,
    weekday_date.RULE,
    date_exists.RULE,
    intro_names.RULE,
    title_names.RULE,
    intro_wording.RULE,
)
