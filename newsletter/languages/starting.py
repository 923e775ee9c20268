"""The first settings of a publication, newsletter.toml, in the words of its language."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from newsletter.languages.language import Language, language_of
from newsletter.languages.marks import marks_of

_SECTION = re.compile(r"\[(?P<name>[\w.]+)\]\s*\Z")
_SETTING = re.compile(
    r"(?P<before>(?:# )?(?P<key>\w+) = )"
    r"""(?P<value>"(?:[^"\\]|\\.)*"|'[^']*'|\[[^\]]*\])(?P<after>\s*#.*)?\Z"""
)
_LISTED_AT_MOST = 8
"""Words of a long list that are shown, but for those that a calendar must have whole."""
_WHOLE = ("weekdays", "months")
_COMMENTS_AT = 52
"""Columns from the left, as in the starter's file."""


def settings_in(text: str, tag: str) -> str:
    """The settings of the starter with every word of a language in its place.

    What is a comment there stays one: the words hold by themselves, and are shown to be changed.
    A language without words of ours changes its tag and its marks alone.
    """
    language = language_of(tag)
    if language.tag == "en":
        return text.replace('language = "en-GB"', f'language = "{tag}"')
    return "\n".join(_lines(_joined(text), _values(language, tag, text)))


def _joined(text: str) -> str:
    """With each list on one line, as the lines of a file are gone through."""
    return re.sub(r"(?m)^(\w+ = )\[( *#.*)?\n((?:.*\n)*?)\]", _one_line, text)


def _one_line(found: re.Match[str]) -> str:
    return f"{found[1]}[{' '.join(found[3].split()).rstrip(',')}]{found[2] or ''}"


def _values(language: Language, tag: str, text: str) -> Mapping[str, Mapping[str, Any]]:
    marks = marks_of(tag)
    quotes = {"quotes": [marks.pair]} if marks else {}
    if not language.frame:
        return {"publication": {"language": tag}, "house.words": quotes}
    starter, own = language.starter, tomllib.loads(text)["publication"]
    why = starter["why"].format(name=own["name"], host=urlsplit(own["base_url"]).hostname)
    return {
        "publication": {"language": tag, "tagline": starter["tagline"], "why": why},
        "words": language.frame,
        "house": {name: starter[name] for name in ("footer", "titles")},
        "house.words": {**language.house, **quotes},
    }


def _lines(text: str, values: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    section = ""
    for line in text.split("\n"):
        if head := _SECTION.match(line):
            section = head["name"]
        setting = _SETTING.match(line)
        own = values.get(section, {})
        if setting and setting["key"] in own:
            written = setting["before"] + _toml(setting["key"], own[setting["key"]])
            comment = (setting["after"] or "").strip()
            yield f"{written:<{_COMMENTS_AT - 2}}  {comment}".rstrip()
        else:
            yield line


def _toml(key: str, value: Any) -> str:
    if isinstance(value, str):
        return f"'{value}'" if "\\" in value else f'"{value}"'
    shown = value if key in _WHOLE else value[:_LISTED_AT_MOST]
    return f"[{', '.join(_toml(key, each) for each in shown)}]"
