"""`newsletter show`: the issue as the parser read it."""

from pathlib import Path
from typing import Annotated, Any

from newsletter.cli.console import faint, say, strong
from newsletter.cli.formats import AsFormat, Format, say_record
from newsletter.cli.issue_files import ISSUE
from newsletter.cli.publication import house_here, issue_here
from newsletter.issue import Issue, Sponsor, Story, shorten
from newsletter.publishing.issues import read_issue


def show(
    path: Annotated[Path, ISSUE],
    format_: AsFormat = Format.TEXT,
) -> None:
    """Print an issue as it was understood: title, intro, stories, sponsor, footer."""
    issue = read_issue(issue_here(path), house_here()[1])
    if format_ is Format.JSON:
        say_record(as_json(issue))
    else:
        for line in as_text(issue):
            say(line)


def as_json(issue: Issue) -> dict[str, Any]:
    return {
        "path": issue.path,
        "title": issue.title.text if issue.title else None,
        "title_count": issue.title_count,
        "subject": issue.subject,
        "preheader": issue.preheader,
        "date": issue.date.isoformat() if issue.date else None,
        "number": issue.number,
        "intro": issue.intro_text,
        "intro_names": list(issue.intro_names),
        "stories": [_story(story) for story in issue.stories],
        "sponsor": _sponsor(issue.sponsor) if issue.sponsor else None,
        "footer": issue.footer.text if issue.footer else None,
    }


def _story(story: Story) -> dict[str, Any]:
    return {
        "number": story.number,
        "headline": story.headline.text,
        "line": story.span.line,
        "paragraphs": len(story.paragraphs),
        "text": story.text,
        "links": [link.href for link in story.links],
        "images": [
            {"src": image.src, "alt": image.alt, "caption": image.caption} for image in story.images
        ],
    }


def _sponsor(sponsor: Sponsor) -> dict[str, Any]:
    return {
        "name": sponsor.name.text,
        "after": sponsor.after,
        "line": sponsor.span.line,
        "text": "\n\n".join(block.text for block in sponsor.paragraphs),
    }


def as_text(issue: Issue) -> list[str]:
    lines = [
        strong(issue.title.text if issue.title else "(no title)"),
        f"subject    {issue.subject}",
        f"preheader  {issue.preheader}",
        f"date       {issue.date or 'none: the next slot'}",
        *([] if issue.number is None else [f"number     {issue.number}"]),
        f"intro      {shorten(issue.intro_text, 100)}",
        f"names      {', '.join(issue.intro_names) or 'none'}",
        "",
    ]
    lines += _sponsored(issue, 0)
    for place, story in enumerate(issue.stories, start=1):
        number = "?" if story.number is None else story.number
        counts = f"{len(story.paragraphs)} blocks, {len(story.links)} links"
        lines += [
            f"{number:>2}. {strong(story.headline.text)}",
            faint(f"    line {story.span.line}, {counts}"),
            *_sponsored(issue, place),
        ]
    return [*lines, "", f"footer     {issue.footer.text if issue.footer else 'none'}"]


def _sponsored(issue: Issue, after: int) -> list[str]:
    """The sponsor's block in its place among the stories."""
    lines = []
    for sponsor in issue.sponsors:
        if sponsor.after == after:
            name = f"{sponsor.label} {strong(sponsor.name.text)}".rstrip()
            counts = f"{len(sponsor.paragraphs)} blocks"
            lines += [f"    {name}", faint(f"    line {sponsor.span.line}, {counts}")]
    return lines
