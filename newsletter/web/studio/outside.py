"""What is said to whoever is refused at the door: a page to a person, JSON to a script of ours.

Nothing of the publication is in it, for nobody knows who asks.
"""

import json
from enum import Enum

from starlette.datastructures import Headers
from starlette.types import Scope

from newsletter.web.studio.drawing import draw

_AGAIN = "Type `newsletter studio` in the publication’s folder: it opens a new link."


class Outside(Enum):
    """Why: the status, what to say, and what to do next."""

    UNCLEAR = 400, "This request cannot be understood.", ""
    NO_SESSION = 403, "You need the studio’s link.", _AGAIN
    NO_TOKEN = 403, "This page is out of date.", "Load it again."
    ANOTHER_PAGE = 403, "The studio answers its own pages alone.", ""
    SPENT = 403, "This link has been used, or is too old.", _AGAIN
    TOO_SLOW = 408, "This took too long.", ""
    TOO_LARGE = 413, "This is too large.", "Nothing above 24 MB is taken."
    ANOTHER_NAME = 421, "The studio answers by its own address alone.", ""

    @property
    def status(self) -> int:
        return self.value[0]

    @property
    def said(self) -> str:
        return " ".join(filter(None, self.value[1:]))


def outside(scope: Scope, refusal: Outside) -> tuple[str, bytes]:
    """Media type and body of a refusal."""
    accepted = Headers(scope=scope).get("accept", "")
    if scope["path"].startswith("/api/") or scope["method"] == "POST":
        return "application/json", json.dumps({"said": refusal.said}).encode()
    if "text/html" not in accepted or refusal is Outside.ANOTHER_NAME:
        return "text/plain; charset=utf-8", f"{refusal.said}\n".encode()
    _, said, step = refusal.value
    text = draw("outside.html", said=said, step=step, way_in=step == _AGAIN)
    return "text/html; charset=utf-8", text.encode()
