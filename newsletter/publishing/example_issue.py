"""An issue to look at, sound by the house format, for whoever has not written one yet.

It is a text and no file: nobody can approve or send it.
"""

from collections.abc import Iterator
from datetime import date

from newsletter.check import HouseFormat
from newsletter.publishing.drafting import house_title

_STORIES = """
A bakery sells yesterday’s bread by the slice
What is left at six in the evening used to go to the farm. The bakery on Mill Lane now toasts it,
sells it by the slice at the counter next morning, and is sold out by nine.

Two libraries lend out tools as well as books
A drill is used for thirteen minutes in its life, says the librarian of Eastbrook. Hers has been out
every weekend since March, and the waiting list for the ladder is a month long.

A ferry puts its timetable in the hands of the tide
The crossing at Saltmouth leaves when there is water enough, and not before. Passengers get the
day’s times by text message at seven, and complaints have halved.

The market hall lets its roof to forty thousand bees
Eight hives stand between the skylights, and the rent is paid in honey. The stallholders sell it
downstairs under the name of the hall.

A night tram learns to wait for the last train
Line 4 used to leave on time, two minutes before the train came in. Its drivers now see the train on
a screen, and may wait for up to five minutes.

A cinema shows one film to one town for a week
Everybody pays what they like, and talks about the same thing at the baker’s. The second week was
fuller than the first.

A school puts its bell away and starts on time
For a term nobody rang anything, and lessons began a minute earlier on average. The bell is in the
cabinet with the cups.
"""
_NAMES = ("Eastbrook", "Saltmouth")
_SUBJECT = "Bread by the slice, a ladder on loan, a tram that waits"
_PREHEADER = "And a roof full of bees, a ferry that goes by the tide, and five minutes more"


def example_issue(house: HouseFormat, day: date) -> str:
    """The text of one: as many stories as the house wants at the least, as far as they go."""
    cues = house.cues
    names = f" {cues.conjunction} ".join(_NAMES)
    matter = f"subject: {_SUBJECT}\npreheader: {_PREHEADER}\ndate: {day.isoformat()}\n"
    intro = f"It’s {day:%A}, with small news from shops, streets and stations"
    parts = [
        f"---\n{matter}---\n# {house_title(house)}",
        f"{intro}, {cues.including} {names}. None of it is true.",
        *_stories(house.stories[0]),
    ]
    if house.footer:
        parts.append(f"---\n{house.linked_footer}")
    return "\n\n".join(parts) + "\n"


def _stories(count: int) -> Iterator[str]:
    for number, story in enumerate(_STORIES.strip().split("\n\n")[:count], 1):
        headline, *lines = story.split("\n")
        link = f"[Read the full story](https://example.com/story-{number})"
        yield f"## {number}. {headline}\n\n{' '.join(lines)}\n\n{link}"
