"""`newsletter templates`: which templates there are, one's own to change, and what differs."""

from pathlib import Path
from typing import Annotated

import typer

from newsletter.cli.console import faint, say, say_block, strong, warning
from newsletter.cli.exit_status import ExitStatus
from newsletter.cli.formats import AsFormat, Format, Record, say_records
from newsletter.cli.publication import from_here
from newsletter.publishing.templates import (
    Template,
    TemplateState,
    difference,
    find_templates,
    note_for,
)
from newsletter.publishing.templates import eject as eject_template
from newsletter.settings import find_folder, no_publication, theme_package_in

app = typer.Typer(
    help="Templates: list them, copy one, compare yours with ours.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


_OTHERS = (TemplateState.OURS, TemplateState.THEMES)
"""Whose templates are not the publication's own."""


@app.command("list")
def list_all(format_: AsFormat = Format.TEXT) -> None:
    """List every template and whose it is. What is not yours stays up to date by itself."""
    folder = _folder()
    found = find_templates(folder, theme_package_in(folder))
    if format_ is Format.JSON:
        say_records(map(_record, found))
        return
    width = max(len(template.name) for template in found)
    for template in found:
        said = _said(template)
        say(f"{template.name:<{width}}  {said if _is_fine(template) else warning(said)}")


@app.command("eject")
def eject(
    name: Annotated[str, typer.Argument(help="Its name, such as partials/story.")],
) -> None:
    """Copy a template into the publication, where it goes before ours from then on."""
    folder = _folder()
    path = eject_template(name, folder, theme_package_in(folder))
    say(f"{from_here(path)} is yours to change.")
    say(faint("What we mend in ours is not in it: `newsletter templates diff` shows that."))


@app.command("diff")
def diff(
    name: Annotated[str | None, typer.Argument(help="One template; else all of yours.")] = None,
) -> None:
    """Show what differs between ours and yours."""
    folder = _folder()
    theme = theme_package_in(folder)
    own = [one for one in find_templates(folder, theme) if one.state not in _OTHERS]
    own = [one for one in own if name is None or one.name.startswith(name)]
    if not own:
        say("All templates are ours." if name is None else f"You have no template {name}.")
    for template in own:
        say(strong(f"{template.name}: {_said(template)}"))
        if template.state is TemplateState.ADDED:
            continue
        say_block(difference(template.name, folder, theme) or "No difference: remove yours.")
        if not _is_fine(template):
            say(faint("Once you have taken over what you want, let its first line be"))
            say(faint(note_for(template.name, theme)))
    raise typer.Exit(ExitStatus.DONE if all(map(_is_fine, own)) else ExitStatus.FOUND)


def _record(template: Template) -> Record:
    return {
        "name": template.name,
        "state": template.state.name.lower(),
        "made_from": template.made_from or None,
    }


def _is_fine(template: Template) -> bool:
    return template.state not in (TemplateState.OLDER, TemplateState.UNMARKED)


def _said(template: Template) -> str:
    since = f" ({template.made_from})" if template.made_from else ""
    return f"{template.state}{since}"


def _folder() -> Path:
    """The publication's. Raises SettingsError where there is none."""
    folder = find_folder(Path.cwd())
    if folder is None:
        raise no_publication(Path.cwd())
    return folder
