"""Jinja2, set up once for all our templates: strict, escaped, and told where faults are.

Only this file and `bounds` know Jinja2; what a template may do is left to the latter. Templates are
found by name in several folders, the first wins, so that a publication overrides one partial and
leaves the rest to us.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache, lru_cache
from os import walk
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from newsletter.errors import Act, Remedy, RenderError, TooMuchError
from newsletter.issue import plain_inlines
from newsletter.render import html, plain_text
from newsletter.render.imprint import Imprint
from newsletter.render.page import strip_controls
from newsletter.render.spelling import did_you_mean
from newsletter.render.template_names import say_missing, words_of_templates
from newsletter.render.theme import Theme
from newsletter.render.traced import Traced, mark, mark_lines, read_marks

if TYPE_CHECKING:
    from jinja2 import Environment, TemplateSyntaxError
    from jinja2.runtime import Context

_FAILURES = (
    *(ArithmeticError, AttributeError, LookupError, MemoryError, OSError, SyntaxError),
    *(TypeError, ValueError),
)
"""What a template's own expressions can raise, the reading of its file, and its compiling."""
_MEND = "mend the template"
_TAGS = (
    *("autoescape", "block", "call", "elif", "else", "endautoescape", "endblock", "endcall"),
    *("endfilter", "endfor", "endif", "endmacro", "endraw", "endset", "endwith", "extends"),
    *("filter", "for", "from", "if", "import", "include", "macro", "raw", "set", "with"),
)


class Framed(Protocol):
    """What a template is filled with: a page of any kind, which knows whose it is."""

    @property
    def publication(self) -> Imprint: ...
    @property
    def theme(self) -> Theme: ...


class Templates:
    """The templates in some folders, for one page at a time."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self._folders = tuple(folders)
        self._environment = _environment(self._folders, _names(self._folders))

    def fill(self, name: str, page: Framed) -> str:
        """The template's text for this page.

        Raises RenderError, with file and line, for a template that is missing or broken, or that
        asks for what a page does not have.
        """
        from jinja2 import TemplateError, TemplateNotFound, TemplateSyntaxError, UndefinedError
        from jinja2.exceptions import SecurityError

        from newsletter.render.bounds import OutsideError, allowance

        try:
            with allowance():
                return self._environment.get_template(name).render(page=page, theme=page.theme)
        except OutsideError as error:
            raise RenderError(
                f"{error.name} is a link to a file outside the templates, and is not followed",
                where=self._place(error) or self.path(name),
                next_step="put the file itself there",
            ) from error
        except SecurityError as error:
            raise self._refused(name, "templates may not look into the program", error) from error
        except TooMuchError as error:
            raise self._refused(name, str(error), error) from error
        except RecursionError as error:
            what = "this has no end: it includes or calls itself, or is nested too deeply"
            raise self._refused(name, what, error) from error
        except TemplateNotFound as error:
            raise self._missing(str(error.name or name), self._place(error)) from error
        except TemplateSyntaxError as error:
            raise self._unreadable(error) from error
        except UndefinedError as error:
            what, _, question = str(error.message).partition("\n")
            raise RenderError(
                what, where=self._place(error) or self.path(name), next_step=question or _MEND
            ) from error
        except (TemplateError, *_FAILURES) as error:
            what, question = self._misspelt(str(error))
            raise RenderError(
                what or f"the template fails: {error}",
                where=self._place(error) or self.path(name),
                next_step=question or _MEND,
            ) from error

    def trace(self, name: str, page: Framed) -> Traced:
        """What `fill` makes, controls aside, and which template's line each character is from."""
        from newsletter.render.bounds import ALLOWANCE, allowance

        with allowance(4 * ALLOWANCE):  # marks are long
            template = _tracing(self._folders).get_template(name)
            return read_marks(template.render(page=page, theme=page.theme), strip_controls)

    def path(self, name: str) -> str:
        """The file of a template by this name, or the name where there is none."""
        found = (folder / name for folder in self._folders if (folder / name).is_file())
        return str(next(found, name))

    def _refused(self, name: str, what: str, error: BaseException) -> RenderError:
        return RenderError(what, where=self._place(error) or self.path(name), next_step=_MEND)

    def _missing(self, name: str, place: str) -> RenderError:
        folders = ", ".join(str(folder) for folder in self._folders) or "no folder at all"
        question = did_you_mean(name, self._environment.list_templates())
        return RenderError(
            f"there is no template {name}",
            where=place or folders,
            next_step=question or "see which there are",
            remedy=None if question else Remedy(Act.LIST_TEMPLATES),
        )

    def _unreadable(self, error: "TemplateSyntaxError") -> RenderError:
        what, question = self._misspelt(str(error.message))
        what = what or f"the template cannot be read: {error.message}"
        place = f"{error.filename or error.name}:{error.lineno}"
        return RenderError(what, where=place, next_step=question or _MEND)

    def _misspelt(self, message: str) -> tuple[str, str]:
        """In our words what Jinja2 says of a name it does not know; nothing of anything else."""
        for kind, names in (
            ("filter", self._environment.filters),
            ("test", self._environment.tests),
            ("tag", _TAGS),
        ):
            found = re.search(rf"(?:No {kind} named|unknown {kind}) '([^']*)'", message)
            if found and found[1] in names:
                return f"“{found[1]}” has no place here", "take it out"
            if found:
                return f"there is no {kind} “{found[1]}”", did_you_mean(found[1], names)
        return "", ""

    def _place(self, error: BaseException) -> str:
        """The innermost line of a template that the error passed through."""
        place, frame = "", error.__traceback__
        while frame:
            path = Path(frame.tb_frame.f_code.co_filename)
            if any(path.is_relative_to(folder) for folder in self._folders):
                place = f"{path}:{frame.tb_lineno}"
            frame = frame.tb_next
        return place


def _names(folders: tuple[Path, ...]) -> tuple[str, ...]:
    """Which templates there are: Jinja2 sees that one has changed, but not that one has joined."""
    return tuple(
        sorted(
            f"{place}/{name}"
            for folder in folders
            for place, _, names in walk(folder)
            for name in names
        )
    )


@lru_cache(maxsize=8)
def _environment(folders: tuple[Path, ...], names: tuple[str, ...]) -> "Environment":  # noqa: ARG001
    """Kept for the next issue; a template that has changed since is read again."""
    from jinja2 import StrictUndefined
    from jinja2.utils import missing

    from newsletter.render.bounds import BoundedEnvironment, Loader

    class Missing(StrictUndefined):
        """Says what has no such field, and which one is nearest, on a line of its own."""

        @property
        def _undefined_message(self) -> str:
            if self._undefined_hint:
                return self._undefined_hint
            if self._undefined_obj is not missing:
                return say_missing(str(self._undefined_name), self._undefined_obj)
            own = words_of_templates(folders)
            return say_missing(str(self._undefined_name), None, [*environment.globals, *own])

    environment = BoundedEnvironment(
        loader=Loader(folders, encoding="utf-8-sig"),
        autoescape=_is_markup,
        undefined=Missing,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        optimized=False,  # folding constants takes a tenth of the compiling, and saves nothing here
    )
    environment.filters.update(
        html=html.write_nodes,
        inline_html=html.write_inlines,
        plain_html=html.write_plain,
        text=_in_its_language(plain_text.write_nodes),
        inline_text=plain_text.write_inlines,
        capitals=_in_its_language(plain_text.capitals),
        wrap=_in_its_language(plain_text.wrap),
        words=plain_inlines,
    )
    environment.bind()
    environment.globals["rule"] = plain_text.RULE
    environment.globals["text_width"] = html.TEXT_WIDTH
    return environment


def _in_its_language(write: Callable[..., str]) -> Callable[..., str]:
    """A filter that knows the publication's language, for its capitals."""
    from jinja2 import pass_context

    @pass_context
    def filtered(context: "Context", *values: Any, **options: Any) -> str:
        page = context.resolve("page")
        return write(*values, language=page.publication.language, **options)

    return filtered


@cache
def _tracing(folders: tuple[Path, ...]) -> "Environment":
    """The same, but its templates mark their lines in what they make: slower, never for a send."""
    from jinja2.ext import Extension
    from jinja2.lexer import TOKEN_DATA, TOKEN_VARIABLE_BEGIN, Token, TokenStream

    class Marks(Extension):
        def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
            path = stream.filename or stream.name or ""
            for token in stream:
                if token.type == TOKEN_DATA:
                    value = mark_lines(token.value, path, token.lineno)
                    yield Token(token.lineno, TOKEN_DATA, value)
                    continue
                if token.type == TOKEN_VARIABLE_BEGIN:
                    yield Token(token.lineno, TOKEN_DATA, mark(path, token.lineno))
                yield token

    return _environment(folders, _names(folders)).overlay(extensions=[Marks], cache_size=0)


def _is_markup(name: str | None) -> bool:
    """MJML is escaped; plain text and style sheets, which hold no word of an issue, are not.

    A template of no known kind is escaped: the safe mistake.
    """
    return not re.search(r"\.(?:txt\.j2|css(?:\.j2)?)\Z", name or "")
