"""The footer's words are fixed; its link may be Markdown, an address, or lost in pasting."""

import re
from collections.abc import Iterator

from newsletter.check.diagnostic import Edit, Finding, Fix, Severity
from newsletter.check.house_format import FOOTER
from newsletter.check.rule import Context, Rule
from newsletter.issue import Block, Issue, plain_spaces

_LINK = re.compile(r"[<(]?https?://[^\s<>]*[^\s<>.,;:!?)][>)]?")
_AND_LINK = re.compile(r"here[:\s–-]+here")


def check(issue: Issue, context: Context) -> Iterator[Finding]:
    if issue.footer is None:
        return
    wanted, found = _words(context.house.footer), _words(issue.footer.text)
    if found == wanted:
        return
    fix = None
    if f"{found}." == wanted:
        message, fix = "the footer has no full stop", _with_full_stop(issue, issue.footer)
    elif f"{wanted}." == found:
        message = f"the footer ends in {'two full stops' if wanted[-1:] == '.' else 'a full stop'}"
        fix = _without_full_stop(issue, issue.footer)
    else:
        message = "the footer is not worded as the house format says"
    hint = f"write “{context.house.footer}”, with the link where it was, or change {FOOTER}"
    yield Finding(span=issue.footer.span, message=message, hint=hint, fix=fix)


def _with_full_stop(issue: Issue, footer: Block) -> Fix | None:
    line, words = _last_line(issue, footer)
    if words.endswith("-->"):  # behind a comment it would stand apart
        return None
    edit = Edit(span=issue.source.span(line, len(words) + 1, 0), text=".")
    return Fix(title="End the footer with a full stop", edits=(edit,))


def _without_full_stop(issue: Issue, footer: Block) -> Fix | None:
    line, words = _last_line(issue, footer)
    if not words.endswith("."):
        return None
    edit = Edit(span=issue.source.span(line, len(words), 1), text="")
    return Fix(title="Take the full stop off the footer", edits=(edit,))


def _last_line(issue: Issue, footer: Block) -> tuple[int, str]:
    line = footer.span.end_line
    return line, issue.source.line(line).rstrip()


def _words(text: str) -> str:
    """The words alone: a link may have come through as its address, or not at all."""
    plain = _LINK.sub("here", plain_spaces(text).replace("’", "'"))
    return " ".join(_AND_LINK.sub("here", plain).split())


RULE = Rule(
    code="S012",
    slug="footer-wording",
    summary="The footer says what the house format says.",
    severity=Severity.WARNING,
    check=check,
)
