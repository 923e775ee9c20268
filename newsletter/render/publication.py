"""What the frame of every issue says, whatever the issue: who writes, why, and from where."""

import re
from dataclasses import dataclass

from newsletter.errors import RenderError

_HTTPS = re.compile(r"https://[^\s/<>\"]+(?:/[^\s<>\"]*)?")
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")


@dataclass(frozen=True, kw_only=True, slots=True)
class Publication:
    """A newsletter's standing matter.

    `language` is a BCP 47 tag ("en-GB"). `base_url` is where the reader's pages are, https and
    without a slash at its end. `why` is the sentence that tells a reader why this came to them.
    Raises RenderError for an address or a language that cannot be one.
    """

    name: str
    tagline: str
    language: str
    base_url: str
    signup_url: str
    why: str
    organisation: str
    postal_address: str

    def __post_init__(self) -> None:
        for field in ("base_url", "signup_url"):
            url = getattr(self, field)
            if not _HTTPS.fullmatch(url):
                raise RenderError(
                    f"{url!r} is no https address",
                    where=f"publication {field}",
                    next_step="write it as https://news.example.com",
                )
        if self.base_url.endswith("/"):
            raise RenderError(
                f"{self.base_url!r} ends in a slash",
                where="publication base_url",
                next_step="take the slash off",
            )
        if not _LANGUAGE.fullmatch(self.language):
            raise RenderError(
                f"{self.language!r} is no language tag",
                where="publication language",
                next_step='write one such as "en-GB"',
            )
