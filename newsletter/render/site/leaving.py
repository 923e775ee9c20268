"""The pages of a reader's own: leaving, coming back, choosing what comes, erasing what is held.

A link of a message leads to them, and messages are forwarded: an address is shown in part only.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from newsletter.render.html import Html
from newsletter.render.site.forms import MOST_OF_NAME, PAUSES, Reason, Weeks, masked
from newsletter.render.site.page import Frame, SitePage
from newsletter.render.site.told import ToldPage

_REASONS = {
    Reason.OFTEN: "why_often",
    Reason.HOPED: "why_hoped",
    Reason.NOT_ASKED: "why_not_asked",
    Reason.ELSEWHERE: "why_elsewhere",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class LeavePage(SitePage):
    """`pause_path` leads to the preferences' pause; "" where there are none."""

    address: str
    action: str
    stamp: str
    pause_path: str


@dataclass(frozen=True, kw_only=True, slots=True)
class LeftPage(SitePage):
    """`reasons` are values of the form with their words; () once one was given."""

    address: str
    undo_action: str
    reason_action: str
    stamp: str
    reasons: tuple[tuple[str, Html], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """A box or a dot in the preferences: its value, its words, a hint, and whether it is set."""

    value: str
    words: str
    hint: str
    is_chosen: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class PreferencesPage(SitePage):
    """`saved` says what has just been saved, or ""."""

    address: str
    action: str
    stamp: str
    first_name: str
    name_fault: Html
    topics: tuple[Choice, ...]
    pauses: tuple[Choice, ...]
    leave_path: str
    data_path: str
    erase_path: str
    saved: Html
    most_of_name: int = MOST_OF_NAME


@dataclass(frozen=True, kw_only=True, slots=True)
class ErasePage(SitePage):
    address: str
    action: str
    stamp: str
    back_path: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ReaderPages:
    """Each method makes one page and raises RenderError for a template at fault.

    `address` is the whole address, of which the page shows a part.
    """

    frame: Frame

    def unsubscribe(self, *, address: str, action: str, stamp: str, pause_path: str = "") -> str:
        """One button. Nothing has been done yet, for a machine may have pressed the link."""
        name = self.frame.site.publication.name
        page = LeavePage(
            site=self.frame.site,
            styles_path=self.frame.styles_path,
            title=self.frame.site.words.plain("leave_title", name=name),
            address=masked(address),
            action=action,
            stamp=stamp,
            pause_path=pause_path,
        )
        return self.frame.fill("unsubscribe", page)

    def unsubscribed(
        self,
        *,
        address: str,
        undo_action: str,
        reason_action: str,
        stamp: str,
        is_thanked: bool = False,
    ) -> str:
        """It is done, and can be undone; `is_thanked` once a reason was given."""
        site = self.frame.site
        page = LeftPage(
            site=site,
            styles_path=self.frame.styles_path,
            title=site.words.left_title,
            address=masked(address),
            undo_action=undo_action,
            reason_action=reason_action,
            stamp=stamp,
            reasons=()
            if is_thanked
            else tuple((str(reason), site.say(words)) for reason, words in _REASONS.items()),
        )
        return self.frame.fill("unsubscribed", page)

    def back(self, *, address: str) -> str:
        """Leaving is undone."""
        site = self.frame.site
        page = ToldPage(
            site=site,
            styles_path=self.frame.styles_path,
            title=site.words.back_title,
            heading=site.say("back_title"),
            is_done=True,
            paragraphs=(site.say("back_lead", address=masked(address)),),
        )
        return self.frame.fill("told", page)

    def preferences(
        self,
        *,
        address: str,
        action: str,
        stamp: str,
        leave_path: str,
        data_path: str,
        erase_path: str,
        first_name: str = "",
        chosen: Iterable[str] = (),
        pause: Weeks = 0,
        ends: Mapping[int, date],
        is_saved: bool = False,
        has_name_fault: bool = False,
    ) -> str:
        """`chosen` are the tags of the reader's topics, `pause` the weeks of the pause.

        `ends` has the day of the first issue after each pause, by its weeks. `is_saved` says that
        these choices have just been saved.
        """
        site = self.frame.site
        own, title = frozenset(chosen), site.frame.preferences
        page = PreferencesPage(
            site=site,
            styles_path=self.frame.styles_path,
            title=site.words.plain("error_title", title=title) if has_name_fault else title,
            address=masked(address),
            action=action,
            stamp=stamp,
            first_name=first_name,
            name_fault=site.say("fault_name") if has_name_fault else Html(),
            topics=tuple(
                Choice(value=one.tag, words=one.name, hint=one.sentence, is_chosen=one.tag in own)
                for one in site.topics
            ),
            pauses=tuple(self._pause(weeks, pause, ends) for weeks in PAUSES),
            leave_path=leave_path,
            data_path=data_path,
            erase_path=erase_path,
            saved=self._saved(pause, ends) if is_saved else Html(),
        )
        return self.frame.fill("preferences", page)

    def erase(self, *, address: str, action: str, stamp: str, back_path: str) -> str:
        """Asks once, with one button."""
        page = ErasePage(
            site=self.frame.site,
            styles_path=self.frame.styles_path,
            title=self.frame.site.words.erase_title,
            address=masked(address),
            action=action,
            stamp=stamp,
            back_path=back_path,
        )
        return self.frame.fill("erase", page)

    def erased(self) -> str:
        """Names nobody: there is nobody left to name."""
        site = self.frame.site
        page = ToldPage(
            site=site,
            styles_path=self.frame.styles_path,
            title=site.words.erased_title,
            heading=site.say("erased_title"),
            is_done=True,
            paragraphs=(site.say("erased_lead"), site.say("erase_keeps")),
        )
        return self.frame.fill("told", page)

    def _pause(self, weeks: Weeks, chosen: Weeks, ends: Mapping[int, date]) -> Choice:
        words = self.frame.site.words
        name = "pause_none" if weeks == 0 else f"pause_{weeks}"
        day = ends.get(weeks) if weeks else None
        date_words = self.frame.site.day(day) if day else ""
        return Choice(
            value=str(weeks),
            words=words.plain(name),
            hint=words.plain("pause_ends", date=date_words) if date_words else "",
            is_chosen=weeks == chosen,
        )

    def _saved(self, pause: Weeks, ends: Mapping[int, date]) -> Html:
        site = self.frame.site
        if pause and (day := ends.get(pause)):
            return site.say("saved_paused", date=site.weekday_day(day))
        return site.say("saved_lead")
