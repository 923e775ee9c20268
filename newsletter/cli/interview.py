"""The questions of `newsletter init`, one a line: asked on a terminal, and answered by options or
by defaults everywhere else.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

import typer

from newsletter.cli.console import faint, note_fitted, say, warning
from newsletter.cli.shown import shown
from newsletter.cli.wording import line_of
from newsletter.errors import NewsletterError
from newsletter.languages import LAID_OUT
from newsletter.publishing.answers import (
    Answers,
    example_sender,
    own_zone,
    parse_language,
    parse_name,
    parse_postal_address,
    parse_sender,
    parse_stories,
    parse_time,
    parse_weekday,
    parse_zone,
)

T = TypeVar("T")

OPTIONS = (
    *("name", "language", "weekday", "time", "timezone"),
    *("sender", "stories", "postal_address"),
)
"""In the order in which they are asked; each is an option of the command as well."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Interview:
    """`said` are options that were given, by name, and `known` what to take for an answer instead
    of our own default. On a terminal, where it `asks`, all that was not said is asked.
    """

    said: Mapping[str, str | None]
    known: Mapping[str, str]
    asks: bool

    def answers(self) -> Answers:
        """Raises NewsletterError for an option that cannot be taken."""
        if self.asks:
            say(faint("Enter takes what stands in brackets; all of it can be changed later."))
        name = self._answer("name", "Name of the newsletter", "", parse_name)
        languages = ", ".join(LAID_OUT)
        tag = self._answer("language", f"Language ({languages})", "en-GB", parse_language)
        weekday = self._answer(
            "weekday", "Day it goes out", "friday", lambda text: parse_weekday(text, tag)
        )
        at = self._answer("time", "Time of day", "07:00", parse_time)
        zone = self._answer("timezone", "Time zone", own_zone(tag).key, parse_zone)
        sender = self._answer(
            "sender",
            "Sender",
            str(example_sender(name)),
            lambda text: parse_sender(text, name),
        )
        stories = self._answer("stories", "Stories in an issue", "5", parse_stories)
        address = self._answer(
            "postal_address",
            "Postal address, for the footer (or later)",
            "",
            parse_postal_address,
        )
        return Answers(
            name=name,
            sender=sender,
            language=tag,
            weekday=weekday,
            time=at,
            zone=zone,
            stories=stories,
            postal_address=address,
        )

    def _answer(self, name: str, question: str, default: str, parse: Callable[[str], T]) -> T:
        given = self.said.get(name)
        default = self.known.get(name) or default
        if given is None and self.asks:
            return _asked(question, default, parse)
        try:
            return parse(default if given is None else given)
        except NewsletterError as error:
            raise NewsletterError(
                error.what, where=f"--{name.replace('_', '-')}", next_step=error.next_step
            ) from error


def _asked(question: str, default: str, parse: Callable[[str], T]) -> T:
    """The answer of somebody, who is told at once what is wrong with one, and asked again."""
    while True:
        text = typer.prompt(shown(question), default=shown(default), show_default=bool(default))
        try:
            return parse(text)
        except NewsletterError as error:
            note_fitted(line_of(error), word="not taken:", paint=warning)
