"""The way in: a link that is opened once, and leaves a cookie behind.

Looking at the link changes nothing, for other programs look at links too: the page that it shows
opens it, by a script. The cookie is thus given to a page of ours, and sent from the start
(SameSite=Strict) wherever the link was found.
"""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from newsletter.web.studio.drawing import draw
from newsletter.web.studio.guard import ENTRANCE, account_in
from newsletter.web.studio.outside import Outside, outside
from newsletter.web.studio.studio import studio_of


async def look(request: Request) -> Response:
    """Who is inside already goes where the link leads, though it was opened before."""
    session, account = studio_of(request).session, account_in(request.scope)
    if session.opens(request.path_params["link"], account):
        return HTMLResponse(draw("enter.html"))
    if session.is_ours(request.cookies.get(session.name, ""), account):
        return RedirectResponse(_way(request), 303)
    return _refused(request)


async def enter(request: Request) -> Response:
    session = studio_of(request).session
    cookie = session.redeem(request.path_params["link"], account_in(request.scope))
    if cookie is None:
        return _refused(request)
    answer = JSONResponse({"to": _way(request)})
    answer.set_cookie(session.name, cookie, path="/", httponly=True, samesite="strict")
    return answer


def _way(request: Request) -> str:
    """`?to=` is a path of ours: whatever else is asked for is the shelf."""
    to = request.query_params.get("to", "/")
    is_ours = to.startswith("/") and not to.startswith(("//", "/\\")) and to.isprintable()
    return to if is_ours else "/"


def _refused(request: Request) -> Response:
    media_type, body = outside(request.scope, Outside.SPENT)
    return Response(body, Outside.SPENT.status, media_type=media_type)


ROUTES: Sequence[BaseRoute] = [
    Route(f"{ENTRANCE}{{link}}", look),
    Route(f"{ENTRANCE}{{link}}", enter, methods=["POST"]),
]
