"""MJML to HTML by mjml-python, the only file that knows that package.

It says little about what it cannot read, and nothing about what it drops: `mjml_lint` goes first.
"""

import re

from newsletter.errors import RenderError

_POSITION = re.compile(r"at position (\d+):(\d+)")


def compile_mjml(mjml: str) -> str:
    """The HTML, styles not yet inlined. Raises RenderError for what the compiler refuses."""
    from mjml import mjml2html

    try:
        # fonts={}: by default every mail asks Google for a font, and names its reader.
        return mjml2html(mjml, disable_comments=True, fonts={})
    except ValueError as error:
        raise RenderError(
            f"the MJML cannot be compiled: {error}",
            where=_where(mjml, str(error)),
            next_step="mend the template",
        ) from error


def _where(mjml: str, message: str) -> str:
    """The compiler counts octets; people count lines."""
    found = _POSITION.search(message)
    if not found:
        return "MJML"
    line = mjml.encode()[: int(found[1])].count(b"\n") + 1
    return f"MJML line {line}"
