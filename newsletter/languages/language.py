"""What we know of a language: our words in it, and those by which an issue is read.

One file a language, `de.toml`. English has only what starts a publication: all its other words are
the defaults of the records that hold them. A language without a file reads and frames its issues in
English until its publication writes its own words.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

_TAG = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")
_FOLDER = Path(__file__).parent

LAID_OUT = ("en", "de", "fr", "es", "it", "nl", "pl", "pt", "sv", "ar", "ja")
"""The languages in which a publication can be laid out, English first."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Language:
    """`frame` are the keys of [words] in newsletter.toml, and `house` those of [house.words].

    `starter` are the first settings of a publication: `{name}` is its name there, `{host}` the
    host of its pages, and there is a tagline for each weekday. `notes` are what is written into an
    issue that nobody has written yet, and `site` are the keys of [site.words], `letters` those of
    [letters].
    """

    tag: str
    frame: Mapping[str, Any]
    house: Mapping[str, Any]
    starter: Mapping[str, Any]
    notes: Mapping[str, str]
    site: Mapping[str, Any]
    letters: Mapping[str, str]


def language_of(tag: str) -> Language:
    """The language of a BCP 47 tag, by its first subtag (RFC 5646, section 2.2.1).

    >>> language_of("de-AT").frame["unsubscribe"]
    'Abmelden'
    >>> dict(language_of("en-GB").frame), dict(language_of("tlh").frame)
    ({}, {})
    """
    primary = primary_of(tag)
    return Language(tag=primary, **_tables(primary if primary in LAID_OUT else "en"))


def is_language_tag(tag: str) -> bool:
    """Whether it has the shape of a BCP 47 tag: `de`, `de-AT`, `zh-Hant-TW`."""
    return _TAG.fullmatch(tag) is not None


def primary_of(tag: str) -> str:
    return tag.replace("_", "-").partition("-")[0].lower()


@cache
def _tables(primary: str) -> Mapping[str, Mapping[str, Any]]:
    with (_FOLDER / f"{primary}.toml").open("rb") as file:
        return tomllib.load(file)
