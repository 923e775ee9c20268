"""The public site: whether it can be served from here, and whether one click works from outside."""

from collections.abc import Iterator
from importlib.util import find_spec

from newsletter.errors import Act
from newsletter.publishing.doctoring.finding import (
    Finding,
    Found,
    Level,
    SenderRule,
    ok,
    sound,
    warn,
)
from newsletter.publishing.outside import Outside
from newsletter.publishing.publication import Publication


def site(publication: Publication) -> Iterator[Finding]:
    """Settings refuse a `base_url` that is not https."""
    if find_spec("starlette") is None or find_spec("uvicorn") is None:
        what = "the site cannot be served from here: the extra “web” is not installed"
        yield warn("site", what, "add it, unless the site is elsewhere", Act.ADD_EXTRA, "web")
        return
    believed = ", ".join(map(str, publication.settings.site.trusted_proxies))
    base_url = publication.settings.publication.base_url
    yield ok("site", f"{base_url}, behind {believed or 'no web server that it believes'}")


def one_click(publication: Publication, outside: Outside) -> Finding:
    """Asks the site by its public address, in a thread: it takes seconds where nobody answers."""
    base_url, rule = publication.settings.publication.base_url, SenderRule.ONE_CLICK
    if fault := outside.fault(base_url):
        return Finding(
            name="site",
            level=Level.BAD,
            what=f"one click at {base_url} does not work: {fault}",
            step="see that the site runs, and what stands before it",
            found=Found.INVALID,
            rule=rule,
        )
    what = f"one click at {base_url} is answered, as mail providers want it"
    return sound("site", what, rule=rule)
