"""What the name of a file says of everybody in it, where none of its columns says anything.

Mailchimp's `nonsubscribed_…` and others' `unsubscribes.csv` have the columns of any list of
readers, and nothing but their names tells that nobody may write to them.
"""

import re
from collections.abc import Sequence
from pathlib import PurePath

from newsletter.subscribers.plain_words import plain_words
from newsletter.subscribers.standing import Standing

_UNSUBSCRIBED = (
    r"unsub(?:s|scribed|scribes|scribers)|opt(?:ed)? ?outs?|abgemeldete?|desabonne(?:e?s)?"
    r"|desinscrite?s?"
)
_SAYING: Sequence[tuple[Standing, re.Pattern[str]]] = [
    (standing, re.compile(rf"\b(?:{words})\b"))
    for standing, words in (
        (Standing.COMPLAINT, r"(?:spam )?complain(?:ts?|ed|ers)"),
        (Standing.BOUNCE, r"(?:hard )?bounce[ds]|undeliverable|\Acleaned"),
        (Standing.BY_HAND, r"suppress(?:ed|ions?)|(?:block|black)list(?:ed)?"),
        (Standing.UNSUBSCRIBED, _UNSUBSCRIBED),
        (Standing.UNCONFIRMED, r"non ?subscrib(?:ed|ers)|unconfirmed"),
    )
]
_OR_NOT = re.compile(r"\b(?:subscribed|active|all|not|no|and|without|minus|except|removed)\b")


def standing_by_name(path: str) -> Standing:
    """What everybody in it is at best: confirmed, unless its name says plainly that they are not.

    >>> standing_by_name("unsubscribed_members_export_1a2b.csv").value
    'unsubscribed'
    >>> standing_by_name("all but unsubscribed.csv").value
    'confirmed'
    """
    words = plain_words(PurePath(path).stem)
    said = [standing for standing, pattern in _SAYING if pattern.search(words)]
    alone = re.sub(r"\bnon subscribed\b", "", words)
    return said[0] if said and not _OR_NOT.search(alone) else Standing.CONFIRMED
