"""What a publication has by its language alone, before it sets a word of its own."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from newsletter.check import Calendar, HouseFormat, Typography
from newsletter.issue import Cues
from newsletter.languages import language_of, marks_of

if TYPE_CHECKING:
    from newsletter.message import LetterWords
    from newsletter.render import Words
    from newsletter.render.site import SiteWords


def house_in(tag: str) -> HouseFormat:
    """The house format in a language. English for one that we do not know, but for its marks.

    >>> house_in("fr-BE").calendar.months[10], house_in("ru").typography.quotes
    ('novembre', ('«»',))
    """
    default, marks = HouseFormat(language=tag), marks_of(tag)
    quotes = (marks.pair,) if marks else default.typography.quotes
    known = language_of(tag)
    words: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in known.house.items()
    }
    if not words:
        return replace(default, typography=replace(default.typography, quotes=quotes))
    return HouseFormat(
        language=tag,
        footer=known.starter["footer"],
        generic_texts=words["generic_texts"],
        stop_words=words["stop_words"],
        calendar=Calendar(
            weekdays=words["weekdays"], months=words["months"], ordinals=words["ordinals"]
        ),
        typography=Typography(
            abbreviations=words["abbreviations"], doubled=words["doubled"], quotes=quotes
        ),
        cues=Cues(
            footer=words["footer_cue"],
            sponsor=words["sponsor"],
            including=words["including"],
            conjunction=words["and"],
            numbers=words["numbers"],
            things=words["things"],
        ),
    )


def words_in(tag: str) -> "Words":
    """Our words of an e-mail in a language, its weekdays and months among them."""
    from newsletter.render import Words  # a check of one issue needs none of the renderer

    days = house_in(tag).calendar
    return Words(**language_of(tag).frame, weekdays=days.weekdays, months=days.months)


def letter_words_in(tag: str) -> "LetterWords":
    """Our words of letters to readers in a language."""
    from newsletter.message import LetterWords

    return LetterWords(**language_of(tag).letters)


def site_words_in(tag: str) -> "SiteWords":
    """Our words of the public site in a language."""
    from newsletter.render.site import SiteWords

    own: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in language_of(tag).site.items()
    }
    return SiteWords(**own)
