"""`newsletter publish`: issues into the archive, and the archive into files."""

from pathlib import Path
from typing import Annotated

import typer

from newsletter.cli.console import good, say
from newsletter.cli.formats import AsFormat, Format, Record, say_record, words_aside
from newsletter.cli.opening import publication_here
from newsletter.cli.publication import from_here, issue_here
from newsletter.errors import NewsletterError
from newsletter.publishing.archive import publish_file
from newsletter.publishing.issues import read_issue
from newsletter.publishing.static_site import write_static_site


def publish(
    issues: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="ISSUE...", help="Issues to put into the archive.", show_default=False
        ),
    ] = None,
    to: Annotated[
        Path | None, typer.Option("--to", help="Write the archive into this folder.")
    ] = None,
    format_: AsFormat = Format.TEXT,
) -> None:
    """Put issues into the archive, or write it as files.

    What is sent is published by itself; name issues that were sent before there was an archive, or
    elsewhere.
    """
    if not issues and to is None:
        raise NewsletterError(
            "there is nothing to publish", next_step="name issues, or a folder with --to"
        )
    publication = publication_here()
    published: list[Record] = []
    count = 0
    with words_aside(format_), publication.acting() as books:
        for path in issues or ():
            issue = read_issue(issue_here(path), books.settings.house)
            found = publish_file(issue, books)
            paths = books.settings.public_site.paths
            url = paths.absolute(paths.issue(found.name))
            published.append({"issue": found.name, "url": url})
            say(good(f"{found.name} is published: {url}"))
        if to is not None:
            count = sum(1 for _ in write_static_site(books, to))
            say(good(f"{count:,} files are in {from_here(to)}/."))
    if format_ is Format.JSON:
        say_record({"published": published, "folder": str(to) if to else None, "files": count})
