"""What the frame of every issue says, whatever the issue: who writes, why, and from where."""

import re
from dataclasses import dataclass, field

from newsletter.errors import RenderError
from newsletter.languages import is_language_tag
from newsletter.render.words import Words

_HTTPS = re.compile(r"https://[^\s/<>\"]+(?:/[^\s<>\"]*)?")
_RTL_LANGUAGES = frozenset(
    {"ar", "arc", "ckb", "dv", "fa", "he", "iw", "nqo", "ps", "sd", "syr", "ug", "ur", "yi"}
)
_RTL_SCRIPTS = frozenset({"adlm", "arab", "hebr", "nkoo", "rohg", "syrc", "thaa"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Imprint:
    """A newsletter's standing matter.

    `language` is a BCP 47 tag ("en-GB"). `base_url` is where the reader's pages are, https and
    without a slash at its end. `why` is the sentence that tells a reader why this came to them;
    `words` are ours, in its language. Raises RenderError for an address or a language that cannot
    be one.
    """

    name: str
    tagline: str
    language: str
    base_url: str
    signup_url: str
    why: str
    organisation: str
    postal_address: str
    words: Words = field(default_factory=Words)

    def __post_init__(self) -> None:
        for name in ("base_url", "signup_url"):
            url = getattr(self, name)
            if not _HTTPS.fullmatch(url):
                raise RenderError(
                    f"{url!r} is not an https address",
                    where=f"publication {name}",
                    next_step="write it as https://news.example.com",
                )
        if self.base_url.endswith("/"):
            raise RenderError(
                f"{self.base_url!r} ends in a slash",
                where="publication base_url",
                next_step="take the slash off",
            )
        if not is_language_tag(self.language):
            raise RenderError(
                f"{self.language!r} is not a language tag",
                where="publication language",
                next_step='write one such as "en-GB"',
            )

    @property
    def direction(self) -> str:
        """`ltr` or `rtl`."""
        return direction_of(self.language)


def direction_of(language: str) -> str:
    """From the language tag: by its script where it names one (RFC 5646, 2.2.3).

    >>> [direction_of(tag) for tag in ("en-GB", "ar-EG", "pa-Arab", "az-Latn")]
    ['ltr', 'rtl', 'rtl', 'ltr']
    """
    first, *others = language.lower().split("-")
    script = next((part for part in others if len(part) == 4 and part.isalpha()), "")
    is_rtl = script in _RTL_SCRIPTS if script else first in _RTL_LANGUAGES
    return "rtl" if is_rtl else "ltr"
