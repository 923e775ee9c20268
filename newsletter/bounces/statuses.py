"""What an enhanced status code stands for, in the words of RFC 3463, 5248, 7372 and 7505.

Some systems give a code and not a word with it. Then this is what people are shown.
"""

_DETAILS = {
    "1.0": "other address status",
    "1.1": "bad destination mailbox address",
    "1.2": "bad destination system address",
    "1.3": "bad destination mailbox address syntax",
    "1.4": "destination mailbox address ambiguous",
    "1.6": "destination mailbox has moved, no forwarding address",
    "1.7": "bad sender’s mailbox address syntax",
    "1.8": "bad sender’s system address",
    "1.10": "recipient address has null MX",
    "2.0": "other or undefined mailbox status",
    "2.1": "mailbox disabled, not accepting messages",
    "2.2": "mailbox full",
    "2.3": "message length exceeds administrative limit",
    "2.4": "mailing list expansion problem",
    "3.0": "other or undefined mail system status",
    "3.1": "mail system full",
    "3.2": "system not accepting network messages",
    "3.3": "system not capable of selected features",
    "3.4": "message too big for system",
    "3.5": "system incorrectly configured",
    "4.0": "other or undefined network or routing status",
    "4.1": "no answer from host",
    "4.2": "bad connection",
    "4.3": "directory server failure",
    "4.4": "unable to route",
    "4.5": "mail system congestion",
    "4.6": "routing loop detected",
    "4.7": "delivery time expired",
    "5.0": "other or undefined protocol status",
    "6.0": "other or undefined media error",
    "6.3": "conversion required but not supported",
    "7.0": "other or undefined security status",
    "7.1": "delivery not authorized, message refused",
    "7.2": "mailing list expansion prohibited",
    "7.13": "user account disabled",
    "7.17": "mailbox owner has changed",
    "7.18": "domain owner has changed",
    "7.23": "SPF validation failed",
    "7.25": "reverse DNS validation failed",
    "7.26": "multiple authentication checks failed",
}


def words_for(enhanced_code: str) -> str:
    """The code with what it stands for; "" for one that says nothing.

    >>> words_for("5.1.1"), words_for("5.0.0"), words_for("")
    ('5.1.1, bad destination mailbox address', '', '')
    """
    meaning = _DETAILS.get(enhanced_code.partition(".")[2], "")
    return f"{enhanced_code}, {meaning}" if meaning else ""
