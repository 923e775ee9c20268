"""Writes what is made from the code: the manual page, what completion knows of the commands, and
the pages of docs/reference.

    make reference

A test says when it has to be run again.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path

from newsletter.cli.completing import FILE
from newsletter.cli.man_page import man_page
from newsletter.cli.reference import Command, all_commands, reference_file
from scripts.reference_pages import commands_page, errors_page, states_page
from scripts.settings_page import settings_page

DOCS = Path(__file__).resolve().parents[1] / "docs"
MAN_PAGE = DOCS / "newsletter.1"


def pages(commands: Iterable[Command]) -> Mapping[str, str]:
    """The pages of docs/reference, by their names."""
    return {
        "commands.md": commands_page(commands),
        "settings.md": settings_page(),
        "states.md": states_page(),
        "errors.md": errors_page(),
    }


def main() -> None:
    commands = list(all_commands())
    for name, text in pages(commands).items():
        (DOCS / "reference" / name).write_text(text, encoding="utf-8")
    FILE.write_text(reference_file(commands), encoding="utf-8")
    MAN_PAGE.write_text(man_page(commands), encoding="utf-8")


if __name__ == "__main__":
    main()
