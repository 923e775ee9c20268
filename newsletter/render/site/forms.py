"""The fields of the public site's forms: what was entered, and what is wrong with it, in words."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from newsletter.render.html import Html
from newsletter.render.site.imprint import SiteImprint

MOST_OF_ADDRESS = 254
"""Octets: RFC 5321, 4.5.3.1.3, without the angle brackets."""
MOST_OF_NAME = 80


class Fault(StrEnum):
    """What is wrong with what was entered; the values are the ends of our sentences' names."""

    MISSING = "missing"
    NO_AT = "no_at"
    NO_NAME = "no_name"
    NO_HOST = "no_host"
    WRONG = "wrong"
    TOO_LONG = "too_long"
    NAME = "name"
    """The one of the first name; the others are the address's."""


def address_fault(entered: str) -> Fault:
    """Why this, which is no address, is none.

    >>> [str(address_fault(text)) for text in (" ", "ann", "ann@", "@b.example", "a b@c.example")]
    ['missing', 'no_at', 'no_host', 'no_name', 'wrong']
    """
    text = entered.strip()
    name, at, host = text.rpartition("@")
    if len(text.encode("utf-8", "replace")) > MOST_OF_ADDRESS:
        return Fault.TOO_LONG
    if not text:
        return Fault.MISSING
    if not at:
        return Fault.NO_AT
    if not host:
        return Fault.NO_HOST
    return Fault.WRONG if name else Fault.NO_NAME


def masked(address: str) -> str:
    """For pages that a link of a message leads to, because messages are forwarded.

    >>> masked("reader@example.com"), masked("a@example.com")
    ('re•••@example.com', '•••@example.com')
    """
    name, _, host = address.rpartition("@")
    shown = name[:2] if len(name) > 3 else ""
    return f"{shown}•••@{host}"


@dataclass(frozen=True, kw_only=True, slots=True)
class SignUpForm:
    """`action` is where it posts to; `stamp` goes with it in a hidden field, "" for none.

    `email` and `first_name` are what was entered before, whatever it was.
    """

    site: SiteImprint
    action: str
    stamp: str = ""
    email: str = ""
    first_name: str = ""
    fault: Fault | None = None

    @property
    def address_fault(self) -> Html:
        """What to say above the address, or ""."""
        return Html() if self.fault in {None, Fault.NAME} else self._said

    @property
    def name_fault(self) -> Html:
        return self._said if self.fault is Fault.NAME else Html()

    @property
    def button(self) -> str:
        return self.site.frame.button(self.site.publication.name)

    @property
    def _said(self) -> Html:
        return self.site.say(f"fault_{self.fault}")


Weeks = Literal[0, 2, 4, 8]
PAUSES: tuple[Weeks, ...] = (0, 2, 4, 8)
"""Weeks that a reader may pause for; 0 is no pause."""


class Reason(StrEnum):
    """Why somebody left, where they say so; the values are those of the form."""

    OFTEN = "often"
    HOPED = "hoped"
    NOT_ASKED = "not-asked"
    ELSEWHERE = "elsewhere"
