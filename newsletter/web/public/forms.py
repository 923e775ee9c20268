"""Forms as they come in: read within bounds, and looked at for our stamp before anything else.

Urlencoded or multipart alike (RFC 8058, 3.2); a file in a form is none of ours. What is no form at
all is read as an empty one, which has no stamp.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import ClientDisconnect, Request

from newsletter.publishing.readers import Stamps
from newsletter.web.public.site import site_of

MOST_FIELDS = 40
MOST_OF_FIELD = 8_192
"""Octets of one field in a multipart form; the whole body is bounded before."""

ONE_CLICK = ("List-Unsubscribe", "One-Click")
"""RFC 8058, 3.1."""


@dataclass(frozen=True, slots=True)
class Form:
    """Fields in their order, each with all its values."""

    values: Mapping[str, Sequence[str]]

    def text(self, name: str) -> str:
        """The first value, or ""."""
        found = self.values.get(name, [""])
        return found[0]

    def texts(self, name: str) -> Sequence[str]:
        return self.values.get(name, [])

    @property
    def is_one_click(self) -> bool:
        name, value = ONE_CLICK
        return value in map(str.strip, self.texts(name))


async def read_form(request: Request) -> Form:
    """Raises HTTPException 413 or 400 for a form that is none."""
    try:
        async with request.form(
            max_files=0, max_fields=MOST_FIELDS, max_part_size=MOST_OF_FIELD
        ) as found:
            values: dict[str, list[str]] = {}
            for name, value in found.multi_items():
                if isinstance(value, str):
                    values.setdefault(_whole(name), []).append(_whole(value))
            return Form(values)
    except HTTPException as error:
        raise HTTPException(400) from error
    except (MultiPartException, ValueError, UnicodeDecodeError) as error:
        raise HTTPException(400) from error
    except ClientDisconnect as error:
        raise HTTPException(400) from error


def _whole(text: str) -> str:
    """A form names the encoding that it is read by, and some of them give halves of characters."""
    return text.encode("utf-8", "replace").decode()


def is_ours(request: Request, form: Form, stamps: Stamps, act: str, subject: str = "") -> bool:
    """Whether the form came from a page of ours that was made for this act and this reader."""
    site = site_of(request)
    if is_from_elsewhere(request, site.pages.site.paths.origin.lower()):
        return False
    return stamps.is_good(form.text("stamp"), act, subject, site.now())


def is_from_elsewhere(request: Request, own: str) -> bool:
    """What a browser says of the page that sent a form; an older one says nothing.

    Our pages give no referrer, so their forms come from the origin `null` (Fetch, 3.2). `own` is
    that of the settings; a request's Host is the client's own word.
    """
    if request.headers.get("sec-fetch-site", "same-origin") == "cross-site":
        return True
    origin = request.headers.get("origin", "null")
    return origin != "null" and origin.lower() != own
