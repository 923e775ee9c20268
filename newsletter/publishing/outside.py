"""Our servers as mail providers meet them: whether a one-click POST to `base_url` is answered
plainly, and what the policy for mail to our domain says.

Pressed is a link that is nobody's, so nothing changes and nobody leaves. RFC 8058 (3.1) and 8461
(3.3): no redirect is followed, and no login or challenge passed.
"""

import ssl
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from http import HTTPStatus
from http.client import HTTPException
from urllib.parse import urlsplit

from newsletter.net import (
    NOT_PUBLIC,
    allowed_addresses,
    asked,
    connected,
    host_of,
    is_public,
    why_not,
)

NOBODYS = "/unsubscribe/nobody-s-link-of-the-doctor"
_BODY = b"List-Unsubscribe=One-Click"
_OUR_ANSWER = 400
"""What the site says to a link that is not its own."""
_AGENT = "newsletter-as-code (doctor)"
_STS_FILE = "/.well-known/mta-sts.txt"
_MOST_OCTETS = 64 * 1024
"""Of a policy; RFC 8461, 3.3 asks to bound it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Outside:
    """How they are asked: `timeout` is in seconds. The site's address is the publication's own,
    and so may be one that is not public; a policy's is what the DNS says, and `may_ask` decides.
    """

    timeout: float = 10.0
    tls: ssl.SSLContext = field(default_factory=ssl.create_default_context)
    policy_port: int = 443
    may_ask: Callable[[str], bool] = is_public

    def fault(self, base_url: str) -> str:
        """What keeps one click from working; "" where it works. `base_url` is https."""
        try:
            status, is_ours = self._press(base_url)
        except (OSError, HTTPException) as error:
            return why_not(error, self.timeout)
        except ValueError:
            return "there is no site of that name"
        if 300 <= status < 400:
            return f"it answers with a redirect ({status}), which no mail provider follows"
        if status != _OUR_ANSWER or not is_ours:
            return f"what answers there ({status}) is not this newsletter’s site"
        return ""

    def policy(self, host: str, addresses: Sequence[str]) -> tuple[str, str]:
        """The MTA-STS policy that a host gives out, or the fault that keeps it back."""
        allowed = [each for each in addresses if self.may_ask(each)]
        if not allowed:
            return "", NOT_PUBLIC
        try:
            status, text = self._fetch(host, allowed)
        except (OSError, HTTPException) as error:
            return "", why_not(error, self.timeout)
        return (text, "") if status == HTTPStatus.OK else ("", f"it answers with {status}")

    def _fetch(self, host: str, addresses: Sequence[str]) -> tuple[int, str]:
        parts = urlsplit(f"https://{host}{_STS_FILE}")
        headers = {"User-Agent": _AGENT, "Connection": "close"}
        port, timeout = self.policy_port, self.timeout
        with (
            connected(addresses, port, host, tls=self.tls, timeout=timeout) as connection,
            closing(asked(connection, "GET", parts, headers)) as http,
        ):
            answer = http.getresponse()
            return answer.status, answer.read(_MOST_OCTETS).decode("utf-8", "replace")

    def _press(self, base_url: str) -> tuple[int, bool]:
        """The status, and whether the answer has the marks of ours."""
        parts = urlsplit(base_url + NOBODYS)
        host, port = host_of(parts), parts.port or 443
        addresses = allowed_addresses(host, port, lambda _: True)
        headers = {
            "User-Agent": _AGENT,
            "Content-Type": "application/x-www-form-urlencoded",
            "Content-Length": str(len(_BODY)),
            "Connection": "close",
        }
        with (
            connected(addresses, port, host, tls=self.tls, timeout=self.timeout) as connection,
            closing(asked(connection, "POST", parts, headers, _BODY)) as http,
        ):
            answer = http.getresponse()
            policy = answer.headers.get("Content-Security-Policy", "")
            return answer.status, "default-src 'none'" in policy
