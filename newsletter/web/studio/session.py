"""Who may use the studio: whoever opened its link, once, in a browser of this machine.

The link is good for one opening; from then on the browser has a cookie, and every request that
changes something brings a token besides, which only pages of ours know. All are made from a key
that outlives the process, so that a tab goes on when the studio is started again. What is in a
cookie stands in it openly: there is nothing to look up, and nothing that grows.
"""

import hmac
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256

CHANCE = 12
"""Octets of chance in a link and in a cookie, so that no two are alike."""

LINK_MAC = 32
"""Characters of a link's MAC, 128 bits of it: nobody finds one by trying, and a link is seen by
people, on a line of a terminal.
"""

LINK_TIME = 15 * 60
"""Seconds in which a link can be opened."""

COOKIE_TIME = 30 * 24 * 3600
"""Seconds until a browser needs a new link."""

ANYBODY = "any"
"""Whose a link or a cookie is where nobody can tell the accounts of a machine apart."""


@dataclass(kw_only=True)
class Session:
    """`key` makes links, cookies and tokens. `name` is the cookie's: cookies do not know ports
    (RFC 6265, 8.5), and another publication's studio has its own. `run` is of this process: the
    links of an earlier one are dead, for nobody knows any more which of them were opened.
    """

    key: bytes = field(repr=False)
    name: str
    run: str = ""
    clock: Callable[[], float] = time.time
    _spent: dict[str, int] = field(default_factory=dict, repr=False)

    def new_link(self, account: int | None = None) -> str:
        """The secret of a link that may be opened once, and by that account alone if one is named.

        An account is a user ID of the operating system.
        """
        until, chance = int(self.clock()) + LINK_TIME, secrets.token_urlsafe(CHANCE)
        body = f"{until}.{_name_of(account)}.{chance}"
        return f"{body}.{self._link_mac(body)}"

    def opens(self, link: str, account: int | None = None) -> bool:
        """Whether a link would be redeemed now. Nothing is changed by asking."""
        body, _, mac = link.rpartition(".")
        is_made_here = _is_same(self._link_mac(body), mac)
        return is_made_here and link not in self._spent and self._is_good(body, account)

    def redeem(self, link: str, account: int | None = None) -> str | None:
        """The cookie for who opens a link; None for one that is none, or was opened before."""
        if not self.opens(link, account):
            return None
        now = int(self.clock())
        self._spent = {spent: until for spent, until in self._spent.items() if until > now}
        self._spent[link] = int(link.partition(".")[0])
        chance = secrets.token_urlsafe(CHANCE)
        body = f"{now + COOKIE_TIME}.{_name_of(account)}.{chance}"
        return f"{body}.{self._mac('cookie', body)}"

    def is_ours(self, cookie: str, account: int | None = None) -> bool:
        """Whether we gave this cookie, to this account, and not too long ago."""
        body, _, mac = cookie.rpartition(".")
        return _is_same(self._mac("cookie", body), mac) and self._is_good(body, account)

    def token(self, cookie: str) -> str:
        """What a changing request from a page under this cookie brings."""
        return self._mac("token", cookie)

    def is_token(self, cookie: str, token: str) -> bool:
        return _is_same(self.token(cookie), token)

    def _is_good(self, body: str, account: int | None) -> bool:
        """What stands in a link or a cookie of ours; root may do anything anyhow."""
        until, whose, _ = body.split(".")
        is_theirs = account in (None, 0) or whose in (ANYBODY, str(account))
        return int(until) > self.clock() and is_theirs

    def _link_mac(self, body: str) -> str:
        return self._mac("link", f"{self.run} {body}")[:LINK_MAC]

    def _mac(self, purpose: str, text: str) -> str:
        made = hmac.new(self.key, f"{purpose} {text}".encode("utf-8", "surrogatepass"), sha256)
        return made.hexdigest()


def _name_of(account: int | None) -> str:
    return ANYBODY if account is None else str(account)


def _is_same(ours: str, theirs: str) -> bool:
    """In the same time whatever stands in it, and for any characters."""
    return hmac.compare_digest(ours.encode(), theirs.encode("utf-8", "surrogatepass"))
