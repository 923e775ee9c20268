"""What a file says of a person's standing where it comes from: reader, gone, bounced, waiting.

Each system has words of its own. A word that makes somebody gone is believed wherever it stands;
one that nobody here knows is no reason to write to anyone.
"""

from collections.abc import Iterable
from enum import StrEnum

from newsletter.subscribers.suppression import SuppressionKind


class Standing(StrEnum):
    """In the order of their weight, where a row says two things or two rows are one person's.

    Unconfirmed is who waits elsewhere; pending is who waits here, in our own export.
    """

    COMPLAINT = "complaint"
    BOUNCE = "bounce"
    BY_HAND = "by hand"
    UNSUBSCRIBED = "unsubscribed"
    UNCONFIRMED = "unconfirmed"
    PENDING = "pending"
    CONFIRMED = "confirmed"

    @property
    def suppression(self) -> SuppressionKind | None:
        """How such a person is suppressed; None for who is not."""
        return _SUPPRESSIONS.get(self)


_SUPPRESSIONS = {
    Standing.COMPLAINT: SuppressionKind.COMPLAINT,
    Standing.BOUNCE: SuppressionKind.BOUNCE,
    Standing.BY_HAND: SuppressionKind.BY_HAND,
}

WEIGHT = {standing: place for place, standing in enumerate(Standing)}
"""The smaller weighs more."""

_WORDS = {
    Standing.CONFIRMED: (
        "confirmed subscribed active enabled regular premium gift trialed unpaid churned churning"
        " past_due free paid comped complimentary yes true opted_in opt_in optin single_opt_in"
        " double_opt_in verified member ok valid"
    ),
    Standing.UNSUBSCRIBED: (
        "unsubscribed unsubscribe gone left cancelled canceled inactive disabled removed deleted"
        " archived opted_out opt_out optout no false unsub signed_off"
    ),
    Standing.UNCONFIRMED: (
        "pending unconfirmed unactivated not_confirmed waiting validating unverified invited"
        " needs_attention non_subscribed nonsubscribed transactional paused upcoming"
    ),
    Standing.BOUNCE: (
        "bounced bounce hard_bounced hard_bounce cleaned undeliverable invalid bad_address"
    ),
    Standing.COMPLAINT: (
        "complained complaint complaining spam spam_complaint marked_as_spam abuse junk"
    ),
    Standing.BY_HAND: "blocklisted blacklisted blocked banned suppressed",
}
_STANDINGS = {word: standing for standing, words in _WORDS.items() for word in words.split()}


def standing_of(word: str) -> Standing | None:
    """The standing that a word in a status column gives; None for a word that is not known."""
    return _STANDINGS.get("_".join(word.lower().replace("-", " ").replace("_", " ").split()))


def weightiest(found: Iterable[Standing]) -> Standing:
    """What is to be believed of all that a row says."""
    return min(found, key=WEIGHT.__getitem__, default=Standing.CONFIRMED)
