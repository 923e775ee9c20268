"""How a publication is known in a database that others may use too: by its key.

A key stands in newsletter.toml, or is made of the publication's name. What a database does with
it is left to `newsletter.store`.
"""

import re
import unicodedata
from dataclasses import dataclass
from hashlib import sha256

MAX_KEY = 60
_KEY = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


@dataclass(frozen=True, kw_only=True, slots=True)
class PublicationKey:
    """`is_given` is whether the key stands in newsletter.toml, so that the name may change."""

    key: str
    name: str
    is_given: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class KnownPublication:
    """A publication as its database knows it; `id` is 0 before it has written anything there.

    A key of "" is nobody's yet: the books are from before there were keys, or still empty.
    `salt` goes into the secret of its tokens and message ids; the first of a database has none.
    """

    id: int
    key: str
    name: str
    salt: str


def key_of(name: str) -> str:
    """The key of a publication that gives none, by its name.

    >>> key_of("The Friday Five"), key_of("Grüße aus Kiel"), key_of("金曜日")
    ('the-friday-five', 'grusse-aus-kiel', 'p-ebc2e167')
    """
    plain = unicodedata.normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode()
    words = "-".join(re.findall(r"[a-z0-9]+", plain.replace("'", "")))
    return words[:MAX_KEY].rstrip("-") or f"p-{sha256(name.encode()).hexdigest()[:8]}"


def parse_key(text: object) -> str:
    """A key as it is kept, in lower case. Raises ValueError for what is none."""
    key = str(text).lower() if isinstance(text, str) else ""
    if len(key) > MAX_KEY or _KEY.fullmatch(key) is None:
        raise ValueError(f"no key: {text!r}")
    return key
