"""Logging in to a relay: which mechanism, and what is said in each (RFC 4954).

One try with one mechanism: each refused try counts towards being locked out. What is asked is
read before it is answered, so that no secret goes where a user name was wanted. Whether a secret
may be said at all, and what a refusal means, is left to `smtp`.
"""

import base64
import binascii
import hmac
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from newsletter.errors import RelayFault
from newsletter.transports.options import TOKEN_WAYS

GO_ON = 334
SYNTAX_ERROR = 501
"""RFC 4954, 4 and 6."""

_USUAL = ("plain", "login", "cram-md5")
"""In this order, where nobody asks for another way."""

_ASKS_FOR_PASSWORD = re.compile(r"pass|kennwort|pwd|secret", re.IGNORECASE)
_ASKS_FOR_USER = re.compile(r"user|login|name|account|mail", re.IGNORECASE)
_MAX_SHOWN = 60


class Heard(NamedTuple):
    """A reply: its code, and its lines without codes."""

    code: int
    text: str


Say = Callable[[bytes], Awaitable[Heard]]
"""Says one line, without its end, and hears the reply to it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Login:
    """Who logs in where. `secret` is a password, or a token where the way wants one."""

    user: str
    secret: str = field(repr=False)
    host: str
    port: int | None
    where: str


def choose_way(wanted: str, offered: list[str], where: str) -> str:
    """The mechanism, in lower case; `wanted` is "" where any of the usual will do.

    Raises RelayFault where the relay does not offer it.
    """
    for way in (wanted,) if wanted else _USUAL:
        if way in offered:
            return way
    ways = ", ".join(way.upper() for way in offered if way.isascii() and way.isprintable())
    if wanted:
        raise RelayFault(
            f"the relay does not offer to log in by {wanted.upper()} (it offers {ways or 'none'})",
            where=where,
            next_step="take auth= out of the transport URL, or name what it offers",
        )
    step = "check the port, or take the user name out of the transport URL"
    if set(TOKEN_WAYS) & set(offered):
        step = f"where it wants a token, write auth=xoauth2; else {step}"
    raise RelayFault(
        f"the relay offers no way to log in that we know (it offers {ways or 'none'}; "
        "we know PLAIN, LOGIN, CRAM-MD5)",
        where=where,
        next_step=step,
    )


async def log_in(way: str, login: Login, say: Say) -> Heard:
    """The relay's last word: 235 where it let us in. Raises RelayFault for a senseless question."""
    return await _WAYS[way](login, say)


async def _plain(login: Login, say: Say) -> Heard:
    """RFC 4616, with the initial response of RFC 4954, 4."""
    return await say(b"AUTH PLAIN " + _encoded(f"\0{login.user}\0{login.secret}"))


async def _login(login: Login, say: Say) -> Heard:
    """draft-murchison-sasl-login: asked for the user name first, then for the password.

    No initial response: a relay that does not know of one would ask for the user name after it,
    and be given the password. Only one that wants nothing else (501) gets it.
    """
    heard = await say(b"AUTH LOGIN")
    if heard.code == SYNTAX_ERROR:
        heard = await say(b"AUTH LOGIN " + _encoded(login.user))
    else:
        heard = await _answer_user(heard, login, say)
    if heard.code != GO_ON:
        return heard
    asked = _question(heard.text)
    if asked and not _ASKS_FOR_PASSWORD.search(asked):
        raise _senseless(asked, "it had the user name already", login)
    return await say(_encoded(login.secret))


async def _answer_user(heard: Heard, login: Login, say: Say) -> Heard:
    if heard.code != GO_ON:
        return heard
    asked = _question(heard.text)
    if _ASKS_FOR_PASSWORD.search(asked) or (asked and not _ASKS_FOR_USER.search(asked)):
        raise _senseless(asked, "it was to ask for the user name", login)
    return await say(_encoded(login.user))


async def _cram_md5(login: Login, say: Say) -> Heard:
    """RFC 2195, 2."""
    heard = await say(b"AUTH CRAM-MD5")
    if heard.code != GO_ON:
        return heard
    challenge = _decoded(heard.text)
    if challenge is None:
        raise _senseless(heard.text, "a challenge in base64 was due", login)
    digest = hmac.new(login.secret.encode(), challenge, "md5").hexdigest()
    return await say(_encoded(f"{login.user} {digest}"))


async def _xoauth2(login: Login, say: Say) -> Heard:
    """Google's and Microsoft's own: a refusal comes as a question, and is asked for its end."""
    first = _encoded(f"user={login.user}\1auth=Bearer {login.secret}\1\1")
    heard = await say(b"AUTH XOAUTH2 " + first)
    return await say(b"") if heard.code == GO_ON else heard


async def _oauthbearer(login: Login, say: Say) -> Heard:
    """RFC 7628, 3.1 (GS2 header, host, port, token) and 3.2.3 (the end of a refusal)."""
    user = login.user.replace("=", "=3D").replace(",", "=2C")
    place = f"host={login.host}\1" + (f"port={login.port}\1" if login.port else "")
    first = _encoded(f"n,a={user},\1{place}auth=Bearer {login.secret}\1\1")
    heard = await say(b"AUTH OAUTHBEARER " + first)
    return await say(_encoded("\1")) if heard.code == GO_ON else heard


_WAYS: Mapping[str, Callable[[Login, Say], Awaitable[Heard]]] = {
    "plain": _plain,
    "login": _login,
    "cram-md5": _cram_md5,
    "xoauth2": _xoauth2,
    "oauthbearer": _oauthbearer,
}


def _encoded(text: str) -> bytes:
    return base64.b64encode(text.encode())


def _decoded(text: str) -> bytes | None:
    try:
        return base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        return None


def _question(text: str) -> str:
    r"""What a 334 asks for; some ask in the clear, some end it in a NUL, some ask nothing.

    >>> _question("VXNlciBOYW1lAA==")
    'User Name'
    >>> _question("Password")
    'Password'
    """
    octets = _decoded(text)
    try:
        asked = text if octets is None else octets.decode()
    except UnicodeDecodeError:  # a word in the clear that could be base64, such as “Password”
        asked = text
    return "".join(each for each in asked if each.isprintable()).strip()


def _senseless(asked: str, because: str, login: Login) -> RelayFault:
    shown = asked.replace(login.secret, "***")[:_MAX_SHOWN]
    return RelayFault(
        f"the relay asked “{shown}” when {because}, and was not answered",
        where=login.where,
        next_step="name another way that the relay offers, such as auth=plain",
    )
