"""The site's answers: pages that anybody may keep for a while, and those that nobody may."""

from datetime import UTC, datetime, timedelta

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from newsletter.web.public.shelf import CSS, Sheet

_SHORT = "public, max-age=60"
_FOR_EVER = "public, max-age=31536000, immutable"
_NEVER = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}


def sheet(request: Request, found: Sheet) -> Response:
    """With its mark, so that who has it already is told so in a line (RFC 9110, 13.1.2)."""
    tag = f'"{found.mark}"'
    lasting = _FOR_EVER if found.media_type == CSS and request.scope["query_string"] else _SHORT
    headers = {"ETag": tag, "Cache-Control": lasting}
    if tag in [each.strip() for each in request.headers.get("if-none-match", "").split(",")]:
        return Response(status_code=304, headers=headers)
    return Response(found.body, headers=headers, media_type=found.media_type)


def own_page(text: str, status: int = 200, **headers: str) -> Response:
    """A page for one reader, or of one moment."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return HTMLResponse(text, status_code=status, headers={**_NEVER, **named})


def whole_minute_after(now: datetime, wait: timedelta) -> datetime:
    """When to try again, as people say it."""
    until = now + wait + timedelta(seconds=59)
    return until.replace(second=0, microsecond=0).astimezone(now.tzinfo or UTC)
