"""What came back in words, for text, page and mail alike; and for programs."""

from collections.abc import Iterator, Mapping

from newsletter.books import BOUNCES, ReturnKind, in_words
from newsletter.reports.comparison_words import share_words
from newsletter.reports.returned import (
    COMPLAINTS_BORNE,
    COMPLAINTS_WANTED,
    Returned,
)

TITLE = "What came back"

_WORDS: Mapping[ReturnKind, str] = {
    ReturnKind.HARD: "no such mailbox",
    ReturnKind.SOFT: "full, or away for a while",
    ReturnKind.BLOCKED: "blocked, which is not the reader’s matter",
}


def later_returned(returned: Returned) -> str:
    """The line beside the books; "" where nothing came back."""
    if not returned.returned:
        return ""
    return f"{returned.returned:,} accepted, later returned"


def returned_rows(returned: Returned) -> Iterator[tuple[str, str]]:
    """A number and what it is of, for each thing that there was."""
    if returned.returned:
        share = share_words(returned.share(returned.returned))
        yield f"{returned.returned:,}", f"returned ({share} of those accepted)"
    for kind in BOUNCES:
        if count := returned.kinds.get(kind, 0):
            yield f"{count:,}", f"{kind}: {_WORDS[kind]}"
    if returned.complaints:
        yield f"{returned.complaints:,}", _complaint_words(returned)
    for kind in (ReturnKind.AUTO_REPLY, ReturnKind.CHALLENGE):
        if count := returned.kinds.get(kind, 0):
            yield f"{count:,}", f"{kind}, never counted"
    if returned.left:
        share = share_words(returned.share(returned.left))
        yield f"{returned.left:,}", f"left within {in_words(returned.within)} ({share})"


def receiver_rows(returned: Returned) -> Iterator[tuple[str, str]]:
    """A receiver, and what came back of it: `gmail`, `3 hard, 1 blocked`."""
    for each in returned.receivers:
        kinds = (f"{each.kinds[kind]:,} {kind}" for kind in ReturnKind if each.kinds.get(kind))
        yield each.name, ", ".join(kinds)


def returned_record(returned: Returned) -> Mapping[str, object]:
    """For programs: shares from 0 to 1."""
    return {
        "returned": returned.returned,
        "returned_share": round(returned.share(returned.returned), 6),
        "kinds": {kind.value: count for kind, count in returned.kinds.items()},
        "complaint_share": round(returned.share(returned.complaints), 6),
        "left": returned.left,
        "left_share": round(returned.share(returned.left), 6),
        "left_within_seconds": returned.within.total_seconds(),
        "receivers": [
            {
                "receiver": each.name,
                "kinds": {kind.value: count for kind, count in each.kinds.items()},
            }
            for each in returned.receivers
        ],
    }


def _complaint_words(returned: Returned) -> str:
    share = returned.share(returned.complaints)
    noun = "complaint" if returned.complaints == 1 else "complaints"
    if share >= COMPLAINTS_BORNE:
        limit = "above 0.3 %, at which Gmail and Yahoo turn senders away"
    elif share >= COMPLAINTS_WANTED:
        limit = "Gmail and Yahoo want less than 0.1 %"
    else:
        limit = "below the 0.1 % of Gmail and Yahoo"
    return f"{noun} ({share * 100:.2f} %: {limit})"
