"""The door of the message room: issues compiled and composed for each reader, and letters.

The settings need `Sender`, and a check no more: what writes, scans and signs is loaded when asked.
"""

from typing import TYPE_CHECKING

from newsletter.doors import later
from newsletter.message.headers import Sender, membership_fields
from newsletter.message.letter_words import LetterWords
from newsletter.message.verp import MAX_BASE, has_room, names_own_path, token_in, with_token

if TYPE_CHECKING:
    from newsletter.message.composer import (
        Composer,
        PartSizes,
        Reader,
        RenderedIssue,
        UnsignedMessage,
    )
    from newsletter.message.dkim import Signer, check_alignment, is_selector
    from newsletter.message.dkim_key import (
        Algorithm,
        DkimKey,
        new_key,
        parse_key,
        read_key,
        record_strings,
    )
    from newsletter.message.letters import Letter, compose_letter
    from newsletter.message.related import RelatedPicture
    from newsletter.message.scan import scan_message

__all__ = [
    "MAX_BASE",
    "Algorithm",
    "Composer",
    "DkimKey",
    "Letter",
    "LetterWords",
    "PartSizes",
    "Reader",
    "RelatedPicture",
    "RenderedIssue",
    "Sender",
    "Signer",
    "UnsignedMessage",
    "check_alignment",
    "compose_letter",
    "has_room",
    "is_selector",
    "membership_fields",
    "names_own_path",
    "new_key",
    "parse_key",
    "read_key",
    "record_strings",
    "scan_message",
    "token_in",
    "with_token",
]

__getattr__ = later(
    __name__,
    {
        "Algorithm": "dkim_key",
        "Composer": "composer",
        "DkimKey": "dkim_key",
        "Letter": "letters",
        "PartSizes": "composer",
        "Reader": "composer",
        "RelatedPicture": "related",
        "RenderedIssue": "composer",
        "Signer": "dkim",
        "UnsignedMessage": "composer",
        "check_alignment": "dkim",
        "compose_letter": "letters",
        "is_selector": "dkim",
        "new_key": "dkim_key",
        "parse_key": "dkim_key",
        "read_key": "dkim_key",
        "record_strings": "dkim_key",
        "scan_message": "scan",
    },
)
