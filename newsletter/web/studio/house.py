"""What the desk is told of the house format: good lengths, how many stories, how sponsors begin."""

from typing import Any

from newsletter.settings import Settings


def house_as_json(settings: Settings) -> dict[str, Any]:
    """Lengths are characters, the least and the most; `sponsor` is a regular expression."""
    house = settings.house
    return {
        "language": settings.publication.language,
        "subject": house.lengths.subject,
        "preheader": house.lengths.preheader,
        "stories": house.stories,
        "sponsor": house.cues.sponsor,
    }
