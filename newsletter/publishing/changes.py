"""What has changed in an issue since its run began, or since it was approved."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import unified_diff

from newsletter.books import Run
from newsletter.publishing.publication import Books
from newsletter.render import Rendered

SHOWN = 20
"""Lines of the difference: enough to see which change it was."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """Between a subject and a text part of before and those of now.

    `subjects` are the two where they differ; `lines` the first lines of a unified difference of
    the texts, `more` how many follow. `is_text_known` is false for a run from before texts were
    kept.
    """

    subjects: tuple[str, str] | None
    lines: Sequence[str] = ()
    more: int = 0
    is_text_known: bool = True

    @property
    def is_elsewhere(self) -> bool:
        """Whether the texts are the same, so that what differs lies in another part."""
        return self.is_text_known and not self.lines

    def words(self) -> list[str]:
        """Plain lines; a front may paint them."""
        shown = [] if self.subjects is None else [*_subject_lines(*self.subjects)]
        if not self.is_text_known:
            return [
                *shown,
                "The run is from before texts were kept, so the difference cannot be shown.",
            ]
        if self.is_elsewhere:
            return [
                *shown,
                "The text part is the same: the HTML, the preheader or the sender differs.",
            ]
        more = [f"… and {self.more:,} more lines"] if self.more else []
        return [*shown, *self.lines, *more]


def since_run(books: Books, run: Run, rendered: Rendered) -> Difference:
    """What differs from the texts that the run was begun with."""
    before = books.database.runs.text_of(run.id)
    if before is None:
        return Difference(subjects=_subjects(run.subject, rendered), is_text_known=False)
    return difference(run.subject, before, rendered)


def difference(subject: str, text: str, rendered: Rendered) -> Difference:
    """What differs from a subject and a text part of before."""
    found = list(unified_diff(text.splitlines(), rendered.text.splitlines(), n=0, lineterm=""))
    lines = found[2:]  # the first two would name files
    return Difference(
        subjects=_subjects(subject, rendered),
        lines=tuple(lines[:SHOWN]),
        more=max(len(lines) - SHOWN, 0),
    )


def _subjects(subject: str, rendered: Rendered) -> tuple[str, str] | None:
    return (subject, rendered.subject) if subject != rendered.subject else None


def _subject_lines(before: str, after: str) -> tuple[str, str]:
    return f"- Subject: {before}", f"+ Subject: {after}"
