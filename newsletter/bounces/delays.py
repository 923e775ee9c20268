"""Whether a message tells of a delay alone, so that nobody was given up yet.

Reports by the standard say so in a field (`dsn`); this is for those that say it in words, and for
reports in which that field is missing. What is delayed is given up later in a message of its own,
so that a delay that is overlooked costs nothing, and a failure taken for one is never counted.
"""

from newsletter.bounces.charsets import words_decoded
from newsletter.bounces.outline import Outline
from newsletter.bounces.signs import shows

_LOOKED_AT = 6000


def is_of_a_delay(outline: Outline) -> bool:
    """By its subject, or by words that say it goes on, unless some say that it is over.

    The words are believed before the subject, which often is one of a delay still when it is over.
    """
    words = outline.words[:_LOOKED_AT]
    subject = words_decoded(outline.top.field("subject"))
    if shows("delay", "over", words) or shows("delay", "over_subjects", subject):
        return False
    return shows("delay", "goes_on", words) or shows("delay", "subjects", subject)
