"""Jinja2, set up once for all our templates: strict, escaped, and told where faults are.

The only file of this room that knows Jinja2. Templates are found by name in several folders, the
first wins, so that a publication overrides one partial and leaves the rest to us.
"""

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from newsletter.errors import RenderError
from newsletter.issue import plain_inlines
from newsletter.render import html, plain_text
from newsletter.render.page import Page

if TYPE_CHECKING:
    from jinja2 import Environment

_FAILURES = (ArithmeticError, AttributeError, LookupError, OSError, TypeError, ValueError)
"""What a template's own expressions can raise, and the reading of its file."""
_NEXT_STEP = "`newsletter init` lays out a complete set of templates"


class Templates:
    """The templates in some folders, for one page at a time."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self._folders = tuple(folders)
        self._environment = _environment(self._folders)

    def fill(self, name: str, page: Page) -> str:
        """The template's text for this page.

        Raises RenderError, with file and line, for a template that is missing or broken, or that
        asks for what a page does not have.
        """
        from jinja2 import TemplateError, TemplateNotFound, TemplateSyntaxError

        try:
            return self._environment.get_template(name).render(page=page, theme=page.theme)
        except TemplateNotFound as error:
            raise self._missing(str(error.name or name)) from error
        except TemplateSyntaxError as error:
            raise RenderError(
                f"the template cannot be read: {error.message}",
                where=f"{error.filename or error.name}:{error.lineno}",
                next_step="mend the template",
            ) from error
        except (TemplateError, *_FAILURES) as error:
            raise RenderError(
                f"the template fails: {error}",
                where=self._place(error) or name,
                next_step="mend the template",
            ) from error

    def find(self, text: str) -> str:
        """`file:line` of the one place in all MJML templates that holds the text, else ""."""
        places = [
            f"{path}:{number}"
            for folder in self._folders
            for path in sorted(folder.rglob("*.mjml.j2"))
            for number, line in enumerate(path.read_text("utf-8", "replace").split("\n"), 1)
            if text in line
        ]
        return places[0] if len(places) == 1 else ""

    def _missing(self, name: str) -> RenderError:
        folders = ", ".join(str(folder) for folder in self._folders) or "no folder at all"
        return RenderError(f"there is no template {name}", where=folders, next_step=_NEXT_STEP)

    def _place(self, error: BaseException) -> str:
        """The innermost line of a template that the error passed through."""
        place, frame = "", error.__traceback__
        while frame:
            path = Path(frame.tb_frame.f_code.co_filename)
            if any(path.is_relative_to(folder) for folder in self._folders):
                place = f"{path}:{frame.tb_lineno}"
            frame = frame.tb_next
        return place


@cache
def _environment(folders: tuple[Path, ...]) -> "Environment":
    """Kept for the next issue; a template that has changed since is read again."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(folders),
        autoescape=_is_markup,  # noqa: S701 - on for all but plain text and style sheets
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(
        html=html.write_nodes,
        inline_html=html.write_inlines,
        text=plain_text.write_nodes,
        inline_text=plain_text.write_inlines,
        capitals=plain_text.capitals,
        wrap=plain_text.wrap,
        words=plain_inlines,
    )
    environment.globals["rule"] = plain_text.RULE
    environment.globals["text_width"] = html.TEXT_WIDTH
    return environment


def _is_markup(name: str | None) -> bool:
    """MJML is escaped; plain text and style sheets, which hold no word of an issue, are not.

    A template of no known kind is escaped: the safe mistake.
    """
    return not re.search(r"\.(?:txt\.j2|css)\Z", name or "")
