"""Asks one address of the web whether a reader would get there, by hand and with suspicion.

An issue's links come from strangers' press releases, so `newsletter.net` connects, at each redirect
anew. Which addresses are asked is `newsletter.check.online`'s. RFC 9110 (HTTP).
"""

import ssl
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.client import HTTPException, responses
from urllib.parse import SplitResult, urljoin, urlsplit

from newsletter.net import NOT_PUBLIC, REDIRECTS, answered, is_public, location_of, why_not

MAXREDIRECTS = 5
_HEADERS = {"User-Agent": "newsletter-as-code (link check)", "Accept": "*/*", "Connection": "close"}
_REFUSALS = frozenset({401, 402, 403, 405, 406, 407, 429, 451, 503, 999})
"""What servers say to programs they do not like, and to all who have not paid or logged in. A
reader may well get there, so such an answer proves nothing. 999 is LinkedIn's."""
_UNKNOWN_ISSUER = 20
"""OpenSSL's X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY: browsers fetch what is missing."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Answer:
    """A status and where it sends us; or the reason why there is none, "" where that is none."""

    status: int = 0
    location: str = ""
    reason: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Prober:
    """Asks addresses; `timeout` is seconds for one request, once for connecting, once for the rest.

    `may_ask` is told each IP address before it is connected to; a test, whose server is on its own
    machine, has another opinion than `is_public`.
    """

    timeout: float = 10.0
    may_ask: Callable[[str], bool] = is_public
    tls: ssl.SSLContext = field(default_factory=ssl.create_default_context)

    def __call__(self, address: str) -> str | None:
        """Why a reader cannot get there; None where they can, or where nobody could tell."""
        for _ in range(MAXREDIRECTS + 1):
            answer = self._ask(address)
            if answer.status not in REDIRECTS or not answer.location:
                return _reason(answer)
            address = urljoin(address, answer.location)
            if urlsplit(address).scheme not in {"http", "https"}:
                return None  # an app's own address, which a telephone may know
        return f"it redirects more than {MAXREDIRECTS} times"

    def _ask(self, address: str) -> _Answer:
        """HEAD, and GET where that fails: many servers know only the one that browsers send."""
        answer = self._try("HEAD", address)
        is_final = answer.reason == NOT_PUBLIC or 0 < answer.status < 400
        return answer if is_final else self._try("GET", address)

    def _try(self, method: str, address: str) -> _Answer:
        try:
            return self._request(method, urlsplit(address))
        except (OSError, HTTPException) as error:  # first: a bad certificate is a ValueError too
            return _Answer(reason=self._words(error))
        except ValueError:
            return _Answer(reason="it is not an address")

    def _request(self, method: str, parts: SplitResult) -> _Answer:
        """Raises ValueError, OSError or HTTPException."""
        asking = answered(
            method, parts, _HEADERS, may_ask=self.may_ask, tls=self.tls, timeout=self.timeout
        )
        with asking as answer:
            if answer is None:
                return _Answer(reason=NOT_PUBLIC)
            return _Answer(status=answer.status, location=location_of(answer))

    def _words(self, error: Exception) -> str:
        if getattr(error, "verify_code", None) == _UNKNOWN_ISSUER:
            return ""
        return why_not(error, self.timeout)


def ask_all(
    addresses: Sequence[str], ask: Callable[[str], str | None], *, at_once: int
) -> Mapping[str, str | None]:
    """What is said of each address; `at_once` of them are asked at any moment, in threads."""
    with ThreadPoolExecutor(max_workers=at_once, thread_name_prefix="links") as threads:
        # Ctrl-C leaves `map` early, which then takes back what has not begun.
        return dict(zip(addresses, threads.map(ask, addresses), strict=True))


def _reason(answer: _Answer) -> str | None:
    if answer.status < 400 or answer.status in _REFUSALS:
        return answer.reason or None
    return f"the server says {answer.status} {responses.get(answer.status, '')}".rstrip()
