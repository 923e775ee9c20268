"""MJML to HTML by mjml-python, the only file that knows that package.

It says little about what it cannot read, and nothing about what it drops: `mjml_lint` goes first,
and what is refused after that is nobody's misspelling.
"""

import re
from collections.abc import Callable

from newsletter.errors import RenderError

_SPACE_FIRST = re.compile(r"(</?mj-[\w-]+[^<>]*>)[ \t\r\f](?=\s*(?:</?mj-|<!--))")
_BEGINNING, _END = "<!--[if mso | IE]>", "<![endif]-->"
_POSITION = re.compile(r"at position (\d+):\d+")


def compile_mjml(mjml: str, locate: Callable[[int], str] | None = None) -> str:
    """The HTML, styles not yet inlined. Raises RenderError for what the compiler refuses.

    `locate` says which template's line stands at so many octets; it is asked only then.
    """
    from mjml import mjml2html

    try:
        # fonts={}: by default every mail asks Google for a font, and names its reader.
        return _joined(mjml2html(_loosened(mjml), disable_comments=True, fonts={}))
    except ValueError as error:
        raise RenderError(
            "the MJML compiler refuses what looks sound: a fault of ours or of the compiler",
            where=_where(mjml, str(error), locate),
            next_step="write this section more plainly, and report it",
        ) from error


def _joined(html: str) -> str:
    """Outlook's own tables end in one conditional comment and begin in the next: one will do."""
    first, *others = html.split(_END)
    done = [first]
    is_ours = _ends_in(first)
    for part in others:
        bare = part.lstrip()
        if is_ours and bare.startswith(_BEGINNING):
            done.append(bare.removeprefix(_BEGINNING))
        else:
            done += (_END, part)
        is_ours = _ends_in(part)
    return "".join(done)


def _ends_in(part: str) -> bool:
    """Whether the last conditional comment that begins there is of the kind that MJML writes."""
    return part.startswith(_BEGINNING, part.rfind("<!--[if"))


def _loosened(mjml: str) -> str:
    """As long as before. In mj-head, mj-social and others mrml 6.0 takes white space between two
    tags for a fault, unless it begins with a line feed.
    """
    return _SPACE_FIRST.sub(r"\1\n", mjml)


def _where(mjml: str, message: str, locate: Callable[[int], str] | None) -> str:
    """The compiler counts octets; people count lines."""
    found = _POSITION.search(message)
    if not found:
        return locate(0) if locate else "MJML"
    place = locate(int(found[1])) if locate else ""
    line = mjml.encode()[: int(found[1])].count(b"\n") + 1
    return place or f"MJML line {line}"
