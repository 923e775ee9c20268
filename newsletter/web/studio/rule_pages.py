"""The pages of the check's rules, in the studio's looks: what a rule wants, with samples, and why.

A page is Markdown, of another package perhaps: it is read into nodes of ours, and the template
writes each of them escaped. Links lead to other rules or to the web, and nowhere else.
"""

import re
from collections.abc import Iterator, Sequence

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import BaseRoute, Route

from newsletter.check import Rule, all_rules
from newsletter.issue import Node, parse_inlines, parse_markdown
from newsletter.publishing.rule_pages import rule_page
from newsletter.web.studio.pages import page
from newsletter.web.studio.studio import studio_of

_FENCED = re.compile(r"^(```|~~~)[^\n]*\n(.*?)^\1[ ]*$\n?", re.MULTILINE | re.DOTALL)
_TITLE = re.compile(r"\A#[^\n]*\n")
_OTHER_RULE = re.compile(r"(?:\./)?([a-z0-9-]+)\.md")


async def shown(request: Request) -> HTMLResponse:
    slug = request.path_params["slug"]
    rule = next((each for each in all_rules() if each.slug == slug), None)
    if rule is None:
        raise HTTPException(404)
    severities = studio_of(request).settings.house.severities
    return page(
        request,
        "rule.html",
        rule=rule,
        summary=parse_inlines(rule.summary),
        severity=severities.get(rule.slug, rule.severity).value,
        parts=list(_parts(_body(rule))),
        where=_where,
    )


def _body(rule: Rule) -> str:
    """The page without its heading and its first sentence, which are on ours already."""
    text = _TITLE.sub("", rule_page(rule)).strip()
    return text.removeprefix(rule.summary).strip() + "\n"


def _parts(text: str) -> Iterator[str | tuple[Node, ...]]:
    """Samples as they stand, and nodes of what stands between them."""
    done = 0
    for match in _FENCED.finditer(text):
        yield parse_markdown(text[done : match.start()])
        yield match[2]
        done = match.end()
    yield parse_markdown(text[done:])


def _where(href: str) -> str:
    """Where a link of such a page leads from here; "" for a page that we do not have."""
    if href.startswith("https://"):
        return href
    match = _OTHER_RULE.fullmatch(href.partition("#")[0])
    known = match and any(rule.slug == match[1] for rule in all_rules())
    return f"/rules/{match[1]}" if match and known else ""


ROUTES: Sequence[BaseRoute] = [Route("/rules/{slug}", shown)]
