r"""What a terminal is told: words, and the colours that are ours.

A terminal obeys what it is told, and issues, files, addresses and relays tell us anything: control
characters (ECMA-48), direction overrides (UAX #9) and what hides words is written out instead, as
`\u001b`. That is JSON's way too, so the same door serves both. Who says what is left to `console`.
"""

import os
import re

_UNSHOWN = re.compile(
    "\U0001f3f4[\U000e0020-\U000e007e]+\U000e007f"  # a flag, such as that of Wales
    "|[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u180e\u200b\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff\U000e0000-\U000e007f]"
    "|(?<=[!-~])[\u200c-\u200f]+(?=[!-~])"  # joiners and marks, which some scripts need
    "|[\ufe00-\ufe0f\U000e0100-\U000e01ef]{2,}"  # one variation selector means something
)
_TAG = os.urandom(8).hex()
"""Nobody else can write it, so a colour with it is ours."""
_PAINT = re.compile(f"\x1b{_TAG}([0-9;]*)m")


def painted(text: str, codes: str) -> str:
    """The text in these colours (ECMA-48, 8.3.117), for `shown` to let through."""
    return f"\x1b{_TAG}{codes}m{text}\x1b{_TAG}0m"


def shown(text: str) -> str:
    r"""The text as it may be written to a terminal, with our colours.

    >>> shown("a\x1b[2Jb\u202ec\x9b"), shown("two\n\tlines, שלום, 👩\u200d🚀")
    ('a\\u001b[2Jb\\u202ec\\u009b', 'two\n\tlines, שלום, 👩\u200d🚀')
    """
    if text.isascii() and text.isprintable():
        return text
    if "\x1b" not in text:
        return escaped(text)
    pieces = _PAINT.split(text)
    pieces[::2] = map(escaped, pieces[::2])
    pieces[1::2] = (f"\x1b[{codes}m" for codes in pieces[1::2])
    return "".join(pieces)


def escaped(text: str) -> str:
    """Without a character that a terminal would obey, or that would hide others."""
    return _UNSHOWN.sub(_written_out, text)


def _written_out(found: re.Match[str]) -> str:
    text = found[0]
    if text[0] == "\U0001f3f4":
        return text
    octets = text.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{octets[at]:02x}{octets[at + 1]:02x}" for at in range(0, len(octets), 2))
