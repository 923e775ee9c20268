"""Another system's tags in a text (`*|FNAME|*`, `{{ .Subscriber.Name }}`): gone, and counted.

What they stood for differed from reader to reader, and an issue that has been sent has one text. A
tag for a reader's own link becomes a mark by which the reader of pages knows that link for another
sender's. A link that was wrapped to be counted leads to its page again.
"""

import re
from collections.abc import Callable, Mapping

from newsletter.importing.exports.export import System

OWN_LINK = "#unsubscribe"

_Mended = tuple[str, int]
_Rule = tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]]

_MAILCHIMP: tuple[_Rule, ...] = (
    (
        re.compile(r"\*\|(?:UNSUB|UPDATE_PROFILE|ARCHIVE|FORWARD|ABUSE_EMAIL)[^|*\n]{0,60}\|\*"),
        OWN_LINK,
    ),
    (re.compile(r"&(?:amp;)?mc_[ce]id=\*\|[^|*\n]{1,80}\|\*"), ""),
    (re.compile(r"\s?\*\|[^|*\n]{1,80}\|\*"), ""),
)
_LISTMONK: tuple[_Rule, ...] = (
    (
        re.compile(r"\{\{-?\s*(?:UnsubscribeURL|MessageURL|ManageURL|OptinURL)\b[^{}]{0,60}\}\}"),
        OWN_LINK,
    ),
    (re.compile(r"\{\{-?\s*TrackLink\s+[\"`]([^\"`{}]{1,2000})[\"`][^{}]{0,40}\}\}"), r"\1"),
    (re.compile(r"(https?://[^\s\"'<>]{1,2000})@TrackLink\b"), r"\1"),
    (re.compile(r"\s?\{\{[^{}]{1,200}\}\}"), ""),
)
_BUTTONDOWN: tuple[_Rule, ...] = (
    (re.compile(r"\{\{\s*(?:unsubscribe|manage_subscription|upgrade|email)_url\s*\}\}"), OWN_LINK),
    (re.compile(r"\s?\{\{[^{}]{1,200}\}\}|\{%[^{}]{1,200}%\}"), ""),
)
_SUBSTACK: tuple[_Rule, ...] = ((re.compile(r"%%[a-z_]{1,60}%%"), OWN_LINK),)
_GHOST: tuple[_Rule, ...] = (
    (
        re.compile(
            r"\{(?:first_name|name|email|uuid)(?:,\s*(?:\"|&quot;)([^\"{}&]{0,60})(?:\"|&quot;))?\}"
        ),
        lambda found: found[1] or "",
    ),
)
_RULES: Mapping[System, tuple[_Rule, ...]] = {
    System.MAILCHIMP: _MAILCHIMP,
    System.LISTMONK: _LISTMONK,
    System.BUTTONDOWN: _BUTTONDOWN,
    System.SUBSTACK: _SUBSTACK,
    System.GHOST: _GHOST,
}


def without_tags(text: str, system: System) -> _Mended:
    """The text without its system's tags, and how many there were.

    >>> without_tags("Hi *|FNAME|*, read on", System.MAILCHIMP)
    ('Hi, read on', 1)
    """
    count = 0
    for pattern, put in _RULES[system]:
        text, found = pattern.subn(put, text)
        count += found if put not in {OWN_LINK, r"\1"} else 0
    return text, count
