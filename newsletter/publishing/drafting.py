"""The next issue, laid out by the house format with blanks to fill: its number, its file."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path

from newsletter.check import BLANK, HouseFormat
from newsletter.errors import IssueFileError, OutputError
from newsletter.files import write_file
from newsletter.issue import issue_date, issue_number, load_source, read_front_matter
from newsletter.languages import language_of
from newsletter.publishing.issues import issues_in


def issue_path(folder: Path, day: date) -> Path:
    """`issues/2026-11-27.md` of a publication in a folder."""
    return folder / "issues" / f"{day.isoformat()}.md"


def next_number(folder: Path, day: date) -> int | None:
    """One more than the newest issue from before a day that has a number; None where none has.

    The first issue of all is number 1.
    """
    if next(iter(issues_in(folder)), None) is None:
        return 1
    numbered = [found for found in _numbered(folder) if found[0] < day]
    return max(numbered)[1] + 1 if numbered else None


def write_new(path: Path, text: str, *, force: bool) -> None:
    """Write an issue's file. Raises OutputError where there is one already, unless forced."""
    if path.exists() and not force:
        raise OutputError(
            "this already exists, and nothing is overwritten",
            where=str(path),
            next_step="name another day, or overwrite it",
        )
    write_file(path, text.encode())


def draft(
    house: HouseFormat, day: date | None, number: int | None = None, *, subject: str = BLANK
) -> str:
    """The canonical text of an issue nobody has written yet, its notes in the house's language."""
    counted = "" if number is None else f"number: {number}\n"
    dated = "" if day is None else f"date: {day.isoformat()}\n"
    notes = language_of(house.language).notes
    stories = [
        f"## {number}. {BLANK}\n\n<!-- {notes['story'].format(number=number)} -->"
        for number in range(1, house.stories[0] + 1)
    ]
    words = {"including": house.cues.including, "and": house.cues.conjunction}
    front_matter = f"subject: {subject}\npreheader: {BLANK}\n{dated}{counted}"
    parts = [
        f"---\n{front_matter}---\n# {house_title(house)}",
        f"<!-- {notes['intro'].format(**words)} -->",
        *stories,
    ]
    if house.footer:
        parts.append(f"---\n{house.linked_footer}")
    return "\n\n".join(parts) + "\n"


def house_title(house: HouseFormat) -> str:
    """The first house title, else one of the language's, as in "The week in five stories"."""
    own = language_of(house.language).notes["title"] if house.stories[0] > 1 else BLANK
    words = house.titles[0] if house.titles else own
    title = words.replace("*", BLANK).replace("{count}", _count_word(house))
    return title[:1].upper() + title[1:]


def _numbered(folder: Path) -> Iterator[tuple[date, int]]:
    """Day and number of every issue that has both; only front matter is read for it."""
    for file in issues_in(folder):
        with suppress(IssueFileError):
            source = load_source(file)
            front_matter, _ = read_front_matter(source)
            (day, _), (number, _) = issue_date(source, front_matter), issue_number(front_matter)
            if day is not None and number is not None:
                yield day, number


def _count_word(house: HouseFormat) -> str:
    """The word for the number of stories; figures where the language's words do not reach it."""
    count, words = house.stories[0], house.cues.numbers
    return words[count - 2] if 2 <= count < len(words) + 2 else str(count)
