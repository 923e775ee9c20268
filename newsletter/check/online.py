"""Which links of some issues lead nowhere. Asks the web, so only `newsletter check --online` does.

How one address is asked is `newsletter.check.probe`'s, loaded at the first asking; what became of
it is for the rule dead-link to say, from the context.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from newsletter.check.issue_links import links_of
from newsletter.check.web_address import is_web_address
from newsletter.errors import OutputError
from newsletter.files import write_file
from newsletter.issue import Issue

AT_ONCE = 5
"""Requests under way at any moment."""

Fetch = Callable[[str], str | None]
"""An address to the reason why a reader cannot get there, or None. Called in threads."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LinkCache:
    """A small file of the addresses that answered, each with when; asked again after `keep`.

    Dead links are not kept, so that one that was mended is seen to be at once. `now` is aware.
    """

    path: Path
    now: datetime
    keep: timedelta = timedelta(days=1)

    def read(self) -> dict[str, datetime]:
        """What is still fresh. A file that cannot be read is no worse than none."""
        try:
            kept = json.loads(self.path.read_bytes())
            times = {str(href): datetime.fromisoformat(at) for href, at in kept.items()}
            return {href: at for href, at in times.items() if self._is_fresh(at)}
        except (OSError, ValueError, TypeError, AttributeError):
            return {}

    def write(self, answered: Mapping[str, datetime]) -> None:
        """A disk that is full costs the next check some time, and this one nothing."""
        kept = {href: at.isoformat(timespec="seconds") for href, at in sorted(answered.items())}
        text = json.dumps(kept, indent=1, ensure_ascii=False) + "\n"
        with suppress(OutputError):
            write_file(self.path, text.encode())

    def _is_fresh(self, at: datetime) -> bool:
        return timedelta() <= self.now - at < self.keep


def find_dead_links(
    issues: Iterable[Issue],
    *,
    allowed: tuple[str, ...] = (),
    cache: LinkCache | None = None,
    fetch: Fetch | None = None,
) -> dict[str, str]:
    """The addresses that lead nowhere, each with the reason, for `Context.dead_links`.

    Addresses that begin with one of `allowed` are not asked. `fetch` is the web's Prober unless
    given.
    """
    wanted = list(dict.fromkeys(_addresses(issues, allowed)))
    answered = cache.read() if cache else {}
    unknown = list(dict.fromkeys(map(_page, wanted)))
    unknown = [page for page in unknown if page not in answered]
    reasons = _ask(unknown, fetch) if unknown else {}
    if cache and unknown:
        alive = {page: cache.now for page, reason in reasons.items() if reason is None}
        cache.write({**answered, **alive})
    return {href: reason for href in wanted if (reason := reasons.get(_page(href)))}


def _addresses(issues: Iterable[Issue], allowed: tuple[str, ...]) -> Iterable[str]:
    for issue in issues:
        for link in links_of(issue):
            if is_web_address(link.href) and not link.href.startswith(allowed):
                yield link.href


def _page(href: str) -> str:
    """A fragment is the browser's business and never sent."""
    return href.partition("#")[0]


def _ask(pages: Sequence[str], fetch: Fetch | None) -> Mapping[str, str | None]:
    from newsletter.check.probe import Prober, ask_all  # TLS and HTTP load longer than a check runs

    return ask_all(pages, fetch or Prober(), at_once=AT_ONCE)
