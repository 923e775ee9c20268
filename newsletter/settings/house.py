"""The section [house] of newsletter.toml, which `check` and `show` need and nothing else."""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from newsletter.check import Calendar, HouseFormat, Lengths, Severity, Typography, all_rules
from newsletter.errors import SettingsError
from newsletter.issue import EDITORS_FIELDS, Cues, is_field_name
from newsletter.settings.file import FILE_NAME, read_toml
from newsletter.settings.spoken import house_in
from newsletter.settings.table import Table

MAX_STORIES = 30


def load_house(folder: Path) -> HouseFormat:
    """The house format alone. Raises SettingsError with every fault of its section."""
    path = folder / FILE_NAME
    return _house_of(read_toml(path), str(path))


def house_in_text(text: str) -> HouseFormat:
    """That of settings which are not in a file yet. Raises SettingsError as `load_house` does."""
    return _house_of(tomllib.loads(text), FILE_NAME)


def _house_of(data: Mapping[str, Any], where: str) -> HouseFormat:
    faults: list[str] = []
    found = house(Table("house", data.get("house", {}), faults), language_in(data))
    if faults:
        raise SettingsError(faults, where=where, next_step="mend them and try again")
    return found


def language_in(data: Mapping[str, Any]) -> str:
    """The language that the settings name, before anyone says that it is none."""
    publication = data.get("publication", {})
    language = publication.get("language") if isinstance(publication, dict) else None
    return language if isinstance(language, str) else "en"


def house(table: Table, language: str = "en") -> HouseFormat:
    """The house format; what is not set is as the publication's language has it."""
    default = house_in(language)
    names_rules = table.has("severities") or table.has("off")
    slugs = {rule.slug for rule in all_rules()} if names_rules else set()
    stories = table.parsed(
        "stories", _range, f"a whole number from 1 to {MAX_STORIES}, or a pair such as [5, 6]"
    )
    severities = table.parsed(
        "severities",
        lambda value: _severities(value, slugs),
        'a table of rules, { footer-wording = "error" }, each error, warning or info',
    )
    switched_off = table.texts("off")
    if not set(switched_off) <= slugs:
        table.fault("off", f"a list of rules among {', '.join(sorted(slugs))}")
    words, lengths = table.inner("words"), table.inner("lengths")
    footer_cue = table.parsed("footer_cue", _pattern, "a regular expression")
    found = HouseFormat(
        language=language,
        stories=stories or default.stories,
        titles=table.texts("titles"),
        intro=table.parsed("intro", _pattern, "a regular expression"),
        footer=table.text("footer", default.footer),
        footer_link=table.text("footer_link", "") or None,
        memory=table.number("memory", default.memory, least=0, most=1_000),
        allowed_links=table.texts("allowed_links"),
        generic_texts=_words(words, "generic_texts", default.generic_texts),
        stop_words=_words(words, "stop_words", default.stop_words),
        merge_fields=_merge_fields(table),
        lengths=_lengths(lengths),
        calendar=_calendar(words, default.calendar),
        typography=_typography(words, default.typography),
        cues=_cues(words, footer_cue, default.cues),
        severities=severities or {},
        switched_off=frozenset(switched_off) if table.has("off") else default.switched_off,
    )
    for each in (table, words, lengths):
        each.no_other()
    return found


def _merge_fields(table: Table) -> tuple[str, ...]:
    """Names of attributes, as they may stand in an issue's braces."""
    names = table.texts("merge_fields")
    if not all(map(is_field_name, names)):
        allowed = "names of attributes, of small letters, digits and _, none ending in _token"
        table.fault("merge_fields", allowed)
        return ()
    return tuple(dict.fromkeys(name for name in names if name not in EDITORS_FIELDS))


def _lengths(table: Table) -> Lengths:
    default = Lengths()
    return Lengths(
        subject=table.pair("subject", default.subject),
        subject_most=table.number("subject_most", default.subject_most, least=10, most=998),
        preheader=table.pair("preheader", default.preheader),
        headline_words=table.number("headline_words", default.headline_words, least=1, most=200),
        story_blocks=table.number("story_blocks", default.story_blocks, least=1, most=200),
        intro_blocks=table.number("intro_blocks", default.intro_blocks, least=1, most=200),
        paragraph=table.number("paragraph", default.paragraph, least=100, most=100_000),
        images_per_story=table.number(
            "images_per_story", default.images_per_story, least=0, most=100
        ),
    )


def _calendar(table: Table, default: Calendar) -> Calendar:
    weekdays, months = table.texts("weekdays"), table.texts("months")
    for key, given, count in (("weekdays", weekdays, 7), ("months", months, 12)):
        if given and len(given) != count:
            table.fault(key, f"a list of {count} names")
    has_ordinals = table.has("ordinals")
    ordinals = table.texts("ordinals")
    return Calendar(
        weekdays=weekdays or default.weekdays,
        months=months or default.months,
        ordinals=ordinals if has_ordinals else default.ordinals,
    )


def _words(table: Table, key: str, default: tuple[str, ...]) -> tuple[str, ...]:
    """The list given, which may be empty, else the default."""
    has_own = table.has(key)
    own = table.texts(key)
    return own if has_own else default


def _typography(table: Table, default: Typography) -> Typography:
    quotes = _words(table, "quotes", default.quotes)
    if any(len(pair) != 2 for pair in quotes):
        table.fault("quotes", 'a list of pairs, an opening and a closing mark, such as ["“”"]')
    return Typography(
        abbreviations=_words(table, "abbreviations", default.abbreviations),
        doubled=_words(table, "doubled", default.doubled),
        quotes=quotes,
    )


def _cues(table: Table, footer: str | None, default: Cues) -> Cues:
    return Cues(
        footer=footer or default.footer,
        sponsor=table.parsed("sponsor", _cue, "a regular expression that matches no empty line")
        or default.sponsor,
        including=table.text("including", default.including),
        conjunction=table.text("and", default.conjunction),
        numbers=table.texts("numbers") or default.numbers,
        things=table.texts("things") or default.things,
    )


def _range(value: object) -> tuple[int, int]:
    least, most = (value, value) if isinstance(value, int) else value  # type: ignore[misc]
    if isinstance(value, bool) or not (1 <= int(least) <= int(most) <= MAX_STORIES):  # type: ignore[has-type]
        raise ValueError
    return int(least), int(most)  # type: ignore[has-type]


def _severities(value: Mapping[str, str], slugs: set[str]) -> dict[str, Severity]:
    if not value.keys() <= slugs:
        raise ValueError
    return {slug: Severity(word) for slug, word in value.items()}


def _pattern(value: str) -> str:
    try:
        re.compile(value)
    except re.error as error:
        raise ValueError from error
    return value


def _cue(value: str) -> str:
    """A pattern for the first words of a line; one that matches nothing at all would match all."""
    try:
        matches_nothing = re.match("(?:" + value + ")", "") is not None
    except re.error as error:
        raise ValueError from error
    if matches_nothing:
        raise ValueError
    return value
