"""Where a file of people comes from, as far as somebody knows more of it than its columns tell.

An export of another system has no column that says “they said yes here”, though it is a list of
those who did; and its table of who has left may say so by its name alone.
"""

from dataclasses import dataclass

from newsletter.subscribers.standing import Standing


@dataclass(frozen=True, kw_only=True, slots=True)
class Provenance:
    """`source` is the consent of everybody whose row gives none, with the day of the row.

    Nobody in the file is more than `at_best`, whatever their row says.
    """

    source: str = ""
    at_best: Standing = Standing.CONFIRMED


UNTOLD = Provenance()
