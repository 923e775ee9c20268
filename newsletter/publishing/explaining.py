"""What a message that came back means, said of its bytes alone: no books, no settings, no keys.

For whoever wonders about one, and for trying forms of servers out. Whose it is takes the keys, and
is `bounce_identity`'s to say.
"""

from newsletter.books import ReturnKind
from newsletter.bounces import Understanding, understand

__all__ = ["Understanding", "explained"]

_NOT_UNDERSTOOD = "not understood: a fault of ours"


def explained(raw: bytes, *, recipient: str = "") -> Understanding:
    """Never raises: a message that we stumble over must not keep the next from being read.

    `recipient` is the address of its envelope, where that is known.
    """
    try:
        return understand(raw, recipient=recipient)
    except Exception as error:  # noqa: BLE001 - it is written down, with its kind, for a person
        how = f"{_NOT_UNDERSTOOD} ({type(error).__name__})"
        return Understanding(kind=ReturnKind.UNKNOWN, how=how)
