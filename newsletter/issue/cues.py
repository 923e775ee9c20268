"""The words by which a reader of a publication's language knows the parts of an issue, as data."""

from dataclasses import dataclass

FOOTER_CUE = (
    r"(?:sign up|subscribe|register)\b.*\b(?:newsletter|mailing list|bulletin|briefing)s?\b"
)
"""How a footer begins when no thematic break announces it; matched without regard to case."""


SPONSOR_CUE = (
    r"(?:sponsored|presented) by|in partnership with|(?:sponsor|advertisement)(?::|(?=\s*\Z))"
)
"""How the heading of a sponsor's block begins, before the sponsor's name; likewise. It may be all
of the heading."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Cues:
    """`footer` is a regular expression for the beginning of a pasted footer, `sponsor` one for
    what stands before the name in the heading of a sponsor's block.

    `including` opens the list of names in the intro, and `conjunction` stands before its last one.
    `numbers` are the words for two, three, four and on; `things` are what a title counts.
    """

    footer: str = FOOTER_CUE
    sponsor: str = SPONSOR_CUE
    including: str = "including"
    conjunction: str = "and"
    numbers: tuple[str, ...] = (
        *("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven"),
        *("twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen"),
        *("nineteen", "twenty"),
    )
    things: tuple[str, ...] = (*("stories", "things", "headlines", "items", "reads", "takeaways"),)


ENGLISH = Cues()
