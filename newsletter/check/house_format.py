"""The house format as data: what another publication changes instead of the code.

The values here are the defaults; `newsletter.toml`, section [house], replaces any of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from newsletter.check.diagnostic import Severity


@dataclass(frozen=True, kw_only=True, slots=True)
class HouseFormat:
    """What a sound issue looks like.

    `stories` is the least and the most number of stories. `footer` is the footer's wording; its
    link is not compared. `footer_cue` is how a pasted footer is known, a regular expression for
    the beginning of a block. `severities` overrides rules by slug; `switched_off` silences them.
    """

    stories: tuple[int, int] = (5, 5)
    footer: str = "Sign up for our free retail technology newsletter here."
    footer_cue: str | None = None
    severities: Mapping[str, Severity] = field(default_factory=dict)
    switched_off: frozenset[str] = frozenset()
